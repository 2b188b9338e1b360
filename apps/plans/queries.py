"""Reads that carry a privacy rule. The only module that reads the bodies of Draft and Share (law 1).

Every read begins at a seat; what belongs to the other comes back only where `rules` says it is open.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apps.checkins import queries as checkins
from apps.guides import library
from apps.guides.schema import Answer, Exercise, Guide, Step
from apps.plans import exercises, rules
from apps.plans.exercises.base import Kind
from apps.plans.models import Agreement, Approval, Commitment, Draft, Entry, Plan, Proposal, Reflection, Release, Share
from apps.spaces.models import Seat

PREPARE = "prepare"  # the preparation's place in addresses


def guide_of(plan: Plan) -> Guide:
    """The guide version that this plan walks."""
    return library.find(plan.guide, plan.version)


def open_plan(seat: Seat | None) -> Plan | None:
    """The open plan of the seat's space."""
    if seat is None:
        return None
    plan = Plan.objects.filter(space=seat.space_id, closed_at=None).select_related("focus_by").first()
    return with_space(plan, seat)


def plan_of(seat: Seat | None, number: int) -> Plan | None:
    """The plan of that number in the seat's space, open or closed."""
    if seat is None:
        return None
    plan = Plan.objects.filter(space=seat.space_id, number=number).select_related("focus_by").first()
    return with_space(plan, seat)


def with_space(plan: Plan | None, seat: Seat) -> Plan | None:
    if plan is not None:
        plan.space = seat.space
    return plan


# --- where the two stand ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StepState:
    """One step as both see it: its milestone's instant, and whether its joint part is open."""

    step: Step
    reached_at: datetime | None
    open: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What both may know of where a plan stands. Nothing in it comes from one person's private act."""

    plan: Plan
    seat: Seat
    guide: Guide
    alone: bool
    door: bool
    my_door: bool
    milestones: rules.Milestones
    steps: tuple[StepState, ...]
    agreed_at: datetime | None

    @property
    def open_steps(self) -> dict[str, bool]:
        return {state.step.key: state.open for state in self.steps}

    @property
    def done(self) -> int:
        return sum(state.reached_at is not None for state in self.steps)

    @property
    def current(self) -> StepState | None:
        """The first step whose milestone is still ahead."""
        return next((state for state in self.steps if state.reached_at is None), None)

    @property
    def last_together_at(self) -> datetime | None:
        """When the two last reached something together."""
        times = [state.reached_at for state in self.steps if state.reached_at]
        door = rules.door_open_at(self.milestones)
        return max([*times, *([door] if door else [])], default=None)

    def may_join(self, exercise: Exercise) -> bool:
        """Is the joint part of this exercise open? Never for one alone; some parts are open from the first day."""
        if self.alone or exercise.reveal == "private":
            return False
        step = self.guide.step_of(exercise.key)
        return exercise.always_open or (step is not None and self.open_steps[step.key])

    @property
    def always_open(self) -> list[tuple[Step, Exercise]]:
        """What both may do from the first day, outside the sequence of steps."""
        return [
            (state.step, exercise)
            for state in self.steps
            for exercise in state.step.exercises
            if exercise.always_open and not self.alone
        ]

    @property
    def may_agree(self) -> bool:
        """Proposals are open with their step, and for ever after the first agreement."""
        opened = any(state.open for state in self.steps if state.step.milestone.kind == "agreed")
        return not self.alone and (opened or self.agreed_at is not None)

    def talked(self, step: str) -> tuple[bool, bool]:
        """ "We talked about this": have I pressed it, and have we both?"""
        marks = self.milestones.marks.get(rules.aloud_key(step), {})
        return self.seat.number in marks, rules.both_at(marks) is not None


def fact(queryset: QuerySet[Any], kind: str, key: Any, number: Any, at: Any) -> QuerySet[Any, Any]:
    return queryset.annotate(fact=Value(kind, CharField()), about=key, of=number, at=at).values_list(
        "fact", "about", "of", "at"
    )


