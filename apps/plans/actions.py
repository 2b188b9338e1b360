"""Verbs that write a plan. Each is atomic, locks the Space row first, and is harmless when repeated.

`by` is the seat that acts, `now` the instant of the click. RuleBroken carries a sentence for the person; Stale is a
RuleBroken for something that is no longer the newest. Nothing is changed when one is raised.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.checkins import actions as checkins
from apps.core.errors import RuleBroken, Stale
from apps.guides import library
from apps.guides.schema import Exercise, Guide
from apps.plans import exercises, proposals, queries, rules
from apps.plans.models import Agreement, Approval, Commitment, Draft, Entry, Plan, Proposal, Reflection, Release, Share
from apps.spaces import actions as spaces
from apps.spaces.models import Seat, Space

CLOSED = gettext_lazy("This plan is closed. What you wrote in it stays yours.")
NOT_OPEN = gettext_lazy("This opens when you have both chosen it. There is nothing you need to do.")
GUIDE = "bridge"


def enter(by: Seat, plan: Plan) -> Plan:
    """Lock the space, then read the plan again; raises RuleBroken where it was closed meanwhile (leaving closes it)."""
    spaces.lock(by.space)
    locked = Plan.objects.filter(pk=plan.pk, space=by.space_id, closed_at=None).first()
    if locked is None:
        raise RuleBroken(CLOSED)
    locked.space = by.space
    return locked


# --- the plan itself ----------------------------------------------------------------------------------------------


@transaction.atomic
def open_plan(*, by: Seat, now: datetime, guide: Guide | None = None) -> Plan:
    """The space's open plan; a new one on the newest version of `guide` where there is none.

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
def close_plan(*, by: Seat, plan: Plan, now: datetime) -> None:
    """Let the whole plan rest, at once and alone (law 6): ends its agreement and drops the reminders still to come."""
    spaces.lock(by.space)
    plans = Plan.objects.filter(pk=plan.pk, space=by.space_id, closed_at=None)
    if plans.update(closed_at=now, closed_by=by):
        end_open_agreement(plan, by=by, now=now)
        checkins.close(space=by.space, as_="ended", now=now)


@transaction.atomic
def close_all(*, space: Space, by: Seat, now: datetime) -> None:
    """Leaving closes the open plan with its agreement; the caller has locked the space."""
    for plan in Plan.objects.filter(space=space, closed_at=None):
        Plan.objects.filter(pk=plan.pk).update(closed_at=now, closed_by=by)
        end_open_agreement(plan, by=by, now=now)


@transaction.atomic
def set_focus(*, by: Seat, plan: Plan, text: str, now: datetime) -> Plan:
    """What this walk is about, in one line, by either; open once both have chosen the joint steps."""
    plan = enter(by, plan)
    if not queries.standing(plan, by).door:
        raise RuleBroken(NOT_OPEN)
    plan.focus_by, plan.focus_at = by, now
    plan.focus = text
    plan.save(update_fields=["focus", "focus_by", "focus_at"])
    return plan


@transaction.atomic
def move_private(*, from_seat: Seat, to_seat: Seat, now: datetime) -> None:
    """Somebody who was alone joins a partner: their drafts move into the partner's open plan, still only theirs.

    The caller has locked both spaces. Drafts for exercises that the other guide does not have stay in the old plan,
    which is closed and can be read as a past one.
    """
    old = Plan.objects.filter(space=from_seat.space_id, closed_at=None).first()
    if old is None:
        return
    plan = open_plan(by=to_seat, now=now)
    known = {exercise.key for exercise in queries.guide_of(plan).exercises()}
    for draft in Draft.objects.filter(plan=old, seat=from_seat, exercise__in=known).select_related("seat"):
        draft.plan, draft.seat = plan, to_seat
        draft.save(update_fields=["plan", "seat"])
    Plan.objects.filter(pk=old.pk).update(closed_at=now, closed_by=from_seat)


# --- writing alone ------------------------------------------------------------------------------------------------


@transaction.atomic
def save_draft(*, by: Seat, plan: Plan, exercise: str, body: Any, base: int, prompt: str = "", now: datetime) -> Draft:
    """Keep what one person is writing. `base` is the revision they began from (0: none yet).

    Raises Stale where it was written to elsewhere meanwhile; the same text twice changes nothing.
    """
    plan = enter(by, plan)
    draft = Draft.objects.filter(plan=plan, seat=by, exercise=exercise).first()
    if draft is None:
        return Draft.objects.create(
            plan=plan, seat=by, exercise=exercise, body=body, prompt=prompt, created_at=now, updated_at=now
        )
    draft.seat = by
    if draft.body == body:
        return draft
    if draft.revision != base:
        raise Stale(_("You also wrote here in another window. Both texts are below; keep what you want to keep."))
    draft.body, draft.prompt, draft.updated_at = body, prompt, now
    draft.revision += 1
    draft.save()
    return draft


