"""Records: what both put in item by item, what one keeps for oneself, and answers of one tap."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.guides.schema import Exercise
from apps.plans import exercises, queries, rules
from apps.plans.actions.common import NOT_OPEN, enter, open_joint
from apps.plans.exercises.needs import guess_of, without_guess
from apps.plans.models import Draft, Entry, Plan, Share
from apps.plans.queries import DONE, REPLY, record_key
from apps.plans.queries import GUESS as GUESSED
from apps.spaces import queries as spaces
from apps.spaces.models import Seat

MOST_OWN_IDEAS = 60


# --- a record of both


@transaction.atomic
def add_entry(*, by: Seat, plan: Plan, exercise: str, body: Any, now: datetime) -> Entry:
    """Put one item into a record of both; the draft it came from is emptied. The same item twice in a row is one.

    Raises RuleBroken where the step is not open, a needed part is missing, it was said within the week (of what is
    said once), one's own quiet time runs (of what comes unasked), or twenty went in within a day.
    """
    plan, definition = open_joint(by, plan, exercise)
    kind = exercises.kind(definition)
    if definition.reveal != "joint" or not kind.writes:
        raise RuleBroken(NOT_OPEN)
    missing = kind.missing(definition, body)
    if missing:
        raise RuleBroken(missing)
    mine = newest_of(by, plan, exercise)
    if mine is None or mine.body != body or mine.taken_back_at is not None:
        mine = None
        check_pause(by, plan, definition, now)
    entry = mine or put_in(by, plan, exercise, body, now)
    Draft.objects.filter(plan=plan, seat=by, exercise=exercise).delete()
    return entry


def newest_of(by: Seat, plan: Plan, key: str) -> Entry | None:
    mine = Entry.objects.filter(plan=plan, exercise=key, seat=by, kind=Entry.Kind.ITEM).order_by("-number").first()
    if mine is not None:
        mine.seat = by
    return mine


def check_pause(by: Seat, plan: Plan, definition: Exercise, now: datetime) -> None:
    """What is said unasked is said once, and not while one wants quiet oneself (A.m.pursuit, B.s2.space)."""
    kind = exercises.kind(definition)
    if kind.unasked:
        spaces.check_not_quiet(by, now)
    if kind.once and rules.says_here(queries.last_said_at(plan, by, definition.key), now=now):
        raise RuleBroken(_("You have said it, and it stands for a week. Saying it once is enough."))


def put_in(by: Seat, plan: Plan, key: str, body: Any, now: datetime) -> Entry:
    """A new item, where there were not too many today."""
    if not rules.may_add(queries.added_at(plan, by, since=now - timedelta(days=1)), now=now):
        raise RuleBroken(_("That is a lot for one day. What you wrote is kept here; tomorrow is another one."))
    return new_entry(plan, by, key, Entry.Kind.ITEM, body, now)


def new_entry(plan: Plan, by: Seat, exercise: str, kind: Entry.Kind, body: Any, now: datetime) -> Entry:
    last = Entry.objects.filter(plan=plan, exercise=exercise).aggregate(last=Max("number"))["last"] or 0
    return Entry.objects.create(
        plan=plan, seat=by, exercise=exercise, kind=kind, number=last + 1, body=body, created_at=now
    )


@transaction.atomic
def add_idea(*, by: Seat, plan: Plan, exercise: str, body: Any, now: datetime) -> Entry:
    """Put an idea of one's own into the deck of both. The same idea twice is one."""
    plan, definition = open_joint(by, plan, exercise)
    if not exercises.kind(definition).joins:
        raise RuleBroken(NOT_OPEN)
    beside = queries.records(plan, by, definition, now=now)
    same = [one for one in beside.own_ideas if one.body["text"] == body["text"] and one.taken_back_at is None]
    if same:
        return Entry.objects.get(plan=plan, exercise=exercise, number=same[0].number)
    if len(beside.own_ideas) >= MOST_OWN_IDEAS:
        raise RuleBroken(_("Your deck is full of ideas. Take one of them out first."))
    return put_in(by, plan, exercise, body, now)


@transaction.atomic
def did(*, by: Seat, plan: Plan, exercise: str, idea: str, on: date, today: date, now: datetime) -> Entry:
    """ "We did this on …": either may say it of what both picked. The same day twice is one.

    Raises RuleBroken for what has not matched: to tell of anything else would tell of one's picks.
    """
    plan, definition = open_joint(by, plan, exercise)
    page = queries.exercise_page(queries.standing(plan, by), definition, now=now)
    if idea not in {one.key for one in [*(page.matches or []), *page.earlier_matches]}:
        raise RuleBroken(NOT_OPEN)
    if on > today:
        raise RuleBroken(_("Please choose today or a day before it."))
    key, body = record_key(exercise, DONE), {"idea": idea, "on": on.isoformat()}
    same = next((one for one in page.records.done if one.body == body and one.taken_back_at is None), None)
    if same is not None:
        return Entry.objects.get(plan=plan, exercise=key, number=same.number)
    return put_in(by, plan, key, body, now)


@transaction.atomic
def reply(*, by: Seat, plan: Plan, exercise: str, body: dict[str, str], now: datetime) -> Entry:
    """Answer the other's newest words, beginning with a line that takes them in (seed element B.s4.validate).

    `body`: "understood" and "words". Raises RuleBroken where there is nothing to answer.
    """
    plan, definition = open_joint(by, plan, exercise)
    newest = Share.objects.filter(plan=plan, exercise=exercise).exclude(seat=by).order_by("-version").first()
    if not definition.replied or definition.reveal != "shared" or newest is None or newest.taken_back_at is not None:
        raise RuleBroken(NOT_OPEN)
    key, whole = record_key(exercise, REPLY), {"to": newest.version, **body}
    mine = newest_of(by, plan, key)
    if mine is None or mine.body != whole or mine.taken_back_at is not None:
        mine = put_in(by, plan, key, whole, now)
    Draft.objects.filter(plan=plan, seat=by, exercise=queries.reply_draft(exercise)).delete()
    return mine


