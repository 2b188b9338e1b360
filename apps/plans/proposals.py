"""What a proposal is made of: its lines, whose they are, and the fingerprint both say yes to."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.appointments import rules as times
from apps.appointments.words import REFUSED
from apps.checkins import actions as checkins
from apps.checkins import schedule
from apps.core.errors import RuleBroken
from apps.guides import never_owed
from apps.plans import rules
from apps.plans.models import Commitment, Plan, Proposal
from apps.spaces.models import Seat
from apps.vault import keys

WORDS = ("what", "when", "how_often", "how_long", "how_we_know")
MORE_WORDS = {
    Commitment.Kind.BOUNDARY: ("stressor", "support"),
    Commitment.Kind.APPOINTMENT: ("days", "time", "zone", "minutes", "weeks"),
}
# What a kind says in another way: the words are there, and empty.
UNSAID = {
    Commitment.Kind.BOUNDARY: ("how_long",),
    Commitment.Kind.APPOINTMENT: ("when", "how_often", "how_long"),
}
THEIR_FAMILY = gettext_lazy(
    "Each words what touches their own family. For the other’s you can add a wish below, or write a habit of your own."
)


@dataclass(frozen=True, slots=True)
class Keep:
    """A line of the proposal before, word for word, still by whoever wrote it."""

    lineage: UUID


@dataclass(frozen=True, slots=True)
class Write:
    """A line in the proposer's own words. `lineage` names the line it rewords, None a new one."""

    words: dict[str, Any]
    for_both: bool
    kind: str = Commitment.Kind.HABIT
    lineage: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """All that one proposes: the lines, wishes for the other's part, and when both look back."""

    lines: Sequence[Keep | Write]
    follow_up_date: date
    follow_up_hour: int
    follow_up_zone: str
    rhythm: str
    wishes: Sequence[str] = ()
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One resolved line, ready to be written."""

    seat: Seat
    for_seat: Seat | None
    kind: str
    words: dict[str, Any]
    lineage: UUID = field(default_factory=uuid4)


def resolve(lines: Sequence[Keep | Write], *, by: Seat, newest: Proposal | None) -> list[Line]:
    """The lines as they will stand; raises RuleBroken where one is not `by`'s own to write (law 9)."""
    if not lines:
        raise RuleBroken(_("Please write at least one line."))
    if len(lines) > rules.MOST_LINES:
        raise RuleBroken(_("One to three small things are best; five are the most."))
    before = {line.lineage: line for line in newest.commitments.all()} if newest else {}
    resolved = [resolve_one(line, by=by, before=before) for line in lines]
    if len({line.lineage for line in resolved}) < len(resolved):
        raise RuleBroken(_("One of the lines is there twice. Please look at the newest version."))
    return resolved


def resolve_one(line: Keep | Write, *, by: Seat, before: dict[UUID, Commitment]) -> Line:
    old = before.get(line.lineage) if line.lineage else None
    if isinstance(line, Keep):
        if old is None:
            raise RuleBroken(_("One of the lines is no longer there. Please look at the newest version."))
        return Line(old.seat, old.for_seat, old.kind, old.words, old.lineage)
    if old is not None and not may_reword(old, by):
        raise RuleBroken(_("Each writes their own part. For the other’s part you can add a wish."))
    words = words_of(line.kind, line.words)
    if is_about_their_family(line.kind, words):
        raise RuleBroken(THEIR_FAMILY)
    if problem := time_problem(line.kind, words):
        raise RuleBroken(REFUSED[problem])
    for_seat = None if line.for_both else by
    if old is not None and (old.words, old.for_seat, old.kind) == (words, for_seat, line.kind):
        return Line(old.seat, old.for_seat, old.kind, old.words, old.lineage)
    return Line(by, for_seat, line.kind, words, old.lineage if old else uuid4())


def may_reword(line: Commitment, by: Seat) -> bool:
    """May this person put other words into that line?"""
    return rules.may_reword(
        writer=by.number,
        for_seat=line.for_seat.number if line.for_seat else None,
        author=line.seat.number,
        about_family=rules.about_ones_family(kind=line.kind, stressor=line.words.get("stressor", "")),
    )