@transaction.atomic
def clear_draft(*, by: Seat, plan: Plan, exercise: str) -> None:
    """Throw one's own draft away."""
    spaces.lock(by.space)
    Draft.objects.filter(plan=plan, seat=by, exercise=exercise).delete()


# --- sharing ------------------------------------------------------------------------------------------------------


def open_joint(by: Seat, plan: Plan, key: str) -> tuple[Plan, Exercise]:
    """Lock, and make sure that `key` may be used together now; raises RuleBroken where it may not."""
    plan = enter(by, plan)
    exercise = queries.guide_of(plan).exercise(key)
    if not queries.standing(plan, by).may_join(exercise):
        raise RuleBroken(NOT_OPEN)
    return plan, exercise


@transaction.atomic
def share(*, by: Seat, plan: Plan, exercise: str, body: Any, now: datetime) -> Share:
    """Publish a version of what I wrote. The same words again are the same share; other words are a new version.

    Raises RuleBroken where the step is not open yet or a needed part is missing (so that "." opens nothing).
    """
    plan, definition = open_joint(by, plan, exercise)
    if definition.reveal == "joint":
        raise RuleBroken(NOT_OPEN)
    missing = exercises.kind(definition).missing(definition, body)
    if missing:
        raise RuleBroken(missing)
    last = Share.objects.filter(plan=plan, seat=by, exercise=exercise).order_by("-version").first()
    if last is not None:
        last.seat = by
        if last.body == body and last.taken_back_at is None:
            return last
    return Share.objects.create(
        plan=plan,
        seat=by,
        exercise=exercise,
        version=last.version + 1 if last else 1,
        body=body,
        prompt=definition.prompt,
        shared_at=now,
    )


@transaction.atomic
def undo_share(*, by: Seat, plan: Plan, exercise: str, version: int | None = None, now: datetime) -> None:
    """Within ten minutes: as if it had never been shared. The draft stays.

    `version` is the one that the person saw (None: the newest), so that a second press does not undo the one before.
    """
    plan = enter(by, plan)
    last = queries.own_last_share(plan, by, exercise)
    if last is None or version not in (None, last.version):
        return
    if not queries.can_undo(last, by, now):
        raise RuleBroken(_("This can no longer be undone. You can correct it or mark it as taken back."))
    last.delete()


@transaction.atomic
def take_back(*, by: Seat, plan: Plan, exercise: str, now: datetime) -> None:
    """Mark the newest version as taken back. What could be read stays readable: nobody's history is rewritten."""
    plan = enter(by, plan)
    last = queries.own_last_share(plan, by, exercise)
    if last is not None and last.taken_back_at is None:
        Share.objects.filter(pk=last.pk).update(taken_back_at=now)


@transaction.atomic
def add_entry(*, by: Seat, plan: Plan, exercise: str, body: Any, now: datetime) -> Entry:
    """Put one item into a record of both; the draft it came from is emptied. The same item twice in a row is one."""
    plan, definition = open_joint(by, plan, exercise)
    kind = exercises.kind(definition)
    if definition.reveal != "joint" or not kind.writes:
        raise RuleBroken(NOT_OPEN)
    missing = kind.missing(definition, body)
    if missing:
        raise RuleBroken(missing)
    Draft.objects.filter(plan=plan, seat=by, exercise=exercise).delete()
    mine = Entry.objects.filter(plan=plan, exercise=exercise, seat=by).order_by("-number").first()
    if mine is not None:
        mine.seat = by
        if mine.body == body:
            return mine
    return new_entry(plan, by, exercise, Entry.Kind.ITEM, body, now)


def new_entry(plan: Plan, by: Seat, exercise: str, kind: Entry.Kind, body: Any, now: datetime) -> Entry:
    last = Entry.objects.filter(plan=plan, exercise=exercise).aggregate(last=Max("number"))["last"] or 0
    return Entry.objects.create(
        plan=plan, seat=by, exercise=exercise, kind=kind, number=last + 1, body=body, created_at=now
    )


# --- marks: halves that count once both are given ------------------------------------------------------------------


