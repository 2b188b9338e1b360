"""Wraps every data key with the first master key of VAULT_KEYS.

Put the new master key second everywhere, then first everywhere, run this, and take the old one away. May be killed
and run again at any time: each batch is its own transaction, and what is done is not done again.
"""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.vault import keys
from apps.vault.errors import CannotOpen
from apps.vault.models import DataKey

ZERO = UUID(int=0)


class Command(BaseCommand):
    help = "Wraps every data key with the first master key. Can be stopped and started again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, default=200, help="Keys in one transaction.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints totals only. Raises CommandError at the end where some keys could not be opened."""
        done, closed, last = 0, 0, ZERO
        while batch := rewrap_after(last, size=options["batch"]):
            done += batch.done
            closed += batch.closed
            last = batch.last
        self.stdout.write(f"{done} data keys wrapped anew, {closed} could not be opened.")
        if closed:
            raise CommandError("Keep the old master keys in VAULT_KEYS until every data key was wrapped anew.")


class Batch:
    """What one transaction did, and where it ended."""

    def __init__(self, last: UUID) -> None:
        self.last = last
        self.done = 0
        self.closed = 0


@transaction.atomic
def rewrap_after(last: UUID, *, size: int) -> Batch | None:
    """Wraps the next `size` data keys after `last` that another master key wraps; None where there are none left."""
    waiting = DataKey.objects.exclude(master_key_id=keys.ring().first).filter(pk__gt=last).order_by("pk")
    rows = list(waiting.select_for_update(no_key=True)[:size])
    if not rows:
        return None
    batch = Batch(last=rows[-1].pk)
    for row in rows:
        if rewrap(row):
            batch.done += 1
        else:
            batch.closed += 1
    return batch


def rewrap(row: DataKey) -> bool:
    """Wraps one data key with the first master key; False where its old one is not there."""
    try:
        key = keys.unwrap(row.pk, row.owner, row.master_key_id, bytes(row.wrapped))
    except CannotOpen:
        return False
    row.master_key_id, row.wrapped = keys.wrap(row.pk, row.owner, key.secret)
    row.save(update_fields=["master_key_id", "wrapped"])
    return True
