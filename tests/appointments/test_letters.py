"""Reminders of times for two: for who wants them, by day, and only while that very time stands."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from apps.appointments import actions, letters, queries, schedule, tasks
from apps.outbox import kinds
from apps.outbox.models import Letter
from tests.appointments.helpers import agreed, at

BERLIN, AUCKLAND = "Europe/Berlin", "Pacific/Auckland"


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_at", "zone", "reminded"),
    [
        ("2026-03-06T18:00", "UTC", "2026-03-06T15:00"),
        ("2026-03-06T12:00", "UTC", "2026-03-06T09:00"),
        ("2026-03-06T11:59", "UTC", "2026-03-05T18:00"),
        ("2026-03-06T22:59", "UTC", "2026-03-06T19:59"),
        ("2026-03-06T23:00", "UTC", "2026-03-06T18:00"),
        ("2026-03-07T01:00", "UTC", "2026-03-06T18:00"),
        ("2026-03-06T18:00", AUCKLAND, "2026-03-06T05:00"),
        ("2026-03-29T08:00", BERLIN, "2026-03-28T17:00"),  # the clocks go forward in that night
    ],
)
def test_three_hours_before_or_the_evening_before(starts_at, zone, reminded):
    assert schedule.reminder_at(utc(starts_at), ZoneInfo(zone)) == utc(reminded)


@pytest.fixture
def friday(world, now):
    """Both agreed to Friday 6 March, 18:00; Mara wants a reminder, Jonas does not."""
    world.owner.user.mail_appointments = True
    world.owner.user.save()
    return agreed(world, now, options=[at(now.date() + timedelta(days=3))])


def post(world, moment):
    for person in (world.owner, world.partner, world.outsider):
        letters.post_reminders(user=person.user, now=moment)
    return list(Letter.objects.filter(kind=actions.REMINDER).select_related("recipient"))


DUE = utc("2026-03-06T15:00")


def test_it_is_written_a_day_ahead_for_who_wants_it(world, now, friday):
    assert post(world, DUE - timedelta(hours=25)) == []
    for _twice in range(2):
        (letter,) = post(world, DUE - timedelta(hours=23))
    assert (letter.recipient, letter.due_at) == (world.owner.user, DUE)
    assert letters.decide(letter, DUE) == kinds.Send()
    assert letters.decide(letter, DUE + timedelta(hours=3)) == kinds.Drop("has begun")


def test_who_accepts_late_needs_none(world, now, friday):
    assert post(world, DUE + timedelta(hours=2)) == []


def test_it_says_when_and_nothing_of_the_two(world, now, friday):
    world.owner.user.time_zone = AUCKLAND
    world.owner.user.save()
    (letter,) = post(world, utc("2026-03-06T04:00"))
    mail = kinds.get(actions.REMINDER).render(letter, letter.due_at)
    for part in (mail.text, mail.html):
        assert "Saturday 7 March, 07:00" in part
        assert "/stop/" in part
        assert not [word for word in ("Mara", "Jonas", "Us two", "talk") if word in part.split("http")[0]]


@pytest.mark.parametrize("end", ["called off", "not wanted", "left"])
def test_what_is_not_to_be_sent_any_more(end, world, now, friday):
    (letter,) = post(world, DUE - timedelta(hours=1))
    if end == "called off":
        actions.end(by=world.partner.seat, number=friday.number, seen=1, now=now)
        reason = "no longer agreed"
    elif end == "not wanted":
        world.owner.user.mail_appointments = False
        world.owner.user.save()
        reason = "mail not wanted"
    else:
        type(world.owner.seat).objects.filter(pk=world.owner.seat.pk).update(left_at=now)
        reason = "no longer agreed"
    letter = Letter.objects.select_related("recipient").get(pk=letter.pk)
    assert letters.decide(letter, DUE) == kinds.Drop(reason)


def test_the_clock_writes_them(world, now, friday, monkeypatch):
    monkeypatch.setattr("apps.core.clock.now", lambda: DUE - timedelta(hours=1))
    tasks.remind()
    assert Letter.objects.filter(kind=actions.REMINDER).count() == 1


@pytest.mark.parametrize("how", ["called off", "left"])
def test_what_ends_drops_its_reminder_in_the_same_transaction(world, now, friday, how):
    other = agreed(world, now, options=[at(now.date() + timedelta(days=3))]) if how == "called off" else None
    post(world, DUE - timedelta(hours=23))
    before = Letter.objects.filter(kind=actions.REMINDER, ended_at=None).count()
    assert before == (2 if other else 1)
    with transaction.atomic():
        if how == "left":
            actions.close_all(space=world.owner.seat.space, now=now)
        else:
            seen = queries.find(world.owner.seat, friday.number, now).newest
            actions.end(by=world.owner.seat, number=friday.number, seen=seen, now=now)
        ended = Letter.objects.filter(kind=actions.REMINDER, end_reason="no longer agreed")
        assert [letter.occurrence.partition(":")[0] for letter in ended] == [str(friday.pk)]
        transaction.set_rollback(True)
    assert Letter.objects.filter(kind=actions.REMINDER, ended_at=None).count() == before