@transaction.atomic
def choose_door(*, by: Seat, plan: Plan, now: datetime) -> None:
    """My half of opening the joint steps. The two plain questions before it are never stored."""
    give_mark(enter(by, plan), by, rules.DOOR, now)


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
    plan = enter(by, plan)
    marks = Entry.objects.filter(plan=plan, exercise=rules.aloud_key(step), kind=Entry.Kind.MARK)
    if marks.count() == 1:
        marks.filter(seat=by).delete()


def give_mark(plan: Plan, by: Seat, key: str, now: datetime) -> None:
    if not Entry.objects.filter(plan=plan, seat=by, exercise=key, kind=Entry.Kind.MARK).exists():
        new_entry(plan, by, key, Entry.Kind.MARK, {}, now)


# --- listening ----------------------------------------------------------------------------------------------------


def shared_with(by: Seat, plan: Plan, exercise: str) -> tuple[Share, list[Reflection]]:
    """The other's newest telling and its reflections; raises RuleBroken where there is none."""
    telling = (
        Share.objects.filter(plan=plan, exercise=exercise)
        .exclude(seat=by)
        .select_related("seat")
        .order_by("-version")
        .first()
    )
    if telling is None:
        raise RuleBroken(NOT_OPEN)
    return telling, list(telling.reflections.order_by("number"))


@transaction.atomic
def reflect(*, by: Seat, plan: Plan, exercise: str, text: str, now: datetime) -> Reflection:
    """Say back in my own words what I heard. While one waits for its answer, that one stands.

    Raises RuleBroken where there is nothing to say back; an exercise that is not said back is never asked what the
    other has shared in it, since that could be a share that opens only with my own.
    """
    plan, definition = open_joint(by, plan, exercise)
    if not definition.reflected:
        raise RuleBroken(NOT_OPEN)
    telling, before = shared_with(by, plan, exercise)
    if before and (before[-1].answered_at is None and before[-1].rested_at is None):
        return before[-1]
    if not rules.may_reflect([one.verdict for one in before]) or any(one.rested_at for one in before):
        raise RuleBroken(_("This has been heard. There is nothing more to say back."))
    Draft.objects.filter(plan=plan, seat=by, exercise=queries.reflection_draft(exercise)).delete()
    return Reflection.objects.create(share=telling, number=len(before) + 1, seat=by, body=text, sent_at=now)


@transaction.atomic
def answer_reflection(
    *, by: Seat, plan: Plan, exercise: str, verdict: str, missed: str = "", number: int, now: datetime
) -> Reflection:
    """The speaker says: heard, almost, or not yet, and, if they like, what was missed. An answer stands."""
    plan = enter(by, plan)
    reflection = (
        Reflection.objects.filter(share__plan=plan, share__exercise=exercise, share__seat=by, number=number)
        .select_related("share__seat")
        .order_by("-share__version")
        .first()
    )
    if reflection is None:
        raise RuleBroken(NOT_OPEN)
    if reflection.answered_at is None and reflection.rested_at is None:
        reflection.verdict = Reflection.Verdict(verdict)
        reflection.missed, reflection.answered_at = missed, now
        reflection.save(update_fields=["verdict", "missed", "answered_at"])
    return reflection


@transaction.atomic
def leave_for_today(*, by: Seat, plan: Plan, exercise: str, speaker: int, now: datetime) -> None:
    """After the second reflection either may leave it here for today; the telling then counts as walked."""
    plan = enter(by, plan)
    reflections = list(
        Reflection.objects.filter(share__plan=plan, share__exercise=exercise, share__seat__number=speaker).order_by(
            "share__version", "number"
        )
    )
    newest = [one for one in reflections if one.share_id == reflections[-1].share_id]
    if any(one.rested_at for one in newest):
        return
    if not rules.may_rest([one.verdict for one in newest]):
        raise RuleBroken(_("You can leave it for today after the second try."))
    Reflection.objects.filter(pk=newest[-1].pk).update(rested_at=now, rested_by=by)


# --- proposal, yes, agreement -------------------------------------------------------------------------------------


@transaction.atomic
def propose(*, by: Seat, plan: Plan, base: int, wording: "proposals.Wording", now: datetime) -> Proposal:
    """A new numbered proposal on top of number `base` (0: the first). Older yeses lapse by themselves.

    Raises Stale where `base` is no longer the newest, and RuleBroken where a line is not one's own to write (law 9).
    The same wording sent twice is one proposal.
    """
    plan = enter(by, plan)
    if not queries.standing(plan, by).may_agree:
        raise RuleBroken(NOT_OPEN)
    newest = queries.newest_proposal(plan)
    if base != (newest.number if newest else 0):
        if newest is not None and proposals.is_repeat(newest, wording, by=by):
            return newest
        raise Stale(_("There is a newer version. Please look at it first; your words are kept."))
    lines = proposals.resolve(wording.lines, by=by, newest=newest)
    return proposals.write(plan=plan, by=by, number=base + 1, wording=wording, lines=lines, now=now)