def milestones(plan: Plan) -> rules.Milestones:
    """All that the shared milestones depend on, in two queries. Reads no text."""
    nobody = Value(0, IntegerField())
    nothing = Value("", CharField())
    rows = (
        fact(Share.objects.filter(plan=plan), "shared", F("exercise"), F("seat__number"), F("shared_at"))
        .union(
            fact(
                Entry.objects.filter(plan=plan, kind=Entry.Kind.MARK),
                "mark", F("exercise"), F("seat__number"), F("created_at"),
            ),
            fact(
                Reflection.objects.filter(share__plan=plan).filter(Q(verdict="heard") | Q(rested_at__isnull=False)),
                "walked", F("share__exercise"), F("share__seat__number"),
                Coalesce("rested_at", "answered_at", output_field=DateTimeField()),
            ),
            fact(Agreement.objects.filter(plan=plan), "agreed", nothing, nobody, F("agreed_at")),
            all=True,
        )
    )  # fmt: skip
    found: dict[str, dict[str, dict[int, datetime]]] = {"shared": {}, "mark": {}, "walked": {}, "agreed": {}}
    for kind, about, number, at in rows:
        times = found[kind].setdefault(about, {})
        times[number] = min(at, times.get(number, at))
    return rules.Milestones(
        shared=found["shared"],
        walked=found["walked"],
        marks=found["mark"],
        agreed_at=found["agreed"].get("", {}).get(0),
        looked_back_at=checkins.looked_back_at(plan.space, since=plan.opened_at),
    )


def standing(plan: Plan, seat: Seat) -> Standing:
    """Where the plan stands, as this seat may know it."""
    guide, facts = guide_of(plan), milestones(plan)
    reached = [rules.reached_at(step.key, step.milestone.kind, step.milestone.exercise, facts) for step in guide.steps]
    door = rules.door_open_at(facts) is not None
    opened = rules.joint_open(reached, door=door)
    return Standing(
        plan=plan,
        seat=seat,
        guide=guide,
        alone=seat.other is None,
        door=door,
        my_door=seat.number in facts.marks.get(rules.DOOR, {}),
        milestones=facts,
        steps=tuple(
            StepState(step, at, is_open) for step, at, is_open in zip(guide.steps, reached, opened, strict=True)
        ),
        agreed_at=facts.agreed_at,
    )


# --- one exercise -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownShare:
    """A published version as it may be read."""

    seat: Seat
    version: int
    shared_at: datetime
    taken_back_at: datetime | None
    shown: dict[str, Any]


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
    def taken_back(self) -> bool:
        return bool(self.mine) and self.mine[-1].taken_back_at is not None

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
            both = rules.matches(mine[-1].body["picks"], theirs[-1].body["picks"])
            page.matches = [exercise.idea(key) for key in both]
    elif may_see:
        page.theirs = [show(share, page) for share in theirs]
    if mine:
        page.differs = page.kind.begun(page.body) and page.body != mine[-1].body
        if can_undo_given(mine[-1], revealed=may_see and exercise.reveal != "shared", now=now):
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
    )


def listening(page: ExercisePage, shares: list[Share]) -> Listening:
    """The newest telling of one speaker, and what this seat may do about it."""
    seat, share = page.standing.seat, shares[-1]
    speaker = share.seat_id == seat.pk
    reflections = list(share.reflections.all())
    for reflection in reflections:
        reflection.share = share
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


def can_undo(share: Share, by: Seat, now: datetime) -> bool:
    """Can this newest share of `by` still be undone?"""
    reveal = guide_of(share.plan).exercise(share.exercise).reveal
    theirs = Share.objects.filter(plan=share.plan_id, exercise=share.exercise).exclude(seat=by).exists()
    return can_undo_given(share, revealed=reveal != "shared" and theirs, now=now)


def can_undo_given(share: Share, *, revealed: bool, now: datetime) -> bool:
    answered = len(share.reflections.all()) > 0
    return rules.may_undo(share.shared_at, now=now, answered=answered, revealed=revealed)


