"""What every verb of the walk begins with: the lock, the open plan, the open step."""

from django.utils.translation import gettext_lazy

from apps.core.errors import RuleBroken
from apps.guides.schema import Exercise
from apps.plans import queries
from apps.plans.models import Plan
from apps.spaces import actions as spaces
from apps.spaces.models import Seat

CLOSED = gettext_lazy("This plan is closed. What you wrote in it stays yours.")
NOT_OPEN = gettext_lazy("This opens when you have both chosen it. There is nothing you need to do.")
GUIDE, GENTLE = "bridge", "rebuild"  # the guide to begin with, and the one that begins alone


def enter(by: Seat, plan: Plan) -> Plan:
    """Lock the space, then read the plan again; raises RuleBroken where it was closed meanwhile (leaving closes it)."""
    spaces.lock(by.space)
    locked = Plan.objects.filter(pk=plan.pk, space=by.space_id, closed_at=None).first()
    if locked is None:
        raise RuleBroken(CLOSED)
    locked.space = by.space
    return locked


def open_joint(by: Seat, plan: Plan, key: str) -> tuple[Plan, Exercise]:
    """Lock, and make sure that `key` may be used together now; raises RuleBroken where it may not."""
    plan = enter(by, plan)
    exercise = queries.guide_of(plan, by).exercise(key)
    if not queries.standing(plan, by).may_join(exercise):
        raise RuleBroken(NOT_OPEN)
    return plan, exercise
