"""Both agree to a summary to take along (A.n.therapy)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken, Stale
from apps.plans import queries, rules
from apps.plans.actions.common import NOT_OPEN, enter
from apps.plans.actions.walking import give_mark
from apps.plans.models import Entry, Plan
from apps.spaces.models import Seat


@transaction.atomic
def agree_to_summary(*, by: Seat, plan: Plan, digests: Collection[str], now: datetime) -> None:
    """My half for the parts of these digests, in place of an earlier one. What both gave theirs to can be printed.

    Raises Stale where a part has changed since it was seen, RuleBroken where none is named or one is alone here.
    """
    plan = enter(by, plan)
    if by.other is None:
        raise RuleBroken(NOT_OPEN)
    if not digests:
        raise RuleBroken(_("Please leave at least one part in it."))
    if not set(digests) <= {part.digest for part in queries.summary(queries.standing(plan, by)).parts}:
        raise Stale(_("Something in it has changed meanwhile. Please look at it once more."))
    wanted = [rules.summary_key(digest) for digest in digests]
    own_halves(plan, by).exclude(exercise__in=wanted).delete()
    for key in wanted:
        give_mark(plan, by, key, now)


@transaction.atomic
def leave_summary(*, by: Seat, plan: Plan) -> None:
    """My half back, at any time: there is no summary then that both agree to."""
    own_halves(enter(by, plan), by).delete()


def own_halves(plan: Plan, by: Seat) -> QuerySet[Entry]:
    return Entry.objects.filter(plan=plan, seat=by, kind=Entry.Kind.MARK, exercise__startswith=rules.SUMMARY)
