"""The law of the two seats. Pure: facts in, answer out."""

import unicodedata
from datetime import date, datetime, timedelta
from itertools import takewhile

LIFETIME = timedelta(hours=72)
INVITATIONS_A_DAY = 10
MAILS_TO_ONE_ADDRESS = 2
MAILS_WINDOW = timedelta(days=30)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LONGEST_FIRST_NAME = 20
# A quiet time, in hours: what the page offers, and between which any other choice would have to stay (B.s2.space).
QUIET_HOURS = (24, 48, 72, 120, 168)
QUIET_USUAL = 48
QUIET_SHORTEST, QUIET_LONGEST = 12, 168
COUNTED_IN_DAYS = timedelta(hours=60)
JOINERS = "-'’\u200c\u200d"


def ends_at(created_at: datetime, held_until: datetime | None = None) -> datetime:
    """When an invitation made at `created_at` ends by itself; one whose mail was held, that long after the hold."""
    return max(created_at, held_until or created_at) + LIFETIME


def looks_open(
    *,
    created_at: datetime,
    used_at: datetime | None,
    revoked_at: datetime | None,
    now: datetime,
    held_until: datetime | None = None,
) -> bool:
    """Whether the inviter sees the invitation as open. A decline is no fact of theirs (law 3), so it is no argument."""
    return used_at is None and revoked_at is None and now < ends_at(created_at, held_until)


def is_open(
    *,
    created_at: datetime,
    used_at: datetime | None,
    revoked_at: datetime | None,
    declined_at: datetime | None,
    space_closed_at: datetime | None,
    now: datetime,
    held_until: datetime | None = None,
) -> bool:
    """Whether the invitation can still be accepted."""
    return (
        looks_open(created_at=created_at, used_at=used_at, revoked_at=revoked_at, held_until=held_until, now=now)
        and declined_at is None
        and space_closed_at is None
    )


def quiet_for(hours: int) -> timedelta | None:
    """How long a quiet time of so many hours runs; None where it would be too short or too long."""
    return timedelta(hours=hours) if QUIET_SHORTEST <= hours <= QUIET_LONGEST else None


def runs_until(quiet_until: datetime | None, now: datetime) -> datetime | None:
    """The end of a quiet time that still runs; None without one and from its last instant on.

    Its beginning is no argument: what has been begun runs, also where two computers' clocks differ by a moment.
    """
    return quiet_until if quiet_until is not None and now < quiet_until else None


def quiet_left(until: datetime, now: datetime) -> tuple[int, int]:
    """About how long a quiet time still runs, as (days, hours) of which one is 0; both are 0 within the last hour."""
    left = until - now
    if left >= COUNTED_IN_DAYS:
        return round(left / DAY), 0
    return (0, round(left / HOUR)) if left >= HOUR else (0, 0)


def of_the_day(count: int, *, of: int, on: date) -> list[int]:
    """Which `count` of `of` things are shown on that day: each day the next ones, round and round."""
    first = on.toordinal() * count
    return [(first + number) % of for number in range(min(count, of))]


def may_mail(*, sent_lately: int, refused: bool, blocked: bool) -> bool:
    """Whether an invitation mail really goes out; the inviter sees the same either way."""
    return not refused and not blocked and sent_lately < MAILS_TO_ONE_ADDRESS


def free_number(taken: set[int]) -> int | None:
    """The number of the seat that is still free, or None where both are taken."""
    return next((number for number in (1, 2) if number not in taken), None)


def first_name(name: str) -> str:
    """The first word of what somebody is called by: the most that a mail may say.

    Only its letters up to the first other sign, and not many: a name chosen for it would else carry an address to
    press, or a sentence, into somebody's mailbox.
    """
    word = name.split()[0] if name.split() else ""
    return "".join(takewhile(belongs_to_a_name, word))[:LONGEST_FIRST_NAME].rstrip(JOINERS)


def belongs_to_a_name(character: str) -> bool:
    return character in JOINERS or unicodedata.category(character)[0] in "LM"


def mailbox_of(address: str) -> str:
    """The mailbox behind an address: the part after "+" is the owner's own, and one provider does not read dots.

    Who may be written to is counted by it, or one mailbox would have as many addresses as somebody can think of.
    """
    local, _at, domain = address.strip().casefold().rpartition("@")
    local = local.split("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"