# --- proposals ----------------------------------------------------------------------------------------------------


def newest_proposal(plan: Plan, seat: Seat | None = None) -> Proposal | None:
    """The newest proposal with its lines and their seats; with `seat`, also that seat's own yes as `my_yes`."""
    yes = Approval.objects.filter(proposal=OuterRef("pk"), seat=seat, withdrawn_at=None)
    proposal = (
        Proposal.objects.filter(plan=plan)
        .select_related("seat__user", "agreement")
        .prefetch_related(with_lines())
        .annotate(my_yes=Exists(yes))
        .order_by("-number")
        .first()
    )
    if proposal is not None:
        proposal.plan = plan
    return proposal


def proposals_numbered(plan: Plan, numbers: Iterable[int]) -> dict[int, Proposal]:
    """Some proposals of a plan with their lines, by number."""
    found = Proposal.objects.filter(plan=plan, number__in=list(numbers)).prefetch_related(with_lines())
    return {proposal.number: proposal for proposal in found}


def with_lines(path: str = "commitments") -> Prefetch:
    return Prefetch(path, Commitment.objects.select_related("seat__user", "for_seat__user").order_by("position"))


@dataclass(frozen=True, slots=True)
class ShownLine:
    line: Commitment
    rested_at: datetime | None
    change: str  # "", "new", "changed": against the version before


@dataclass(slots=True)
class AgreementPage:
    """The proposal and the agreement as one person may see them. A yes of the other shows only in `agreed_at`."""

    standing: Standing
    proposal: Proposal | None = None
    lines: list[ShownLine] = field(default_factory=list)
    gone: list[Commitment] = field(default_factory=list)  # lines of the version before that this one leaves out
    my_yes: bool = False
    agreement: Agreement | None = None  # the open one, of this or an older proposal
    agreed_lines: list[ShownLine] = field(default_factory=list)

    @property
    def ended_at(self) -> datetime | None:
        """When the agreement on these very words ended, where it has."""
        agreed: Agreement | None = getattr(self.proposal, "agreement", None)
        return agreed.ended_at if agreed else None

    @property
    def is_agreed(self) -> bool:
        return bool(self.agreement and self.proposal and self.agreement.proposal_id == self.proposal.pk)


def agreement_page(standing: Standing, *, seen: int | None = None) -> AgreementPage:
    """The newest proposal, what it changes, my own yes, and the agreement that holds.

    What changed is told against version `seen`, or against the one before where none is named.
    """
    page = AgreementPage(standing=standing)
    page.proposal = newest_proposal(standing.plan, standing.seat)
    if page.proposal is None:
        return page
    page.my_yes = page.proposal.my_yes  # type: ignore[attr-defined]
    page.agreement = (
        Agreement.objects.filter(plan=standing.plan, ended_at=None)
        .select_related("proposal")
        .prefetch_related("releases")
        .first()
    )
    rested = {one.lineage: one.released_at for one in page.agreement.releases.all()} if page.agreement else {}
    if page.is_agreed:
        page.lines = page.agreed_lines = compare(page.proposal, None, rested)[0]
        return page
    held = page.agreement.proposal.number if page.agreement else 0
    before = seen if seen and seen < page.proposal.number else page.proposal.number - 1
    older = proposals_numbered(standing.plan, {before, held})
    page.lines, page.gone = compare(page.proposal, older.get(before), {})
    page.agreed_lines = compare(older[held], None, rested)[0] if held else []
    return page


def compare(
    proposal: Proposal, before: Proposal | None, rested: dict[Any, datetime]
) -> tuple[list[ShownLine], list[Commitment]]:
    """The lines of a proposal with what changed since the one before, and the lines it leaves out."""
    old = {line.lineage: line for line in before.commitments.all()} if before else {}
    lines = []
    for line in proposal.commitments.all():
        was = old.pop(line.lineage, None)
        same = was is not None and (was.words, was.for_seat_id) == (line.words, line.for_seat_id)
        change = "" if same or before is None else _("changed") if was else _("new")
        lines.append(ShownLine(line, rested.get(line.lineage), change))
    return lines, list(old.values())


