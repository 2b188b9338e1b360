"""Joining and leaving, each one transaction over all apps."""

from datetime import timedelta

import pytest

from apps.core.errors import RuleBroken
from apps.me import actions
from apps.spaces import actions as spaces
from apps.spaces import queries
from apps.spaces.models import Seat
from tests.world import alone, person


def by_mail(seat, address, now):
    return spaces.invite_by_mail(by=seat, address=address, shows_name=True, now=now)


def by_link(seat, user, now):
    invitation, _ = spaces.invite_by_link(by=seat, now=now)
    spaces.claim(invitation=invitation, user=user, now=now)
    return invitation


def test_somebody_new_joins(lone, now):
    ines = person("Ines")
    invitation = by_mail(lone.seat, "ines@example.org", now)
    seat = actions.join(invitation=invitation, user=ines.user, now=now)
    assert (seat.number, seat.other.name) == (2, "Lena")
    assert actions.join(invitation=invitation, user=ines.user, now=now) == seat
    assert queries.past_seats(ines.user) == []


def test_somebody_alone_joins_and_their_empty_space_closes(lone, now):
    ines = alone("Ines")
    old = ines.seat
    seat = actions.join(invitation=by_mail(lone.seat, "ines@example.org", now), user=ines.user, now=now)
    old.refresh_from_db()
    old.space.refresh_from_db()
    assert (old.left_at, old.moved_to, old.space.closed_at) == (now, seat, now)
    assert ines.seat == seat
    assert queries.past_seats(ines.user) == []


def test_a_refused_join_leaves_everything_as_it_was(lone, world, now):
    invitation = by_mail(lone.seat, "ines@example.org", now)
    before = world.outsider.seat
    with pytest.raises(RuleBroken, match="another address"):
        actions.join(invitation=invitation, user=world.outsider.user, now=now)
    with pytest.raises(RuleBroken, match="no longer open"):
        actions.join(invitation=invitation, user=world.outsider.user, now=now + timedelta(days=4))
    with pytest.raises(RuleBroken, match="your own invitation"):
        actions.join(invitation=invitation, user=lone.user, now=now)
    assert world.outsider.seat == before
    nobody = person("Ida")
    with pytest.raises(RuleBroken):
        actions.join(invitation=invitation, user=nobody.user, now=now)
    assert not Seat.objects.filter(user=nobody.user).exists()


def test_two_who_invited_each_other(lone, now):
    ines = alone("Ines")
    hers = by_mail(lone.seat, "ines@example.org", now)
    mine = by_mail(ines.seat, "lena@example.org", now)
    seat = actions.join(invitation=hers, user=ines.user, now=now)
    with pytest.raises(RuleBroken, match="no longer open"):
        actions.join(invitation=mine, user=lone.user, now=now)
    assert seat.other == lone.seat


def test_a_link_opens_with_the_inviters_yes(lone, now):
    ines = alone("Ines")
    by_link(lone.seat, ines.user, now)
    assert ines.seat.other is None
    seat = actions.confirm(by=lone.seat, now=now)
    assert (seat.user, seat.other.name) == (ines.user, "Lena")
    assert actions.confirm(by=lone.seat, now=now) == seat


def test_the_inviter_reads_nothing_about_why_the_other_could_not_come(lone, world, now):
    by_link(lone.seat, world.outsider.user, now)
    actions.join(invitation=by_mail(alone("Ida").seat, "zoe@example.org", now), user=world.outsider.user, now=now)
    with pytest.raises(RuleBroken, match=r"^This invitation is no longer open. You can make a new one.$"):
        actions.confirm(by=lone.seat, now=now)
    assert lone.seat.other is None


def test_leaving_closes_for_both_and_is_harmless_twice(world, now):
    seat = world.owner.seat
    actions.leave(seat=seat, now=now)
    actions.leave(seat=seat, now=now + timedelta(days=1))
    assert queries.seat_of(world.owner.user) is None
    assert queries.seat_of(world.partner.user) is None
    assert [past.seat.left_at for past in queries.past_seats(world.partner.user)] == [now]


def test_both_begin_anew_alone(world, now):
    actions.leave(seat=world.owner.seat, now=now)
    for someone in (world.owner, world.partner):
        seat = actions.begin(user=someone.user, now=now)
        assert (seat.number, seat.other) == (1, None)
    assert world.owner.seat.space != world.partner.seat.space
