"""The one thing that the home page offers next; from one’s own acts and from what both may see."""

from dataclasses import dataclass

from apps.guides.schema import Exercise
from apps.plans import exercises
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


def begun_exercises(standing: Standing) -> set[str]:
    """Keys of the exercises in which this person has written something. Their own, for their own page."""
    kinds = {exercise.key: exercises.kind(exercise) for exercise in standing.guide.exercises()}
    return {
        draft.exercise
        for draft in own_drafts(standing)
        if draft.exercise in kinds and kinds[draft.exercise].begun(draft.body)
    }
