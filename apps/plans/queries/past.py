"""What is left to read of a plan that has closed: my own texts, and what both agreed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.guides.schema import Exercise
from apps.plans import exercises
from apps.plans.models import Agreement, Commitment, Draft, Entry, Plan, Share
from apps.plans.queries.standing import REPLIES, guide_of
from apps.spaces.models import Seat


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
    return [read_only(plan, seat, written[plan.pk], agreed[plan.pk]) for plan in plans]


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


def read_only(
    plan: Plan, seat: Seat, texts: list[tuple[str, Any]], agreed: list[tuple[datetime, list[Commitment]]]
) -> PastPlan:
    guide = guide_of(plan, seat)
    known = {exercise.key: exercise for exercise in guide.exercises()}
    return PastPlan(
        title=guide.title,
        opened_at=plan.opened_at,
        closed_at=plan.closed_at,
        my_texts=[text for key, body in texts if (text := readable(known, key, body))],
        agreed=agreed,
    )


def readable(known: dict[str, Exercise], key: str, body: Any) -> tuple[str, dict[str, Any], str] | None:
    """A text's title, what to show and the template that shows it; None where the guide knows it no more, or it is
    empty."""
    exercise = known.get(key.removeprefix(REPLIES))
    if exercise is None:
        return None
    kind = exercises.kind(exercise)
    if key.startswith(REPLIES):
        return exercise.title, body, "plans/_reply_words.html"
    if kind.joins and "text" in body:
        return exercise.title, {"ideas": [body]}, kind.show_template
    return (exercise.title, kind.shown(exercise, body), kind.show_template) if kind.begun(body) else None
