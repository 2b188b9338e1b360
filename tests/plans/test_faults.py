"""The whole way of two people with every button pressed twice: the second press changes not one byte."""

from pathlib import Path

import pytest

from apps.me import actions as me
from apps.plans import actions, queries
from apps.plans.models import Commitment, Proposal
from apps.plans.proposals import Keep
from tests.plans.helpers import (
    fixed_time,
    needs,
    opening,
    pair,
    snapshot,
    standing_of,
    stressors,
    wording,
    words,
    write,
)


@pytest.fixture
def press(world, now):
    """Presses twice, and is answered the same."""
    space = world.owner.seat.space_id

    def twice(action, someone, plan=None, *, timeless=False, **facts):
        facts |= {"by": someone.seat} | ({} if plan is None else {"plan": plan}) | ({} if timeless else {"now": now})
        answer = action(**facts)
        after = snapshot(space)
        assert action(**facts) == answer
        assert snapshot(space) == after, action.__name__
        return answer

    return twice


def test_every_press_counts_once(world, now, press):
    mara, jonas = pair(world)
    plan = press(actions.open_plan, mara)
    press(actions.choose_guide, mara, slug="bridge")
    for someone in (mara, jonas):
        press(actions.save_draft, someone, plan, exercise="evening", body=words("more quiet talk"), base=0)
        press(actions.add_entry, someone, plan, exercise="memories", body=words("the lake"))
        press(actions.choose_door, someone, plan)
    press(actions.leave_door, mara, plan, timeless=True)
    press(actions.set_focus, mara, plan, text="Evenings")
    press(actions.share, mara, plan, exercise="opening", body=opening())
    press(actions.undo_share, mara, plan, exercise="opening", version=1)
    for someone in (mara, jonas):
        press(actions.share, someone, plan, exercise="opening", body=opening(f"{someone.user.name} says"))
    press(actions.reply, jonas, plan, exercise="opening", body={"understood": "That sounds tiring", "words": "Yes"})
    press(actions.take_back, mara, plan, exercise="opening")
    entry = {"on": "2026-03-02", "sign": "", "words": "We laughed", "good": True}
    press(actions.keep_item, mara, plan, exercise="observations", item=entry)
    press(actions.remove_item, mara, plan, exercise="observations", item="2026-03-02")
    for speaker, listener in ((mara, jonas), (jonas, mara)):
        press(actions.share, speaker, plan, exercise="telling", body=words("a hard year"))
        press(actions.save_draft, listener, plan, exercise="telling:said-back", body={"text": "I hear"}, base=0)
        press(actions.reflect, listener, plan, exercise="telling", text="I hear")
        press(actions.answer_reflection, speaker, plan, exercise="telling", verdict="almost", number=1)
        press(actions.reflect, listener, plan, exercise="telling", text="I hear better")
        press(actions.leave_for_today, listener, plan, exercise="telling", speaker=speaker.seat.number)
    press(actions.talked, mara, plan, step="outside")
    press(actions.untalked, mara, plan, step="outside", timeless=True)
    for someone in (mara, jonas):
        press(actions.share, someone, plan, exercise="stressors", body=stressors())
    for someone in (mara, jonas):
        press(actions.share, someone, plan, exercise="needs", body=needs(f"{someone.user.name} wonders"))
        press(actions.drop_guess, mara, plan, exercise="needs") if someone is mara else None
    press(actions.answer_guess, mara, plan, exercise="needs", answer="close")
    press(actions.answer_guess, mara, plan, exercise="needs", answer="not-quite")
    for someone in (mara, jonas):
        press(actions.talked, someone, plan, step="agree")
    idea = {"text": "Row on the lake", "minutes": 60, "cost": "none", "energy": "low", "novelty": "new"}
    press(actions.add_idea, mara, plan, exercise="deck", body=idea)
    for someone in (mara, jonas):
        press(actions.share, someone, plan, exercise="deck", body={"picks": ["read-aloud"], "round": 1})
    done = {"idea": "read-aloud", "on": now.date(), "today": now.date()}
    press(actions.did, jonas, plan, exercise="deck", **done)
    press(actions.correct_entry, mara, plan, exercise="memories", number=1, body=words("the lake in the rain"))
    press(actions.take_entry_back, mara, plan, exercise="memories", number=1)
    press(actions.undo_entry, jonas, plan, exercise="memories", number=2)
    press(actions.save_draft, mara, plan, exercise="agreement", body={"base": 0, "typed": {}}, base=0)
    press(actions.clear_draft, mara, plan, exercise="agreement", timeless=True)
    press(actions.propose, mara, plan, base=0, wording=wording(write("Coffee"), write("I call", both=False)))
    press(actions.approve, mara, plan, number=1)
    press(actions.withdraw, mara, plan, number=1)
    coffee, call = Commitment.objects.order_by("position").values_list("lineage", flat=True)
    changed = wording(write("Tea", lineage=coffee), Keep(call), write("I cook", both=False), fixed_time(), asks=True)
    press(actions.propose, jonas, plan, base=1, wording=changed)
    press(actions.say_thought, mara, plan, number=2, text="Tea is good")
    for someone in (mara, jonas):
        press(actions.approve, someone, plan, number=2)
    press(actions.reduce, mara, until=now.date())
    press(actions.end_reduced, mara)
    digests = {part.digest for part in queries.summary(standing_of(mara, plan)).parts}
    for someone in (mara, jonas):
        press(actions.agree_to_summary, someone, plan, digests=digests)
    press(actions.leave_summary, mara, plan, timeless=True)
    press(actions.release, mara, plan, lineage=call)
    press(actions.propose, mara, plan, base=2, wording=wording(Keep(coffee)))
    for someone in (mara, jonas):
        press(actions.approve, someone, plan, number=3)
    press(actions.end_agreement, jonas, plan)
    assert Proposal.objects.count() == 3
    assert standing_of(mara, plan).done == 6
    press(actions.close_plan, mara, plan)
    seat = jonas.seat
    me.leave(seat=seat, now=now)
    after = snapshot(seat.space_id)
    me.leave(seat=seat, now=now)
    assert snapshot(seat.space_id) == after


def test_every_verb_is_pressed_above():
    """A new verb needs its second press in this file."""
    source = Path(__file__).read_text()
    within_others = {"close_all", "move_private", "give_mark"}
    verbs = {name for name in actions.__all__ if name.islower()} - within_others
    assert {name for name in verbs if f"actions.{name}," not in source} == set()
    assert len(verbs) >= 20
