"""Posting a letter and dropping it again. Both belong into the transaction of what they tell about."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from apps.outbox import kinds, purge, tasks
from apps.outbox.models import Letter


@transaction.atomic
def post(
    *,
    kind: str,
    occurrence: str,
    due_at: datetime,
    now: datetime,
    recipient: Any = None,
    address: str = "",
    payload: dict[str, Any] | None = None,
    caused_by: Any = None,
) -> Letter | None:
    """The letter of that kind, occurrence and recipient: written now, or the one that is already there, untouched.

    None where there was one whose row has been purged since: nothing is posted twice, however long ago it was.
    Goes to `recipient`'s address at the time of sending, or to `address` where one is given. `payload` is sealed, and
    wiped when the letter ends. Where it is due, a worker is nudged once the transaction has committed.
    `caused_by` is the person whose doing it is: a letter to somebody else waits while their quiet time runs.
    By default nobody: what both have agreed to (a reminder) or somebody asked for themselves is no nudge.
    Raises LookupError for a kind nobody registered, ValueError where there is neither recipient nor address.
    """
    kinds.get(kind)
    if recipient is None and not address:
        raise ValueError("A letter needs a recipient or an address.")
    letter = Letter(
        kind=kind,
        occurrence=occurrence,
        recipient=recipient,
        address=address or None,
        payload=payload or {},
        caused_by=caused_by,
        due_at=due_at,
        created_at=now,
    )
    Letter.objects.bulk_create([letter], ignore_conflicts=True)
    kept = Letter.objects.get(kind=kind, occurrence=occurrence, recipient=recipient)
    # Asked after the row was written: a purge in this moment has left its key by then.
    if kept.pk == letter.pk and purge.was_posted(kind=kind, occurrence=occurrence, recipient=recipient):
        kept.delete()
        return None
    if due_at <= now:
        tasks.nudge()
    return kept


def drop(*, kind: str, occurrence: str, reason: str, now: datetime, recipient: Any = None) -> int:
    """Ends every letter of that kind and occurrence that was not sent (only `recipient`'s where given): how many.

    One that a worker has already claimed is ended as well; the worker asks once more right before it sends.
    """
    letters = Letter.objects.filter(kind=kind, occurrence=occurrence)
    return _end(letters if recipient is None else letters.filter(recipient=recipient), reason, now)


def drop_all(*, kind: str, beginning: str, reason: str, now: datetime) -> int:
    """As `drop`, for every occurrence that begins so: a thing that comes again and again has ended. How many."""
    return _end(Letter.objects.filter(kind=kind, occurrence__startswith=beginning), reason, now)


def _end(letters: QuerySet[Letter], reason: str, now: datetime) -> int:
    return letters.filter(ended_at__isnull=True).update(
        ended_at=now,
        end_reason=reason[:60] or "dropped",
        claimed_until=None,
        claim_token=None,
        doubtful=False,
        payload=None,
        address=None,
    )


def move(*, kind: str, occurrence: str, due_at: datetime, now: datetime, recipient: Any) -> int:
    """Gives `recipient`'s unsent letter of that kind and occurrence another due time: how many were moved.

    A letter that has ended stays ended. A worker that has claimed it sends or holds it as it was.
    """
    letters = Letter.objects.filter(kind=kind, occurrence=occurrence, recipient=recipient, ended_at__isnull=True)
    moved = letters.update(due_at=due_at)
    if moved and due_at <= now:
        tasks.nudge()
    return moved


def end_hold(*, caused_by: Any, now: datetime) -> int:
    """Lets every letter go at once that a hold keeps back because of this person: how many.

    Only what a hold has moved is brought forward; a letter that is due later by itself stays where it is.
    """
    held = Letter.objects.filter(caused_by=caused_by, ended_at__isnull=True, held_until__gt=now)
    moved = held.update(due_at=now, held_until=None)
    if moved:
        tasks.nudge()
    return moved
