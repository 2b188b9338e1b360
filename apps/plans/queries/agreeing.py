"""Proposals and the agreement, as one person may see them: the other’s yes shows only once it is agreed (law 2)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.utils.translation import gettext as _

from apps.plans import rules
from apps.plans.models import (
    Agreement,
    Approval,
    Commitment,
    Draft,
    Plan,
    Proposal,
    Release,
    Share,
)
from apps.plans.queries.standing import Standing
from apps.plans.queries.writing import own_drafts
from apps.spaces.models import Seat


def newest_proposal(plan: Plan, seat: Seat | None = None) -> Proposal | None:
    """The newest proposal with its lines and their seats; with `seat`, also that seat's own yes as `my_yes`.

    None in a closed plan: what was proposed and not agreed is gone with it.
    """
    if plan.closed_at is not None:
        return None
    yes = Approval.objects.filter(proposal=OuterRef("pk"), seat=seat, withdrawn_at=None)
    proposal = (
        Proposal.objects.filter(plan=plan)
        .select_related("seat__user", "answered_by__user", "agreement")
        .prefetch_related(with_lines())
        .annotate(my_yes=Exists(yes))
        .order_by("-number")
        .first()
    )
    if proposal is not None:
        proposal.plan = plan
    return proposal


def with_lines(path: str = "commitments") -> Prefetch:
    return Prefetch(path, Commitment.objects.select_related("seat__user", "for_seat__user").order_by("position"))


@dataclass(frozen=True, slots=True)
class ShownLine:
    line: Commitment
    rested_at: datetime | None
    change: str  # "", "new", "changed": against the version before

    @property
    def is_least(self) -> bool:
        """ "The least we keep", and it does not rest."""
        return self.line.kind == Commitment.Kind.MINIMUM and self.rested_at is None


@dataclass(slots=True)
class AgreementPage:
    """The proposal and the agreement as one person may see them. A yes of the other shows only in `agreed_at`."""

    standing: Standing
    proposal: Proposal | None = None
    lines: list[ShownLine] = field(default_factory=list)
    gone: list[Commitment] = field(default_factory=list)  # lines of the version before that this one leaves out
    look_back_changed: bool = False  # against the version before
    my_yes: bool = False
    agreement: Agreement | None = None  # the open one, of this or an older proposal
    agreed_lines: list[ShownLine] = field(default_factory=list)

    @property
    def ended_at(self) -> datetime | None:
        """When the agreement on these very words ended, where it has."""
        agreed: Agreement | None = getattr(self.proposal, "agreement", None)
        return agreed.ended_at if agreed else None

    @property
    def may_answer(self) -> bool:
        """Did the other ask what I think of it, and is it still open? (B.m.silence)"""
        asked = self.proposal is not None and self.proposal.asks and self.proposal.seat_id != self.standing.seat.pk
        return asked and not hasattr(self.proposal, "agreement") and self.standing.plan.closed_at is None

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
    rested = resting(standing.plan)
    page.agreement = open_agreement_of(page.proposal)
    if page.is_agreed:
        page.lines = page.agreed_lines = compare(page.proposal, None, rested)[0]
        return page
    before = seen if seen and seen < page.proposal.number else page.proposal.number - 1
    older = earlier(standing.plan, before)
    page.lines, page.gone = compare(page.proposal, older.get(before), {})
    page.look_back_changed = before in older and older[before].look_back != page.proposal.look_back
    for held in older.values():
        if page.agreement is None and (agreement := open_agreement_of(held)):
            page.agreement, page.agreed_lines = agreement, compare(held, None, rested)[0]
    return page


def open_agreement_of(proposal: Proposal) -> Agreement | None:
    """The agreement on this very proposal, while it holds."""
    agreement: Agreement | None = getattr(proposal, "agreement", None)
    return agreement if agreement is not None and agreement.ended_at is None else None


def earlier(plan: Plan, before: int) -> dict[int, Proposal]:
    """By number: the proposal of number `before`, and the one on which both agreed and which holds."""
    wanted = Q(number=before) | Q(agreement__isnull=False, agreement__ended_at=None)
    found = Proposal.objects.filter(wanted, plan=plan).select_related("agreement").prefetch_related(with_lines())
    return {proposal.number: proposal for proposal in found}


def resting(plan: Plan) -> dict[UUID, datetime]:
    """The lines of the agreement that holds which rest, each with since when."""
    releases = Release.objects.filter(agreement__plan=plan, agreement__ended_at=None)
    return dict(releases.values_list("lineage", "released_at"))


def resting_lines(proposal: Proposal | None) -> set[UUID]:
    """The lines of this proposal that one of the two lets rest: they do not come back by themselves."""
    return set(Release.objects.filter(agreement__proposal=proposal).values_list("lineage", flat=True))


def compare(
    proposal: Proposal, before: Proposal | None, rested: dict[Any, datetime]
) -> tuple[list[ShownLine], list[Commitment]]:
    """The lines of a proposal with what changed since the one before, and the lines it leaves out."""
    old = {line.lineage: line for line in before.commitments.all()} if before else {}
    lines = []
    for line in proposal.commitments.all():
        was = old.pop(line.lineage, None)
        same = was is not None and (was.words, was.kind, was.for_seat_id) == (line.words, line.kind, line.for_seat_id)
        change = "" if same or before is None else _("changed") if was else _("new")
        lines.append(ShownLine(line, rested.get(line.lineage), change))
    return lines, list(old.values())


def revealed_ideas(standing: Standing) -> list[tuple[Seat, list[str]]]:
    """The small ideas of both, once both have put theirs in; empty before that."""
    exercise = next((one for one in standing.guide.exercises() if one.kind == "ideas"), None)
    if (
        standing.plan.closed_at is not None
        or exercise is None
        or rules.both_at(standing.milestones.shared.get(exercise.key)) is None
    ):
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


def open_lines(plan: Plan) -> list[ShownLine]:
    """The lines that hold now, with those that rest. One query."""
    rest = Release.objects.filter(agreement=OuterRef("proposal__agreement"), lineage=OuterRef("lineage"))
    lines = (
        Commitment.objects.filter(proposal__plan=plan, proposal__agreement__ended_at=None)
        .exclude(proposal__agreement=None)
        .select_related("seat__user", "for_seat__user")
        .annotate(rested_at=Subquery(rest.values("released_at")[:1]))
        .order_by("position")
    )
    return [ShownLine(line, line.rested_at, "") for line in lines]


@dataclass(frozen=True, slots=True)
class Reduced:
    """One person has less to give until a day. Nothing else is known of it."""

    seat: Seat
    until: date


def reduced(standing: Standing, now: datetime) -> list[Reduced]:
    """Who of the two has less to give now (A.m.external): the same for both, by the wall of whoever said it."""
    people = {seat.number: seat for seat in (standing.seat, standing.seat.other) if seat}
    return [
        Reduced(people[number], until)
        for number, until in sorted(standing.milestones.reduced.items())
        if number in people and rules.is_reduced(until=until, today=now.astimezone(people[number].user.zone).date())
    ]


def least_first(lines: list[ShownLine]) -> list[ShownLine]:
    """The least that both keep, before the others."""
    return sorted(lines, key=lambda shown: not shown.is_least)


def wording_and_wants(standing: Standing, key: str) -> tuple[Draft | None, frozenset[str], frozenset[str]]:
    """What this person keeps under `key`, and the needs and loads they named in their own drafts. One query.

    Only one's own: an order that came from the other's words would tell of them.
    """
    kinds = {exercise.key: exercise.kind for exercise in standing.guide.exercises()}
    wanted = [one for one, kind in kinds.items() if kind in ("needs", "stressors")]
    drafts = {draft.exercise: draft for draft in own_drafts(standing, [key, *wanted])}

    def named(kind: str, field_key: str) -> frozenset[str]:
        bodies = [drafts[one].body for one in wanted if kinds[one] == kind and one in drafts]
        return frozenset(str(row.get(field_key)) for body in bodies for row in body.get("items") or [])

    return drafts.get(key), named("needs", "need"), named("stressors", "kind")
