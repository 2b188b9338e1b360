"""Writing alone, sharing and undoing."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken, Stale
from apps.plans import exercises, queries
from apps.plans.actions.common import NOT_OPEN, enter, open_joint
from apps.plans.models import Draft, Plan, Share
from apps.spaces import actions as spaces
from apps.spaces.models import Seat


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


@transaction.atomic
def share(*, by: Seat, plan: Plan, exercise: str, body: Any, now: datetime) -> Share:
    """Publish a version of what I wrote. The same words again are the same share; other words are a new version.

    While nobody can read the newest version yet, other words take its place: what was corrected in the envelope is
    never read. Raises RuleBroken where the step is not open yet, or a needed part is missing (so "." opens nothing).
    """
    plan, definition = open_joint(by, plan, exercise)
    if definition.reveal == "joint":
        raise RuleBroken(NOT_OPEN)
    missing = exercises.kind(definition).missing(definition, body)
    if missing:
        raise RuleBroken(missing)
    last = queries.own_last_share(plan, by, exercise)
    version = 1
    if last is not None:
        last.seat, last.plan = by, plan
        sealed = queries.is_sealed(last)
        if last.body == body and last.taken_back_at is None:
            return last
        if not sealed and body.get("round") == last.version:
            return last  # a late press in a round that both have finished
        version = last.version + 1
        if sealed:
            version = last.version
            last.delete()
    return Share.objects.create(
        plan=plan,
        seat=by,
        exercise=exercise,
        version=version,
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
    if not queries.can_undo(last, now):
        raise RuleBroken(_("This can no longer be undone. You can correct it or mark it as taken back."))
    last.delete()


@transaction.atomic
def take_back(*, by: Seat, plan: Plan, exercise: str, version: int | None = None, now: datetime) -> None:
    """Mark the newest version as taken back. What could be read stays readable: nobody's history is rewritten.

    What nobody could read yet leaves its envelope instead, at any time, as if it had never been shared. `version` is
    the one that the person saw (None: the newest), so that a second press does not reach the one before.
    """
    plan = enter(by, plan)
    last = queries.own_last_share(plan, by, exercise)
    if last is None or version not in (None, last.version):
        return
    if queries.is_sealed(last):
        last.delete()
    elif last.taken_back_at is None:
        Share.objects.filter(pk=last.pk).update(taken_back_at=now)
