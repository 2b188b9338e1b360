"""Saying back what one heard, and what the speaker says to it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.plans import queries, rules
from apps.plans.actions.common import NOT_OPEN, enter, open_joint
from apps.plans.models import Draft, Plan, Reflection, Share
from apps.spaces.models import Seat


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