def revealed_ideas(standing: Standing) -> list[tuple[Seat, list[str]]]:
    """The small ideas of both, once both have put theirs in; empty before that."""
    exercise = next((one for one in standing.guide.exercises() if one.kind == "ideas"), None)
    if exercise is None or rules.both_at(standing.milestones.shared.get(exercise.key)) is None:
        return []
    newest: dict[int, Share] = {}
    for share in (
        Share.objects.filter(plan=standing.plan, exercise=exercise.key).select_related("seat__user").order_by("version")
    ):
        newest[share.seat.number] = share
    return [
        (newest[number].seat, [row["idea"] for row in newest[number].body["items"] if row.get("idea")])
        for number in sorted(newest)
    ]


# --- home and past ------------------------------------------------------------------------------------------------


def open_lines(plan: Plan) -> list[ShownLine]:
    """The lines that hold now, with those that rest. Two queries."""
    lines = (
        Commitment.objects.filter(proposal__plan=plan, proposal__agreement__ended_at=None)
        .exclude(proposal__agreement=None)
        .select_related("seat__user", "for_seat__user")
        .order_by("position")
    )
    resting = Release.objects.filter(agreement__plan=plan, agreement__ended_at=None)
    rested = dict(resting.values_list("lineage", "released_at"))
    return [ShownLine(line, rested.get(line.lineage), "") for line in lines]


def begun_exercises(standing: Standing) -> set[str]:
    """Keys of the exercises in which this person has written something. Their own, for their own page."""
    kinds = {exercise.key: exercises.kind(exercise) for exercise in standing.guide.exercises()}
    return {
        draft.exercise
        for draft in own_drafts(standing)
        if draft.exercise in kinds and kinds[draft.exercise].begun(draft.body)
    }


@dataclass(frozen=True, slots=True)
class PastPlan:
    """A plan of a space that has closed: my own texts, and what both agreed."""

    title: str
    opened_at: datetime
    closed_at: datetime | None
    my_texts: list[tuple[str, dict[str, Any], str]]  # exercise title, what to show, the template that shows it
    agreed: list[tuple[datetime, list[Commitment]]]


def past(seat: Seat) -> list[PastPlan]:
    """All plans of a past seat. Read-only; nothing of the other's but what both agreed.

    As many queries for ten plans as for one.
    """
    return past_plans(list(Plan.objects.filter(space=seat.space_id).order_by("number")), seat)


def past_plan(plan: Plan, seat: Seat) -> PastPlan:
    """One closed plan, as `past` shows it."""
    return past_plans([plan], seat)[0]


def past_plans(plans: list[Plan], seat: Seat) -> list[PastPlan]:
    written, agreed = own_texts(plans, seat), agreed_lines(plans)
    return [read_only(plan, written[plan.pk], agreed[plan.pk]) for plan in plans]


def agreed_lines(plans: list[Plan]) -> dict[Any, list[tuple[datetime, list[Commitment]]]]:
    """By plan: when both agreed, and on which lines, oldest first."""
    lines = Commitment.objects.filter(proposal__agreement__plan__in=plans).order_by("proposal__agreement", "position")
    lines = lines.select_related("proposal__agreement", "seat__user", "for_seat__user")
    agreements: dict[Agreement, list[Commitment]] = defaultdict(list)
    for line in lines:
        agreements[line.proposal.agreement].append(line)
    agreed: dict[Any, list[tuple[datetime, list[Commitment]]]] = defaultdict(list)
    for one in sorted(agreements, key=lambda agreement: agreement.agreed_at):
        agreed[one.plan_id].append((one.agreed_at, agreements[one]))
    return agreed


