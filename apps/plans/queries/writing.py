"""One exercise for one person: their own draft, what is shared, what was said back, a record of both.

The bodies of Draft and Share are read here and in `past`, and nowhere else (law 1)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max, Prefetch

from apps.guides.schema import Answer, Exercise, Mistake, OwnStep, Step
from apps.plans import exercises, rules
from apps.plans.exercises.base import Kind, Part, read
from apps.plans.exercises.needs import guess_of
from apps.plans.models import Draft, Plan, Reflection, Share
from apps.plans.queries.records import Records, ShownEntry, records
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
    replies: list[ShownEntry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Guess:
    """ "I wonder whether …" once both have shared: whose, and how the one it is about answered it."""

    seat: Seat
    version: int
    words: str
    answer: str
    mine: bool
    mine_to_answer: bool


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
    records: Records = field(default_factory=Records)
    matches: list[Any] | None = None  # of the newest round that both have finished
    earlier_matches: list[Any] = field(default_factory=list)  # of the rounds before, where they did not match again
    offers: list[list[Any]] = field(default_factory=list)  # what I can take over from what I looked at before
    picture: Any = None
    guesses: list[Guess] = field(default_factory=list)
    said: bool = False  # of what is said once: it stands, and is not said again for a week
    reply_draft: dict[str, str] = field(default_factory=dict)
    reply_revision: int = 0
    hearing: Listening | None = None  # the other's telling, which I say back
    heard: Listening | None = None  # my telling, which the other says back
    reflection_draft: str = ""
    reflection_revision: int = 0

    @property
    def step(self) -> Step | None:
        return self.standing.guide.step_of(self.exercise.key)

    @property
    def entries(self) -> list[ShownEntry]:
        return self.records.entries

    @property
    def leads(self) -> dict[str, Any]:
        return self.kind.leads(self.exercise)

    @property
    def mistakes(self) -> list[Mistake]:
        """What easily goes wrong just here."""
        return [self.standing.guide.mistake(key) for key in self.exercise.mistakes]

    @property
    def round(self) -> int:
        """The round of picks that I am in: the one in its envelope, else the next."""
        return max(len(self.mine) + (not self.sealed), 1)

    @property
    def reply_to(self) -> ShownShare | None:
        """The other's newest words, where they can be answered."""
        last = self.theirs[-1] if self.theirs else None
        may = self.exercise.replied and self.open and last is not None and last.taken_back_at is None
        return last if may else None

    @property
    def may_drop_guess(self) -> bool:
        """My own "I wonder whether …" is kept or sealed, and nobody else has read it."""
        return self.exercise.kind == "needs" and bool(guess_of(self.body)) and (self.sealed or not self.mine)

    @property
    def last_entry(self) -> ShownEntry | None:
        """What I put in just now, which can still be undone."""
        beside = [one for replies in self.records.replies.values() for one in replies]
        mine = [one for one in (*self.entries, *self.records.own_ideas, *self.records.done, *beside) if one.undo_until]
        return max(mine, key=lambda one: one.created_at, default=None)

    @property
    def place(self) -> Step | OwnStep | None:
        """Where it stands: a step, one of my own, or None for the preparation."""
        return self.standing.guide.place_of(self.exercise.key)

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


def reply_draft(exercise: str) -> str:
    """The key under which an unsent reply is kept."""
    return f"{exercise}:reply"


def exercise_page(standing: Standing, exercise: Exercise, *, now: datetime) -> ExercisePage:
    """One exercise for one person, in a number of queries that does not grow with what was written."""
    kind = exercises.kind(exercise)
    page = ExercisePage(standing=standing, exercise=exercise, kind=kind, open=standing.may_join(exercise))
    add_drafts(page)
    if standing.plan.closed_at is not None:  # of a closed plan one reads one's own, also beside a refusal
        page.open = False
        return page
    page.records = records(standing.plan, standing.seat, exercise, now=now)
    if kind.once:
        mine = [one.created_at for one in page.entries if one.mine]
        page.said = rules.says_here(max(mine, default=None), now=now)
    parts = [Part("", standing.seat.name, page.body)] if exercise.reveal == "private" else []
    if exercise.reveal in ("shared", "mutual", "matches"):
        parts = add_shares(page, now)
    page.picture = kind.picture(exercise, parts, now.astimezone(standing.seat.user.zone).date())
    return page


