"""The plan itself, and the halves that count once both are given."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from apps.appointments import actions as appointments
from apps.checkins import actions as checkins
from apps.core.errors import RuleBroken
from apps.guides import library, lock
from apps.guides.schema import Guide
from apps.plans import queries, rules
from apps.plans.actions.agreeing import end_open_agreement
from apps.plans.actions.common import CLOSED, GUIDE, NOT_OPEN, enter
from apps.plans.actions.records import new_entry
from apps.plans.models import Draft, Entry, Plan
from apps.spaces import actions as spaces
from apps.spaces.models import Seat, Space


@transaction.atomic
def open_plan(*, by: Seat, now: datetime, guide: Guide | None = None) -> Plan:
    """The space's open plan; a new one on `guide` where there is none.

    Raises RuleBroken where the space was closed meanwhile.
    """
    if spaces.lock(by.space).closed_at is not None:
        raise RuleBroken(CLOSED)
    plan = Plan.objects.filter(space=by.space_id, closed_at=None).first()
    if plan is not None:
        return plan
    guide = guide or library.find(GUIDE)
    last = Plan.objects.filter(space=by.space_id).aggregate(last=Max("number"))["last"] or 0
    return Plan.objects.create(
        space=by.space, number=last + 1, guide=guide.slug, version=guide.version, opened_at=now, opened_by=by
    )


@transaction.atomic
def choose_guide(*, by: Seat, slug: str, now: datetime) -> Plan:
    """The way that one person chooses to walk: opens a plan on the newest version of that guide, or changes the open
    one in its place, while nobody else walks it. Every draft stays and comes back with its guide.

    Drafts that an older version kept in another shape stay behind in a plan that closes, to be read. Raises RuleBroken
    where two walk the plan already (it is theirs by then), or the space was closed meanwhile.
    """
    guide = library.find(slug)
    space = spaces.lock(by.space)
    plan = Plan.objects.filter(space=by.space_id, closed_at=None).first()
    if plan is None:
        return open_plan(by=by, now=now, guide=guide)
    if plan.guide == guide.slug and plan.opened_by_id == by.pk and space.closed_at is None:
        return plan
    two = Seat.objects.filter(space=by.space_id, left_at=None).exclude(pk=by.pk).exists()
    if space.closed_at is not None or plan.opened_by_id != by.pk or two:
        raise RuleBroken(NOT_OPEN)
    in_both = {one.key for one in guide.exercises()} & {one.key for one in queries.guide_of(plan, by).exercises()}
    reshaped = in_both.difference(fitting(plan, guide, by))
    if Draft.objects.filter(plan=plan, exercise__in=reshaped).exists():
        return walk_anew(plan, guide, by=by, now=now)
    plan.guide, plan.version = guide.slug, guide.version
    plan.save(update_fields=["guide", "version"])
    return plan


def walk_anew(plan: Plan, guide: Guide, *, by: Seat, now: datetime) -> Plan:
    """Closes the plan of one alone, and opens another with all drafts that fit."""
    Plan.objects.filter(pk=plan.pk).update(closed_at=now, closed_by=by)
    opened = open_plan(by=by, now=now, guide=guide)
    move_drafts(plan, opened, from_seat=by, to_seat=by)
    return opened


def fitting(plan: Plan, guide: Guide, seat: Seat) -> list[str]:
    """The exercises of `plan` that `guide` has in the same shape: what was written in them can be read there."""
    there = {exercise.key: lock.exercise_shape(exercise) for exercise in guide.exercises()}
    mine = queries.guide_of(plan, seat).exercises()
    return [exercise.key for exercise in mine if lock.exercise_shape(exercise) == there.get(exercise.key)]


def move_drafts(old: Plan, plan: Plan, *, from_seat: Seat, to_seat: Seat) -> None:
    fit = fitting(old, queries.guide_of(plan, to_seat), from_seat)
    for draft in Draft.objects.filter(plan=old, seat=from_seat, exercise__in=fit).select_related("seat"):
        draft.plan, draft.seat = plan, to_seat
        draft.save(update_fields=["plan", "seat"])


@transaction.atomic
def close_plan(*, by: Seat, plan: Plan, now: datetime) -> None:
    """Let the whole plan rest, at once and alone (law 6): ends its agreement and drops the reminders still to come."""
    spaces.lock(by.space)
    plans = Plan.objects.filter(pk=plan.pk, space=by.space_id, closed_at=None)
    if plans.update(closed_at=now, closed_by=by):
        end_open_agreement(plan, by=by, now=now)
        checkins.close(space=by.space, as_="ended", now=now)
        appointments.end_all_recurring(space=by.space, now=now)


@transaction.atomic
def close_all(*, space: Space, by: Seat, now: datetime) -> None:
    """Leaving closes the open plan with its agreement; the caller has locked the space."""
    for plan in Plan.objects.filter(space=space, closed_at=None):
        Plan.objects.filter(pk=plan.pk).update(closed_at=now, closed_by=by)
        end_open_agreement(plan, by=by, now=now)


@transaction.atomic
def set_focus(*, by: Seat, plan: Plan, text: str, now: datetime) -> Plan:
    """What this walk is about, in one line, by either; open once both have chosen the joint steps.

    The same line again changes nothing: it stays whose it was.
    """
    plan = enter(by, plan)
    if not queries.standing(plan, by).door:
        raise RuleBroken(NOT_OPEN)
    if plan.focus == text:
        return plan
    plan.focus_by, plan.focus_at = by, now
    plan.focus = text
    plan.save(update_fields=["focus", "focus_by", "focus_at"])
    return plan


@transaction.atomic
def move_private(*, from_seat: Seat, to_seat: Seat, now: datetime) -> None:
    """Somebody who was alone joins a partner: their drafts move into the partner's open plan, still only theirs.

    The caller has locked both spaces. Drafts for exercises that the other guide does not have, or has in another shape,
    stay in the old plan, which is closed and can be read as a past one. Where the partner has no open plan, one opens
    on the guide of the one who comes: they began it.
    """
    old = Plan.objects.filter(space=from_seat.space_id, closed_at=None).first()
    if old is None:
        return
    plan = open_plan(by=to_seat, now=now, guide=library.find(old.guide, old.version))
    move_drafts(old, plan, from_seat=from_seat, to_seat=to_seat)
    Plan.objects.filter(pk=old.pk).update(closed_at=now, closed_by=from_seat)


@transaction.atomic
def choose_door(*, by: Seat, plan: Plan, now: datetime) -> None:
    """My half of opening the joint steps. The two plain questions before it are never stored."""
    give_mark(enter(by, plan), by, rules.DOOR, now)


@transaction.atomic
def leave_door(*, by: Seat, plan: Plan) -> None:
    """Take my half back while the door is closed; the other sees no difference. An open door stays open."""
    take_mark_back(enter(by, plan), by, rules.DOOR)


@transaction.atomic
def talked(*, by: Seat, plan: Plan, step: str, now: datetime) -> None:
    """My half of "we talked about this"; only the date is kept. Raises RuleBroken where the step is not open."""
    plan = enter(by, plan)
    if not queries.standing(plan, by).open_steps.get(step):
        raise RuleBroken(NOT_OPEN)
    give_mark(plan, by, rules.aloud_key(step), now)


@transaction.atomic
def untalked(*, by: Seat, plan: Plan, step: str) -> None:
    """Take my half back, until both are given."""
    take_mark_back(enter(by, plan), by, rules.aloud_key(step))


def take_mark_back(plan: Plan, by: Seat, key: str) -> None:
    marks = Entry.objects.filter(plan=plan, exercise=key, kind=Entry.Kind.MARK)
    if marks.count() == 1:
        marks.filter(seat=by).delete()


def give_mark(plan: Plan, by: Seat, key: str, now: datetime) -> None:
    if not Entry.objects.filter(plan=plan, seat=by, exercise=key, kind=Entry.Kind.MARK).exists():
        new_entry(plan, by, key, Entry.Kind.MARK, {}, now)
