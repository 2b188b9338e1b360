"""What somebody does for themselves: own intentions, and taking all that is private along to a partner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max

from apps.checkins.actions.common import WRITE_ONE, ItemFacts
from apps.checkins.actions.rounds import close_one, lines_to_keep, schedule
from apps.checkins.models import CheckIn, Item, Mark, Measure, Review, Snooze
from apps.core.errors import RuleBroken
from apps.spaces.actions import lock
from apps.spaces.models import Seat


@transaction.atomic
def set_intentions(
    *, seat: Seat, lines: Sequence[dict[str, Any]], local_date: date, hour: int, rhythm: str, now: datetime
) -> CheckIn:
    """One to three things somebody wants to do for themselves, with a private look back. Seen by nobody else, ever.

    Replaces the open ones; the same again changes nothing. A line whose words stayed keeps its lineage.
    """
    if not lines:
        raise RuleBroken(WRITE_ONE)
    lock(seat.space)
    current = CheckIn.objects.filter(space=seat.space_id, seat=seat, closed_at=None).first()
    known = lines_to_keep(current) if current is not None else []
    if (
        current is not None
        and (current.local_date, current.hour, current.rhythm) == (local_date, hour, rhythm)
        and [line.words for line in known] == list(lines)
    ):
        return current
    lineages: dict[str, UUID | None] = {line.words["what"]: line.lineage for line in known}
    return schedule(
        space=seat.space,
        seat=seat,
        seat_by=seat,
        items=[ItemFacts(lineages.pop(words["what"], None) or uuid4(), seat, seat, words) for words in lines],
        local_date=local_date,
        hour=hour,
        zone=seat.user.time_zone,
        rhythm=rhythm,
        now=now,
    )


@transaction.atomic
def move_private(*, from_seat: Seat, to_seat: Seat, now: datetime) -> None:
    """Somebody who was alone joins a partner: their private look backs come along with their letters.

    They are still only theirs. The seals are the person's own, and the person stays the same, so nothing is written
    anew. The caller holds the lock of both spaces. Raises ValueError for seats of two people.
    """
    if from_seat.user_id != to_seat.user_id:
        raise ValueError("Private texts move with their person only.")
    mine = CheckIn.objects.filter(seat=from_seat)
    if CheckIn.objects.filter(seat=to_seat, closed_at=None).exists():
        for open_one in mine.filter(closed_at=None):
            close_one(open_one, "superseded", now)
    Item.objects.filter(check_in__seat=from_seat).update(author=to_seat, for_seat=to_seat)
    for model in (Review, Measure, Snooze):
        model.objects.filter(check_in__seat=from_seat).update(seat=to_seat)
    Mark.objects.filter(seat=from_seat, lineage=None).update(seat=to_seat)
    last = CheckIn.objects.filter(seat=to_seat).aggregate(last=Max("number"))["last"] or 0
    for number, moved in enumerate(mine.order_by("number"), start=last + 1):
        CheckIn.objects.filter(pk=moved.pk).update(space=to_seat.space_id, seat=to_seat, number=number)