def add_drafts(page: ExercisePage) -> None:
    key, source = page.exercise.key, page.kind.draws_from(page.standing.guide.exercises())
    wanted = [key, reflection_draft(key), reply_draft(key), *([source] if source else [])]
    for draft in own_drafts(page.standing, wanted):
        body = draft.body or {}
        if draft.exercise == key:
            page.body, page.revision = body, draft.revision
            page.answers = page.exercise.answers_to(body.get("fields") or body.get("typing") or {})
        elif draft.exercise == reflection_draft(key):
            page.reflection_draft, page.reflection_revision = body.get("text", ""), draft.revision
        elif draft.exercise == reply_draft(key):
            page.reply_draft, page.reply_revision = body, draft.revision
        else:
            fields = page.standing.guide.exercise(source).item_fields
            page.offers = [read(fields, row) for row in body.get("items") or []]


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


def add_shares(page: ExercisePage, now: datetime) -> list[Part]:
    """What each has shared, as far as this seat may see it; the newest words of both for the picture."""
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
            add_matches(page, mine, theirs)
    elif may_see:
        page.theirs = [show(share, page) for share in theirs]
    if mine:
        page.differs = page.kind.begun(page.body) and page.kind.differs(page.body, mine[-1].body)
        page.sealed = rules.sealed(exercise.reveal, mine=mine[-1].version, theirs=newest_version(theirs))
        if can_undo_given(mine[-1], sealed=page.sealed, reveal=exercise.reveal, now=now):
            page.undo_until = mine[-1].shared_at + rules.UNDO_FOR
    if exercise.reflected:
        page.heard = listening(page, mine) if mine else None
        page.hearing = listening(page, theirs) if theirs else None
    newest = [some[-1] for some in (mine, theirs) if some and exercise.reveal == "mutual" and may_see]
    newest.sort(key=lambda share: share.seat.number)
    if exercise.kind == "needs":
        page.guesses = [guess for share in newest if (guess := guess_in(share, page))]
    return [Part({1: "one", 2: "two"}[share.seat.number], share.seat.name, share.body) for share in newest]


def add_matches(page: ExercisePage, mine: list[Share], theirs: list[Share]) -> None:
    """What both picked, round by round; only of the rounds that both have finished."""
    known = page.records.ideas | {idea.key: idea for idea in page.exercise.deck}
    rounds = [
        [known[key] for key in rules.matches(one.body["picks"], other.body["picks"]) if key in known]
        for one, other in zip(mine, theirs, strict=False)
    ]
    page.matches = rounds.pop()
    earlier = {idea.key: idea for found in rounds for idea in found if idea not in page.matches}
    page.earlier_matches = list(earlier.values())


def guess_in(share: Share, page: ExercisePage) -> Guess | None:
    """What this opened share wonders about the other, with the answer that was given to these words."""
    words = guess_of(share.body)
    if not words:
        return None
    mine = share.seat_id == page.standing.seat.pk
    answered = page.records.guesses.get(3 - share.seat.number)
    fits = answered is not None and answered.body.get("to") == share.version
    return Guess(
        seat=share.seat,
        version=share.version,
        words=words,
        answer=answered.body["answer"] if answered is not None and fits else "",
        mine=mine,
        mine_to_answer=not mine and share.taken_back_at is None and page.open,
    )


def show(share: Share, page: ExercisePage) -> ShownShare:
    return ShownShare(
        seat=share.seat,
        version=share.version,
        shared_at=share.shared_at,
        taken_back_at=share.taken_back_at,
        shown=page.kind.shown(page.exercise, share.body),
        reflections=said_back(share) if page.exercise.reflected else [],
        replies=[one for one in page.records.replies.get(share.version, []) if one.seat.pk != share.seat_id],
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
