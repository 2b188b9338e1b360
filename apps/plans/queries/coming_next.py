"""The one thing that the home page offers next; from one’s own acts and from what both may see."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from apps.guides.schema import Answer, Exercise
from apps.plans import exercises, rules
from apps.plans.models import Agreement, Approval, Proposal, Share
from apps.plans.queries.standing import PREPARE, Standing, StepState
from apps.plans.queries.writing import own_drafts


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing that the home page offers.

    `place` is a step's key, "prepare", "door", "agreement" or "look-back"; empty for nothing at all.
    """

    place: str
    exercise: Exercise | None = None
    waiting: bool = False  # my half is done; what is offered is to prepare ahead, or nothing
    theirs: bool = False  # the other's words lie open there for me
    proposed: bool = False  # a wording lies there for both


def next_thing(standing: Standing) -> Next:
    """What this person could do next, from their own acts and from what both may see. Never from a hidden one."""
    begun = begun_exercises(standing)
    unprepared = [one for one in standing.guide.preparation if exercises.kind(one).writes and one.key not in begun]
    if standing.alone:
        if unprepared:
            return Next(PREPARE, unprepared[0])
        return own_next(standing, begun) or first_unbegun(standing, begun, 0) or Next(PREPARE)
    if not standing.door:
        needed = [one for one in unprepared if one.key != "observations"]
        if needed and not standing.my_door:
            return Next(PREPARE, needed[0])
        return Next("door") if not standing.my_door else waiting(standing, begun, 0)
    current, wording = standing.current, wording_of(standing)
    if wording.waits and not wording.my_yes:
        return Next("agreement", proposed=True)
    if current is None or current.step.milestone.kind == "looked_back":
        return Next("look-back") if wording.holds and not wording.waits else agreement(wording)
    if current.step.milestone.kind == "agreed" and wording.waits:
        return agreement(wording)
    return next_in(standing, current, begun)


@dataclass(frozen=True, slots=True)
class WordingState:
    """The newest wording: does it wait to be agreed, have I said yes to it, and does an agreement hold meanwhile?"""

    waits: bool = False
    my_yes: bool = False
    holds: bool = False


def agreement(wording: WordingState) -> Next:
    return Next("agreement", waiting=wording.waits, proposed=wording.waits)


def wording_of(standing: Standing) -> WordingState:
    """In one query, and none before the two may agree. The other's yes is not looked at (law 2)."""
    if not standing.may_agree:
        return WordingState()
    newest = Proposal.objects.filter(plan=standing.plan).order_by("-number")
    agreed = Agreement.objects.filter(proposal=OuterRef("pk"))
    yes = Approval.objects.filter(proposal=OuterRef("pk"), seat=standing.seat, withdrawn_at=None)
    holds = Agreement.objects.filter(plan=standing.plan, ended_at=None)
    found = newest.values_list(~Exists(agreed), Exists(yes), Exists(holds)).first()
    return WordingState(*found) if found else WordingState()


def next_in(standing: Standing, state: StepState, begun: set[str]) -> Next:
    milestone, me = state.step.milestone, standing.seat.number
    if milestone.kind == "agreed":
        ideas = next((one for one in state.step.exercises if one.kind == "ideas"), None)
        if ideas is not None and me not in standing.milestones.shared.get(ideas.key, {}):
            return Next(state.step.key, ideas)
        return Next("agreement")
    exercise = standing.guide.exercise(milestone.exercise)
    shared = standing.milestones.shared.get(exercise.key, {})
    theirs_is_there = any(number != me for number in shared) and exercise.reveal == "shared"
    if me not in shared:
        return Next(state.step.key, exercise, theirs=theirs_is_there)
    if milestone.kind == "heard" and may_listen(standing, exercise):
        return Next(state.step.key, exercise, theirs=True)
    return waiting(standing, begun, state.step.number)


def may_listen(standing: Standing, exercise: Exercise) -> bool:
    """Is there something for me to say back, or to answer? Both lie open for me. Reads no text."""
    newest: dict[int, tuple[int, list[tuple[str, datetime | None]]]] = {}
    for number, version, verdict, rested_at in (
        Share.objects.filter(plan=standing.plan, exercise=exercise.key)
        .order_by("version")
        .values_list("seat__number", "version", "reflections__verdict", "reflections__rested_at")
    ):
        if version > newest.get(number, (0, []))[0]:
            newest[number] = (version, [])
        if verdict is not None:
            newest[number][1].append((verdict, rested_at))
    return any(mine_to_do(said, speaker=number == standing.seat.number) for number, (_version, said) in newest.items())


def mine_to_do(said: list[tuple[str, datetime | None]], *, speaker: bool) -> bool:
    """One telling, with the verdict and the rest of each saying-back: the speaker answers, the other says back."""
    verdicts = [verdict for verdict, _rested_at in said]
    if any(rested_at for _verdict, rested_at in said):
        return False
    return "" in verdicts if speaker else rules.may_reflect(verdicts)


def own_next(standing: Standing, begun: set[str]) -> Next | None:
    """The first thing of one's own steps that is not begun. A quiet time is offered until there was one, or until
    something of the steps together is written; it is a good thing to do and no gate."""
    together = {exercise.key for state in standing.steps for exercise in state.step.exercises}
    for step in standing.own_steps:
        for exercise in step.exercises:
            quiet = exercise.kind == "quiet" and standing.seat.quiet_from is None and not begun & together
            if quiet or (exercises.kind(exercise).writes and exercise.key not in begun):
                return Next(step.key, exercise)
    return None


def waiting(standing: Standing, begun: set[str], after: int) -> Next:
    own = own_next(standing, begun)
    if own is not None:
        return own
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


def own_hints(standing: Standing, step: str) -> list[Answer]:
    """What this person's own answers elsewhere say about a step: for nobody's eyes but theirs (B.prep.triggers)."""
    asked = [one for one in standing.guide.exercises() if any(step in answer.again for answer in one.answers)]
    kept = (
        {draft.exercise: draft.body or {} for draft in own_drafts(standing, [one.key for one in asked])}
        if asked
        else {}
    )
    return [
        answer
        for exercise in asked
        for answer in exercise.answers_to(kept.get(exercise.key, {}).get("fields") or {})
        if step in answer.again
    ]


def begun_exercises(standing: Standing) -> set[str]:
    """Keys of the exercises in which this person has written something. Their own, for their own page."""
    kinds = {exercise.key: exercises.kind(exercise) for exercise in standing.guide.exercises()}
    return {
        draft.exercise
        for draft in own_drafts(standing)
        if draft.exercise in kinds and kinds[draft.exercise].begun(draft.body)
    }
