"""One exercise for one person: their own draft, what is shared, what was said back, a record of both.

The bodies of Draft and Share are read here and in `past`, and nowhere else (law 1)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, Prefetch

from apps.guides.schema import Answer, Exercise, Mistake, OwnStep, Step
from apps.plans import exercises, rules
from apps.plans.exercises.base import Kind
from apps.plans.models import Draft, Entry, Plan, Reflection, Share
from apps.plans.queries.standing import Standing, guide_of
from apps.spaces.models import Seat


@dataclass(frozen=True, slots=True)
class ShownShare:
    """A published version as it may be read."""

    seat: Seat
    version: int
    shared_at: datetime
    taken_back_at: datetime | None
    shown: dict[str, Any]
    reflections: list[Reflection] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShownEntry:
    seat: Seat
    number: int
    created_at: datetime
    shown: dict[str, Any]


@dataclass(slots=True)
class Listening:
    """One telling and how it was said back, with what this seat may do next."""

    telling: ShownShare
    reflections: list[Reflection]
    may_reflect: bool
    may_answer: Reflection | None
    may_rest: bool
    walked: bool


@dataclass(slots=True)
class ExercisePage:
    """Everything one person may see of one exercise."""

    standing: Standing
    exercise: Exercise
    kind: Kind
    open: bool
    body: dict[str, Any] = field(default_factory=dict)
    revision: int = 0
    answers: tuple[Answer, ...] = ()
    mine: list[ShownShare] = field(default_factory=list)
    theirs: list[ShownShare] = field(default_factory=list)
    differs: bool = False  # the draft says something else than the newest share
    undo_until: datetime | None = None
    sealed: bool = False  # nobody but me can read my newest version
    entries: list[ShownEntry] = field(default_factory=list)
    matches: list[Any] | None = None
    hearing: Listening | None = None  # the other's telling, which I say back
    heard: Listening | None = None  # my telling, which the other says back
    reflection_draft: str = ""
    reflection_revision: int = 0

    @property
    def step(self) -> Step | None:
        return self.standing.guide.step_of(self.exercise.key)

    @property
    def place(self) -> Step | OwnStep | None:
        """The step or own step of its address; None for the preparation."""
        return self.standing.guide.place_of(self.exercise.key)

    @property
    def mistakes(self) -> list[Mistake]:
        """What easily goes wrong right here."""
        return [self.standing.guide.mistake(key) for key in self.exercise.mistakes]

    @property
    def taken_back(self) -> bool:
        return bool(self.mine) and self.mine[-1].taken_back_at is not None

    @property
    def may_take_back(self) -> bool:
        """Beyond undoing: a sealed version can be taken out of its envelope, a read one is marked."""
        if not self.mine or self.undo_until or self.taken_back:
            return False
        return self.sealed or self.exercise.reveal != "matches"

    @property
    def stored(self) -> dict[str, Any]:
        """The kept draft as it is read, beside a text that was typed elsewhere."""
        return self.kind.shown(self.exercise, self.body)

    @property
    def revealed(self) -> bool:
        """Mutual and matches: both have shared."""
        return bool(self.mine) and bool(self.theirs) if self.exercise.reveal == "mutual" else self.matches is not None


def reflection_draft(exercise: str) -> str:
    """The key under which a listener's unsent words are kept."""
    return f"{exercise}:said-back"


def exercise_page(standing: Standing, exercise: Exercise, *, now: datetime) -> ExercisePage:
    """One exercise for one person, in a number of queries that does not grow with what was written."""
    kind = exercises.kind(exercise)
    page = ExercisePage(standing=standing, exercise=exercise, kind=kind, open=standing.may_join(exercise))
    add_drafts(page)
    if standing.plan.closed_at is not None:  # of a closed plan one reads one's own, also beside a refusal
        page.open = False
        return page
    if exercise.reveal in ("shared", "mutual", "matches"):
        add_shares(page, now)
    if exercise.reveal == "joint" and kind.writes:
        add_entries(page)
    return page


def add_drafts(page: ExercisePage) -> None:
    key = page.exercise.key
    for draft in own_drafts(page.standing, [key, reflection_draft(key)]):
        if draft.exercise == key:
            page.body, page.revision = draft.body or {}, draft.revision
            page.answers = page.exercise.answers_to(page.body.get("fields") or {})
        else:
            page.reflection_draft, page.reflection_revision = (draft.body or {}).get("text", ""), draft.revision


def own_drafts(standing: Standing, keys: Iterable[str] | None = None) -> list[Draft]:
    """This person's own drafts, all or those named."""
    drafts = Draft.objects.filter(plan=standing.plan, seat=standing.seat).order_by("created_at")
    if keys is not None:
        drafts = drafts.filter(exercise__in=list(keys))
    found = list(drafts)
    for draft in found:
        draft.seat = standing.seat
    return found


