"""Kinds of letters. The app that owns the words registers a kind; the outbox knows none of them.

    register(Kind("checkins.reminder", decide=decide_reminder, render=render_reminder))

`decide` is asked right before sending, with the database's clock; `render` makes the mail only after it said Send.
A hold is asked last of all, whatever the kind says: whether a letter that is somebody's doing (`caused_by`) waits.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from django.template.loader import render_to_string

from apps.outbox.models import Letter

# The letter as a kind sees it: due, not ended, with its payload.
Pending: TypeAlias = Letter


@dataclass(frozen=True, slots=True)
class Send:
    """It is to be sent now."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Not yet: it becomes due at `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Drop:
    """Never: it ends unsent, for this reason (a fixed phrase of at most 60 characters, no text of anybody)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent: one line, a text, and the same as HTML."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


Decision: TypeAlias = Send | Hold | Drop


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letter: whether it is still to be sent, what it says, and how one ends mail of its kind.

    `unsubscribe` answers the address of that page, or an empty text where this letter has none; mail programs show it
    as a button of their own. It must take a POST without a session and change nothing on GET (RFC 8058). A kind that
    people can switch off gives it; a code that somebody asked for does not.
    """

    name: str
    decide: Callable[[Letter, datetime], Decision]
    render: Callable[[Letter, datetime], Mail]
    unsubscribe: Callable[[Letter], str] | None = None


# Until when a letter that somebody caused waits, or None. Called inside a transaction, in which the hold may lock what
# its answer rests on.
HoldUntil: TypeAlias = Callable[[Letter, datetime], datetime | None]


@dataclass(frozen=True, slots=True)
class Refusals:
    """What an app keeps of addresses that a server refuses: `note` one, and whether one `stops` mail to somebody.

    Only letters to a person are asked about; one that has an address of its own (a code somebody asked for) is tried.
    """

    note: Callable[[str, datetime], None]
    stops: Callable[[Letter], bool]


_kinds: dict[str, Kind] = {}
_refusals: dict[str, Refusals] = {}
_holds: dict[str, HoldUntil] = {}


def register(kind: Kind) -> None:
    """Makes a kind known to this process; called from AppConfig.ready. Raises ValueError for a name that is taken."""
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(f"There is another kind of letter named “{kind.name}”.")


def register_hold(name: str, hold: HoldUntil) -> None:
    """Lets an app hold letters that are somebody's doing; called from AppConfig.ready. Raises ValueError if taken."""
    if _holds.setdefault(name, hold) != hold:
        raise ValueError(f"There is another hold named “{name}”.")


def register_refusals(name: str, refusals: Refusals) -> None:
    """Lets an app keep refused addresses; called from AppConfig.ready. Raises ValueError for a name that is taken."""
    if _refusals.setdefault(name, refusals) != refusals:
        raise ValueError(f"Refused addresses are kept under “{name}” already.")


def note_refusal(address: str, now: datetime) -> None:
    """The address's own server said that there is nobody."""
    for refusals in _refusals.values():
        refusals.note(address, now)


def is_refused(letter: Letter) -> bool:
    """Whether mail to this letter's person stops, because their address was refused."""
    return any(refusals.stops(letter) for refusals in _refusals.values())


def held_until(letter: Letter, now: datetime) -> datetime | None:
    """The latest instant until which any hold keeps this letter back; None where it may go."""
    return max((until for hold in _holds.values() if (until := hold(letter, now)) is not None), default=None)


def get(name: str) -> Kind:
    """The kind of that name. Raises LookupError where no app registered it."""
    if name not in _kinds:
        raise LookupError(f"No app has registered the kind of letter “{name}”.")
    return _kinds[name]


def names() -> list[str]:
    """The names of all kinds that this process knows."""
    return sorted(_kinds)


def mail(template: str, subject: str, context: dict[str, Any]) -> Mail:
    """A Mail from `email/<template>.txt` and `email/<template>.html`; both get `subject` and `context`."""
    values = {"subject": " ".join(str(subject).split()), **context}
    return Mail(
        subject=values["subject"],
        text=render_to_string(f"email/{template}.txt", values).strip() + "\n",
        html=render_to_string(f"email/{template}.html", values),
    )
