"""The couple's law for walking a plan. Pure: facts in, answer out, `now` passed in. Seats are numbers, 1 and 2."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

BOTH = frozenset({1, 2})
UNDO_FOR = timedelta(minutes=10)
QUIET_AFTER = timedelta(days=14)
MOST_A_DAY = 20
SAID_HERE_FOR = timedelta(days=7)
MOST_LINES = 5
MOST_PROPOSALS = 5  # new wordings by one person in one day
LONGEST_REDUCED = timedelta(weeks=8)
MY_FAMILY, YOUR_FAMILY = "my-family", "your-family"  # the guides' keys, as whoever writes means them


@dataclass(frozen=True, slots=True)
class Milestones:
    """What has happened in one plan, as far as the shared milestones depend on it. Each fact with its instant.

    shared: exercise key -> seat number -> when that seat first shared it
    walked: exercise key -> speaker's seat number -> when the telling was heard, or left for that day
    marks: mark key -> seat number -> when that seat gave its half
    reduced: seat number -> until which day that seat has less to give, as both read it (A.m.external)
    replied: exercise key -> seat number -> when that seat first answered the other's words there
    """

    shared: Mapping[str, Mapping[int, datetime]]
    walked: Mapping[str, Mapping[int, datetime]]
    marks: Mapping[str, Mapping[int, datetime]]
    agreed_at: datetime | None = None
    looked_back_at: datetime | None = None
    reduced: Mapping[int, date] = field(default_factory=dict)
    replied: Mapping[str, Mapping[int, datetime]] = field(default_factory=dict)


def both_at(times: Mapping[int, datetime] | None) -> datetime | None:
    """When the second of the two happened; None while one is missing."""
    if not times or frozenset(times) != BOTH:
        return None
    return max(times.values())


def aloud_key(step: str) -> str:
    """The mark for "we talked about this" of a step."""
    return f"aloud:{step}"


SUMMARY = "summary:"


def summary_key(digest: str) -> str:
    """The mark for one part of the summary that both agree to take along (A.n.therapy), named by its very words."""
    return SUMMARY + digest


DOOR = "door"


def door_open_at(facts: Milestones) -> datetime | None:
    """When both had chosen to begin the joint steps (safety.md 10: anything but "go on" is the same as "not now")."""
    return both_at(facts.marks.get(DOOR))


def reached_at(step: str, kind: str, exercise: str, facts: Milestones) -> datetime | None:
    """When the shared milestone of a step was reached, on the page or aloud, whichever came first; None before that."""
    ways = [both_at(facts.marks.get(aloud_key(step)))]
    if kind == "shared":
        ways.append(both_at(facts.shared.get(exercise)))
    elif kind == "heard":
        ways.append(both_at(facts.walked.get(exercise)))
    elif kind == "agreed":
        ways.append(facts.agreed_at)
    elif kind == "looked_back":
        ways.append(facts.looked_back_at)
    return min((way for way in ways if way), default=None)


def joint_open(reached: Sequence[datetime | None], *, door: bool) -> list[bool]:
    """For each step in order: is its joint part open? The first waits for the door, each other for the one before it.

    Nobody is locked out: preparing a later step privately needs no opening.
    """
    return [door and (index == 0 or reached[index - 1] is not None) for index in range(len(reached))]


def theirs_visible(reveal: str, *, mine_shared: bool, theirs_shared: bool) -> bool:
    """May I read what the other shared? `mutual` and `matches` open for both at the same instant."""
    if reveal == "shared":
        return theirs_shared
    if reveal in ("mutual", "matches"):
        return mine_shared and theirs_shared
    return False


def sealed(reveal: str, *, mine: int, theirs: int) -> bool:
    """Is my version number `mine` still in its envelope, given the other's newest version (0: none)?

    `mutual` opens with the first version of both. Picks are compared round by round, my second ones with the other's
    second ones: else one could pick again and again, and read the other's whole list out of the matches.
    """
    if reveal == "mutual":
        return theirs == 0
    return reveal == "matches" and mine > theirs


def may_undo(shared_at: datetime, *, now: datetime, answered: bool, revealed: bool) -> bool:
    """A share can be undone for ten minutes, unless both have been opened by it or the other has already answered."""
    return now < shared_at + UNDO_FOR and not answered and not revealed


def may_add(added_at: Iterable[datetime], *, now: datetime) -> bool:
    """Twenty new items of records of both within a day are plenty from one person."""
    return sum(now - at < timedelta(days=1) for at in added_at) < MOST_A_DAY


def says_here(said_at: datetime | None, *, now: datetime) -> bool:
    """Does "I am here when you are ready" still stand? While it does, it is not said again (A.m.pursuit)."""
    return said_at is not None and now - said_at < SAID_HERE_FOR


def may_rest(verdicts: Sequence[str]) -> bool:
    """After the second reflection either may leave it for today; nobody is held hostage by a step."""
    return len(verdicts) >= 2 and "heard" not in verdicts


def may_reflect(verdicts: Sequence[str]) -> bool:
    """A new reflection can be sent when none waits for its answer and the speaker was not heard yet."""
    return "" not in verdicts and "heard" not in verdicts


def is_agreed(*, newest: int, number: int, yeses: Iterable[int]) -> bool:
    """Agreed is: both said yes to the same, newest proposal (law 2)."""
    return number == newest and frozenset(yeses) == BOTH


def line_is_own(*, author: int, for_seat: int | None) -> bool:
    """One writes one's own part, or a line for both (law 9)."""
    return for_seat is None or for_seat == author


def about_ones_family(*, kind: str, stressor: str) -> bool:
    """Is this a boundary about the family of whoever wrote it? Contact with a family is worded by whose family it is
    (seed element B.s5.boundaries); the other can keep such a line or leave it out, and wish for another."""
    return kind == "boundary" and stressor == MY_FAMILY


def may_reword(*, writer: int, for_seat: int | None, author: int, about_family: bool) -> bool:
    """May `writer` put other words into this line of `author`'s? Their own part, or of both (law 9); a line about a
    family stays with whose family it is."""
    return line_is_own(author=writer, for_seat=for_seat) and not (about_family and author != writer)


def may_reduce(*, until: date, today: date) -> bool:
    """ "I have less to give until …": from today on, for eight weeks at most (seed element A.m.external)."""
    return today <= until <= today + LONGEST_REDUCED


def is_reduced(*, until: date, today: date) -> bool:
    """Does it still run? To the end of its last day on the wall of whoever said it, so both see the same."""
    return today <= until


def is_quiet(*, since: datetime | None, next_look: datetime | None, now: datetime) -> bool:
    """Fourteen days without a shared milestone, and no agreed time to look back lies ahead."""
    if since is None or (next_look is not None and next_look > now):
        return False
    return now - since >= QUIET_AFTER


def matches(mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """The ideas that both picked, in an order that tells nothing of either list."""
    return sorted(set(mine) & set(theirs))
