"""A database that came out of a backup does not send what was due before: much of it went out already.

PostgreSQL itself tells: a dump that is read in again makes tables with new numbers, a recovery to an earlier instant
begins a new timeline, another cluster has another name. All three together are the place's mark. It is kept in the
database, so a backup carries the old one, and whoever looks next sees that it is not true here (docs/decisions/0014).
"""

import logging

from django.db import connection, transaction
from django.db.models.functions import Now

from apps.outbox.models import Letter, Place

log = logging.getLogger(__name__)

RESTORED = "restored"

MARK = """
    SELECT concat_ws(':', (SELECT system_identifier FROM pg_control_system()),
                          (SELECT timeline_id FROM pg_control_checkpoint()),
                          (SELECT oid FROM pg_database WHERE datname = current_database()),
                          'outbox_letter'::regclass::oid)"""


def mark_here() -> str:
    """What tells this place from the one that a backup was taken at."""
    with connection.cursor() as cursor:
        cursor.execute(MARK)
        return str(cursor.fetchone()[0])


def recognise() -> bool:
    """Whether the database has just been found restored; then all that is due waits for a person.

    Asked before each run, so before anything is sent. Of several workers that look at once, one finds it.
    """
    here = mark_here()
    known = Place.objects.values_list("mark", flat=True).first()
    if known == here:
        return False
    with transaction.atomic():
        if known is None:
            Place.objects.bulk_create([Place(mark=here)], ignore_conflicts=True)
            return False
        Place.objects.select_for_update().get()
        if not Place.objects.exclude(mark=here).update(mark=here):
            return False
        doubt()
    log.error("This database was restored or moved. What was due waits for: manage.py outbox_restored")
    return True


def doubt() -> int:
    """All that is due and unsent waits for a person: how many."""
    due = Letter.objects.filter(ended_at__isnull=True, due_at__lte=Now(), doubtful=False)
    return due.update(doubtful=True, claim_token=None, claimed_until=None)


def send() -> int:
    """A person says that it was not sent: it goes, each letter asking its kind as ever. How many."""
    return Letter.objects.filter(doubtful=True).update(doubtful=False)


def drop() -> int:
    """A person says that it was sent, or is not worth sending: it ends. How many."""
    return Letter.objects.filter(doubtful=True, ended_at__isnull=True).update(
        ended_at=Now(), end_reason=RESTORED, doubtful=False, payload=None, address=None
    )
