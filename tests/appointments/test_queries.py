"""Law 3: “not now” and one's own hours are read for one person alone. Home says what both may see."""

from datetime import timedelta

import pytest

from apps.appointments import actions, queries
from apps.appointments.rules import Hours
from tests.appointments.helpers import SATURDAY as DAY_OF_COFFEE
from tests.appointments.helpers import agreed, at, propose, seen_by, three

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def everything(someone, now):
    """All that the queries hand to one person's pages, in plain values."""
    found = queries.times(someone.seat, now)
    groups = {name: [one.number for one in getattr(found, name)] for name in found.__slots__}
    home = queries.at_home(someone.seat, now)
    shown = [seen_by(someone, number, now) for number in (1, 2)]
    return (
        groups,
        home.open and home.open.number,
        [one.number for one in home.upcoming],
        [(one.state, one.put_aside, one.may_accept, one.may_offer, one.may_end, one.choices) for one in shown],
    )


def test_not_now_is_the_same_as_never_opened_for_ever(world, now):
    propose(world.owner, now)
    propose(world.owner, now, purpose="play")
    moments = (now, now + DAY, now + 30 * DAY)
    before = [everything(world.owner, moment) for moment in moments]
    for number in (1, 2):
        actions.put_aside(by=world.partner.seat, number=number, seen=1, now=now)
    assert [everything(world.owner, moment) for moment in moments] == before


def test_not_now_hides_it_on_my_own_pages_where_i_can_still_answer(world, now):
    propose(world.owner, now)
    assert queries.open_for_me(world.partner.seat, now) is not None
    actions.put_aside(by=world.partner.seat, number=1, seen=1, now=now)
    found = queries.times(world.partner.seat, now)
    assert queries.open_for_me(world.partner.seat, now) is None
    assert ([one.number for one in found.for_me], [one.number for one in found.put_aside]) == ([], [1])
    assert seen_by(world.partner, 1, now).may_accept


def test_new_times_after_a_move_are_shown_again(world, now):
    propose(world.owner, now)
    actions.put_aside(by=world.partner.seat, number=1, seen=1, now=now)
    actions.accept(by=world.partner.seat, number=1, seen=1, position=1, now=now)
    actions.offer_times(by=world.owner.seat, number=1, seen=1, options=three(20), now=now)
    assert queries.open_for_me(world.partner.seat, now) is not None


def test_ones_own_suggestion_is_no_card_at_home(world, now):
    propose(world.owner, now)
    assert queries.open_for_me(world.owner.seat, now) is None
    assert [one.number for one in queries.times(world.owner.seat, now).mine] == [1]


def test_times_that_have_passed_say_the_same_to_both(world, now):
    propose(world.owner, now)
    later = now + 10 * DAY
    states = [seen_by(someone, 1, later).state for someone in (world.owner, world.partner)]
    assert states == ["passed", "passed"]
    for someone in (world.owner, world.partner):
        assert [one.number for one in queries.times(someone.seat, later).earlier] == [1]
        assert queries.open_for_me(someone.seat, later) is None


def test_home_has_the_next_two(world, now):
    for day, purpose in ((8, "play"), (6, "talk"), (7, "moment")):
        made = propose(world.owner, now, purpose=purpose, options=[at(DAY_OF_COFFEE.replace(day=day))])
        actions.accept(by=world.partner.seat, number=made.number, seen=1, position=1, now=now)
    assert [one.purpose for one in queries.upcoming(world.partner.seat, now)] == ["talk", "moment"]
    assert [one.purpose for one in queries.times(world.partner.seat, now).agreed] == ["talk", "moment", "play"]


def test_what_was_moved_to_times_that_passed_is_not_agreed_any_more(world, now):
    """The old time is still ahead, the new ones are over: nothing of it stands."""
    propose(world.owner, now, options=[at(DAY_OF_COFFEE)])
    actions.accept(by=world.partner.seat, number=1, seen=1, position=1, now=now)
    earlier = at(DAY_OF_COFFEE.replace(day=4))
    actions.offer_times(by=world.owner.seat, number=1, seen=1, options=[earlier], now=now)
    later = now + 2 * DAY
    assert queries.upcoming(world.partner.seat, later) == []
    assert queries.open_for_me(world.partner.seat, later) is None
    assert seen_by(world.partner, 1, later).state == "passed"


def test_hints_come_from_ones_own_hours_on_ones_own_wall(world, now):
    world.partner.user.time_zone = "Asia/Tokyo"
    world.partner.user.save()
    actions.save_hours(user=world.owner.user, hours=Hours(20, 8, 17, (4,)))
    propose(world.owner, now, options=[at(DAY_OF_COFFEE.replace(day=6), 17, 30)])  # a Friday; in Tokyo half past two
    mine, theirs = (seen_by(someone, 1, now).choices[0].hints for someone in (world.owner, world.partner))
    assert (mine, theirs) == (("right after your work",), ("late in your day",))


def test_the_others_hours_change_nothing(world, now):
    propose(world.owner, now)
    propose(world.owner, now, purpose="play")
    before = everything(world.owner, now)
    actions.save_hours(user=world.partner.user, hours=Hours(17, 12, 18, (0, 1, 2, 3, 4, 5, 6)))
    assert everything(world.owner, now) == before
    assert seen_by(world.partner, 1, now).choices[0].hints == ("late in your day",)


def test_a_stranger_finds_nothing(world, now):
    agreed(world, now)
    assert queries.find(world.outsider.seat, 1, now) is None
    assert queries.times(world.outsider.seat, now).agreed == []
    token = actions.make_feed(user=world.outsider.user, now=now)
    assert queries.feed_events(token, now) == []


def test_the_feed_holds_what_is_agreed(world, now):
    agreed(world, now)
    propose(world.owner, now, purpose="play")
    propose(world.owner, now, purpose="moment")
    actions.accept(by=world.partner.seat, number=2, seen=1, position=2, now=now)
    actions.end(by=world.partner.seat, number=2, seen=1, now=now)
    token = actions.make_feed(user=world.partner.user, now=now)
    assert [event.starts_at for event in queries.feed_events(token, now) or ()] == [three()[0].instant]
    assert len(queries.feed_events(token, now + 30 * DAY) or ()) == 1
    assert queries.feed_events(token, now + 90 * DAY) == []