@transaction.atomic
def correct_entry(*, by: Seat, plan: Plan, exercise: str, number: int, body: Any, now: datetime) -> None:
    """Word an item of one's own anew. What could be read stays readable beneath it."""
    plan, definition = open_joint(by, plan, exercise)
    kind, entry = exercises.kind(definition), queries.own_entry(plan, by, exercise, number)
    if not kind.corrects or entry is None or entry.taken_back_at is not None:
        raise RuleBroken(NOT_OPEN)
    missing = kind.missing(definition, body)
    if missing:
        raise RuleBroken(missing)
    before = dict(entry.body)
    earlier = before.pop("earlier", [])
    if before != body:
        entry.body = {**body, "earlier": [{"body": before, "until": now.isoformat()}, *earlier][:20]}
        entry.save(update_fields=["body"])


@transaction.atomic
def undo_entry(*, by: Seat, plan: Plan, exercise: str, record: str = "", number: int, now: datetime) -> None:
    """Within ten minutes: as if it had never been put in. What is not there any more is no mistake."""
    plan = enter(by, plan)
    entry = queries.own_entry(plan, by, record_key(exercise, record), number)
    if entry is None:
        return
    if not rules.may_undo(entry.created_at, now=now, answered=False, revealed=False):
        raise RuleBroken(_("This can no longer be undone. You can mark it as taken back."))
    entry.delete()


@transaction.atomic
def take_entry_back(*, by: Seat, plan: Plan, exercise: str, record: str = "", number: int, now: datetime) -> None:
    """Mark an item of one's own as taken back. What could be read stays readable, with the mark."""
    plan = enter(by, plan)
    entry = queries.own_entry(plan, by, record_key(exercise, record), number)
    if entry is not None and entry.taken_back_at is None:
        Entry.objects.filter(pk=entry.pk).update(taken_back_at=now)


# --- "I wonder whether …"


@transaction.atomic
def answer_guess(*, by: Seat, plan: Plan, exercise: str, answer: str, now: datetime) -> None:
    """The one a guess is about says "close" or "not-quite"; it can be changed. Both see it.

    Raises RuleBroken before both have shared: a guess that is not there yet cannot be answered.
    """
    plan, definition = open_joint(by, plan, exercise)
    page = queries.exercise_page(queries.standing(plan, by), definition, now=now)
    guess = next((one for one in page.guesses if one.mine_to_answer), None)
    if guess is None or answer not in ("close", "not-quite"):
        raise RuleBroken(NOT_OPEN)
    key, body = record_key(exercise, GUESSED), {"answer": answer, "to": guess.version}
    mine = Entry.objects.filter(plan=plan, seat=by, exercise=key, kind=Entry.Kind.MARK).first()
    if mine is None:
        new_entry(plan, by, key, Entry.Kind.MARK, body, now)
        return
    mine.seat = by
    if mine.body != body:
        mine.body, mine.created_at = body, now
        mine.save(update_fields=["body", "created_at"])


@transaction.atomic
def drop_guess(*, by: Seat, plan: Plan, exercise: str, now: datetime) -> None:
    """Leave "I wonder whether …" out again, from the draft and from what lies sealed; nobody learns that it was there.

    Raises RuleBroken once both have shared: it can be read by then, and marked as taken back like everything else.
    """
    plan = enter(by, plan)
    last = queries.own_last_share(plan, by, exercise)
    if last is not None and not queries.is_sealed(last):
        raise RuleBroken(_("You have both opened this. The other can say “not quite”; that is a good answer too."))
    draft = queries.own_draft(plan, by, exercise)
    if draft is not None and guess_of(draft.body):
        draft.body, draft.updated_at = without_guess(draft.body), now
        draft.revision += 1
        draft.save()
    if last is not None:
        last.seat = by
        if guess_of(last.body):
            last.body = without_guess(last.body)
            last.save(update_fields=["body"])


# --- a private record


@transaction.atomic
def keep_item(*, by: Seat, plan: Plan, exercise: str, item: dict[str, Any], now: datetime) -> None:
    """One more item in a private record; the form is emptied."""
    kind = record_kind(by, plan, exercise)
    change_record(by, plan, exercise, lambda body: kind.added(body, item), now)


@transaction.atomic
def remove_item(*, by: Seat, plan: Plan, exercise: str, item: str, now: datetime) -> None:
    """One item less in a private record, at once. What is not there any more is no mistake."""
    kind = record_kind(by, plan, exercise)
    change_record(by, plan, exercise, lambda body: kind.removed(body, item), now)


def record_kind(by: Seat, plan: Plan, exercise: str) -> exercises.Kind:
    kind = exercises.kind(queries.guide_of(plan, by).exercise(exercise))
    if not kind.record:
        raise RuleBroken(NOT_OPEN)
    return kind


def change_record(by: Seat, plan: Plan, key: str, change: Callable[[Any], Any], now: datetime) -> None:
    plan = enter(by, plan)
    draft = queries.own_draft(plan, by, key)
    body = change(draft.body if draft else {})
    if draft is None:
        Draft.objects.create(plan=plan, seat=by, exercise=key, body=body, created_at=now, updated_at=now)
    elif draft.body != body:
        draft.body, draft.updated_at = body, now
        draft.revision += 1
        draft.save()
