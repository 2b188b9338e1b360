"""Letters that ended long ago go; that there was one is kept, so that nothing is ever posted twice."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from apps.outbox.models import Letter, Posted

KEPT_FOR = timedelta(days=30)
AT_ONCE = 500


def digest(occurrence: str) -> bytes:
    """What is kept of an occurrence: enough to know it again, not enough to tell what it was."""
    return sha256(occurrence.encode()).digest()


def was_posted(*, kind: str, occurrence: str, recipient: Any) -> bool:
    """Whether there was such a letter whose row has been purged."""
    return Posted.objects.filter(kind=kind, occurrence_digest=digest(occurrence), recipient=recipient).exists()


def purge() -> int:
    """Purges what ended more than KEPT_FOR ago, by the database's clock: how many. May be stopped and run again."""
    total = 0
    while count := purge_some():
        total += count
    return total


@transaction.atomic
def purge_some() -> int:
    """A few of them, key and row in one transaction: whoever posts in this moment finds one or the other."""
    old = Letter.objects.filter(ended_at__lt=Now() - KEPT_FOR).order_by("ended_at")
    rows = list(old.select_for_update(skip_locked=True).values_list("pk", "kind", "occurrence", "recipient")[:AT_ONCE])
    Posted.objects.bulk_create(
        [
            Posted(kind=kind, occurrence_digest=digest(occurrence), recipient_id=recipient)
            for _, kind, occurrence, recipient in rows
        ],
        ignore_conflicts=True,
    )
    Letter.objects.filter(pk__in=[row[0] for row in rows]).delete()
    return len(rows)