def own_draft(plan: Plan, seat: Seat, key: str) -> Draft | None:
    """This person's own draft for one exercise."""
    draft = Draft.objects.filter(plan=plan, seat=seat, exercise=key).first()
    if draft is not None:
        draft.seat = seat
    return draft


def has_only(plan: Plan, seat: Seat, key: str) -> bool:
    """Has this person written nothing in the plan but that one exercise?"""
    return not Draft.objects.filter(plan=plan, seat=seat).exclude(exercise=key).exists()


def add_shares(page: ExercisePage, now: datetime) -> None:
    seat, exercise = page.standing.seat, page.exercise
    listened = Prefetch("reflections", Reflection.objects.select_related("seat__user").order_by("number"))
    shares = list(
        Share.objects.filter(plan=page.standing.plan, exercise=exercise.key)
        .select_related("seat__user")
        .order_by("version")
        .prefetch_related(listened)
    )
    mine = [share for share in shares if share.seat_id == seat.pk]
    theirs = [share for share in shares if share.seat_id != seat.pk]
    may_see = rules.theirs_visible(exercise.reveal, mine_shared=bool(mine), theirs_shared=bool(theirs))
    page.mine = [show(share, page) for share in mine]
    if exercise.reveal == "matches":
        if may_see:
            last = min(len(mine), len(theirs)) - 1  # picks are compared round by round
            both = rules.matches(mine[last].body["picks"], theirs[last].body["picks"])
            page.matches = [exercise.idea(key) for key in both]
    elif may_see:
        page.theirs = [show(share, page) for share in theirs]
    if mine:
        page.differs = page.kind.begun(page.body) and page.body != mine[-1].body
        page.sealed = rules.sealed(exercise.reveal, mine=mine[-1].version, theirs=newest_version(theirs))
        if can_undo_given(mine[-1], sealed=page.sealed, reveal=exercise.reveal, now=now):
            page.undo_until = mine[-1].shared_at + rules.UNDO_FOR
    if exercise.reflected:
        page.heard = listening(page, mine) if mine else None
        page.hearing = listening(page, theirs) if theirs else None


def show(share: Share, page: ExercisePage) -> ShownShare:
    return ShownShare(
        seat=share.seat,
        version=share.version,
        shared_at=share.shared_at,
        taken_back_at=share.taken_back_at,
        shown=page.kind.shown(page.exercise, share.body),
        reflections=said_back(share) if page.exercise.reflected else [],
    )


def said_back(share: Share) -> list[Reflection]:
    reflections = list(share.reflections.all())
    for reflection in reflections:
        reflection.share = share
    return reflections


def newest_version(shares: list[Share]) -> int:
    return shares[-1].version if shares else 0


def listening(page: ExercisePage, shares: list[Share]) -> Listening:
    """The newest telling of one speaker, and what this seat may do about it."""
    seat, share = page.standing.seat, shares[-1]
    speaker = share.seat_id == seat.pk
    reflections = said_back(share)
    verdicts = [reflection.verdict for reflection in reflections]
    rested = any(reflection.rested_at for reflection in reflections)
    waiting = next((one for one in reflections if one.answered_at is None), None)
    return Listening(
        telling=show(share, page),
        reflections=reflections,
        may_reflect=page.open and not speaker and not rested and rules.may_reflect(verdicts),
        may_answer=waiting if speaker and not rested else None,
        may_rest=not rested and rules.may_rest(verdicts),
        walked=rested or "heard" in verdicts,
    )


def add_entries(page: ExercisePage) -> None:
    rows = (
        Entry.objects.filter(plan=page.standing.plan, exercise=page.exercise.key, kind=Entry.Kind.ITEM)
        .select_related("seat__user")
        .order_by("number")
    )
    page.entries = [
        ShownEntry(row.seat, row.number, row.created_at, page.kind.shown(page.exercise, row.body)) for row in rows
    ]


def own_last_share(plan: Plan, seat: Seat, exercise: str) -> Share | None:
    return Share.objects.filter(plan=plan, seat=seat, exercise=exercise).order_by("-version").first()


def is_sealed(share: Share) -> bool:
    """Is this newest share of somebody still in its envelope?"""
    theirs = Share.objects.filter(plan=share.plan_id, exercise=share.exercise).exclude(seat=share.seat_id)
    newest = theirs.aggregate(newest=Max("version"))["newest"] or 0
    return rules.sealed(reveal_of(share), mine=share.version, theirs=newest)


def can_undo(share: Share, now: datetime) -> bool:
    """Can this newest share still be undone?"""
    return can_undo_given(share, sealed=is_sealed(share), reveal=reveal_of(share), now=now)


def reveal_of(share: Share) -> str:
    return guide_of(share.plan).exercise(share.exercise).reveal


def can_undo_given(share: Share, *, sealed: bool, reveal: str, now: datetime) -> bool:
    answered = len(share.reflections.all()) > 0
    return rules.may_undo(share.shared_at, now=now, answered=answered, revealed=reveal != "shared" and not sealed)
