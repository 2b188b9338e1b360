"""“A week later”, and “remind me again”: what one person puts off changes nothing for the other."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import F
from django.db.utils import IntegrityError

from apps.checkins import actions, queries, schedule
from apps.checkins import letters as kinds_of_letters
from apps.checkins.models import CheckIn, Item, Measure, Review, Snooze
from apps.core.errors import RuleBroken
from apps.outbox.kinds import Drop, Send
from apps.outbox.models import SENT, Letter
from tests.checkins.helpers import (
    DAY,
    WHAT,
    agree,
    answer,
    due,
    form,
    fresh,
    intend,
    letters,
    newest,
    page,
    same,
    waiting,
    written,
)

DECIDE = kinds_of_letters.decide_reminder
WEEK = timedelta(days=7)


def later(check_in, person, now):
    return actions.later(check_in=check_in, seat=person.seat, now=now)


def snoozed(person):
    return Letter.objects.filter(kind=actions.SNOOZED, recipient=person.user, ended_at=None)


def send(check_in, *people):
    """The reminder has gone out on its day."""
    for person in people:
        mine = letters(check_in).filter(recipient=person.user)
        mine.update(sent_at=F("due_at"), ended_at=F("due_at"), end_reason=SENT, payload=None)


# --- a week later -----------------------------------------------------------------------------------------------------


def test_one_half_moves_only_ones_own_reminder(world, now):
    check_in = agree(world, now)
    assert later(check_in, world.owner, now) == check_in
    assert fresh(check_in).local_date == DAY
    due_at = {letter.recipient: letter.due_at for letter in waiting(check_in)}
    assert due_at == {world.owner.user: check_in.due_at + WEEK, world.partner.user: check_in.due_at}
    later(check_in, world.owner, now)  # again changes nothing
    assert Letter.objects.filter(kind__in=kinds_of_letters.REMINDERS).count() == 2


def test_the_reminder_that_has_gone_out_comes_again_a_week_later(world, now):
    check_in = agree(world, now)
    send(check_in, world.owner)
    later(check_in, world.owner, due(check_in))
    letter = snoozed(world.owner).get()
    assert letter.due_at == check_in.due_at + WEEK
    assert DECIDE(letter, letter.due_at) == Send()
    assert not snoozed(world.partner).exists()


def test_with_the_second_half_the_round_moves_with_all_that_was_kept(world, now):
    check_in = agree(world, now, count=2)
    actions.save_review(
        check_in=check_in, seat=world.owner.seat, answers=written(check_in, supportive="Tea"), base=0, now=due(check_in)
    )
    Measure.objects.create(check_in=check_in, seat=world.owner.seat, ratings={"talk": 2}, saved_at=now)
    send(check_in, world.owner, world.partner)
    later(check_in, world.owner, due(check_in))
    moved = later(check_in, world.partner, due(check_in))
    assert (moved.number, moved.local_date, moved.due_at) == (2, DAY + WEEK, check_in.due_at + WEEK)
    assert (fresh(check_in).closed_as, Letter.objects.filter(kind=actions.SNOOZED, ended_at=None).count()) == (
        "superseded",
        0,
    )
    assert {letter.due_at for letter in waiting(moved)} == {moved.due_at}
    assert waiting(moved).count() == 2
    mine = queries.round_of(world.owner.seat, moved, due(moved))
    assert [line.what for line in mine.lines] == [f"{WHAT} 1", f"{WHAT} 2"]
    assert (mine.state, mine.rated, mine.lines[0].said[0].supportive) == ("open", {"talk": 2}, "Tea")
    assert [one.number for one in queries.rounds(world.owner.seat, now)] == [2]
    assert set(Item.objects.values_list("check_in", flat=True)) == {moved.pk}
    for person in (world.owner, world.partner):
        answer(moved, person, base=1 if person is world.owner else 0)
    assert newest(moved).local_date == DAY + WEEK + timedelta(days=14)


def test_a_half_that_was_taken_back_does_not_count(world, now):
    check_in = agree(world, now)
    later(check_in, world.owner, now)
    actions.not_later(check_in=check_in, seat=world.owner.seat, now=now)
    assert later(check_in, world.partner, now) == check_in
    assert fresh(check_in).closed_at is None
    own = waiting(check_in).get(recipient=world.owner.user)
    assert own.due_at == check_in.due_at  # nothing agreed is forgotten (law 4)


def test_an_answer_after_all_takes_it_back_too(world, now):
    check_in = agree(world, now)
    later(check_in, world.owner, now)
    answer(check_in, world.owner)
    later(check_in, world.partner, due(check_in))
    review = Review.objects.get(seat=world.owner.seat)
    assert (review.later_at, fresh(check_in).closed_at) == (None, None)
    with pytest.raises(RuleBroken):
        later(check_in, world.owner, due(check_in))


def test_late_in_the_round_it_moves_to_a_day_that_is_still_to_come(world, now):
    check_in = agree(world, now)
    moment = check_in.due_at + timedelta(days=8)
    later(check_in, world.owner, moment)
    assert not snoozed(world.owner).exists()  # that week is over
    assert later(check_in, world.partner, moment).local_date == DAY + 2 * WEEK


def test_alone_it_moves_at_once(lone, now):
    check_in = intend(lone, now)
    moved = later(check_in, lone, now)
    assert (moved.local_date, moved.seat, waiting(moved).count()) == (DAY + WEEK, lone.seat, 1)


def test_what_rests_is_not_put_off(world, now):
    check_in = agree(world, now)
    actions.pause(check_in=check_in, seat=world.owner.seat, now=now)
    later(check_in, world.owner, now)
    later(check_in, world.partner, now)
    assert (CheckIn.objects.count(), Review.objects.exclude(later_at=None).count()) == (1, 0)


def test_of_answered_skipped_and_later_only_one_holds(world, now):
    check_in = agree(world, now)
    review = Review.objects.create(check_in=check_in, seat=world.owner.seat, answers={}, saved_at=now, later_at=now)
    for name in ("answered_at", "skipped_at"):
        with pytest.raises(IntegrityError, match="review_answered_skipped_or_later"), transaction.atomic():
            Review.objects.filter(pk=review.pk).update(**{name: now})


def test_the_pages(check_in, world):
    """What was typed is kept; the partner's page is the same; the way back and the form are both there."""
    before = same(page(world.partner, "/check-ins/1/"))
    answered = world.owner.client.post("/check-ins/1/later/", form(check_in, good_moment="The lake"))
    assert answered["Location"] == "/check-ins/1/"
    mine = page(world.owner, "/check-ins/1/")
    assert "<h1>\n      \n        A week later" in mine
    assert "The lake" in mine
    assert same(page(world.partner, "/check-ins/1/")) == before
    assert world.owner.client.post("/check-ins/1/not-later/").status_code == 303
    assert "A week later\n" not in page(world.owner, "/check-ins/1/").split("<h1>")[1].split("</h1>")[0]
    world.owner.client.post("/check-ins/1/later/")
    moved = world.partner.client.post("/check-ins/1/later/")
    assert moved["Location"] == "/check-ins/2/"
    assert "You look back on Tuesday 24 March" in page(world.owner, "/check-ins/2/")