def words_of(kind: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """Of all that was written for a line, what a line of this kind says."""
    unsaid = UNSAID.get(kind, ())  # type: ignore[call-overload]
    said: dict[str, Any] = {name: "" if name in unsaid else words.get(name, "") for name in WORDS}
    return said | {name: words[name] for name in MORE_WORDS.get(kind, ())}  # type: ignore[call-overload]


def time_problem(kind: str, words: Mapping[str, Any]) -> str:
    """What keeps a fixed time from being kept, by the name of what is wrong; nothing for the other kinds."""
    if kind != Commitment.Kind.APPOINTMENT:
        return ""
    some_day = date.min  # it begins when it is agreed, so never in the past
    facts = {"days": words["days"], "minutes": words["minutes"], "weeks": words["weeks"]}
    return times.recurrence_problem(**facts, first=some_day, today=some_day)


def is_about_their_family(kind: str, words: Mapping[str, Any]) -> bool:
    """Is this a boundary about the family of the other, by what it says it is about or by its words? (B.s5.boundaries)

    What one does oneself at their table is a habit or a gesture, and one's own to write.
    """
    if kind != Commitment.Kind.BOUNDARY:
        return False
    texts = " · ".join(str(words.get(name) or "") for name in (*WORDS, "support"))
    return words.get("stressor") == rules.YOUR_FAMILY or never_owed.their_family().is_in(texts)


def never_owed_in(proposal: Proposal) -> list[never_owed.Topic]:
    """What the lines and wishes of a proposal touch that nobody ever owes; the same for both who read it."""
    texts = [word for line in proposal.commitments.all() for word in line.words.values() if isinstance(word, str)]
    return never_owed.named_in([*texts, *proposal.wishes])


def write(*, plan: Plan, by: Seat, number: int, wording: Wording, lines: Sequence[Line], now: datetime) -> Proposal:
    proposal = Proposal.objects.create(
        plan=plan,
        number=number,
        seat=by,
        follow_up_date=wording.follow_up_date,
        follow_up_hour=wording.follow_up_hour,
        follow_up_zone=wording.follow_up_zone,
        rhythm=wording.rhythm,
        asks=wording.asks,
        wishes=list(wording.wishes),
        fingerprint=fingerprint(by, wording, lines),
        created_at=now,
    )
    for position, line in enumerate(lines, start=1):
        Commitment.objects.create(
            proposal=proposal,
            position=position,
            lineage=line.lineage,
            seat=line.seat,
            for_seat=line.for_seat,
            kind=line.kind,
            words=line.words,
        )
    return proposal


def fingerprint(by: Seat, wording: Wording, lines: Sequence[Line]) -> str:
    """A keyed hash over every word that a yes is given to, and over the time to look back."""
    content = {
        "lines": [
            [line.seat.number, line.for_seat.number if line.for_seat else 0, line.kind, line.words] for line in lines
        ],
        "wishes": list(wording.wishes),
        "look back": [
            wording.follow_up_date.isoformat(),
            wording.follow_up_hour,
            wording.follow_up_zone,
            wording.rhythm,
        ],
    }
    return keys.fingerprint(by.user_id, json.dumps(content, sort_keys=True, ensure_ascii=False))


def stored(proposal: Proposal) -> tuple[Wording, list[Line]]:
    """A proposal's rows as what they were made from."""
    wording = Wording(
        lines=(),
        follow_up_date=proposal.follow_up_date,
        follow_up_hour=proposal.follow_up_hour,
        follow_up_zone=proposal.follow_up_zone,
        rhythm=proposal.rhythm,
        wishes=proposal.wishes,
    )
    lines = [Line(one.seat, one.for_seat, one.kind, one.words, one.lineage) for one in proposal.commitments.all()]
    return wording, lines


def is_repeat(proposal: Proposal, wording: Wording, *, by: Seat) -> bool:
    """Is `proposal` this very wording, by the same person? (A form sent twice.)"""
    if proposal.seat_id != by.pk:
        return False
    try:
        lines = resolve(wording.lines, by=by, newest=proposal)
    except RuleBroken:
        return False
    return proposal.fingerprint == fingerprint(by, wording, lines)


def check_unchanged(proposal: Proposal) -> None:
    """Raises RuleBroken where the stored words are not the ones that were proposed."""
    if proposal.fingerprint != fingerprint(proposal.seat, *stored(proposal)):
        raise RuleBroken(_("This version cannot be read as it was written. Please write a new one."))


def check_still_ahead(proposal: Proposal, now: datetime) -> None:
    """Raises RuleBroken where the time to look back has passed before both said yes."""
    look_back = schedule.instant(proposal.follow_up_date, proposal.follow_up_hour, proposal.follow_up_zone)
    if look_back <= now:
        raise RuleBroken(_("The day to look back has passed. Please choose a new one."))


def fixed_times(proposal: Proposal) -> dict[UUID, Commitment]:
    """The lines of a proposal that are a fixed time, by lineage."""
    return {line.lineage: line for line in proposal.commitments.all() if line.kind == Commitment.Kind.APPOINTMENT}


def items(proposal: Proposal) -> list[checkins.ItemFacts]:
    """The lines as the check-in keeps them."""
    return [
        checkins.ItemFacts(lineage=line.lineage, author=line.seat, for_seat=line.for_seat, words=line.words)
        for line in proposal.commitments.all()
    ]
