"""The coach: says which pattern it sees in a sentence or a commitment, why it lands badly, and offers another wording.

No Django, no network, no storage: a text goes in, a frozen answer comes out. What it knows stands in `rules/*.toml`.
"""

from apps.coach.commitments import CommitmentJudgement, judge_commitment
from apps.coach.judge import Finding, Judgement, harm_told, judge
from apps.coach.rules import reasons

__all__ = ["CommitmentJudgement", "Finding", "Judgement", "harm_told", "judge", "judge_commitment", "reasons"]
