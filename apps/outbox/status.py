"""How the outbox does, in totals. Whoever runs the server may be somebody's partner, so no figure tells of a person.

A total under five is “fewer than 5”, a larger one is rounded down to a step of five, and whatever somebody did not want
(switched off, answered before, left, withdrawn) is one figure with one name. There is no row, no recipient, no kind.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now

from apps.outbox.models import GIVEN_UP, NO_ADDRESS, NOT_MADE, REFUSED, SENT, Letter

STEP = 5
LATE = timedelta(minutes=5)
FAILED = (REFUSED, GIVEN_UP, NOT_MADE, NO_ADDRESS)

LATENESS = """
    SELECT count(*), percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM sent_at - due_at))
    FROM outbox_letter WHERE sent_at > statement_timestamp() - interval '7 days'"""


@dataclass(frozen=True, slots=True)
class Total:
    """One figure, as coarse as it is shown."""

    name: str
    count: int

    @property
    def floor(self) -> int:
        """Rounded down, so that one more or less is not seen."""
        return self.count // STEP * STEP

    def __str__(self) -> str:
        return f"fewer than {STEP}" if self.count < STEP else f"about {self.floor}"


@dataclass(frozen=True, slots=True)
class Status:
    """All there is to see. `lateness` is the p99 in seconds of the last seven days, None where too few were sent."""

    totals: list[Total]
    lateness: int | None

    def metrics(self) -> str:
        """The same for a program that collects figures (Prometheus' text format)."""
        lines = [f'outbox_letters{{is="{total.name}"}} {total.floor}' for total in self.totals]
        if self.lateness is not None:
            lines.append(f"outbox_lateness_p99_seconds {self.lateness}")
        return "\n".join(lines) + "\n"


def status() -> Status:
    """Everything by the database's clock. Ended letters are counted for as long as they are kept, 30 days."""
    waiting = Letter.objects.filter(ended_at__isnull=True, doubtful=False, due_at__lte=Now())
    ended = Letter.objects.filter(ended_at__isnull=False)
    held = Q(doubtful=True) | Q(held_until__gt=Now())
    totals = [
        Total("due", waiting.count()),
        Total("late", waiting.filter(due_at__lte=Now() - LATE).count()),
        Total("held", Letter.objects.filter(held, ended_at__isnull=True).count()),
        Total("sent", ended.filter(end_reason=SENT).count()),
        Total("failed", ended.filter(end_reason__in=FAILED).count()),
        Total("not wanted", ended.exclude(end_reason__in=[SENT, *FAILED]).count()),
    ]
    return Status(totals, lateness())


def lateness() -> int | None:
    """In whole tens of seconds, and only where enough were sent that it is nobody's own."""
    with connection.cursor() as cursor:
        cursor.execute(LATENESS)
        count, seconds = cursor.fetchone()
    return None if count < 4 * STEP else max(0, round(float(seconds) / 10) * 10)
