"""Both at the same instant, on the real database. RACE_ROUNDS sets how often."""

import os
from datetime import timedelta
from functools import partial

import pytest

from apps.checkins.models import CheckIn
from apps.core.errors import RuleBroken, Stale
from apps.me import actions as me
from apps.plans import actions, queries
from apps.plans.models import (
    Agreement,
    Approval,
    Entry,
    Plan,
    Proposal,
    ReducedCapacity,
    Reflection,
    Release,
    Share,
)
from apps.spaces.models import Seat
from tests.plans.helpers import (
    agreed,
    begin,
    full_set,
    live_letters,
    open_check_in,
    opening,
    page_of,
    standing_of,
    stressors,
    together,
    wording,
    words,
    write,
)
from tests.world import World, alone, couple

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]
ROUNDS = int(os.environ.get("RACE_ROUNDS", "30"))
FEWER = max(ROUNDS // 4, 10)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def people():
    return couple("Mara", "Jonas")


@pytest.fixture
def plan(people, now):
    return begin(people, now, up_to="agree")


def saying_yes(someone, plan, number, now):
    return partial(actions.approve, by=someone.seat, plan=plan, number=number, now=now)


def proposing(someone, plan, base, now, what="Tea"):
    """Each version on a day of its own, since five are enough for one."""
    day = now + timedelta(days=base)
    return partial(actions.propose, by=someone.seat, plan=plan, base=base, wording=wording(write(what)), now=day)


def check_agreed_once(people, proposal):
    """One open agreement, on this proposal, with one open check-in and exactly its four letters."""
    assert Agreement.objects.get(plan=proposal.plan_id, ended_at=None).proposal_id == proposal.pk
    check_in = CheckIn.objects.get(space=proposal.plan.space_id, closed_at=None)
    assert live_letters(*people) == full_set(check_in, *people)


def test_both_approve_at_once(people, plan, now):
    """Agreed exactly once, never neither: the second of the two always sees the first."""
    for base in range(ROUNDS):
        proposal = proposing(people[0], plan, base, now, f"Coffee {base}")()
        answers = together(*[saying_yes(someone, plan, proposal.number, now) for someone in people])
        assert sorted(type(answer).__name__ for answer in answers) == ["Agreement", "NoneType"]
        check_agreed_once(people, proposal)
    assert Agreement.objects.count() == CheckIn.objects.count() == ROUNDS
    assert Approval.objects.count() == 2 * ROUNDS


def test_approving_against_an_edit(people, plan, now):
    """The yes counts for the words that were seen, or is stale; a newer version never inherits it."""
    mara, jonas = people
    base, agreements = 0, 0
    for round_ in range(ROUNDS):
        proposal = proposing(mara, plan, base, now, f"Coffee {round_}")()
        saying_yes(mara, plan, proposal.number, now)()
        standing = Agreement.objects.filter(ended_at=None).first()
        yes, edit = together(
            saying_yes(jonas, plan, proposal.number, now), proposing(mara, plan, proposal.number, now, f"Tea {round_}")
        )
        assert isinstance(edit, Proposal)
        assert edit.number == proposal.number + 1
        assert not Agreement.objects.filter(proposal=edit).exists()
        if isinstance(yes, Agreement):
            agreements += 1
            assert yes.proposal_id == proposal.pk
            check_agreed_once(people, proposal)
        else:
            assert type(yes) is Stale
            assert not Approval.objects.filter(proposal=proposal, seat=jonas.seat).exists()
            assert Agreement.objects.filter(ended_at=None).first() == standing
        base = edit.number
    assert Agreement.objects.count() == CheckIn.objects.count() == agreements
    numbers = list(Proposal.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 2 * ROUNDS + 1))


def test_both_reveal_at_once(people, now):
    """Both see both, never stuck; while it happens nobody sees the other's without having shared."""
    seats = [someone.seat for someone in people]
    for round_ in range(ROUNDS):
        plan = begin(people, now, up_to="outside")

        def share(seat, plan=plan, round_=round_):
            body = stressors(f"{seat.name} {round_}")
            return actions.share(by=seat, plan=plan, exercise="stressors", body=body, now=now)

        def look(plan=plan):
            return page_of(people[0], plan, "stressors", now)

        _one, _two, meanwhile = together(partial(share, seats[0]), partial(share, seats[1]), look)
        assert not meanwhile.theirs or meanwhile.mine
        for someone, other in ((people[0], "Jonas"), (people[1], "Mara")):
            page = page_of(someone, plan, "stressors", now)
            assert (len(page.mine), len(page.theirs), page.revealed) == (1, 1, True)
            assert page.theirs[0].shown["items"][0][1].text == f"{other} {round_}"
        assert standing_of(people[0], plan).open_steps["missing"]
        actions.close_plan(by=seats[0], plan=plan, now=now)


