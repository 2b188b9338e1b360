from datetime import timedelta

from apps.spaces import actions, queries
from tests.world import person


def test_the_seat_comes_with_both_in_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        seat = queries.seat_of(world.partner.user)
        assert (seat.name, seat.other.name, seat.space_id) == ("Jonas", "Mara", seat.other.space_id)
        assert seat.other.other is seat
    assert queries.seat_of(world.outsider.user).other is None
    assert queries.seat_of(person("Ida").user) is None


def test_a_closed_seat_is_no_seat(world, now):
    actions.leave(seat=world.partner.seat, now=now)
    assert queries.seat_of(world.owner.user) is None
    assert queries.seat_of(world.partner.user) is None


def test_past_spaces_are_numbered_for_each_person(world, now):
    for day in (1, 2):
        seat = actions.open_space(user=world.outsider.user, now=now)
        actions.leave(seat=seat, now=now + timedelta(days=day))
    actions.leave(seat=world.owner.seat, now=now)
    assert [(past.number, past.with_name) for past in queries.past_seats(world.outsider.user)] == [(1, ""), (2, "")]
    assert [(past.number, past.with_name) for past in queries.past_seats(world.owner.user)] == [(1, "Jonas")]
    assert [(past.number, past.with_name) for past in queries.past_seats(world.partner.user)] == [(1, "Mara")]
    assert queries.past_seat(world.partner.user, 1).with_name == "Mara"
    assert queries.past_seat(world.partner.user, 2) is None
    assert queries.has_past(world.partner.user)
    assert not queries.has_past(person("Ida").user)


def test_an_address_is_the_same_in_any_case(db):
    assert queries.address_digest(" Ines@Example.org") == queries.address_digest("ines@example.org")
    assert queries.address_digest("ines@example.org") != queries.address_digest("ida@example.org")


def test_what_has_ended_looks_the_same_to_the_inviter(lone, now):
    seat = lone.seat
    later = now + timedelta(hours=73)
    assert not queries.has_ended(seat.space, now)
    invitation, _ = actions.invite_by_link(by=seat, now=now)
    assert queries.offered(seat.space, now) == invitation
    assert queries.offered(seat.space, later) is None
    assert queries.has_ended(seat.space, later)
    actions.decline(invitation=invitation, now=now)
    assert queries.offered(seat.space, now) == invitation
    assert queries.has_ended(seat.space, later)
    actions.revoke(by=seat, now=later)
    assert not queries.has_ended(seat.space, later)
