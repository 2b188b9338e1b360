"""One person's side of a round: saving as one goes, answering, “not this time”, and “a week later”."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.checkins import rules
from apps.checkins import schedule as calendar
from apps.checkins.actions import reminding, rounds
from apps.checkins.actions.common import (
    ANSWERED,
    CHANGED_ELSEWHERE,
    CLOSED,
    ONE_TAP_EACH,
    TOO_EARLY,
    Answers,
    fresh,
    people,
    rests,
)
from apps.checkins.models import CheckIn, Item, Measure, Review
from apps.core.errors import RuleBroken, Stale
from apps.spaces.actions import lock
from apps.spaces.models import Seat


@transaction.atomic
def save_review(*, check_in: CheckIn, seat: Seat, answers: Answers, base: int, now: datetime) -> Review:
    """Keeps what one person is writing, seen by nobody else. `base` is the revision they began from (0: none yet).

    A text for a round that has closed meanwhile is kept too. Raises Stale where it was written to elsewhere, RuleBroken
    where they have shared already; the same text twice changes nothing.
    """
    lock(check_in.space)
    return keep(check_in, seat, answers, base, now)


def keep(check_in: CheckIn, seat: Seat, answers: Answers, base: int, now: datetime) -> Review:
    """Writes the review and, beside it, the private ratings. What is already so changes nothing."""
    review = review_of(check_in, seat)
    rated = Measure.objects.filter(check_in=check_in, seat=seat).select_related("seat").first()
    same_ratings = answers.ratings == (rated.ratings if rated else {})
    if review is None:
        review = Review(check_in=check_in, seat=seat)
    elif review.answers == answers.lines and review.good_moment == answers.good_moment and same_ratings:
        return review
    elif review.answered_at is not None:
        raise RuleBroken(ANSWERED)
    elif review.revision != base:
        raise Stale(CHANGED_ELSEWHERE)
    review.answers, review.good_moment = answers.lines, answers.good_moment
    review.revision += 1
    review.saved_at = now
    review.save()
    if not same_ratings:
        rated = rated or Measure(check_in=check_in, seat=seat)
        rated.ratings, rated.saved_at = answers.ratings, now
        rated.save()
    return review


def review_of(check_in: CheckIn, seat: Seat) -> Review | None:
    """What this person has kept of this round."""
    return Review.objects.filter(check_in=check_in, seat=seat).select_related("seat").first()


@transaction.atomic
def answer(*, check_in: CheckIn, seat: Seat, answers: Answers, base: int, now: datetime) -> Review:
    """One person's answers become final. With the second person's the round is held: both open, and the next stands.

    The ratings stay with their author. Raises RuleBroken before the day, after the round has closed, or with a line
    left open; Stale as `save_review` does.
    """
    lock(check_in.space)
    locked = fresh(check_in)
    review = review_of(locked, seat)
    if review is not None and review.answered_at is not None:
        return review
    if locked.closed_at is not None:
        raise RuleBroken(CLOSED)
    if not rules.answerable(
        local_date=locked.local_date, due_at=locked.due_at, today=calendar.local_day(now, seat.user.zone), now=now
    ):
        raise RuleBroken(TOO_EARLY)
    asked = {str(pk) for pk in Item.objects.filter(check_in=locked, rested_at=None).values_list("pk", flat=True)}
    if not asked <= {pk for pk, line in answers.lines.items() if line.get("went") in rules.WENT}:
        raise RuleBroken(ONE_TAP_EACH)
    review = keep(locked, seat, answers, base, now)
    say(review, now, answered_at=now)
    reminding.drop_mine(locked, seat, "answered", now)
    if rules.everybody_answered([person.pk for person in people(locked)], rounds.answered(locked)):
        rounds.close_and_go_on(locked, "held", now)
    return review


def say(review: Review, now: datetime, **said: datetime) -> None:
    """Of answered, skipped and “a week later” only the newest holds."""
    for name in ("answered_at", "skipped_at", "later_at"):
        setattr(review, name, said.get(name))
    review.save(update_fields=["answered_at", "skipped_at", "later_at"])


def open_review(check_in: CheckIn, seat: Seat, now: datetime) -> Review | None:
    """This person's review of a round that is open, made where there is none; None where the round has closed.

    Raises RuleBroken where they have answered already.
    """
    if check_in.closed_at is not None:
        return None
    review = review_of(check_in, seat)
    if review is not None and review.answered_at is not None:
        raise RuleBroken(ANSWERED)
    return review or Review.objects.create(check_in=check_in, seat=seat, answers={}, saved_at=now)


@transaction.atomic
def skip(*, check_in: CheckIn, seat: Seat, now: datetime) -> None:
    """Says “not this time”, without a reason.

    Of both: a fact of this person alone, the other sees no difference (law 3), and one may still change one's mind.
    Of one alone: the round closes and the next stands.
    """
    lock(check_in.space)
    locked = fresh(check_in)
    review = open_review(locked, seat, now)
    if review is None or review.skipped_at is not None:
        return
    say(review, now, skipped_at=now)
    reminding.drop_mine(locked, seat, "skipped", now)
    if locked.seat_id is not None:
        rounds.close_and_go_on(locked, "skipped", now)


@transaction.atomic
def later(*, check_in: CheckIn, seat: Seat, now: datetime) -> CheckIn:
    """Says “a week later”, without a reason; returns the round that is open then.

    Of both: this person's half. Their own reminder comes a week later, and nothing changes for the other; the round
    moves once both have said so (docs/decisions/0009). Of one alone it moves at once.
    """
    lock(check_in.space)
    locked = fresh(check_in)
    review = open_review(locked, seat, now)
    if review is None or review.later_at is not None or rests(locked):
        return locked
    say(review, now, later_at=now)
    if rules.everybody_later([person.pk for person in people(locked)], rounds.answered(locked)):
        return rounds.put_off(locked, now)
    reminding.put_off_mine(locked, seat, now)
    return locked


@transaction.atomic
def not_later(*, check_in: CheckIn, seat: Seat, now: datetime) -> None:
    """Takes “a week later” back, while the other has not said so as well: one's own reminder comes on its day again."""
    lock(check_in.space)
    locked = fresh(check_in)
    review = review_of(locked, seat)
    if locked.closed_at is None and review is not None and review.later_at is not None:
        say(review, now)
        reminding.put_back_mine(locked, seat, now)