def test_leaving_against_approving(now):
    """Gone is gone: whatever came first, nothing is open and no letter waits."""
    agreements = 0
    for round_ in range(ROUNDS):
        people = couple(f"Mara{round_}", f"Jonas{round_}")
        plan = begin(people, now, up_to="agree")
        proposal = proposing(people[0], plan, 0, now)()
        saying_yes(people[0], plan, 1, now)()
        space = plan.space_id
        yes, left = together(
            saying_yes(people[1], plan, proposal.number, now), partial(me.leave, seat=people[0].seat, now=now)
        )
        assert left is None
        if isinstance(yes, Agreement):
            agreements += 1
            assert CheckIn.objects.get(space=space).closed_as == "left"
        else:
            assert type(yes) is RuleBroken
            assert not Approval.objects.filter(proposal=proposal, seat__user=people[1].user).exists()
            assert not CheckIn.objects.filter(space=space).exists()
        assert Agreement.objects.filter(plan=plan).count() == isinstance(yes, Agreement)
        assert not Agreement.objects.filter(plan=plan, ended_at=None).exists()
        assert not Seat.objects.filter(space=space, left_at=None).exists()
        assert Plan.objects.get(pk=plan.pk).closed_at == now
        assert live_letters(*people) == set()
    assert Agreement.objects.count() == agreements


def test_sharing_against_undoing(people, now):
    """Either the first share is gone and was never seen, or both are open to both."""
    mara, jonas = people[0].seat, people[1].seat
    for _round in range(FEWER):
        plan = begin(people, now, up_to="outside")
        share = partial(actions.share, plan=plan, exercise="stressors", now=now)
        share(by=mara, body=stressors("The move"))

        def share_and_look(share=share, plan=plan):
            share(by=jonas, body=stressors("The shifts"))
            return page_of(people[1], plan, "stressors", now)

        undone, looked = together(
            partial(actions.undo_share, by=mara, plan=plan, exercise="stressors", version=1, now=now + MINUTE),
            share_and_look,
        )
        pages = [page_of(someone, plan, "stressors", now) for someone in people]
        if undone is None:
            assert looked.theirs == []
            assert [(len(page.mine), len(page.theirs)) for page in pages] == [(0, 0), (1, 0)]
        else:
            assert type(undone) is RuleBroken
            assert [(len(page.mine), len(page.theirs)) for page in (*pages, looked)] == [(1, 1)] * 3
        actions.close_plan(by=mara, plan=plan, now=now)


def test_both_choose_the_door_and_both_have_talked_at_once(people, now):
    for _round in range(FEWER):
        plan = actions.open_plan(by=people[0].seat, now=now)
        together(*[partial(actions.choose_door, by=someone.seat, plan=plan, now=now) for someone in people])
        assert standing_of(people[0], plan).door
        together(*[partial(actions.talked, by=someone.seat, plan=plan, step="ask", now=now) for someone in people])
        assert standing_of(people[1], plan).open_steps["listen"]
        numbers = Entry.objects.filter(plan=plan).order_by("exercise", "number").values_list("exercise", "number")
        assert list(numbers) == [("aloud:ask", 1), ("aloud:ask", 2), ("door", 1), ("door", 2)]
        actions.close_plan(by=people[0].seat, plan=plan, now=now)


def test_a_double_click_of_everything(people, now):
    """Both presses of one button at the same instant have one effect, and both are answered as if alone."""
    mara, jonas = people[0].seat, people[1].seat
    for _round in range(FEWER):
        plans = together(*[partial(actions.open_plan, by=mara, now=now)] * 2)
        assert plans[0].pk == plans[1].pk
        plan = begin(people, now, up_to="agree")

        def twice(action, plan=plan, **facts):
            first, second = together(*[partial(action, plan=plan, now=now, **facts)] * 2)
            assert first == second, (first, second)
            return first

        twice(actions.save_draft, by=mara, exercise="evening", body=words("an evening"), base=0)
        twice(actions.add_entry, by=mara, exercise="memories", body=words("the lake"))
        assert Entry.objects.filter(plan=plan, exercise="memories").count() == 1
        twice(actions.share, by=mara, exercise="telling", body=words("a hard year"))
        assert Share.objects.filter(plan=plan, exercise="telling").count() == 1
        twice(actions.reflect, by=jonas, exercise="telling", text="I hear a hard year")
        assert Reflection.objects.filter(share__plan=plan).count() == 1
        twice(actions.answer_reflection, by=mara, exercise="telling", verdict="almost", number=1)
        proposal = twice(actions.propose, by=mara, base=0, wording=wording())
        assert Proposal.objects.filter(plan=plan).count() == 1
        twice(actions.approve, by=mara, number=1)
        assert Approval.objects.filter(proposal=proposal).count() == 1
        twice(actions.approve, by=jonas, number=1)
        check_agreed_once(people, proposal)
        lineage = proposal.commitments.get().lineage
        twice(actions.release, by=jonas, lineage=lineage)
        assert Release.objects.filter(agreement__plan=plan).count() == 1
        twice(actions.close_plan, by=mara)
        assert Agreement.objects.filter(plan=plan, ended_at=now).count() == 1


