"""How many mails the provider takes: a token bucket in the database, so that all workers on all hosts share it.

Off unless MAIL_LIMIT names a number and a time. The bucket holds a tenth of the number and refills with the rest over
the time: however the mails fall, there are never more than that number in any stretch of that length.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from apps.outbox.models import Allowance

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

TAKE = """
    UPDATE outbox_allowance SET mails = {now} - 1, counted_at = GREATEST(counted_at, statement_timestamp())
    WHERE {now} >= 1 RETURNING mails"""
LEFT = "SELECT {now} FROM outbox_allowance"
NOW = """LEAST(%(most)s, mails + %(rate)s * GREATEST(0, extract(epoch FROM statement_timestamp() - counted_at)))"""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many mails in so many seconds."""

    mails: int
    seconds: int

    @property
    def most(self) -> float:
        """How many may go at once after a rest."""
        return max(1.0, self.mails / 10)

    @property
    def rate(self) -> float:
        """How many more there are each second."""
        return (self.mails - self.most) / self.seconds


def parse(words: str) -> Limit | None:
    """The limit that a setting such as “500/h” names; None for an empty one. Raises ValueError for anything else."""
    if not words:
        return None
    number, _, unit = words.partition("/")
    if not number.isdecimal() or int(number) < 2 or unit not in SECONDS:
        raise ValueError("MAIL_LIMIT is a number of two or more and one of /s, /m, /h, /d, such as 500/h.")
    return Limit(int(number), SECONDS[unit])


def take() -> float:
    """Takes one mail from what is allowed: 0 where there was one, else in how many seconds there will be."""
    limit = parse(settings.MAIL_LIMIT)
    if limit is None:
        return 0.0
    values = {"most": limit.most, "rate": limit.rate}
    with connection.cursor() as cursor:
        cursor.execute(TAKE.format(now=NOW), values)
        if cursor.fetchone():
            return 0.0
        cursor.execute(LEFT.format(now=NOW), values)
        if found := cursor.fetchone():
            return float((1 - min(1.0, found[0])) / limit.rate) + 0.001
    Allowance.objects.bulk_create([Allowance(mails=limit.most, counted_at=Now())], ignore_conflicts=True)
    return take()
