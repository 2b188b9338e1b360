"""Records of both, item by item: memories, replies, ideas for a deck, what was done, how a guess was answered.

An item is seen by both from the moment it is put in. Its author can take it out for ten minutes as if it had never been
there; after that it can be marked as taken back, and what could be read stays readable: the law of a share.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, Value
from django.db.models.fields import CharField
from django.db.models.functions import MD5, Cast, Concat

from apps.guides.schema import Exercise, Idea
from apps.plans import exercises, rules
from apps.plans.exercises.base import Around, Kind
from apps.plans.exercises.deck import own_idea
from apps.plans.exercises.forms import day_of
from apps.plans.models import Entry, Plan
from apps.plans.queries.standing import REPLIES, Standing
from apps.spaces.models import Seat

REPLY, DONE, GUESS = REPLIES.removesuffix(":"), "done", "guess"


def record_key(exercise: str, record: str = "") -> str:
    """The key under which the entries of one record stand: an exercise's own, or of what belongs to it."""
    return f"{record}:{exercise}" if record else exercise


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One item as both may read it; `mine` and `undo_until` are for its author's own page."""

    seat: Seat
    number: int
    record: str
    created_at: datetime
    taken_back_at: datetime | None
    shown: dict[str, Any]
    body: dict[str, Any]
    mine: bool
    undo_until: datetime | None = None
    earlier: list[tuple[dict[str, Any], datetime]] = dataclass_field(default_factory=list)

    @property
    def may_take_back(self) -> bool:
        return self.mine and self.undo_until is None and self.taken_back_at is None


@dataclass(slots=True)
class Records:
    """All that both put in beside one exercise."""

    entries: list[ShownEntry] = dataclass_field(default_factory=list)
    replies: dict[int, list[ShownEntry]] = dataclass_field(default_factory=lambda: defaultdict(list))
    own_ideas: list[ShownEntry] = dataclass_field(default_factory=list)
    ideas: dict[str, Idea] = dataclass_field(default_factory=dict)  # own ones by key, those taken back as well
    done: list[ShownEntry] = dataclass_field(default_factory=list)
    guesses: dict[int, Entry] = dataclass_field(default_factory=dict)  # by the number of the seat that answered

    @property
    def last_done(self) -> dict[str, date]:
        """When each idea was last done; an entry that was taken back says nothing."""
        found: dict[str, date] = {}
        for one in self.done:
            on = day_of(one.body.get("on"))
            if on and one.taken_back_at is None:
                found[one.body["idea"]] = max(on, found.get(one.body["idea"], on))
        return found

    def around(self, today: date, number: int = 1) -> Around:
        """What the exercise's form has to know. An idea that was taken back is offered no more."""
        offered = tuple(self.ideas[key_of(one)] for one in self.own_ideas if one.taken_back_at is None)
        return Around(today=today, own_ideas=offered, last_done=self.last_done, round=number)


def key_of(entry: ShownEntry) -> str:
    return str(entry.shown["idea"].key)


def wanted_records(exercise: Exercise, kind: Kind) -> list[str]:
    """The keys of the records that stand beside an exercise; most have none."""
    found = [exercise.key] if (exercise.reveal == "joint" and kind.writes) or kind.joins else []
    found += [record_key(exercise.key, REPLY)] if exercise.replied else []
    found += [record_key(exercise.key, DONE)] if exercise.kind == "deck" else []
    return found + ([record_key(exercise.key, GUESS)] if exercise.kind == "needs" else [])


def records(plan: Plan, seat: Seat, exercise: Exercise, *, now: datetime) -> Records:
    """Everything beside one exercise, in one query; none where there can be nothing."""
    kind, found = exercises.kind(exercise), Records()
    keys = wanted_records(exercise, kind)
    if not keys:
        return found
    rows = Entry.objects.filter(plan=plan, exercise__in=keys).select_related("seat__user").order_by("number")
    for row in rows:
        record = row.exercise.removesuffix(exercise.key).removesuffix(":")
        if record == GUESS:
            found.guesses[row.seat.number] = row
            continue
        one = show_entry(row, seat, exercise, kind, record, now)
        if record == REPLY:
            found.replies[one.body.get("to", 0)].append(one)
        elif record == DONE:
            found.done.append(one)
        elif kind.joins:
            found.own_ideas.append(one)
            found.ideas[key_of(one)] = one.shown["idea"]
        else:
            found.entries.append(one)
    return found


