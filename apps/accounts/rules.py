"""What a name and a time zone may be. Pure: standard library only."""

import unicodedata
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

NAME_LENGTH = 60
# A code works for ten minutes; a mail that carries one is worth nothing soon after.
CODE_LIFE = timedelta(minutes=20)
# The kinds of mail that each person switches on and off for themselves; fields of User.
MAIL_WISHES = ("mail_agreed", "mail_reminders", "mail_again", "mail_appointments")
# The kind that is a row of its own (OwnTime), with the day and hour that somebody chose.
OWN_TIME = "own_time"
# A link that switches mail off is good for half a year; what lies in a mailbox longer than that does nothing.
STOP_LINK_LIFE = timedelta(days=180)

# Characters that change the direction of the text around them: a name must not turn the sentence it stands in.
_DIRECTION = {"\u061c", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
# Joiners belong to emoji and to several scripts, so they stay although they are invisible.
_INVISIBLE_BUT_NEEDED = {"\u200c", "\u200d"}


def tidy_name(name: str) -> str:
    """The name with one space between words and none around it."""
    return unicodedata.normalize("NFC", " ".join(part for part in name.split(" ") if part))


def is_one_line(name: str) -> bool:
    """True while the name has no line break, control character, or sign that turns the direction of a text."""
    return not any(_breaks_the_line(character) for character in name)


def has_something_to_read(name: str) -> bool:
    """True when at least one character of the name can be seen."""
    return any(unicodedata.category(character)[0] not in "CZM" for character in name)


def may_be_a_name(name: str) -> bool:
    """True for one readable line of at most 60 characters."""
    return len(name) <= NAME_LENGTH and is_one_line(name) and has_something_to_read(name)


def _breaks_the_line(character: str) -> bool:
    if character in _INVISIBLE_BUT_NEEDED:
        return False
    return character in _DIRECTION or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name; UTC where this machine no longer knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def zone_names() -> list[str]:
    """The zones a person can choose from, by region and city, and UTC."""
    regions = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/")
    return [
        "UTC",
        *sorted(name for name in available_timezones() if name.startswith((*regions, "Indian/", "Pacific/"))),
    ]
