"""The kinds of exercise that a guide can name."""

from apps.guides.schema import Exercise
from apps.plans.exercises.agreement import AgreementKind
from apps.plans.exercises.appointment import AppointmentKind
from apps.plans.exercises.base import Kind
from apps.plans.exercises.context import Context
from apps.plans.exercises.deck import Deck
from apps.plans.exercises.follow_up import FollowUp
from apps.plans.exercises.here import Here
from apps.plans.exercises.ideas import Ideas
from apps.plans.exercises.inventory import Inventory
from apps.plans.exercises.journal import Journal
from apps.plans.exercises.log import Log
from apps.plans.exercises.memories import Memories
from apps.plans.exercises.needs import Needs
from apps.plans.exercises.question import Question
from apps.plans.exercises.quiet import Quiet
from apps.plans.exercises.settling import Settling
from apps.plans.exercises.statement import Statement
from apps.plans.exercises.stressors import Stressors
from apps.plans.exercises.telling import Telling

KINDS: dict[str, Kind] = {
    one.name: one
    for one in (
        Journal(),
        Inventory(),
        Log(),
        Context(),
        Settling(),
        Statement(),
        Question(),
        Telling(),
        Stressors(),
        Needs(),
        Ideas(),
        AgreementKind(),
        Memories(),
        Here(),
        Quiet(),
        AppointmentKind(),
        Deck(),
        FollowUp(),
    )
}


def kind(exercise: Exercise) -> Kind:
    """The kind of an exercise."""
    return KINDS[exercise.kind]