# --- a monthly rhythm -------------------------------------------------------------------------------------------------


def test_a_monthly_rhythm_begun_on_the_31st_comes_back_to_it(world, now):
    check_in = agree(world, now, day=date(2027, 1, 31), rhythm="monthly")
    days = []
    for _round in range(5):
        for person in (world.owner, world.partner):
            answer(check_in, person)
        check_in = newest(check_in)
        days.append(check_in.local_date.isoformat())
    assert days == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"]


def test_a_monthly_round_that_was_put_off_comes_back_to_its_day(world, now):
    check_in = agree(world, now, day=date(2027, 1, 28), rhythm="monthly")
    for person in (world.owner, world.partner):
        moved = later(check_in, person, now)
    assert (moved.local_date, moved.month_day) == (date(2027, 2, 4), 28)
    for person in (world.owner, world.partner):
        answer(moved, person)
    assert newest(moved).local_date == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("day", "month_day", "following"),
    [
        ("2027-02-28", 31, "2027-03-31"),
        ("2027-04-30", 30, "2027-05-30"),
        ("2027-12-31", 31, "2028-01-31"),
        ("2028-01-31", 31, "2028-02-29"),
        ("2027-02-04", 28, "2027-02-28"),
        ("2027-02-20", 28, "2027-03-28"),
        ("2027-12-20", 28, "2028-01-28"),
    ],
)
def test_the_next_month(day, month_day, following):
    found = schedule.next_date(date.fromisoformat(day), "monthly", month_day)
    assert found == date.fromisoformat(following)