def show_entry(row: Entry, seat: Seat, exercise: Exercise, kind: Kind, record: str, now: datetime) -> ShownEntry:
    body = row.body
    mine = row.seat_id == seat.pk
    undo = mine and row.taken_back_at is None
    undo = undo and rules.may_undo(row.created_at, now=now, answered=False, revealed=False)
    return ShownEntry(
        seat=row.seat,
        number=row.number,
        record=record,
        created_at=row.created_at,
        taken_back_at=row.taken_back_at,
        shown=shown_of(row, exercise, kind, record),
        body=body,
        mine=mine,
        undo_until=row.created_at + rules.UNDO_FOR if undo else None,
        earlier=[
            (kind.shown(exercise, one["body"]), datetime.fromisoformat(one["until"])) for one in body.get("earlier", [])
        ],
    )


def shown_of(row: Entry, exercise: Exercise, kind: Kind, record: str) -> dict[str, Any]:
    if record:
        return dict(row.body)
    if kind.joins:
        return {"idea": own_idea(row.pk.hex[:12], row.body)}
    return kind.shown(exercise, row.body)


def own_entry(plan: Plan, seat: Seat, key: str, number: int) -> Entry | None:
    """One item that this person put in, or None: what is not there and what is not one's own are alike."""
    row = Entry.objects.filter(plan=plan, seat=seat, exercise=key, number=number, kind=Entry.Kind.ITEM).first()
    if row is not None:
        row.seat = seat
    return row


def added_at(plan: Plan, seat: Seat, *, since: datetime) -> list[datetime]:
    """When this person put in items of their own since then. Reads no text."""
    mine = Entry.objects.filter(plan=plan, seat=seat, kind=Entry.Kind.ITEM, created_at__gt=since)
    return list(mine.values_list("created_at", flat=True))


def last_said_at(plan: Plan, seat: Seat, key: str) -> datetime | None:
    """When this person last put something into that record, what was taken back included."""
    mine = Entry.objects.filter(plan=plan, seat=seat, exercise=key, kind=Entry.Kind.ITEM)
    return mine.order_by("-created_at").values_list("created_at", flat=True).first()


@dataclass(frozen=True, slots=True)
class AtHome:
    """What both put in that the home page shows: the other's "I am here", and a memory of the day."""

    here: ShownEntry | None = None
    memory: ShownEntry | None = None
    memory_place: tuple[str, str] = ("", "")


def at_home(standing: Standing, *, now: datetime) -> AtHome:
    """One query. The memory is the same for both: drawn by the day (in UTC) from those that nobody took back."""
    if standing.alone:
        return AtHome()
    by_kind = {exercise.kind: exercise for exercise in standing.guide.exercises() if exercise.reveal == "joint"}
    here, memories = by_kind.get("here"), by_kind.get("memories")
    rows = entries_of(standing, [here, memories])
    drawn = rows.filter(exercise=memories.key if memories else "")
    drawn = drawn.annotate(draw=MD5(Concat(Cast("id", CharField()), Value(f"{now:%Y-%m-%d}")))).order_by("draw")[:1]
    said = rows.filter(exercise=here.key if here else "", created_at__gt=now - rules.SAID_HERE_FOR)
    said = said.exclude(seat=standing.seat).order_by("-created_at")[:1]
    chosen = rows.filter(Q(pk__in=drawn.values("pk")) | Q(pk__in=said.values("pk"))).select_related("seat__user")
    found: dict[str, ShownEntry] = {}
    for row in chosen:
        exercise = standing.guide.exercise(row.exercise)
        found[exercise.kind] = show_entry(row, standing.seat, exercise, exercises.kind(exercise), "", now)
    step = standing.guide.step_of(memories.key) if memories else None
    place = (step.key, memories.key) if step and memories else ("", "")
    return AtHome(here=found.get("here"), memory=found.get("memories"), memory_place=place)


def entries_of(standing: Standing, wanted: Iterable[Exercise | None]) -> Any:
    keys = [exercise.key for exercise in wanted if exercise is not None]
    return Entry.objects.filter(plan=standing.plan, exercise__in=keys, kind=Entry.Kind.ITEM, taken_back_at=None)
