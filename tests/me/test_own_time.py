"""The weekly mail for oneself: on its day, by nobody else's doing, and over by itself after three unused ones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from apps.accounts import actions as accounts
from apps.accounts.models import OwnTime
from apps.checkins import actions as checkins
from apps.me import actions as me
from apps.me import own_time, tasks
from apps.outbox import kinds
from apps.outbox.models import SENT, Letter
from apps.plans import actions as plans
from tests.checkins.helpers import agree

WEEK = timedelta(weeks=1)
# `now` of the tests is Tuesday, 3 March 2026, noon.
THURSDAY, EVENING = 3, 19


@pytest.mark.parametrize(
    ("weekday", "hour", "day"),
    [(1, 13, "2026-03-03"), (1, 12, "2026-03-10"), (2, 9, "2026-03-04"), (0, 9, "2026-03-09")],
)
def test_the_next_day(weekday, hour, day, now):
    assert own_time.next_day(weekday, hour, ZoneInfo("UTC"), now) == date.fromisoformat(day)


def at(*days):
    return [datetime(2026, 3, day, 19, tzinfo=UTC) for day in days]


@pytest.mark.parametrize(
    ("sent", "used_at", "wrote", "unused"),
    [
        (at(19, 12, 5), None, False, True),
        (at(12, 5), None, False, False),
        (at(19, 12, 5), None, True, False),
        (at(19, 12, 5), at(6)[0], False, False),
        (at(19, 12, 5), at(4)[0], False, True),
    ],
)
def test_unused(sent, used_at, wrote, unused):
    assert own_time.is_unused(sent, used_at=used_at, wrote=wrote) is unused


def letters(person):
    return Letter.objects.filter(kind=own_time.KIND, recipient=person.user).order_by("occurrence")


def choose(person, now, weekday=THURSDAY):
    me.set_own_time(user=person.user, weekday=weekday, hour=EVENING, now=now)
    return OwnTime.objects.get(user=person.user)


def weeks(person, count, now):
    """So many Thursdays, each with its mail sent on time."""
    for week in range(count):
        moment = now + WEEK * week + timedelta(days=2)
        own_time.post_next(own_time=OwnTime.objects.get(user=person.user), now=moment)
        for letter in letters(person).filter(ended_at=None).select_related("recipient"):
            assert kinds.get(own_time.KIND).decide(letter, letter.due_at) == kinds.Send()
            letters(person).filter(pk=letter.pk).update(
                sent_at=letter.due_at, ended_at=letter.due_at, end_reason=SENT, payload=None
            )


def test_the_letter_is_written_a_day_ahead_on_ones_own_wall(lone, now):
    lone.user.time_zone = "Pacific/Auckland"
    lone.user.save()
    chosen = choose(lone, now)
    assert not letters(lone).exists()
    due_at = datetime(2026, 3, 5, 6, tzinfo=UTC)
    for _twice in range(2):
        own_time.post_next(own_time=chosen, now=due_at - timedelta(hours=23))
    assert [letter.due_at for letter in letters(lone)] == [due_at]


def test_it_stops_after_three_that_were_not_used(lone, now):
    choose(lone, now)
    weeks(lone, 4, now)
    assert letters(lone).count() == 3
    assert OwnTime.objects.get().stopped_at is not None
    weeks(lone, 6, now)
    assert letters(lone).count() == 3
    again = choose(lone, now + 7 * WEEK)
    assert again.stopped_at is None
    weeks(lone, 5, now + 7 * WEEK)
    assert letters(lone).count() == 6


def write_a_draft(lone, moment):
    plan = plans.open_plan(by=lone.seat, now=moment)
    plans.save_draft(by=lone.seat, plan=plan, exercise="inventory", body={"fields": {"fear": "x"}}, base=0, now=moment)


USES = {
    "a moment": lambda lone, moment: checkins.mark(seat=lone.seat, moment="kind", now=moment),
    "a draft": write_a_draft,
    "the press": lambda lone, moment: accounts.keep_own_time(by=lone.user, now=moment),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_what_was_used_goes_on(use, lone, now):
    choose(lone, now)
    weeks(lone, 1, now)
    use(lone, now + timedelta(days=3))
    weeks(lone, 3, now + WEEK)
    assert (letters(lone).count(), OwnTime.objects.get().stopped_at) == (4, None)


def test_nothing_that_the_other_does_is_a_use(world, now):
    choose(world.owner, now)
    weeks(world.owner, 1, now)
    checkins.mark(seat=world.partner.seat, moment="kind", now=now + timedelta(days=3))
    weeks(world.owner, 3, now + WEEK)
    assert letters(world.owner).count() == 3


def test_it_makes_way_for_a_reminder_of_that_day(world, now):
    choose(world.owner, now)
    agree(world, now, day=date(2026, 3, 5))
    own_time.post_next(own_time=OwnTime.objects.get(), now=now + timedelta(days=2))
    letter = letters(world.owner).select_related("recipient").get()
    assert kinds.get(own_time.KIND).decide(letter, letter.due_at) == kinds.Drop("another mail today")


@pytest.mark.parametrize(
    ("change", "decision"),
    [
        (lambda user: accounts.end_own_time(by=user), "mail not wanted"),
        (lambda user: type(user).objects.filter(pk=user.pk).update(mail_nothing=True), "mail not wanted"),
        (lambda user: OwnTime.objects.update(weekday=5), "another day"),
    ],
)
def test_what_is_not_to_be_sent(change, decision, lone, now):
    choose(lone, now)
    own_time.post_next(own_time=OwnTime.objects.get(), now=now + timedelta(days=2))
    change(lone.user)
    letter = letters(lone).select_related("recipient").get()
    assert kinds.get(own_time.KIND).decide(letter, letter.due_at) == kinds.Drop(decision)
    assert kinds.get(own_time.KIND).decide(letter, letter.due_at + timedelta(hours=12)).reason in (
        "mail not wanted",
        "another day",
    )


def test_a_later_hour_waits(lone, now):
    choose(lone, now)
    own_time.post_next(own_time=OwnTime.objects.get(), now=now + timedelta(days=2))
    letter = letters(lone).select_related("recipient").get()
    decide = kinds.get(own_time.KIND).decide
    assert decide(letter, letter.due_at - timedelta(hours=2)) == kinds.Hold(letter.due_at)
    mail = kinds.get(own_time.KIND).render(letter, letter.due_at)
    assert "/my-time/" in mail.text and "/stop/" in mail.text and "Lena" not in mail.text + mail.html


def test_the_clock_writes_them(lone, now, monkeypatch):
    choose(lone, now)
    monkeypatch.setattr("apps.core.clock.now", lambda: now + timedelta(days=2))
    tasks.own_times()
    assert letters(lone).count() == 1


def test_the_pages(lone):
    browser = lone.client
    assert browser.post("/settings/own-time/", {"weekday": "9", "hour": "18"}).status_code == 422
    assert browser.post("/settings/own-time/", {"weekday": "3", "hour": "18"}).status_code == 303
    assert (OwnTime.objects.get().weekday, OwnTime.objects.get().hour) == (3, 18)
    assert browser.post("/my-time/").status_code == 303
    assert OwnTime.objects.get().kept_at is not None
    assert "Keep it coming" in browser.get("/my-time/").content.decode()
    assert browser.post("/settings/own-time/", {"weekday": "", "hour": "18"}).status_code == 303
    assert not OwnTime.objects.exists()
    assert "Keep it coming" not in browser.get("/my-time/").content.decode()


def test_what_the_database_refuses(lone, now):
    for name, values in (
        ("own_time_is_a_weekday", {"weekday": 7, "hour": 9}),
        ("own_time_is_by_day", {"weekday": 1, "hour": 8}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            OwnTime.objects.create(user=lone.user, since=now, **values)