def test_both_edit_at_once(people, plan, now):
    """One new version; the other's words come back to them as stale."""
    for base in range(FEWER):
        answers = together(*[proposing(someone, plan, base, now, f"{someone.user.name} {base}") for someone in people])
        assert sorted(type(answer).__name__ for answer in answers) == ["Proposal", "Stale"]
    assert Proposal.objects.count() == FEWER


def test_resting_a_line_against_a_newer_agreement(people, plan, now):
    """The line rests in the old agreement or not at all; the new one has all its letters either way."""
    mara, jonas = people
    world = World(owner=mara, partner=jonas, outsider=alone("Zoe"))
    for round_ in range(FEWER):
        older = agreed(world, now, plan, write(f"Coffee {round_}"), base=2 * round_)
        lineage = older.proposal.commitments.get().lineage
        proposal = proposing(mara, plan, 2 * round_ + 1, now, f"Tea {round_}")()
        saying_yes(mara, plan, proposal.number, now)()
        together(
            saying_yes(jonas, plan, proposal.number, now),
            partial(actions.release, by=mara.seat, plan=plan, lineage=lineage, now=now),
        )
        check_agreed_once(people, proposal)


def test_ending_against_a_newer_agreement(people, plan, now):
    """What ends is what stood: afterwards the newer agreement holds with its letters, or nothing does with none."""
    mara, jonas = people
    world = World(owner=mara, partner=jonas, outsider=alone("Zoe"))
    base = 0
    for round_ in range(FEWER):
        agreed(world, now, plan, write(f"Coffee {round_}"), base=base)
        proposal = proposing(mara, plan, base + 1, now, f"Tea {round_}")()
        saying_yes(mara, plan, proposal.number, now)()
        together(
            saying_yes(jonas, plan, proposal.number, now),
            partial(actions.end_agreement, by=mara.seat, plan=plan, now=now),
        )
        if Agreement.objects.filter(plan=plan, ended_at=None).exists():
            check_agreed_once(people, proposal)
        else:
            assert open_check_in(plan.space_id) is None
            assert live_letters(*people) == set()
        base = proposal.number


def test_two_texts_of_one_exercise_at_once(people, plan, now):
    """The same revision from two windows: one is kept, the other is told so."""
    seat = people[0].seat
    for round_ in range(FEWER):
        answers = together(
            *[
                partial(
                    actions.save_draft,
                    by=seat,
                    plan=plan,
                    exercise="opening",
                    body=opening(f"{window} {round_}"),
                    base=round_,
                    now=now,
                )
                for window in ("left", "right")
            ]
        )
        kinds = sorted(type(answer).__name__ for answer in answers)
        assert kinds == ["Draft", "Stale"]


def test_five_a_day_also_at_once(people, plan, now):
    """Four stand; two more of the same person at the same instant: one is the fifth, one is refused."""
    for base in range(4):
        actions.propose(by=people[0].seat, plan=plan, base=base, wording=wording(write(f"Tea {base}")), now=now)
    last = [
        partial(actions.propose, by=people[0].seat, plan=plan, base=4, wording=wording(write(what)), now=now)
        for what in ("Coffee", "Cake")
    ]
    assert sorted(type(answer).__name__ for answer in together(*last)) == ["Proposal", "Stale"]
    assert Proposal.objects.count() == 5


def test_both_agree_to_a_summary_at_once_while_it_changes(people, plan, now):
    """Each half counts for the words that were seen; a change beside it leaves no half for words nobody saw."""
    for number in range(FEWER):
        digests = {part.digest for part in queries.summary(standing_of(people[0], plan)).parts}
        agreeing = [
            partial(actions.agree_to_summary, by=someone.seat, plan=plan, digests=digests, now=now)
            for someone in people
        ]
        changing = partial(actions.set_focus, by=people[0].seat, plan=plan, text=f"Evenings {number}", now=now)
        answers = together(*agreeing, changing)
        shown = queries.summary(standing_of(people[1], plan))
        given = sum(answer is None for answer in answers)
        assert {part.key for part in shown.agreed} == ({"steps"} if given == 2 else set())
        for someone in people:
            actions.leave_summary(by=someone.seat, plan=plan)


def test_less_to_give_is_said_once(people, plan, now):
    for days in range(FEWER):
        until = now.date() + timedelta(days=days)
        saying = partial(actions.reduce, by=people[0].seat, until=until, now=now)
        together(saying, saying, partial(actions.end_reduced, by=people[0].seat, now=now))
        assert ReducedCapacity.objects.filter(ended_at=None).count() in (0, 1)
        assert ReducedCapacity.objects.exclude(until=until).filter(ended_at=None).count() == 0
