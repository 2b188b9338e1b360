"""Where the two stand in a plan: what both may know. Nothing here reads a text."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, DateTimeField, F, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import get_language, gettext

from apps.checkins import queries as checkins
from apps.guides import library
from apps.guides.schema import Exercise, Guide, Mistake, OwnStep, Step
from apps.plans import rules
from apps.plans.models import Agreement, Entry, Plan, ReducedCapacity, Reflection, Share
from apps.spaces.models import Seat

REPLIES = "reply:"  # before the key of an exercise: answers to what was shared in it
PREPARE = "prepare"  # the preparation's place in addresses


def guide_of(plan: Plan, seat: Seat | None = None) -> Guide:
    """The guide version that this plan walks, in the active language, as `seat` may know it.

    The own steps are there for the seat that opened the plan and for nobody else; without a seat they are not.
    """
    guide = in_active_language(library.find(plan.guide, plan.version))
    return guide if seat is not None and seat.pk == plan.opened_by_id else guide.for_both()


def in_active_language(guide: Guide) -> Guide:
    """The guide's wording through gettext."""
    return library.in_language(guide, get_language() or "", gettext)


def open_plan(seat: Seat | None) -> Plan | None:
    """The open plan of the seat's space."""
    if seat is None:
        return None
    return with_space(seen_by(seat).filter(closed_at=None).select_related("focus_by__user").first(), seat)


def plan_of(seat: Seat | None, number: int) -> Plan | None:
    """The plan of that number in the seat's space, open or closed; none that was closed before this person came."""
    if seat is None:
        return None
    return with_space(seen_by(seat).filter(seen_number=number).select_related("focus_by__user").first(), seat)


def seen_by(seat: Seat) -> QuerySet[Any]:
    """The plans of the seat's space that this person may see, each with `seen_number`, which counts only those.

    What was closed before they came does not exist for them, in the numbers no less than in the pages.
    """
    before = Plan.objects.filter(space=seat.space_id, closed_at__lte=seat.joined_at)
    hidden = before.order_by().values("space").annotate(count=Count("pk")).values("count")
    plans: QuerySet[Any] = Plan.objects.filter(space=seat.space_id).exclude(closed_at__lte=seat.joined_at)
    return plans.annotate(seen_number=F("number") - Coalesce(Subquery(hidden), 0))


def with_space(plan: Plan | None, seat: Seat) -> Plan | None:
    if plan is not None:
        plan.space = seat.space
    return plan


def may_choose_guide(plan: Plan | None, seat: Seat) -> bool:
    """May this person choose which guide to walk? Where no plan is open, and while they are alone in their own."""
    return plan is None or (seat.other is None and plan.opened_by_id == seat.pk)


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
    def own_steps(self) -> tuple[OwnStep, ...]:
        """The steps that are this person's alone, who began; for anybody else there are none."""
        return self.guide.alone

    @property
    def lead(self) -> str:
        return (self.guide.lead_alone if self.alone else "") or self.guide.lead

    @property
    def proposing_mistakes(self) -> list[Mistake]:
        """What easily goes wrong while one words a proposal."""
        agreements = [one for one in self.guide.exercises() if one.kind == "agreement"]
        return [self.guide.mistake(key) for exercise in agreements for key in exercise.mistakes]

    @property
    def may_choose_guide(self) -> bool:
        return may_choose_guide(self.plan, self.seat)

    @property
    def open_steps(self) -> dict[str, bool]:
        return {state.step.key: state.open for state in self.steps}

    @property
    def done(self) -> int:
        return len(self.steps) - len(self.ahead)

    @property
    def ahead(self) -> tuple[StepState, ...]:
        """The steps whose milestone is still ahead."""
        return tuple(state for state in self.steps if state.reached_at is None)

    @property
    def current(self) -> StepState | None:
        """The first of those that are still ahead."""
        return next(iter(self.ahead), None)

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

    @property
    def theirs_to_read(self) -> set[str]:
        """Keys of the exercises in which the other's words lie open for this person. Nothing sealed is among them."""
        me, found = self.seat.number, set()
        for exercise in self.guide.exercises():
            shared = self.milestones.shared.get(exercise.key, {})
            theirs = any(number != me for number in shared)
            if exercise.reveal in ("shared", "mutual") and rules.theirs_visible(
                exercise.reveal, mine_shared=me in shared, theirs_shared=theirs
            ):
                found.add(exercise.key)
            if any(number != me for number in self.milestones.replied.get(exercise.key, {})):
                found.add(exercise.key)
        return found

    def talked(self, step: str) -> tuple[bool, bool]:
        """ "We talked about this": have I pressed it, and have we both?"""
        marks = self.milestones.marks.get(rules.aloud_key(step), {})
        return self.seat.number in marks, rules.both_at(marks) is not None


def fact(queryset: QuerySet[Any], kind: str, key: Any, number: Any, at: Any) -> QuerySet[Any, Any]:
    return queryset.annotate(fact=Value(kind, CharField()), about=key, of=number, at=at).values_list(
        "fact", "about", "of", "at"
    )


def milestones(plan: Plan) -> rules.Milestones:
    """All that the shared milestones depend on, in one query. Reads no text."""
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
            fact(
                Entry.objects.filter(plan=plan, kind=Entry.Kind.ITEM, exercise__startswith=REPLIES),
                "replied", F("exercise"), F("seat__number"), F("created_at"),
            ),
            fact(Agreement.objects.filter(plan=plan), "agreed", nothing, nobody, F("agreed_at")),
            fact(
                checkins.held(plan.space, since=plan.opened_at), "looked_back", nothing, nobody, F("closed_at"),
            ),
            fact(
                ReducedCapacity.objects.filter(seat__space=plan.space_id, ended_at=None), "reduced",
                Cast("until", CharField()), F("seat__number"), Cast("since", DateTimeField()),
            ),
            all=True,
        )
    )  # fmt: skip
    kinds = ("shared", "mark", "walked", "agreed", "looked_back", "reduced", "replied")
    found: dict[str, dict[str, dict[int, datetime]]] = {kind: {} for kind in kinds}
    for kind, about, number, at in rows:
        times = found[kind].setdefault(about, {})
        times[number] = min(at, times.get(number, at))
    return rules.Milestones(
        shared=found["shared"],
        walked=found["walked"],
        marks=found["mark"],
        replied={about.removeprefix(REPLIES): times for about, times in found["replied"].items()},
        agreed_at=found["agreed"].get("", {}).get(0),
        looked_back_at=found["looked_back"].get("", {}).get(0),
        reduced={number: date.fromisoformat(until) for until, seats in found["reduced"].items() for number in seats},
    )


def standing(plan: Plan, seat: Seat) -> Standing:
    """Where the plan stands, as this seat may know it."""
    guide, facts = guide_of(plan, seat), milestones(plan)
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