def own_texts(plans: list[Plan], seat: Seat) -> dict[Any, list[tuple[str, Any]]]:
    """By plan: exercise and body of what this seat wrote: an exercise's newest wording, each item of a record."""
    newest: dict[tuple[Any, str], Any] = {}
    shares = Share.objects.filter(plan__in=plans, seat=seat).order_by("version")
    drafts = Draft.objects.filter(plan__in=plans, seat=seat).order_by("created_at")
    written: list[Any] = [*shares, *drafts]
    for one in written:
        one.seat = seat
        newest[one.plan_id, one.exercise] = one.body
    texts: dict[Any, list[tuple[str, Any]]] = defaultdict(list)
    for (plan, exercise), body in newest.items():
        texts[plan].append((exercise, body))
    for entry in Entry.objects.filter(plan__in=plans, seat=seat, kind=Entry.Kind.ITEM).order_by("number"):
        entry.seat = seat
        texts[entry.plan_id].append((entry.exercise, entry.body))
    return texts


def read_only(plan: Plan, texts: list[tuple[str, Any]], agreed: list[tuple[datetime, list[Commitment]]]) -> PastPlan:
    guide = guide_of(plan)
    known = {exercise.key: exercise for exercise in guide.exercises()}
    return PastPlan(
        title=guide.title,
        opened_at=plan.opened_at,
        closed_at=plan.closed_at,
        my_texts=[
            (
                known[key].title,
                exercises.kind(known[key]).shown(known[key], body),
                exercises.kind(known[key]).show_template,
            )
            for key, body in texts
            if key in known and exercises.kind(known[key]).begun(body)
        ],
        agreed=agreed,
    )


# --- what could come next -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing that the home page offers.

    `place` is a step's key, "prepare", "door", "agreement" or "look-back"; empty for nothing at all.
    """

    place: str
    exercise: Exercise | None = None
    waiting: bool = False  # my half is done; what is offered is to prepare ahead, or nothing


def next_thing(standing: Standing) -> Next:
    """What this person could do next, from their own acts and from what both may see. Never from a hidden one."""
    begun = begun_exercises(standing)
    unprepared = [one for one in standing.guide.preparation if exercises.kind(one).writes and one.key not in begun]
    if standing.alone:
        ahead = first_unbegun(standing, begun, 0)
        return Next(PREPARE, unprepared[0]) if unprepared else ahead or Next(PREPARE)
    if not standing.door:
        needed = [one for one in unprepared if one.key != "observations"]
        if needed and not standing.my_door:
            return Next(PREPARE, needed[0])
        return Next("door") if not standing.my_door else waiting(standing, begun, 0)
    current = standing.current
    if current is None:
        return Next("agreement")
    return next_in(standing, current, begun)


def next_in(standing: Standing, state: StepState, begun: set[str]) -> Next:
    milestone, me = state.step.milestone, standing.seat.number
    if milestone.kind == "looked_back":
        return Next("look-back")
    if milestone.kind == "agreed":
        ideas = next((one for one in state.step.exercises if one.kind == "ideas"), None)
        if ideas is not None and me not in standing.milestones.shared.get(ideas.key, {}):
            return Next(state.step.key, ideas)
        return Next("agreement")
    exercise = standing.guide.exercise(milestone.exercise)
    shared = standing.milestones.shared.get(exercise.key, {})
    theirs_is_there = any(number != me for number in shared) and exercise.reveal == "shared"
    if me not in shared:
        return Next(state.step.key, exercise)
    if milestone.kind == "heard" and theirs_is_there:
        return Next(state.step.key, exercise)
    return waiting(standing, begun, state.step.number)


def waiting(standing: Standing, begun: set[str], after: int) -> Next:
    ahead = first_unbegun(standing, begun, after)
    return Next(ahead.place, ahead.exercise, waiting=True) if ahead else Next("", waiting=True)


def first_unbegun(standing: Standing, begun: set[str], after: int) -> Next | None:
    """The first exercise of the steps beyond number `after` that can be written ahead and is not begun."""
    for state in standing.steps:
        for exercise in state.step.exercises:
            ahead = exercise.reveal in ("shared", "mutual") and exercises.kind(exercise).writes
            if state.step.number > after and ahead and exercise.key not in begun:
                return Next(state.step.key, exercise)
    return None