@transaction.atomic
def approve(*, by: Seat, plan: Plan, number: int, now: datetime) -> Agreement | None:
    """My yes to proposal `number`. The second yes writes the Agreement, its check-in and its letters in this
    transaction (law 4); before that it stays sealed, and None comes back.

    Raises Stale where `number` is not the newest, RuleBroken where the day to look back has already passed or where it
    was agreed and has been ended since: to begin anew it is proposed anew.
    """
    plan = enter(by, plan)
    newest = queries.newest_proposal(plan)
    if newest is None:
        raise RuleBroken(NOT_OPEN)
    if newest.number != number:
        raise Stale(_("There is a newer version. Please look at it before you say yes."))
    agreement = Agreement.objects.filter(proposal=newest).first()
    if agreement is not None:
        if agreement.ended_at is not None:
            raise RuleBroken(_("This agreement has ended. To begin anew, put it forward once more."))
        return agreement
    proposals.check_unchanged(newest)
    proposals.check_still_ahead(newest, now)
    standing = Approval.objects.filter(proposal=newest, withdrawn_at=None)
    if not standing.filter(seat=by).exists():
        Approval.objects.create(proposal=newest, seat=by, given_at=now)
    yeses = standing.values_list("seat__number", flat=True)
    if not rules.is_agreed(newest=newest.number, number=number, yeses=yeses):
        return None
    return agree(newest, by=by, now=now)


def agree(proposal: Proposal, *, by: Seat, now: datetime) -> Agreement:
    """Both said yes: the older agreement gives way, the new one and its time to look back are written together."""
    older = Agreement.objects.filter(plan=proposal.plan, ended_at=None).first()
    if older is not None:
        Agreement.objects.filter(pk=older.pk).update(ended_at=now, ended_by=by)
    agreement = Agreement.objects.create(plan=proposal.plan, proposal=proposal, agreed_at=now)
    if older is not None:
        Agreement.objects.filter(pk=older.pk).update(superseded_by=agreement)
    checkins.close(space=by.space, as_="superseded", now=now)
    checkins.schedule(
        space=by.space,
        items=proposals.items(proposal),
        local_date=proposal.follow_up_date,
        hour=proposal.follow_up_hour,
        zone=proposal.follow_up_zone,
        rhythm=proposal.rhythm,
        now=now,
        seat_by=by,
    )
    return agreement


@transaction.atomic
def withdraw(*, by: Seat, plan: Plan, number: int, now: datetime) -> None:
    """Take my yes back, until both have given it; raises RuleBroken when it is agreed already."""
    plan = enter(by, plan)
    if Agreement.objects.filter(proposal__plan=plan, proposal__number=number).exists():
        raise RuleBroken(_("You have both said yes. You can let a line rest, or end the agreement, at any time."))
    Approval.objects.filter(proposal__plan=plan, proposal__number=number, seat=by, withdrawn_at=None).update(
        withdrawn_at=now
    )


@transaction.atomic
def release(*, by: Seat, plan: Plan, lineage: UUID, now: datetime) -> Release | None:
    """Let one agreed line rest, at once, without a reason (law 6). None where there is no such line."""
    plan = enter(by, plan)
    agreement = Agreement.objects.filter(plan=plan, ended_at=None).first()
    if agreement is None or not Commitment.objects.filter(proposal=agreement.proposal_id, lineage=lineage).exists():
        return None
    resting, created = Release.objects.get_or_create(
        agreement=agreement, lineage=lineage, defaults={"seat": by, "released_at": now}
    )
    if created:
        checkins.rest_item(space=by.space, lineage=lineage, now=now)
    return resting


@transaction.atomic
def end_agreement(*, by: Seat, plan: Plan, now: datetime) -> None:
    """End the whole agreement, at once and alone (law 6); its reminders are dropped in the same transaction."""
    plan = enter(by, plan)
    if end_open_agreement(plan, by=by, now=now):
        checkins.close(space=by.space, as_="ended", now=now)


def end_open_agreement(plan: Plan, *, by: Seat, now: datetime) -> int:
    return Agreement.objects.filter(plan=plan, ended_at=None).update(ended_at=now, ended_by=by)
