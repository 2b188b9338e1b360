"""Having letters to oneself: a claim is a lease by the database's clock, and a token that fences off whoever is late.

Each letter is read right before it is sent and marked right after. What is done for each of them is written out in SQL:
Django takes several times as long to compose it as the database to run it (docs/decisions/0013).
"""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from psycopg import Cursor
from psycopg_pool import PoolTimeout

from apps.outbox import kinds
from apps.outbox.models import SENT, Letter

log = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(seconds=60)
# The lease of what is still to be sent begins anew so often, and sending one letter fits into what is left of it.
RENEW_AFTER = 10.0
# A mail that is out is marked even where the database has to start again first: waiting so long, all in all 24 seconds.
MARK_AGAIN_AFTER = (0.1, 0.3, 0.6, 1.0, 2.0, 4.0, 8.0, 8.0)
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)

# The same letters as `due`, oldest first. One statement: a worker that is frozen keeps no locks of a transaction.
CLAIM = """
    WITH picked AS MATERIALIZED (
        SELECT id FROM outbox_letter
        WHERE ended_at IS NULL AND NOT doubtful AND due_at <= statement_timestamp() AND kind = ANY(%(kinds)s)
            AND (retry_at IS NULL OR retry_at <= statement_timestamp())
            AND (claimed_until IS NULL OR claimed_until <= statement_timestamp())
        ORDER BY due_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED)
    UPDATE outbox_letter l SET claim_token = %(token)s, claimed_until = statement_timestamp() + %(lease)s
    FROM picked WHERE l.id = picked.id
    RETURNING l.due_at, l.id"""
FIELDS = Letter._meta.concrete_fields
COLUMNS = ", ".join(f"l.{field.column}" for field in FIELDS)
READ = f"""
    SELECT 1, statement_timestamp(), {COLUMNS} FROM outbox_letter l
    WHERE l.id = %(next)s AND l.claim_token = %(token)s"""  # noqa: S608 - only names of columns are put in
# One statement marks a letter and reads the next: each round to the database costs as much as what it does there.
MARK_SENT_AND_READ = f"""
    WITH marked AS (
        UPDATE outbox_letter
        SET ended_at = statement_timestamp(), sent_at = statement_timestamp(), end_reason = %(sent)s,
            attempts = attempts + 1, payload = NULL, address = NULL, claim_token = NULL, claimed_until = NULL
        WHERE id = %(letter)s AND claim_token = %(token)s
        RETURNING id)
    SELECT (SELECT count(*) FROM marked), statement_timestamp(), {COLUMNS}
    FROM (SELECT) one LEFT JOIN outbox_letter l ON l.id = %(next)s AND l.claim_token = %(token)s"""  # noqa: S608


class Taken(NamedTuple):
    """A letter as it is at an instant of the database's clock."""

    letter: Letter
    now: datetime


class Claim:
    """Letters that nobody else may send while the lease lasts."""

    def __init__(self) -> None:
        self.token = uuid.uuid4()
        self.waiting: list[uuid.UUID] = []
        self._renew_at = time.monotonic() + RENEW_AFTER
        self._next: Taken | None = None

    def take(self) -> Taken | None:
        """The next letter, read at this instant; None where it was dropped or another one has it."""
        taken, self._next = self._next, None
        if time.monotonic() >= self._renew_at:
            self.ours(self.waiting).update(claimed_until=Now() + LEASE)
            self._renew_at = time.monotonic() + RENEW_AFTER
            taken = None
        wanted = self.waiting.pop(0)
        return taken or taken_from(fetch(READ, {"next": wanted, "token": self.token}))

    def ours(self, letters: list[uuid.UUID]) -> QuerySet[Letter]:
        """Those of the letters that are still ours."""
        return Letter.objects.filter(pk__in=letters, claim_token=self.token)

    def give_back(self) -> None:
        """Those that were not taken are as if nobody had touched them."""
        if self.waiting:
            self.ours(self.waiting).update(claim_token=None, claimed_until=None)
            self.waiting = []

    def settle(self, letter: Letter, **values: Any) -> None:
        """Writes what became of a letter and lets go of it, if it is still ours."""
        written = self.ours([letter.pk]).update(claim_token=None, claimed_until=None, **values)
        self._say_if_late(letter, written)

    def end(self, letter: Letter, reason: str, **values: Any) -> None:
        """The letter has ended unsent: its address and its payload are wiped in the same statement."""
        values |= {"ended_at": Now(), "end_reason": reason[:60] or "dropped", "payload": None, "address": None}
        self.settle(letter, **values)

    def mark_sent(self, letter: Letter) -> None:
        """The letter is out. Where the database went away in this moment, it is marked as soon as it is back."""
        following = self.waiting[0] if self.waiting else None
        values = {"sent": SENT, "letter": letter.pk, "token": self.token, "next": following}
        row = insist(lambda: fetch(MARK_SENT_AND_READ, values))
        assert row is not None  # it always has one
        self._next = taken_from(row)
        self._say_if_late(letter, row[0])

    def _say_if_late(self, letter: Letter, written: int) -> None:
        if not written:
            log.warning("Letter %s (%s) was no longer ours when its outcome was known.", letter.pk, letter.kind)


Row: TypeAlias = tuple[Any, ...]


def run(query: str, values: dict[str, Any]) -> list[Row]:
    """The rows of a statement that the database plans once a connection; Django's own cursor has it planned each time.

    Errors are Django's, as with its cursor.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        return cursor.execute(query, values, prepare=True).fetchall()


def fetch(query: str, values: dict[str, Any]) -> Row | None:
    """The one row of a statement, or None."""
    rows = run(query, values)
    return rows[0] if rows else None


def taken_from(row: Row | None) -> Taken | None:
    """The letter in a row of READ or MARK_SENT_AND_READ; None where there is none in it."""
    if row is None or row[2] is None:
        return None
    values = [
        field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value
        for field, value in zip(FIELDS, row[2:], strict=True)
    ]
    return Taken(Letter.from_db(connection.alias, [field.attname for field in FIELDS], values), row[1])


def insist(write: Callable[[], Row | None]) -> Row | None:
    """Runs `write`, again and again over new connections while the database is away; at last raises what it raises."""
    for wait in MARK_AGAIN_AFTER:
        try:
            return write()
        except DATABASE_AWAY as error:
            if connection.in_atomic_block:
                raise
            log.warning("The database went away before a mark (%s); once more.", type(error).__name__)
            close_quietly()
            time.sleep(wait)
    return write()


def close_quietly() -> None:
    """A connection that is broken is put away; the next statement opens another one."""
    try:
        connection.close()
    except DatabaseError:
        connection.connection = None


def due() -> QuerySet[Letter]:
    """Letters that are due by the database's clock and in nobody's hands."""
    return Letter.objects.filter(
        Q(retry_at__isnull=True) | Q(retry_at__lte=Now()),
        Q(claimed_until__isnull=True) | Q(claimed_until__lte=Now()),
        ended_at__isnull=True,
        doubtful=False,
        due_at__lte=Now(),
    )


def claim_due() -> Claim | None:
    """Claims up to BATCH due letters of the kinds this process knows; None where there are none. Never waits."""
    claim = Claim()
    values: dict[str, Any] = {"token": claim.token, "lease": LEASE, "kinds": kinds.names(), "batch": BATCH}
    claim.waiting = [pk for _, pk in sorted(run(CLAIM, values))]
    return claim if claim.waiting else None
