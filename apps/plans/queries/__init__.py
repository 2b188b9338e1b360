"""Reads that carry a privacy rule. The only module that reads the bodies of Draft and Share (law 1).

Every read begins at a seat; what belongs to the other comes back only where `rules` says it is open.
"""

from apps.plans.queries.agreeing import (
    AgreementPage,
    Reduced,
    ShownLine,
    agreement_page,
    least_first,
    newest_proposal,
    open_lines,
    reduced,
    resting_lines,
    revealed_ideas,
    with_lines,
    wording_and_wants,
)
from apps.plans.queries.coming_next import Next, begun_exercises, next_thing, own_hints
from apps.plans.queries.past import PastPlan, past, past_plan
from apps.plans.queries.standing import (
    PREPARE,
    Standing,
    StepState,
    guide_of,
    in_active_language,
    may_choose_guide,
    milestones,
    open_plan,
    plan_of,
    standing,
)
from apps.plans.queries.summary import Summary, summary
from apps.plans.queries.writing import (
    ExercisePage,
    can_undo,
    exercise_page,
    has_only,
    is_sealed,
    own_draft,
    own_drafts,
    own_last_share,
    reflection_draft,
)
from apps.plans.queries.wrote import wrote_since

__all__ = [
    "PREPARE",
    "AgreementPage",
    "ExercisePage",
    "Next",
    "PastPlan",
    "Reduced",
    "ShownLine",
    "Standing",
    "StepState",
    "Summary",
    "agreement_page",
    "begun_exercises",
    "can_undo",
    "exercise_page",
    "guide_of",
    "has_only",
    "in_active_language",
    "is_sealed",
    "least_first",
    "may_choose_guide",
    "milestones",
    "newest_proposal",
    "next_thing",
    "open_lines",
    "open_plan",
    "own_draft",
    "own_drafts",
    "own_hints",
    "own_last_share",
    "past",
    "past_plan",
    "plan_of",
    "reduced",
    "reflection_draft",
    "resting_lines",
    "revealed_ideas",
    "standing",
    "summary",
    "with_lines",
    "wording_and_wants",
    "wrote_since",
]
