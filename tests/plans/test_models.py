"""What the database itself refuses, whatever the code above it does."""

from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from apps.plans import actions
from apps.plans.models import (
    Agreement,
    Approval,
    Commitment,
    Draft,
    Entry,
    Plan,
    Proposal,
    ReducedCapacity,
    Reflection,
    Release,
    Share,
)
from tests.plans.helpers import words


class Facts:
    """Makes rows of a plan with what they need; each call can change some of it."""

    def __init__(self, plan, seat, other, now):
        self.of_plan, self.seat, self.other, self.now = {"plan": plan}, seat, other, now

    def plan(self, **changes):
        closed = {"closed_at": self.now, "closed_by": self.seat}
        usual = {"space": self.seat.space, "number": 2, "guide": "bridge", "version": 1, "opened_at": self.now}
        return Plan.objects.create(**usual | closed | {"opened_by": self.seat} | changes)

    def draft(self, **changes):
        usual = self.of_plan | {"seat": self.seat, "exercise": "evening", "body": words("x")}
        return Draft.objects.create(**usual | {"created_at": self.now, "updated_at": self.now} | changes)

    def share(self, **changes):
        usual = self.of_plan | {"seat": self.seat, "exercise": "telling", "version": 1}
        return Share.objects.create(**usual | {"body": {}, "shared_at": self.now} | changes)

    def entry(self, **changes):
        usual = self.of_plan | {"seat": self.seat, "exercise": "memories", "number": 1}
        return Entry.objects.create(**usual | {"body": {}, "created_at": self.now} | changes)

    def reflection(self, **changes):
        usual = {"number": 1, "seat": self.other, "body": "I hear", "sent_at": self.now}
        return Reflection.objects.create(**usual | changes)

    def proposal(self, **changes):
        follow_up = {"follow_up_date": date(2026, 3, 17), "follow_up_hour": 18, "follow_up_zone": "UTC"}
        usual = self.of_plan | follow_up | {"number": 1, "seat": self.seat, "rhythm": "2w", "wishes": []}
        return Proposal.objects.create(**usual | {"fingerprint": "", "created_at": self.now} | changes)

    def line(self, **changes):
        return Commitment.objects.create(**{"position": 1, "seat": self.seat, "words": {}} | changes)

    def yes(self, **changes):
        return Approval.objects.create(**{"seat": self.seat, "given_at": self.now} | changes)

    def agreement(self, **changes):
        return Agreement.objects.create(**self.of_plan | {"agreed_at": self.now} | changes)

    def release(self, **changes):
        usual = {"lineage": uuid4(), "seat": self.seat, "released_at": self.now}
        return Release.objects.create(**usual | changes)


@pytest.fixture
def facts(world, now):
    plan = actions.open_plan(by=world.owner.seat, now=now)
    return Facts(plan, world.owner.seat, world.partner.seat, now)