def test_only_a_monthly_rhythm_has_a_day_of_the_month(world, now):
    check_in = agree(world, now)
    assert check_in.month_day is None
    with pytest.raises(IntegrityError, match="check_in_month_day"), transaction.atomic():
        CheckIn.objects.filter(pk=check_in.pk).update(month_day=3)


# --- remind me again --------------------------------------------------------------------------------------------------


def snooze(check_in, person, days, now):
    return actions.snooze(check_in=check_in, seat=person.seat, days=days, now=now)


@pytest.mark.parametrize("days", [1, 3, 7])
def test_a_snooze_is_one_more_reminder_at_the_same_hour(days, world, now):
    world.owner.user.time_zone = "Pacific/Auckland"
    world.owner.user.save()
    check_in = agree(world, now)
    send(check_in, world.owner)
    moment = schedule.instant(DAY, 19, "Pacific/Auckland")
    assert snooze(check_in, world.owner, days, moment) == DAY + timedelta(days=days)
    letter = snoozed(world.owner).get()
    assert letter.due_at == schedule.instant(DAY + timedelta(days=days), 19, "Pacific/Auckland")
    assert DECIDE(letter, letter.due_at) == Send()


def test_a_newer_one_takes_the_older_ones_place(world, now):
    check_in = agree(world, now)
    moment = due(check_in)
    snooze(check_in, world.owner, 1, moment)
    older = snoozed(world.owner).get()
    snooze(check_in, world.owner, 3, moment)
    snooze(check_in, world.owner, 1, moment)
    assert snoozed(world.owner).get().due_at == older.due_at
    assert snoozed(world.owner).get() != older
    assert DECIDE(older, older.due_at) == Drop("more than 14 days late")
    assert waiting(check_in).get().recipient == world.partner.user


def test_what_ends_it(world, now):
    for end in (
        lambda check_in, moment: answer(check_in, world.owner),
        lambda check_in, moment: actions.skip(check_in=check_in, seat=world.owner.seat, now=moment),
        lambda check_in, moment: actions.wake(check_in=check_in, seat=world.owner.seat, now=moment),
        lambda check_in, moment: actions.pause(check_in=check_in, seat=world.partner.seat, now=moment),
        lambda check_in, moment: actions.close_all(space=check_in.space, now=moment),
    ):
        check_in = agree(world, now)
        snooze(check_in, world.owner, 3, due(check_in))
        assert snoozed(world.owner).count() == 1
        end(check_in, due(check_in))
        assert snoozed(world.owner).count() == 0


@pytest.mark.parametrize("days", [0, 2, 8, -1])
def test_other_numbers_of_days_are_refused(days, world, now):
    check_in = agree(world, now)
    with pytest.raises(RuleBroken):
        snooze(check_in, world.owner, days, due(check_in))
    assert not Snooze.objects.exists()


def test_there_is_nothing_to_put_off(world, now):
    check_in = agree(world, now)
    refused = [(world.outsider, due(check_in)), (world.owner, due(check_in) + timedelta(days=9))]
    answer(check_in, world.partner)
    refused.append((world.partner, due(check_in)))
    for person, moment in refused:
        with pytest.raises(RuleBroken):
            snooze(check_in, person, 1, moment)
    assert not Snooze.objects.exists()


def test_another_zone_moves_it(world, now):
    check_in = agree(world, now)
    snooze(check_in, world.owner, 3, due(check_in))
    world.owner.user.time_zone = "Pacific/Auckland"
    world.owner.user.save()
    actions.move_reminders(user=world.owner.user, now=now)
    assert snoozed(world.owner).get().due_at == schedule.instant(DAY + timedelta(days=3), 19, "Pacific/Auckland")


def test_the_app_shows_it_and_lets_it_go(check_in, world):
    snooze(check_in, world.owner, 3, due(check_in))
    assert queries.upcoming(world.owner.seat, due(check_in)).answerable is False
    assert queries.upcoming(world.partner.seat, due(check_in)).answerable is True
    assert "You wanted to be reminded again on Friday 20 March." in page(world.owner, "/check-ins/1/")
    assert "reminded again" not in page(world.partner, "/check-ins/1/")
    assert queries.upcoming(world.owner.seat, due(check_in) + timedelta(days=3)).answerable is True
    assert world.owner.client.post("/check-ins/1/awake/").status_code == 303
    assert "reminded again" not in page(world.owner, "/check-ins/1/")
