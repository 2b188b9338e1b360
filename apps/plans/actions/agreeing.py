"""From a proposal to an agreement, and out of it again."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from apps.appointments import actions as appointments
from apps.checkins import actions as checkins
from apps.core.errors import RuleBroken, Stale
from apps.plans import proposals, queries, rules
from apps.plans.actions.common import NOT_OPEN, enter
from apps.plans.models import Agreement, Approval, Commitment, Plan, Proposal, ReducedCapacity, Release
from apps.spaces import actions as spaces
from apps.spaces.models import Seat


@transaction.atomic
def propose(*, by: Seat, plan: Plan, base: int, wording: "proposals.Wording", now: datetime) -> Proposal:
    """A new numbered proposal on top of number `base` (0: the first). Older yeses lapse by themselves.

    Raises Stale where `base` is no longer the newest, and RuleBroken where a line is not one's own to write (law 9), or
    where this person has put forward five today. The same wording sent twice is one proposal.
    """
    plan = enter(by, plan)
    if not queries.standing(plan, by).may_agree:
        raise RuleBroken(NOT_OPEN)
    newest = queries.newest_proposal(plan)
    if base != (newest.number if newest else 0):
        if newest is not None and proposals.is_repeat(newest, wording, by=by):
            return newest
        raise Stale(_("There is a newer version. Please look at it first; your words are kept."))
    check_not_too_many(plan, by, now)
    lines = proposals.resolve(wording.lines, by=by, newest=newest)
    return proposals.write(plan=plan, by=by, number=base + 1, wording=wording, lines=lines, now=now)


def check_not_too_many(plan: Plan, by: Seat, now: datetime) -> None:
    """Five new wordings by one person are enough for one of their days: a flood of them would be pushing (law 3)."""
    midnight = now.astimezone(by.user.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    today = Proposal.objects.filter(plan=plan, seat=by, created_at__gte=midnight)
    if today.count() >= rules.MOST_PROPOSALS:
        raise RuleBroken(
            _("That is enough new wordings for one day. Keep this one for later, and put it forward tomorrow.")
        )


@transaction.atomic
def approve(*, by: Seat, plan: Plan, number: int, now: datetime) -> Agreement | None:
    """My yes to proposal `number`. The second yes writes the Agreement, its check-in and its letters in this
    transaction (law 4); before that it stays sealed, and None comes back.

    Raises Stale where `number` is not the newest, RuleBroken where the day to look back has already passed or where it
    was agreed and has been ended since: to begin anew it is proposed anew.
    """
    plan = enter(by, plan)
    newest = queries.newest_proposal(plan)
    if newest is None:
        raise RuleBroken(NOT_OPEN)
    if newest.number != number:
        raise Stale(_("There is a newer version. Please look at it before you say yes."))
    agreement = Agreement.objects.filter(proposal=newest).first()
    if agreement is not None:
        if agreement.ended_at is not None:
            raise RuleBroken(_("This agreement has ended. To begin anew, put it forward once more."))
        return agreement
    proposals.check_unchanged(newest)
    proposals.check_still_ahead(newest, now)
    standing = Approval.objects.filter(proposal=newest, withdrawn_at=None)
    if not standing.filter(seat=by).exists():
        Approval.objects.create(proposal=newest, seat=by, given_at=now)
    yeses = standing.values_list("seat__number", flat=True)
    if not rules.is_agreed(newest=newest.number, number=number, yeses=yeses):
        return None
    return agree(newest, by=by, now=now)


def agree(proposal: Proposal, *, by: Seat, now: datetime) -> Agreement:
    """Both said yes: the older agreement gives way; the new one, its time to look back and its fixed times are written
    together (law 4)."""
    older = Agreement.objects.filter(plan=proposal.plan, ended_at=None).select_related("proposal").first()
    resting = set(Release.objects.filter(agreement=older).values_list("lineage", flat=True)) if older else set()
    if older is not None:
        Agreement.objects.filter(pk=older.pk).update(ended_at=now, ended_by=by)
    agreement = Agreement.objects.create(plan=proposal.plan, proposal=proposal, agreed_at=now)
    if older is not None:
        Agreement.objects.filter(pk=older.pk).update(superseded_by=agreement)
    checkins.close(space=by.space, as_="superseded", now=now)
    checkins.schedule(
        space=by.space,
        items=proposals.items(proposal),
        local_date=proposal.follow_up_date,
        hour=proposal.follow_up_hour,
        zone=proposal.follow_up_zone,
        rhythm=proposal.rhythm,
        now=now,
        seat_by=by,
    )
    keep_fixed_times(proposal, older, resting, now)
    return agreement


def keep_fixed_times(proposal: Proposal, older: Agreement | None, resting: set[UUID], now: datetime) -> None:
    """What is a fixed time in the agreement comes again and again from now on; what was one, and is none now, ends.

    A line that stays as it was goes on as it was: its weeks are counted from when it was first agreed.
    """
    space, kept = proposal.plan.space, proposals.fixed_times(proposal)
    before = proposals.fixed_times(older.proposal) if older else {}
    for lineage in before.keys() - kept.keys():
        appointments.end_recurring(space=space, source=lineage, now=now)
    for lineage, line in kept.items():
        was = before.get(lineage)
        if was is not None and was.words == line.words and lineage not in resting:
            continue
        at, zone = time.fromisoformat(line.words["time"]), ZoneInfo(line.words["zone"])
        local = now.astimezone(zone)
        appointments.keep_recurring(
            space=space,
            by=line.seat,
            source=lineage,
            title=line.words["what"],
            days=line.words["days"],
            time=at,
            zone=line.words["zone"],
            minutes=line.words["minutes"],
            first=local.date() + timedelta(days=local.time() >= at),
            weeks=line.words["weeks"],
            now=now,
        )


@transaction.atomic
def say_thought(*, by: Seat, plan: Plan, number: int, text: str, now: datetime) -> Proposal:
    """What `by` thinks of proposal `number`, where the other asked; it can be changed until it is agreed (B.m.silence).

    Raises Stale where there is a newer version, RuleBroken where nobody asked, or both have said yes meanwhile.
    """
    plan = enter(by, plan)
    newest = queries.newest_proposal(plan)
    if newest is not None and newest.number != number:
        raise Stale(_("There is a newer version. Please look at it before you answer; your words are kept."))
    if newest is None or not newest.asks or newest.seat_id == by.pk:
        raise RuleBroken(_("Nobody asked this here."))
    if newest.answered_by_id == by.pk and newest.answer == text:
        return newest
    if Agreement.objects.filter(proposal=newest).exists():
        raise RuleBroken(_("You have both said yes meanwhile, so this stays as it is."))
    newest.answered_by, newest.answered_at = by, now
    newest.answer = text
    newest.save(update_fields=["answer", "answered_by", "answered_at"])
    return newest


@transaction.atomic
def reduce(*, by: Seat, until: date, now: datetime) -> ReducedCapacity:
    """ "I have less to give until …" (A.m.external), seen by both; another day takes the place of the one before.

    Raises RuleBroken for a day that has passed or is more than eight weeks away, and where there is nobody to see it.
    """
    spaces.lock(by.space)
    if by.other is None:
        raise RuleBroken(NOT_OPEN)
    today = now.astimezone(by.user.zone).date()
    if not rules.may_reduce(until=until, today=today):
        raise RuleBroken(_("Please choose a day from today on, within the next eight weeks."))
    standing = ReducedCapacity.objects.filter(seat=by, ended_at=None).first()
    if standing is not None and standing.until == until:
        return standing
    ReducedCapacity.objects.filter(seat=by, ended_at=None).update(ended_at=now)
    return ReducedCapacity.objects.create(seat=by, since=today, until=until)


@transaction.atomic
def end_reduced(*, by: Seat, now: datetime) -> None:
    """It is over, earlier than said."""
    spaces.lock(by.space)
    ReducedCapacity.objects.filter(seat=by, ended_at=None).update(ended_at=now)


@transaction.atomic
def withdraw(*, by: Seat, plan: Plan, number: int, now: datetime) -> None:
    """Take my yes back, until both have given it; raises RuleBroken when it is agreed already."""
    plan = enter(by, plan)
    if Agreement.objects.filter(proposal__plan=plan, proposal__number=number).exists():
        raise RuleBroken(_("You have both said yes. You can let a line rest, or end the agreement, at any time."))
    Approval.objects.filter(proposal__plan=plan, proposal__number=number, seat=by, withdrawn_at=None).update(
        withdrawn_at=now
    )


@transaction.atomic
def release(*, by: Seat, plan: Plan, lineage: UUID, now: datetime) -> Release | None:
    """Let one agreed line rest, at once, without a reason (law 6). None where there is no such line."""
    plan = enter(by, plan)
    agreement = Agreement.objects.filter(plan=plan, ended_at=None).first()
    if agreement is None or not Commitment.objects.filter(proposal=agreement.proposal_id, lineage=lineage).exists():
        return None
    resting, created = Release.objects.get_or_create(
        agreement=agreement, lineage=lineage, defaults={"seat": by, "released_at": now}
    )
    if created:
        checkins.rest_item(space=by.space, lineage=lineage, now=now)
        appointments.end_recurring(space=by.space, source=lineage, now=now)
    return resting


@transaction.atomic
def end_agreement(*, by: Seat, plan: Plan, now: datetime) -> None:
    """End the whole agreement, at once and alone (law 6); its reminders are dropped in the same transaction."""
    plan = enter(by, plan)
    if end_open_agreement(plan, by=by, now=now):
        checkins.close(space=by.space, as_="ended", now=now)
        appointments.end_all_recurring(space=by.space, now=now)


def end_open_agreement(plan: Plan, *, by: Seat, now: datetime) -> int:
    return Agreement.objects.filter(plan=plan, ended_at=None).update(ended_at=now, ended_by=by)