@contextmanager
def refused_by(constraint):
    """The database refuses, by the constraint of this name."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.diag.constraint_name == constraint


def test_one_open_plan_per_space(facts):
    with refused_by("one_open_plan_per_space"):
        facts.plan(closed_at=None, closed_by=None)
    facts.plan()


def test_plan_numbers_count_within_their_space(facts, world):
    with refused_by("plan_number_counts_within_its_space"):
        facts.plan(number=1)
    facts.plan(space=world.outsider.seat.space, number=1)


def test_a_plan_is_closed_at_a_time_and_by_somebody(facts, now):
    with refused_by("plan_closed_at_and_by_together"):
        facts.plan(closed_by=None)
    with refused_by("plan_closed_at_and_by_together"):
        Plan.objects.update(closed_by=facts.seat)


def test_a_focus_has_its_time_and_its_writer(facts, now):
    with refused_by("plan_focus_at_and_by_together"):
        Plan.objects.update(focus_at=now)
    with refused_by("plan_focus_at_and_by_together"):
        Plan.objects.update(focus_by=facts.seat)
    Plan.objects.update(focus_at=now, focus_by=facts.seat)


def test_one_draft_per_seat_and_exercise(facts):
    facts.draft()
    with refused_by("one_draft_per_seat_and_exercise"):
        facts.draft()
    facts.draft(seat=facts.other)
    facts.draft(exercise="stance")


def test_share_versions_count_within_an_exercise(facts):
    facts.share()
    with refused_by("share_versions_count_within_an_exercise"):
        facts.share()
    facts.share(version=2)
    facts.share(seat=facts.other)


def test_entry_numbers_count_within_an_exercise_over_both(facts):
    facts.entry()
    with refused_by("entry_numbers_count_within_an_exercise"):
        facts.entry(seat=facts.other)
    facts.entry(exercise="aloud:ask")


def test_one_mark_per_seat(facts):
    facts.entry(exercise="door", kind="mark")
    with refused_by("one_mark_per_seat"):
        facts.entry(exercise="door", kind="mark", number=2)
    facts.entry(exercise="door", kind="mark", number=2, seat=facts.other)
    facts.entry(number=3)
    facts.entry(number=4)


def test_a_mark_is_given_or_not_there(facts, now):
    facts.entry(taken_back_at=now)
    with refused_by("a_mark_is_given_or_not_there"):
        facts.entry(exercise="door", kind="mark", taken_back_at=now)


def test_reflections_count_within_a_share(facts, now):
    share = facts.share()
    facts.reflection(share=share, verdict="almost", answered_at=now)
    with refused_by("reflections_count_within_a_share"):
        facts.reflection(share=share)
    facts.reflection(share=share, number=2)


def test_one_open_reflection_per_share(facts, now):
    share = facts.share()
    facts.reflection(share=share)
    with refused_by("one_open_reflection_per_share"):
        facts.reflection(share=share, number=2)
    Reflection.objects.update(rested_at=now, rested_by=facts.seat)
    facts.reflection(share=share, number=2)


def test_a_verdict_has_its_time(facts, now):
    share = facts.share()
    with refused_by("reflection_verdict_and_time_together"):
        facts.reflection(share=share, verdict="heard")
    with refused_by("reflection_verdict_and_time_together"):
        facts.reflection(share=share, answered_at=now)


def test_a_rest_has_its_time_and_who_chose_it(facts, now):
    share = facts.share()
    with refused_by("reflection_rested_at_and_by_together"):
        facts.reflection(share=share, rested_at=now)
    with refused_by("reflection_rested_at_and_by_together"):
        facts.reflection(share=share, rested_by=facts.seat)


def test_proposal_numbers_count_within_a_plan(facts):
    facts.proposal()
    with refused_by("proposal_numbers_count_within_a_plan"):
        facts.proposal(seat=facts.other)
    facts.proposal(number=2)


@pytest.mark.parametrize("hour", [8, 20])
def test_both_look_back_by_day(facts, hour):
    with refused_by("follow_up_hour_between_9_and_19"):
        facts.proposal(follow_up_hour=hour)
    for number, good in enumerate((9, 19), start=1):
        facts.proposal(number=number, follow_up_hour=good)


def test_one_line_per_position_and_five_at_most(facts):
    proposal = facts.proposal()
    for position in range(1, 6):
        facts.line(proposal=proposal, position=position)
    with refused_by("one_line_per_position"):
        facts.line(proposal=proposal, position=3)
    for position in (0, 6):
        with refused_by("five_lines_at_most"):
            facts.line(proposal=proposal, position=position)


def test_one_line_per_lineage_in_a_proposal(facts):
    first, second, lineage = facts.proposal(), facts.proposal(number=2), uuid4()
    facts.line(proposal=first, lineage=lineage)
    with refused_by("one_line_per_lineage_in_a_proposal"):
        facts.line(proposal=first, lineage=lineage, position=2)
    facts.line(proposal=second, lineage=lineage)


def test_one_writes_ones_own_part(facts):
    proposal = facts.proposal()
    with refused_by("one_writes_ones_own_part"):
        facts.line(proposal=proposal, for_seat=facts.other)
    facts.line(proposal=proposal, for_seat=facts.seat)
    facts.line(proposal=proposal, position=2)


def test_an_answer_has_its_time_its_writer_and_its_question(facts, now):
    facts.proposal(asks=True)
    with refused_by("proposal_answered_at_and_by_together_where_it_asks"):
        Proposal.objects.update(answered_at=now)
    with refused_by("proposal_answered_at_and_by_together_where_it_asks"):
        Proposal.objects.update(answered_by=facts.other)
    with refused_by("proposal_answered_at_and_by_together_where_it_asks"):
        Proposal.objects.update(asks=False, answered_at=now, answered_by=facts.other)
    with refused_by("nobody_answers_their_own_question"):
        Proposal.objects.update(answered_at=now, answered_by=facts.seat)
    Proposal.objects.update(answered_at=now, answered_by=facts.other)


def test_less_to_give_is_said_once_and_for_eight_weeks_at_most(facts, now):
    today = now.date()
    for days in (-1, 57):
        with refused_by("reduced_capacity_for_eight_weeks_at_most"):
            ReducedCapacity.objects.create(seat=facts.seat, since=today, until=today + timedelta(days=days))
    ReducedCapacity.objects.create(seat=facts.seat, since=today, until=today + timedelta(days=56))
    with refused_by("one_reduced_capacity_per_seat"):
        ReducedCapacity.objects.create(seat=facts.seat, since=today, until=today)
    ReducedCapacity.objects.create(seat=facts.seat, since=today, until=today, ended_at=now)
    ReducedCapacity.objects.create(seat=facts.other, since=today, until=today)


def test_one_standing_yes_per_seat(facts, now):
    proposal = facts.proposal()
    facts.yes(proposal=proposal)
    with refused_by("one_standing_yes_per_seat"):
        facts.yes(proposal=proposal)
    facts.yes(proposal=proposal, seat=facts.other)
    Approval.objects.update(withdrawn_at=now)
    facts.yes(proposal=proposal)


def test_one_open_agreement_per_plan(facts, now):
    first, second = facts.proposal(), facts.proposal(number=2)
    facts.agreement(proposal=first)
    with refused_by("one_open_agreement_per_plan"):
        facts.agreement(proposal=second)
    Agreement.objects.update(ended_at=now, ended_by=facts.seat)
    facts.agreement(proposal=second)


def test_a_proposal_is_agreed_once(facts, now):
    proposal = facts.proposal()
    facts.agreement(proposal=proposal, ended_at=now, ended_by=facts.seat)
    with pytest.raises(IntegrityError, match="proposal_id"), transaction.atomic():
        facts.agreement(proposal=proposal)


def test_an_agreement_ends_at_a_time_and_by_somebody(facts, now):
    proposal = facts.proposal()
    with refused_by("agreement_ended_at_and_by_together"):
        facts.agreement(proposal=proposal, ended_at=now)
    with refused_by("agreement_ended_at_and_by_together"):
        facts.agreement(proposal=proposal, ended_by=facts.seat)


def test_a_superseded_agreement_has_ended(facts, now):
    newer = facts.agreement(proposal=facts.proposal(), ended_at=now, ended_by=facts.seat)
    with refused_by("a_superseded_agreement_has_ended"):
        facts.agreement(proposal=facts.proposal(number=2), superseded_by=newer)


def test_a_line_rests_once(facts):
    agreement, lineage = facts.agreement(proposal=facts.proposal()), uuid4()
    facts.release(agreement=agreement, lineage=lineage)
    with refused_by("a_line_rests_once"):
        facts.release(agreement=agreement, lineage=lineage, seat=facts.other)
    facts.release(agreement=agreement)


def test_every_constraint_of_the_walk_is_tried_here():
    """A new constraint needs a test in this file."""
    source = Path(__file__).read_text()
    models = apps.get_app_config("plans").get_models()
    names = {constraint.name for model in models for constraint in model._meta.constraints}
    assert {name for name in names if f'refused_by("{name}")' not in source} == set()
    assert len(names) >= 20
