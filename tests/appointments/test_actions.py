"""Suggesting, taking, offering others, moving, calling off; and regular times from a line."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from apps.appointments import actions, queries
from apps.appointments.actions import Words
from apps.appointments.models import Appointment, Feed, Offer, OfferedTime, PutAside
from apps.core.errors import RuleBroken, Stale
from apps.me import actions as me
from apps.outbox.models import Letter
from apps.spaces import actions as spaces
from tests.appointments.helpers import FRIDAY, SUNDAY, agreed, at, propose, seen_by, three
from tests.world import Person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def accept(someone: Person, now, *, number=1, seen=1, position=1):
    return actions.accept(by=someone.seat, number=number, seen=seen, position=position, now=now)


def offer(someone: Person, now, *, number=1, seen=1, options=None, words=None):
    options = three(19) if options is None else options
    return actions.offer_times(by=someone.seat, number=number, seen=seen, options=options, words=words, now=now)


def state(someone: Person, now, number=1) -> str:
    return seen_by(someone, number, now).state


def test_three_times_and_the_other_takes_one(world, now):
    propose(world.owner, now, place="The bench by the lake", checklist=["Water"], note="Only if you like")
    for someone in (world.owner, world.partner):
        shown = seen_by(someone, 1, now)
        assert (shown.state, shown.title, shown.place, shown.checklist) == (
            "open", "Us two", "The bench by the lake", ["Water"],
        )  # fmt: skip
        assert [one.starts_at for one in shown.choices] == [option.instant for option in three()]
    accept(world.partner, now, position=2)
    for someone in (world.owner, world.partner):
        shown = seen_by(someone, 1, now)
        assert (shown.state, shown.starts_at) == ("agreed", three()[1].instant)
    assert not Letter.objects.exists()


def test_the_same_press_twice_is_one(world, now):
    propose(world.owner, now)
    propose(world.owner, now)
    offer(world.partner, now)
    offer(world.partner, now)
    accept(world.owner, now, seen=2)
    accept(world.owner, now, seen=2)
    actions.end(by=world.owner.seat, number=1, seen=2, now=now)
    ended = actions.end(by=world.partner.seat, number=1, seen=2, now=now + DAY)
    assert (Appointment.objects.count(), Offer.objects.count(), OfferedTime.objects.count()) == (1, 2, 6)
    assert (ended.ended_at, ended.sequence) == (now, 2)


def test_equal_times_are_offered_once_and_in_order(world, now):
    propose(world.owner, now, options=[at(SUNDAY), at(FRIDAY), at(SUNDAY)])
    assert [one.starts_at.date() for one in seen_by(world.partner, 1, now).choices] == [FRIDAY, SUNDAY]


def test_other_times_come_from_the_other_and_then_back(world, now):
    propose(world.owner, now)
    offer(world.partner, now, words=Words("My kitchen", ["Tea"], "Rather then"))
    shown = seen_by(world.owner, 1, now)
    assert (shown.newest, shown.may_accept, shown.place, shown.checklist) == (2, True, "My kitchen", ["Tea"])
    offer(world.owner, now, seen=2, options=three(20))
    accept(world.partner, now, seen=3, position=3)
    assert seen_by(world.owner, 1, now).starts_at == three(20)[2].instant


def test_one_does_not_answer_oneself(world, now):
    propose(world.owner, now)
    with pytest.raises(Stale):
        accept(world.owner, now)
    with pytest.raises(Stale):
        offer(world.owner, now)
    with pytest.raises(Stale):  # only who suggested it takes it back; the other has “not now”
        actions.end(by=world.partner.seat, number=1, seen=1, now=now)
    assert state(world.owner, now) == "open"


def test_an_older_page_is_stale(world, now):
    propose(world.owner, now)
    offer(world.partner, now)
    with pytest.raises(Stale, match="Something has changed here"):
        accept(world.partner, now, seen=1)
    with pytest.raises(Stale):
        offer(world.owner, now, seen=1, options=three(20))
    with pytest.raises(Stale):
        actions.end(by=world.owner.seat, number=1, seen=1, now=now)
    accept(world.owner, now, seen=2)
    with pytest.raises(Stale):  # another time was taken
        accept(world.owner, now, seen=2, position=2)
    assert seen_by(world.owner, 1, now).starts_at == three(19)[0].instant


def test_a_time_that_has_passed_is_not_taken(world, now):
    propose(world.owner, now)
    later = three()[0].instant
    with pytest.raises(RuleBroken, match="This time has passed"):
        accept(world.partner, later)
    accept(world.partner, later, position=2)
    assert state(world.owner, later) == "agreed"


def test_either_moves_it_without_a_reason(world, now):
    agreed(world, now)
    actions.move(by=world.owner.seat, number=1, seen=1, now=now)
    actions.move(by=world.owner.seat, number=1, seen=1, now=now)
    assert [one.starts_at.day for one in seen_by(world.owner, 1, now).choices] == [7, 8, 13]
    theirs, mine = seen_by(world.partner, 1, now), seen_by(world.owner, 1, now)
    assert (theirs.state, theirs.may_accept, theirs.was_moved) == ("open", True, True)
    assert (mine.state, mine.may_accept, mine.may_offer) == ("open", False, False)
    accept(world.partner, now, seen=2)
    assert (state(world.owner, now), Appointment.objects.get().sequence) == ("agreed", 3)


def test_either_calls_it_off(world, now):
    agreed(world, now)
    actions.end(by=world.partner.seat, number=1, seen=1, now=now)
    assert (state(world.owner, now), state(world.partner, now)) == ("called-off", "called-off")


def test_one_open_suggestion_of_a_kind(world, now):
    propose(world.owner, now)
    with pytest.raises(RuleBroken, match="A suggestion of yours like this one is open"):
        propose(world.owner, now, options=three(20))
    with pytest.raises(RuleBroken, match="lie here already"):
        propose(world.partner, now, options=three(20))
    propose(world.owner, now, purpose="play")
    propose(world.partner, now, purpose="moment")
    assert Appointment.objects.count() == 3


def test_three_days_of_room_unless_it_was_answered(world, now):
    propose(world.owner, now)
    actions.end(by=world.owner.seat, number=1, seen=1, now=now)
    with pytest.raises(RuleBroken, match="try again from Friday 6 March on"):
        propose(world.owner, now + DAY, options=three(20))
    propose(world.partner, now + DAY)  # it is the first one's room and not the other's
    offer(world.owner, now + DAY, number=2)
    actions.end(by=world.owner.seat, number=2, seen=2, now=now + DAY)
    propose(world.partner, now + DAY)  # it was answered
    actions.end(by=world.partner.seat, number=3, seen=1, now=now + DAY)
    propose(world.owner, now + 3 * DAY, options=[at(SUNDAY)])
    assert Appointment.objects.count() == 4


def test_not_now_changes_nothing_that_the_rules_know(world, now):
    propose(world.owner, now)
    actions.put_aside(by=world.partner.seat, number=1, seen=1, now=now)
    actions.put_aside(by=world.partner.seat, number=1, seen=1, now=now)
    assert PutAside.objects.count() == 1
    with pytest.raises(RuleBroken, match="A suggestion of yours like this one is open"):
        propose(world.owner, now + DAY, options=three(20))
    accept(world.partner, now)
    assert state(world.owner, now) == "agreed"


def test_one_cannot_put_ones_own_aside(world, now):
    propose(world.owner, now)
    actions.put_aside(by=world.owner.seat, number=1, seen=1, now=now)
    assert not PutAside.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"options": []}, "one to three times"),
        ({"options": [*three(), at(FRIDAY, 20)]}, "one to three times"),
        ({"options": [at(date(2026, 3, 3), 12)]}, "has passed"),
        ({"options": [at(date(2027, 3, 5))]}, "more than a year ahead"),
        ({"minutes": 0}, "end would be before the beginning"),
        ({"minutes": 500}, "8 hours"),
    ],
)
def test_times_that_cannot_be(world, now, given, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        propose(world.owner, now, **given)
    assert not Appointment.objects.exists()


def test_nobody_there_yet(lone, now):
    with pytest.raises(RuleBroken, match="waits until there are two of you"):
        propose(lone, now)


def test_in_ones_own_quiet_time_one_suggests_nothing_yet_answers_and_moves(world, now):
    spaces.begin_quiet(by=world.owner.seat, hours=48, now=now)
    with pytest.raises(RuleBroken, match="Your quiet time is running"):
        propose(world.owner, now)
    propose(world.partner, now)
    accept(world.owner, now)
    offer(world.owner, now)
    assert state(world.partner, now) == "open"


def test_a_word_is_nowhere_in_clear(world, now):
    propose(world.owner, now, title="canary", place="canary", checklist=["canary"], note="canary")
    with connection.cursor() as cursor:
        cursor.execute("SELECT a::text, o::text FROM appointments_appointment a, appointments_offer o")
        stored = str(cursor.fetchall())
    assert "canary" not in stored
    assert b"canary".hex() not in stored
    assert seen_by(world.partner, 1, now).title == "canary"


# --- regular ones ---------------------------------------------------------------------------------------------------

COFFEE = {"title": "Coffee", "days": [5], "time": time(9), "zone": "Europe/Berlin", "minutes": 30, "weeks": 8}


def keep(world, now, source, **change):
    seat = world.owner.seat
    given = COFFEE | {"first": date(2026, 3, 4)} | change
    return actions.keep_recurring(space=seat.space, by=seat, source=source, now=now, **given)


def test_a_line_keeps_one_regular_time(world, now):
    line = uuid4()
    first = keep(world, now, line)
    assert keep(world, now + DAY, line).sequence == 0
    changed = keep(world, now + DAY, line, days=[5, 6], title="Coffee or tea")
    assert (changed.pk, changed.sequence, changed.changed_at) == (first.pk, 1, now + DAY)
    shown = seen_by(world.partner, 1, now)
    assert (shown.state, shown.title, shown.every) == ("agreed", "Coffee or tea", "Saturday, Sunday, 09:00")
    assert shown.starts_at is not None
    assert shown.starts_at.isoformat() == "2026-03-07T08:00:00+00:00"
    assert Appointment.objects.count() == 1


def test_a_regular_time_ends_with_its_line_and_can_come_back(world, now):
    line, other = uuid4(), uuid4()
    space = keep(world, now, line).space
    keep(world, now, other)
    propose(world.owner, now)
    actions.end_recurring(space=space, source=line, now=now)
    actions.end_recurring(space=space, source=line, now=now + DAY)
    assert [state(world.owner, now, number) for number in (1, 2, 3)] == ["called-off", "agreed", "open"]
    actions.end_all_recurring(space=space, now=now)
    assert [state(world.owner, now, number) for number in (1, 2, 3)] == ["called-off", "called-off", "open"]
    again = keep(world, now + DAY, line)
    assert (again.number, again.ended_at, again.sequence) == (1, None, 2)


def test_a_regular_time_is_changed_in_its_line_only(world, now):
    keep(world, now, uuid4())
    for act in (
        lambda: actions.end(by=world.owner.seat, number=1, seen=0, now=now),
        lambda: offer(world.owner, now, seen=0),
        lambda: accept(world.partner, now, seen=0),
    ):
        with pytest.raises(Stale):
            act()
    assert state(world.owner, now) == "agreed"


def test_its_weeks_are_over(world, now):
    keep(world, now, uuid4(), weeks=1)
    assert state(world.owner, now + 3 * DAY) == "agreed"
    assert state(world.owner, now + 7 * DAY) == "over"


@pytest.mark.parametrize("change", [{"weeks": 27}, {"days": []}, {"minutes": 0}])
def test_regular_times_that_cannot_be(world, now, change):
    with pytest.raises(RuleBroken):
        keep(world, now, uuid4(), **change)


# --- leaving, and the calendar's address ------------------------------------------------------------------------------


def test_leaving_ends_all_and_empties_the_feed_while_its_address_stays_ones_own(world, now):
    agreed(world, now)
    keep(world, now, uuid4())
    tokens = [actions.make_feed(user=one.user, now=now) for one in (world.owner, world.partner)]
    assert [len(queries.feed_events(token, now)) for token in tokens] == [2, 2]
    me.leave(seat=world.partner.seat, now=now)
    assert not Appointment.objects.filter(ended_at=None).exists()
    assert [queries.feed_events(token, now) for token in tokens] == [[], []]
    me.begin(user=world.owner.user, now=now)
    assert queries.feed_events(tokens[0], now) == []


def test_a_token_is_stored_hashed_renewed_and_ended(world, now):
    first = actions.make_feed(user=world.owner.user, now=now)
    assert len(first) == 43
    assert first not in Feed.objects.get().token_digest
    second = actions.make_feed(user=world.owner.user, now=now)
    assert queries.feed_events(first, now) is None
    assert queries.feed_events(second, now) == []
    actions.end_feed(user=world.owner.user)
    actions.end_feed(user=world.owner.user)
    assert queries.feed_events(second, now) is None
