"""One tap: an agreed line was kept, or a small moment noticed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.checkins import rules
from apps.checkins import schedule as calendar
from apps.checkins.actions.common import NO_SUCH_LINE, STAYS
from apps.checkins.models import Item, Mark
from apps.core.errors import RuleBroken
from apps.spaces.actions import lock
from apps.spaces.models import Seat


@transaction.atomic
def mark(*, seat: Seat, now: datetime, lineage: UUID | None = None, moment: str = "", words: str = "") -> Mark:
    """This person's mark for today, of a line that both agreed on or of a moment with a few words of their own.

    Once a day for each: again changes nothing, but newer words of a moment take the older ones' place. Raises
    RuleBroken for a line that is not agreed now, or rests.
    """
    lock(seat.space)
    if lineage is not None and not _agreed(seat, lineage):
        raise RuleBroken(NO_SUCH_LINE)
    today = calendar.local_day(now, seat.user.zone)
    found = Mark.objects.filter(seat=seat, on=today, lineage=lineage, moment=moment).select_related("seat").first()
    if found is None:
        return Mark.objects.create(seat=seat, on=today, lineage=lineage, moment=moment, words=words, created_at=now)
    if words and words != found.words:
        found.words = words
        found.save(update_fields=["words"])
    return found


def _agreed(seat: Seat, lineage: UUID) -> bool:
    asked = Item.objects.filter(check_in__space=seat.space_id, check_in__seat=None, check_in__closed_at=None)
    return asked.filter(lineage=lineage, rested_at=None).exists()


@transaction.atomic
def unmark(*, seat: Seat, on: date, now: datetime, lineage: UUID | None = None, moment: str = "") -> None:
    """Takes one's own mark of that day away; where there is none, nothing happens.

    Once both have marked the same in that week it stays (RuleBroken): nobody could read it, take theirs back and leave
    no trace of having looked.
    """
    lock(seat.space)
    found = Mark.objects.filter(seat=seat, on=on, lineage=lineage, moment=moment).first()
    if found is None:
        return
    if (found.thing, rules.week_of(on)) in rules.both_marked(_week(seat, on)):
        raise RuleBroken(STAYS)
    found.delete()


def _week(seat: Seat, on: date) -> list[rules.Marked]:
    monday = rules.week_of(on)
    of_both: dict[str, Any] = {"seat__space": seat.space_id, "on__gte": monday, "on__lt": monday + calendar.A_WEEK}
    return [rules.Marked(one.seat_id, one.thing, one.on) for one in Mark.objects.filter(**of_both)]
