"""What each verb does, what it does not do, and that a second press does nothing."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from apps.checkins import actions as checkins
from apps.checkins.actions import AGREED, REMINDER
from apps.checkins.models import CheckIn, Item
from apps.core.errors import RuleBroken, Stale
from apps.me import actions as me
from apps.outbox.models import Letter
from apps.plans import actions
from apps.plans.models import Agreement, Approval, Commitment, Draft, Entry, Plan, Proposal, Reflection, Release, Share
from apps.plans.proposals import Keep
from apps.spaces import actions as spaces
from apps.spaces.models import Invitation, Space
from tests.plans.helpers import (
    DAY,
    WHAT,
    agreed,
    begin,
    full_set,
    live_letters,
    opening,
    page_of,
    pair,
    snapshot,
    standing_of,
    stressors,
    wording,
    words,
    write,
)
from tests.world import alone

NOT_OPEN = "This opens when you have both chosen it. There is nothing you need to do."
CLOSED = "This plan is closed. What you wrote in it stays yours."
MINUTE = timedelta(minutes=1)


def refused(space_id, work, *, sentence="", error=RuleBroken):
    """`work` raises this error with this sentence, and nothing is changed."""
    before = snapshot(space_id)
    with pytest.raises(error) as caught:
        work()
    assert type(caught.value) is error
    assert sentence in caught.value.message
    assert snapshot(space_id) == before


def lines_of(proposal):
    lines = Commitment.objects.filter(proposal=proposal).order_by("position").select_related("seat", "for_seat")
    return [(line.seat.number, line.for_seat.number if line.for_seat else 0, line.words["what"]) for line in lines]


def lineages(proposal):
    return list(Commitment.objects.filter(proposal=proposal).order_by("position").values_list("lineage", flat=True))


@pytest.fixture
def plan(world, now):
    """Mara and Jonas with an open plan, before the door."""
    return actions.open_plan(by=world.owner.seat, now=now)


@pytest.fixture
def walking(world, now):
    """Mara and Jonas at the first joint step."""
    return begin(pair(world), now)


@pytest.fixture
def agreeing(world, now):
    """Mara and Jonas at the step in which they agree."""
    return begin(pair(world), now, up_to="agree")


# --- the plan itself --------------------------------------------------------------------------------------------------


def test_a_plan_is_opened_once_and_pins_its_guide(world, now):
    first = actions.open_plan(by=world.owner.seat, now=now)
    again = actions.open_plan(by=world.partner.seat, now=now + MINUTE)
    assert (first.pk, first.number, first.guide, first.version) == (again.pk, 1, "bridge", 2)
    assert Plan.objects.count() == 1


def test_the_next_plan_has_the_next_number(world, now, plan):
    actions.close_plan(by=world.partner.seat, plan=plan, now=now)
    assert actions.open_plan(by=world.owner.seat, now=now).number == 2


def test_no_plan_opens_in_a_space_that_was_closed_meanwhile(world, now):
    seat = world.owner.seat
    me.leave(seat=world.partner.seat, now=now)
    refused(seat.space_id, lambda: actions.open_plan(by=seat, now=now), sentence=CLOSED)


def test_letting_the_plan_rest_ends_its_agreement_and_the_letters(world, now, agreeing):
    agreed(world, now, agreeing)
    actions.close_plan(by=world.partner.seat, plan=agreeing, now=now + MINUTE)
    plan = Plan.objects.get()
    assert (plan.closed_at, plan.closed_by) == (now + MINUTE, world.partner.seat)
    assert Agreement.objects.get().ended_at == now + MINUTE
    assert CheckIn.objects.get().closed_as == "ended"
    assert live_letters(*pair(world)) == set()


def test_letting_it_rest_twice_keeps_the_first_time(world, now, plan):
    actions.close_plan(by=world.partner.seat, plan=plan, now=now)
    actions.close_plan(by=world.owner.seat, plan=plan, now=now + MINUTE)
    assert (Plan.objects.get().closed_at, Plan.objects.get().closed_by) == (now, world.partner.seat)


def test_nothing_is_written_into_a_closed_plan(world, now, agreeing):
    proposal = actions.propose(by=world.owner.seat, plan=agreeing, base=0, wording=wording(), now=now)
    by, space = world.owner.seat, world.owner.seat.space_id
    actions.close_plan(by=by, plan=agreeing, now=now)
    common = {"by": by, "plan": agreeing}
    for work in (
        lambda: actions.save_draft(**common, exercise="evening", body=words("x"), base=0, now=now),
        lambda: actions.share(**common, exercise="opening", body=opening(), now=now),
        lambda: actions.undo_share(**common, exercise="opening", now=now),
        lambda: actions.take_back(**common, exercise="opening", now=now),
        lambda: actions.add_entry(**common, exercise="memories", body=words("lake"), now=now),
        lambda: actions.choose_door(**common, now=now),
        lambda: actions.talked(**common, step="ask", now=now),
        lambda: actions.untalked(**common, step="ask"),
        lambda: actions.reflect(**common, exercise="telling", text="I hear", now=now),
        lambda: actions.answer_reflection(**common, exercise="telling", verdict="heard", number=1, now=now),
        lambda: actions.leave_for_today(**common, exercise="telling", speaker=1, now=now),
        lambda: actions.set_focus(**common, text="evenings", now=now),
        lambda: actions.propose(**common, base=1, wording=wording(), now=now),
        lambda: actions.approve(**common, number=proposal.number, now=now),
        lambda: actions.withdraw(**common, number=proposal.number, now=now),
        lambda: actions.release(**common, lineage=uuid4(), now=now),
        lambda: actions.end_agreement(**common, now=now),
    ):
        refused(space, work, sentence=CLOSED)


def test_somebody_elses_plan_is_no_plan(world, now, walking):
    stranger = world.outsider.seat
    refused(
        walking.space_id,
        lambda: actions.save_draft(by=stranger, plan=walking, exercise="evening", body=words("x"), base=0, now=now),
        sentence=CLOSED,
    )
    actions.close_plan(by=stranger, plan=walking, now=now)
    actions.clear_draft(by=stranger, plan=walking, exercise="evening")
    assert Plan.objects.get(pk=walking.pk).closed_at is None


def test_the_focus_opens_with_the_door_and_either_may_set_it(world, now, plan):
    space = plan.space_id
    refused(
        space, lambda: actions.set_focus(by=world.owner.seat, plan=plan, text="Evenings", now=now), sentence=NOT_OPEN
    )
    begin(pair(world), now)
    actions.set_focus(by=world.owner.seat, plan=plan, text="Evenings", now=now)
    actions.set_focus(by=world.partner.seat, plan=plan, text="Sundays", now=now + MINUTE)
    stored = Plan.objects.get()
    assert (stored.focus, stored.focus_by, stored.focus_at) == ("Sundays", world.partner.seat, now + MINUTE)


# --- writing alone ----------------------------------------------------------------------------------------------------


def save(someone, plan, text, now, *, base=0, key="evening"):
    return actions.save_draft(by=someone.seat, plan=plan, exercise=key, body=words(text), base=base, now=now)


def test_a_draft_counts_its_revisions(world, now, plan):
    assert save(world.owner, plan, "one", now).revision == 1
    changed = save(world.owner, plan, "two", now + MINUTE, base=1)
    assert (changed.revision, changed.updated_at, changed.body) == (2, now + MINUTE, words("two"))
    assert Draft.objects.count() == 1


def test_the_same_text_twice_changes_nothing(world, now, plan):
    save(world.owner, plan, "one", now)
    before = snapshot(plan.space_id)
    assert save(world.owner, plan, "one", now + MINUTE).revision == 1
    assert snapshot(plan.space_id) == before


def test_a_text_from_another_window_is_not_lost(world, now, plan):
    save(world.owner, plan, "one", now)
    save(world.owner, plan, "two", now, base=1)
    refused(plan.space_id, lambda: save(world.owner, plan, "three", now, base=1), error=Stale)
    assert Draft.objects.select_related("seat").get().body == words("two")


def test_each_has_a_draft_of_their_own(world, now, plan):
    save(world.owner, plan, "mine", now)
    save(world.partner, plan, "mine too", now)
    assert Draft.objects.count() == 2
    actions.clear_draft(by=world.owner.seat, plan=plan, exercise="evening")
    assert Draft.objects.select_related("seat").get().seat == world.partner.seat


# --- sharing ----------------------------------------------------------------------------------------------------------


def share(someone, plan, now, *, key="opening", body=None):
    return actions.share(by=someone.seat, plan=plan, exercise=key, body=body or opening(), now=now)


def test_a_share_is_numbered_and_keeps_its_prompt(world, now, walking):
    first = share(world.owner, walking, now)
    second = share(world.owner, walking, now, body=opening("Other words"))
    assert [first.version, second.version] == [1, 2]
    assert first.prompt == second.prompt != ""
    assert Share.objects.select_related("seat").get(version=1).body == opening()


def test_the_same_words_are_the_same_share(world, now, walking):
    share(world.owner, walking, now)
    before = snapshot(walking.space_id)
    assert share(world.owner, walking, now + MINUTE).version == 1
    assert snapshot(walking.space_id) == before


def test_nothing_is_shared_before_the_door(world, now, plan):
    actions.choose_door(by=world.owner.seat, plan=plan, now=now)
    refused(plan.space_id, lambda: share(world.owner, plan, now), sentence=NOT_OPEN)


def test_nothing_is_shared_before_its_step(world, now, walking):
    refused(
        walking.space_id,
        lambda: share(world.owner, walking, now, key="stressors", body=stressors()),
        sentence=NOT_OPEN,
    )


def test_the_private_is_never_shared(world, now, walking):
    refused(
        walking.space_id, lambda: share(world.owner, walking, now, key="evening", body=words("x y")), sentence=NOT_OPEN
    )


def test_what_is_of_both_is_added_and_not_shared(world, now, walking):
    refused(
        walking.space_id,
        lambda: share(world.owner, walking, now, key="memories", body=words("lake")),
        sentence=NOT_OPEN,
    )


def test_one_alone_shares_nothing(lone, now):
    plan = actions.open_plan(by=lone.seat, now=now)
    actions.choose_door(by=lone.seat, plan=plan, now=now)
    for key, body in (("opening", opening()), ("memories", words("lake"))):
        refused(plan.space_id, lambda key=key, body=body: share(lone, plan, now, key=key, body=body), sentence=NOT_OPEN)
    refused(
        plan.space_id,
        lambda: actions.add_entry(by=lone.seat, plan=plan, exercise="memories", body=words("lake"), now=now),
        sentence=NOT_OPEN,
    )
    refused(
        plan.space_id,
        lambda: actions.propose(by=lone.seat, plan=plan, base=0, wording=wording(), now=now),
        sentence=NOT_OPEN,
    )


def test_a_dot_opens_nothing(world, now):
    plan = begin(pair(world), now, up_to="outside")
    share(world.owner, plan, now, key="stressors", body=stressors("The move"))
    refused(
        plan.space_id,
        lambda: share(world.partner, plan, now, key="stressors", body=stressors(".")),
        sentence="A needed part is still empty.",
    )
    assert page_of(world.partner, plan, "stressors", now).theirs == []


def undo(someone, plan, now, *, key="opening", version=None):
    actions.undo_share(by=someone.seat, plan=plan, exercise=key, version=version, now=now)


def test_an_undone_share_was_never_there(world, now, walking):
    share(world.owner, walking, now)
    undo(world.owner, walking, now + 9 * MINUTE)
    assert not Share.objects.exists()
    assert share(world.owner, walking, now + 10 * MINUTE).version == 1


def test_after_ten_minutes_it_stays(world, now, walking):
    share(world.owner, walking, now)
    refused(
        walking.space_id,
        lambda: undo(world.owner, walking, now + 10 * MINUTE),
        sentence="This can no longer be undone. You can correct it or mark it as taken back.",
    )


def test_what_was_said_back_to_cannot_be_undone(world, now):
    plan = begin(pair(world), now, up_to="listen")
    share(world.owner, plan, now, key="telling", body=words("It was a hard year"))
    actions.reflect(by=world.partner.seat, plan=plan, exercise="telling", text="I hear", now=now)
    refused(plan.space_id, lambda: undo(world.owner, plan, now + MINUTE, key="telling"), sentence="no longer be undone")


def test_what_has_opened_both_cannot_be_undone(world, now):
    plan = begin(pair(world), now, up_to="outside")
    share(world.owner, plan, now, key="stressors", body=stressors("The move"))
    share(world.partner, plan, now, key="stressors", body=stressors("The shifts"))
    refused(
        plan.space_id, lambda: undo(world.owner, plan, now + MINUTE, key="stressors"), sentence="no longer be undone"
    )


def test_a_sealed_share_can_be_undone_whatever_the_other_does(world, now):
    plan = begin(pair(world), now, up_to="outside")
    share(world.owner, plan, now, key="stressors", body=stressors("The move"))
    undo(world.owner, plan, now + MINUTE, key="stressors")
    share(world.partner, plan, now + MINUTE, key="stressors", body=stressors("The shifts"))
    assert page_of(world.partner, plan, "stressors", now).theirs == []


def test_pressing_undo_twice_undoes_one_version(world, now, walking):
    share(world.owner, walking, now)
    share(world.owner, walking, now, body=opening("Other words"))
    undo(world.owner, walking, now + MINUTE, version=2)
    undo(world.owner, walking, now + MINUTE, version=2)
    assert list(Share.objects.values_list("version", flat=True)) == [1]


def test_undoing_touches_only_ones_own(world, now, walking):
    share(world.owner, walking, now)
    undo(world.partner, walking, now)
    assert Share.objects.count() == 1


def test_taking_back_marks_the_newest_and_leaves_it_readable(world, now, walking):
    share(world.owner, walking, now)
    share(world.owner, walking, now, body=opening("Other words"))
    actions.take_back(by=world.owner.seat, plan=walking, exercise="opening", now=now + 20 * MINUTE)
    actions.take_back(by=world.owner.seat, plan=walking, exercise="opening", now=now + 30 * MINUTE)
    times = dict(Share.objects.values_list("version", "taken_back_at"))
    assert times == {1: None, 2: now + 20 * MINUTE}
    theirs = page_of(world.partner, walking, "opening", now).theirs
    assert [one.shown["answers"][0].text for one in theirs] == ["We sit apart in the evening", "Other words"]


def test_what_is_still_in_its_envelope_is_corrected_and_emptied_without_a_trace(world, now):
    plan = begin(pair(world), now, up_to="outside")
    share(world.owner, plan, now, key="stressors", body=stressors("The move"))
    corrected = share(world.owner, plan, now + MINUTE, key="stressors", body=stressors("The shifts"))
    assert (corrected.version, Share.objects.count()) == (1, 1)
    for _press in range(2):
        actions.take_back(by=world.owner.seat, plan=plan, exercise="stressors", now=now + 60 * MINUTE)
    assert not Share.objects.exists()


def test_what_both_have_opened_is_corrected_by_a_new_version_and_marked(world, now):
    plan = begin(pair(world), now, up_to="outside")
    share(world.partner, plan, now, key="stressors", body=stressors("The shifts"))
    for text in ("The move", "The move, and the noise"):
        share(world.owner, plan, now, key="stressors", body=stressors(text))
    actions.take_back(by=world.owner.seat, plan=plan, exercise="stressors", now=now + MINUTE)
    mine = Share.objects.filter(seat=world.owner.seat).order_by("version")
    assert list(mine.values_list("version", "taken_back_at")) == [(1, None), (2, now + MINUTE)]


def test_taking_new_picks_back_twice_leaves_the_older_ones(world, now):
    """The second press must not reach the round that both have compared."""
    plan = begin(pair(world), now, up_to="play")
    for someone in pair(world):
        share(someone, plan, now, key="deck", body={"picks": ["walk"]})
    share(world.owner, plan, now, key="deck", body={"picks": ["cook"]})
    for _press in range(2):
        actions.take_back(by=world.owner.seat, plan=plan, exercise="deck", version=2, now=now + MINUTE)
    mine = Share.objects.filter(seat=world.owner.seat)
    assert list(mine.values_list("version", "taken_back_at")) == [(1, None)]


def test_the_same_words_after_taking_back_are_a_new_version(world, now, walking):
    share(world.owner, walking, now)
    actions.take_back(by=world.owner.seat, plan=walking, exercise="opening", now=now)
    assert share(world.owner, walking, now).version == 2


# --- a record of both -------------------------------------------------------------------------------------------------


def remember(someone, plan, text, now, key="memories"):
    return actions.add_entry(by=someone.seat, plan=plan, exercise=key, body=words(text), now=now)


def test_memories_are_open_from_the_first_day_and_numbered_over_both(world, now, plan):
    entries = [
        remember(world.owner, plan, "the lake", now),
        remember(world.partner, plan, "the lake", now),
        remember(world.owner, plan, "the rain", now),
    ]
    assert [(entry.number, entry.seat) for entry in entries] == [
        (1, world.owner.seat),
        (2, world.partner.seat),
        (3, world.owner.seat),
    ]


def test_the_same_item_twice_in_a_row_is_one(world, now, plan):
    first = remember(world.owner, plan, "the lake", now)
    assert remember(world.owner, plan, "the lake", now + MINUTE).pk == first.pk
    assert Entry.objects.count() == 1


def test_adding_empties_the_draft_it_came_from(world, now, plan):
    save(world.owner, plan, "the lake", now, key="memories")
    save(world.partner, plan, "the rain", now, key="memories")
    remember(world.owner, plan, "the lake", now)
    assert list(Draft.objects.values_list("seat", flat=True)) == [world.partner.seat.pk]


def test_an_empty_memory_is_none(world, now, plan):
    save(world.owner, plan, ".", now, key="memories")
    refused(plan.space_id, lambda: remember(world.owner, plan, ".", now), sentence="A needed part is still empty.")


def test_only_a_record_of_both_takes_items(world, now, agreeing):
    save(world.owner, agreeing, "my draft", now, key="agreement")
    for key in ("telling", "agreement", "follow-up", "evening"):
        refused(
            agreeing.space_id, lambda key=key: remember(world.owner, agreeing, "a b", now, key=key), sentence=NOT_OPEN
        )


# --- marks ------------------------------------------------------------------------------------------------------------


def test_the_door_needs_both_and_counts_each_once(world, now, plan):
    for _press in range(2):
        actions.choose_door(by=world.owner.seat, plan=plan, now=now)
    assert not standing_of(world.owner, plan).door
    assert standing_of(world.owner, plan).my_door
    assert not standing_of(world.partner, plan).my_door
    actions.choose_door(by=world.partner.seat, plan=plan, now=now)
    assert standing_of(world.owner, plan).door
    assert Entry.objects.filter(kind="mark", exercise="door").count() == 2


def talk(someone, plan, now, step="ask"):
    actions.talked(by=someone.seat, plan=plan, step=step, now=now)


def test_talking_counts_once_both_have_pressed_it(world, now, walking):
    for _press in range(2):
        talk(world.owner, walking, now)
    assert standing_of(world.owner, walking).talked("ask") == (True, False)
    assert standing_of(world.partner, walking).talked("ask") == (False, False)
    assert not standing_of(world.owner, walking).open_steps["listen"]
    talk(world.partner, walking, now)
    assert standing_of(world.partner, walking).talked("ask") == (True, True)
    assert standing_of(world.owner, walking).open_steps["listen"]


def test_a_step_that_is_not_open_cannot_be_talked_away(world, now, walking):
    refused(walking.space_id, lambda: talk(world.owner, walking, now, step="listen"), sentence=NOT_OPEN)


def test_ones_half_can_be_taken_back_until_both_are_given(world, now, walking):
    talk(world.owner, walking, now)
    actions.untalked(by=world.partner.seat, plan=walking, step="ask")  # not theirs
    assert standing_of(world.owner, walking).talked("ask") == (True, False)
    actions.untalked(by=world.owner.seat, plan=walking, step="ask")
    assert standing_of(world.owner, walking).talked("ask") == (False, False)
    talk(world.owner, walking, now)
    talk(world.partner, walking, now)
    actions.untalked(by=world.owner.seat, plan=walking, step="ask")
    assert standing_of(world.owner, walking).talked("ask") == (True, True)


# --- listening --------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(world, now):
    """Mara has told; Jonas may say it back."""
    plan = begin(pair(world), now, up_to="listen")
    share(world.owner, plan, now, key="telling", body=words("It was a hard year"))
    return plan


def reflect(someone, plan, now, text="I hear a hard year"):
    return actions.reflect(by=someone.seat, plan=plan, exercise="telling", text=text, now=now)


def verdict(someone, plan, now, answer, number, missed=""):
    return actions.answer_reflection(
        by=someone.seat, plan=plan, exercise="telling", verdict=answer, missed=missed, number=number, now=now
    )


def test_almost_and_then_heard(world, now, told):
    assert reflect(world.partner, told, now).number == 1
    verdict(world.owner, told, now, "almost", 1, "the nights")
    assert standing_of(world.owner, told).milestones.walked == {}
    assert reflect(world.partner, told, now, "A hard year, and the nights").number == 2
    verdict(world.owner, told, now + MINUTE, "heard", 2)
    assert standing_of(world.owner, told).milestones.walked == {"telling": {1: now + MINUTE}}
    stored = Reflection.objects.select_related("seat", "share__seat").order_by("number")
    assert [(one.body, one.verdict, one.missed) for one in stored] == [
        ("I hear a hard year", "almost", "the nights"),
        ("A hard year, and the nights", "heard", ""),
    ]


def test_while_one_waits_it_stands(world, now, told):
    first = reflect(world.partner, told, now)
    again = reflect(world.partner, told, now, "other words")
    assert again.pk == first.pk
    assert Reflection.objects.select_related("seat").get().body == "I hear a hard year"


def test_sending_empties_the_draft(world, now, told):
    save(world.partner, told, "I hear", now, key="telling:said-back")
    reflect(world.partner, told, now)
    assert not Draft.objects.exists()


def test_a_verdict_stands(world, now, told):
    reflect(world.partner, told, now)
    verdict(world.owner, told, now, "almost", 1)
    verdict(world.owner, told, now + MINUTE, "heard", 1, "changed my mind")
    one = Reflection.objects.select_related("share__seat").get()
    assert (one.verdict, one.missed, one.answered_at) == ("almost", "", now)


def test_only_the_speaker_gives_the_verdict(world, now, told):
    reflect(world.partner, told, now)
    refused(told.space_id, lambda: verdict(world.partner, told, now, "heard", 1), sentence=NOT_OPEN)
    refused(told.space_id, lambda: verdict(world.owner, told, now, "heard", 2), sentence=NOT_OPEN)


def test_what_was_heard_needs_no_more(world, now, told):
    reflect(world.partner, told, now)
    verdict(world.owner, told, now, "heard", 1)
    refused(told.space_id, lambda: reflect(world.partner, told, now), sentence="This has been heard.")


def test_nobody_says_back_what_was_not_told(world, now, told):
    refused(told.space_id, lambda: reflect(world.owner, told, now), sentence=NOT_OPEN)


def test_saying_back_does_not_tell_whether_the_other_has_shared(world, now):
    """A mutual exercise answers the same with and without the other's sealed share (laws 1 and 3)."""
    plan = begin(pair(world), now, up_to="outside")

    def ask():
        actions.reflect(by=world.partner.seat, plan=plan, exercise="stressors", text="I hear", now=now)

    refused(plan.space_id, ask, sentence=NOT_OPEN)
    share(world.owner, plan, now, key="stressors", body=stressors())
    refused(plan.space_id, ask, sentence=NOT_OPEN)


def test_after_the_second_it_can_be_left_for_today(world, now, told):
    def leave(someone, at=now):
        actions.leave_for_today(by=someone.seat, plan=told, exercise="telling", speaker=1, now=at)

    reflect(world.partner, told, now)
    refused(told.space_id, lambda: leave(world.partner), sentence="You can leave it for today after the second try.")
    verdict(world.owner, told, now, "not-yet", 1)
    reflect(world.partner, told, now)
    leave(world.partner)
    leave(world.owner, now + MINUTE)
    rested = Reflection.objects.get(number=2)
    assert (rested.rested_at, rested.rested_by) == (now, world.partner.seat)
    assert standing_of(world.owner, told).milestones.walked == {"telling": {1: now}}
    verdict(world.owner, told, now, "heard", 2)
    assert Reflection.objects.get(number=2).verdict == ""
    refused(told.space_id, lambda: reflect(world.partner, told, now), sentence="This has been heard.")


def test_there_is_nothing_to_leave_where_nothing_was_said_back(world, now, told):
    refused(
        told.space_id,
        lambda: actions.leave_for_today(by=world.owner.seat, plan=told, exercise="telling", speaker=2, now=now),
    )


def test_a_new_telling_is_said_back_anew(world, now, told):
    reflect(world.partner, told, now)
    share(world.owner, told, now, key="telling", body=words("Said better"))
    anew = reflect(world.partner, told, now, "Better heard")
    assert (anew.number, anew.share.version) == (1, 2)
    verdict(world.owner, told, now, "heard", 1)
    assert dict(Reflection.objects.values_list("share__version", "verdict")) == {1: "", 2: "heard"}


# --- proposals --------------------------------------------------------------------------------------------------------


def propose(someone, plan, now, *lines, base=0, **changes):
    return actions.propose(by=someone.seat, plan=plan, base=base, wording=wording(*lines, **changes), now=now)


def test_a_proposal_is_numbered_and_holds_all_that_was_said(world, now, agreeing):
    proposal = propose(
        world.owner,
        agreeing,
        now,
        write("Coffee"),
        write("I call at noon", both=False, kind="gesture"),
        wishes=["Call me"],
        asks=True,
        rhythm="monthly",
    )
    stored = Proposal.objects.select_related("seat").get()
    assert (stored.pk, stored.number, stored.seat, stored.asks, stored.wishes) == (
        proposal.pk,
        1,
        world.owner.seat,
        True,
        ["Call me"],
    )
    assert (stored.follow_up_date, stored.follow_up_hour, stored.follow_up_zone, stored.rhythm) == (
        DAY,
        18,
        "UTC",
        "monthly",
    )
    assert lines_of(stored) == [(1, 0, "Coffee"), (1, 1, "I call at noon")]


def test_proposals_open_with_their_step(world, now, walking):
    refused(walking.space_id, lambda: propose(world.owner, walking, now), sentence=NOT_OPEN)


def test_an_edit_needs_the_newest_for_its_base(world, now, agreeing):
    propose(world.owner, agreeing, now)
    assert propose(world.partner, agreeing, now, write("Tea"), base=1).number == 2
    refused(agreeing.space_id, lambda: propose(world.owner, agreeing, now, write("Cocoa"), base=1), error=Stale)


@pytest.mark.parametrize("base", [1, 7])
def test_a_base_that_never_was_is_stale_and_leaves_no_gap(world, now, agreeing, base):
    refused(agreeing.space_id, lambda: propose(world.owner, agreeing, now, base=base), error=Stale)


def test_a_stale_edit_is_stale_also_where_its_line_has_gone(world, now, agreeing):
    first = propose(world.owner, agreeing, now, write("Coffee"), write("I call", both=False))
    (coffee, call) = lineages(first)
    propose(world.owner, agreeing, now, Keep(coffee), base=1)
    refused(agreeing.space_id, lambda: propose(world.partner, agreeing, now, Keep(call), base=1), error=Stale)


def test_the_same_wording_sent_twice_is_one(world, now, agreeing):
    first = propose(world.owner, agreeing, now)
    before = snapshot(agreeing.space_id)
    assert propose(world.owner, agreeing, now + MINUTE).pk == first.pk
    assert snapshot(agreeing.space_id) == before


def test_an_edit_sent_twice_is_one(world, now, agreeing):
    (line,) = lineages(propose(world.owner, agreeing, now))
    edit = [write("Tea", lineage=line), write("I call", both=False)]
    second = propose(world.partner, agreeing, now, *edit, base=1)
    before = snapshot(agreeing.space_id)
    assert propose(world.partner, agreeing, now, *edit, base=1).pk == second.pk
    assert snapshot(agreeing.space_id) == before


def test_the_same_words_of_the_other_are_no_repeat(world, now, agreeing):
    propose(world.owner, agreeing, now)
    refused(agreeing.space_id, lambda: propose(world.partner, agreeing, now), error=Stale)


def test_a_kept_line_stays_its_writers_word_for_word(world, now, agreeing):
    first = propose(world.owner, agreeing, now, write("I call", both=False), write("Coffee"))
    call, coffee = lineages(first)
    second = propose(world.partner, agreeing, now, Keep(call), write("Tea", lineage=coffee), write("I cook"), base=1)
    assert lines_of(second) == [(1, 1, "I call"), (2, 0, "Tea"), (2, 0, "I cook")]
    assert lineages(second)[:2] == [call, coffee]
    assert lineages(second)[2] not in (call, coffee)


def test_the_same_words_in_an_edit_are_the_same_line(world, now, agreeing):
    (line,) = lineages(propose(world.owner, agreeing, now))
    second = propose(world.partner, agreeing, now, write(lineage=line), base=1)
    assert lines_of(second) == [(1, 0, WHAT)]
    assert lineages(second) == [line]


def test_nobody_writes_the_others_part(world, now, agreeing):
    (line,) = lineages(propose(world.owner, agreeing, now, write("I call", both=False)))
    for both in (True, False):
        refused(
            agreeing.space_id,
            lambda both=both: propose(world.partner, agreeing, now, write("You call", both=both, lineage=line), base=1),
            sentence="Each writes their own part. For the other’s part you can add a wish.",
        )


def test_a_line_of_both_can_become_ones_own(world, now, agreeing):
    (line,) = lineages(propose(world.owner, agreeing, now))
    second = propose(world.partner, agreeing, now, write("I cook", both=False, lineage=line), base=1)
    assert lines_of(second) == [(2, 2, "I cook")]


def test_a_line_that_is_not_there_cannot_be_kept(world, now, agreeing):
    propose(world.owner, agreeing, now)
    refused(
        agreeing.space_id,
        lambda: propose(world.partner, agreeing, now, Keep(uuid4()), base=1),
        sentence="One of the lines is no longer there.",
    )


def test_one_line_twice_is_a_sentence_and_no_error(world, now, agreeing):
    (line,) = lineages(propose(world.owner, agreeing, now))
    twice = [Keep(line), write("Tea", lineage=line)]
    refused(
        agreeing.space_id,
        lambda: propose(world.partner, agreeing, now, *twice, base=1),
        sentence="One of the lines is there twice.",
    )


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(0, "Please write at least one line."), (6, "One to three small things are best; five are the most.")],
)
def test_one_to_five_lines(world, now, agreeing, count, sentence):
    lines = [write(f"Thing {number}") for number in range(count)]
    refused(
        agreeing.space_id,
        lambda: actions.propose(by=world.owner.seat, plan=agreeing, base=0, wording=wording(lines=lines), now=now),
        sentence=sentence,
    )
    five = [write(f"Thing {number}") for number in range(5)]
    assert len(lines_of(propose(world.owner, agreeing, now, *five))) == 5


# --- yes, and agreement -----------------------------------------------------------------------------------------------


def approve(someone, plan, now, number=1):
    return actions.approve(by=someone.seat, plan=plan, number=number, now=now)


def test_the_first_yes_stays_sealed_and_schedules_nothing(world, now, agreeing):
    propose(world.owner, agreeing, now)
    for _press in range(2):
        assert approve(world.owner, agreeing, now) is None
    assert Approval.objects.count() == 1
    assert not Agreement.objects.exists()
    assert not CheckIn.objects.exists()
    assert live_letters(*pair(world)) == set()


def test_the_second_yes_writes_agreement_check_in_and_four_letters(world, now, agreeing):
    propose(world.owner, agreeing, now, write("Coffee"), write("I call", both=False))
    approve(world.owner, agreeing, now)
    agreement = approve(world.partner, agreeing, now + MINUTE)
    assert (agreement.agreed_at, agreement.ended_at, agreement.proposal.number) == (now + MINUTE, None, 1)
    check_in = CheckIn.objects.get()
    assert (check_in.seat, check_in.number, check_in.local_date, check_in.hour, check_in.rhythm) == (
        None,
        1,
        DAY,
        18,
        "2w",
    )
    items = Item.objects.select_related("author", "for_seat")
    assert [(one.author.number, one.for_seat.number if one.for_seat else 0, one.words["what"]) for one in items] == [
        (1, 0, "Coffee"),
        (1, 1, "I call"),
    ]
    assert live_letters(*pair(world)) == full_set(check_in, *pair(world))
    assert Letter.objects.count() == 4
    assert set(Letter.objects.filter(kind=AGREED).values_list("due_at", flat=True)) == {now + MINUTE}
    assert set(Letter.objects.filter(kind=REMINDER).values_list("due_at", flat=True)) == {check_in.due_at}


def test_a_second_press_of_the_second_yes_changes_nothing(world, now, agreeing):
    agreement = agreed(world, now, agreeing)
    before = snapshot(agreeing.space_id)
    assert approve(world.partner, agreeing, now + MINUTE).pk == agreement.pk
    assert approve(world.owner, agreeing, now + MINUTE).pk == agreement.pk
    assert snapshot(agreeing.space_id) == before


def test_a_yes_to_an_older_version_is_stale(world, now, agreeing):
    propose(world.owner, agreeing, now)
    propose(world.partner, agreeing, now, write("Tea"), base=1)
    refused(agreeing.space_id, lambda: approve(world.owner, agreeing, now, number=1), error=Stale)
    refused(agreeing.space_id, lambda: approve(world.owner, agreeing, now, number=3), error=Stale)


def test_without_a_proposal_there_is_nothing_to_say_yes_to(world, now, agreeing):
    refused(agreeing.space_id, lambda: approve(world.owner, agreeing, now), sentence=NOT_OPEN)


def test_older_yeses_lapse_with_an_edit(world, now, agreeing):
    propose(world.owner, agreeing, now)
    approve(world.owner, agreeing, now)
    propose(world.owner, agreeing, now, write("Tea"), base=1)
    assert approve(world.partner, agreeing, now, number=2) is None
    assert not Agreement.objects.exists()
    assert approve(world.owner, agreeing, now, number=2).proposal.number == 2
    assert Approval.objects.filter(proposal__number=1).count() == 1  # kept as history


def test_a_day_to_look_back_that_has_passed_is_refused(world, now, agreeing):
    propose(world.owner, agreeing, now)
    approve(world.owner, agreeing, now)
    late = now + timedelta(days=15)
    refused(
        agreeing.space_id,
        lambda: approve(world.partner, agreeing, late),
        sentence="The day to look back has passed. Please choose a new one.",
    )


@pytest.mark.parametrize(
    "tamper",
    [
        lambda proposal: Proposal.objects.filter(pk=proposal.pk).update(follow_up_hour=9),
        lambda proposal: Proposal.objects.filter(pk=proposal.pk).update(rhythm="once"),
        lambda proposal: Commitment.objects.filter(proposal=proposal).update(for_seat=None),
        lambda proposal: Commitment.objects.filter(proposal=proposal, position=2).delete(),
        lambda proposal: reword(proposal, "Something else"),
    ],
)
def test_words_that_were_tampered_with_are_not_agreed_to(world, now, agreeing, tamper):
    proposal = propose(world.owner, agreeing, now, write("I call", both=False), write("Tea"))
    approve(world.owner, agreeing, now)
    tamper(proposal)
    refused(
        agreeing.space_id,
        lambda: approve(world.partner, agreeing, now),
        sentence="This version cannot be read as it was written. Please write a new one.",
    )


def reword(proposal, what):
    line = Commitment.objects.filter(proposal=proposal).select_related("seat").first()
    line.words = line.words | {"what": what}
    line.save()


def test_a_yes_can_be_taken_back_until_both_have_given_it(world, now, agreeing):
    def withdraw(someone):
        actions.withdraw(by=someone.seat, plan=agreeing, number=1, now=now + MINUTE)

    propose(world.owner, agreeing, now)
    approve(world.owner, agreeing, now)
    withdraw(world.partner)  # had none
    assert Approval.objects.get().withdrawn_at is None
    withdraw(world.owner)
    withdraw(world.owner)
    assert Approval.objects.get().withdrawn_at == now + MINUTE
    assert approve(world.partner, agreeing, now) is None
    assert approve(world.owner, agreeing, now) is not None
    assert Approval.objects.filter(seat=world.owner.seat).count() == 2
    refused(agreeing.space_id, lambda: withdraw(world.owner), sentence="You have both said yes.")


def test_a_newer_agreement_takes_the_older_ones_place(world, now, agreeing):
    older = agreed(world, now, agreeing)
    first = CheckIn.objects.get()
    (line,) = lineages(older.proposal)
    newer = agreed(world, now + MINUTE, agreeing, Keep(line), write("Tea"), base=1)
    older.refresh_from_db()
    assert (older.ended_at, older.ended_by, older.superseded_by) == (now + MINUTE, world.partner.seat, newer)
    assert newer.ended_at is None
    first.refresh_from_db()
    assert (first.closed_at, first.closed_as) == (now + MINUTE, "superseded")
    second = CheckIn.objects.get(closed_at=None)
    assert live_letters(*pair(world)) == full_set(second, *pair(world))
    dropped = Letter.objects.filter(occurrence=str(first.pk))
    assert set(dropped.values_list("end_reason", flat=True)) == {"closed: superseded"}
    assert dropped.count() == 4


def test_while_a_change_is_open_the_older_agreement_holds(world, now, agreeing):
    agreed(world, now, agreeing)
    check_in = CheckIn.objects.get()
    propose(world.partner, agreeing, now, write("Tea"), base=1)
    approve(world.partner, agreeing, now, number=2)
    assert Agreement.objects.get(ended_at=None).proposal.number == 1
    assert live_letters(*pair(world)) == full_set(check_in, *pair(world))


# --- resting and ending -----------------------------------------------------------------------------------------------


def release(someone, plan, lineage, now):
    return actions.release(by=someone.seat, plan=plan, lineage=lineage, now=now)


def test_a_line_rests_at_once_and_is_asked_no_more(world, now, agreeing):
    agreement = agreed(world, now, agreeing, write("Coffee"), write("Tea"))
    coffee, _tea = lineages(agreement.proposal)
    release(world.partner, agreeing, coffee, now + MINUTE)
    release(world.owner, agreeing, coffee, now + 2 * MINUTE)
    resting = Release.objects.get()
    assert (resting.lineage, resting.seat, resting.released_at) == (coffee, world.partner.seat, now + MINUTE)
    assert dict(Item.objects.values_list("position", "rested_at")) == {1: now + MINUTE, 2: None}
    assert CheckIn.objects.get().closed_at is None


def test_with_the_last_line_the_look_back_ends(world, now, agreeing):
    agreement = agreed(world, now, agreeing)
    release(world.owner, agreeing, lineages(agreement.proposal)[0], now)
    assert CheckIn.objects.get().closed_as == "ended"
    assert live_letters(*pair(world)) == set()


def test_a_line_that_is_not_agreed_cannot_rest(world, now, agreeing):
    proposal = propose(world.owner, agreeing, now)
    assert release(world.owner, agreeing, lineages(proposal)[0], now) is None
    agreed(world, now, agreeing, write("Tea"), base=1)
    assert release(world.owner, agreeing, uuid4(), now) is None
    assert not Release.objects.exists()


def test_an_agreement_ends_alone_and_at_once(world, now, agreeing):
    agreed(world, now, agreeing)
    for later in (1, 2):
        actions.end_agreement(by=world.partner.seat, plan=agreeing, now=now + later * MINUTE)
    agreement = Agreement.objects.get()
    assert (agreement.ended_at, agreement.ended_by) == (now + MINUTE, world.partner.seat)
    assert CheckIn.objects.get().closed_as == "ended"
    assert live_letters(*pair(world)) == set()


def test_what_has_ended_is_not_agreed_again_by_a_stray_yes(world, now, agreeing):
    agreed(world, now, agreeing)
    actions.end_agreement(by=world.partner.seat, plan=agreeing, now=now)
    refused(agreeing.space_id, lambda: approve(world.owner, agreeing, now), sentence="This agreement has ended.")
    anew = agreed(world, now, agreeing, base=1)
    assert (anew.proposal.number, anew.ended_at) == (2, None)


def hold_round(world, check_in, now):
    for someone in pair(world):
        asked = Item.objects.filter(check_in=check_in, rested_at=None)
        answers = checkins.Answers(lines={str(one.pk): {"went": "well"} for one in asked})
        checkins.answer(check_in=check_in, seat=someone.seat, answers=answers, base=0, now=now)


def test_after_the_end_a_resting_rhythm_cannot_be_woken(world, now, agreeing):
    """Rest, both answer, the agreement ends: there is nothing left to come back to, and no letter."""
    agreed(world, now, agreeing)
    check_in = CheckIn.objects.get()
    checkins.pause(check_in=check_in, seat=world.owner.seat, now=now)
    hold_round(world, check_in, check_in.due_at)
    actions.end_agreement(by=world.partner.seat, plan=agreeing, now=check_in.due_at)
    check_in.refresh_from_db()
    checkins.return_(check_in=check_in, seat=world.owner.seat, now=check_in.due_at)
    assert CheckIn.objects.count() == 1
    assert live_letters(*pair(world)) == set()
    assert CheckIn.objects.get().closed_as == "held"  # what both answered stays open to both


def test_a_line_let_go_while_the_rhythm_rests_does_not_come_back(world, now, agreeing):
    agreement = agreed(world, now, agreeing, write("Coffee"), write("Tea"))
    coffee, tea = lineages(agreement.proposal)
    check_in = CheckIn.objects.get()
    checkins.pause(check_in=check_in, seat=world.owner.seat, now=now)
    hold_round(world, check_in, check_in.due_at)
    release(world.partner, agreeing, coffee, check_in.due_at)
    check_in.refresh_from_db()
    checkins.return_(check_in=check_in, seat=world.owner.seat, now=check_in.due_at)
    asked = Item.objects.filter(check_in__closed_at=None, rested_at=None)
    assert list(asked.values_list("lineage", flat=True)) == [tea]


# --- joining and leaving ----------------------------------------------------------------------------------------------


def test_leaving_ends_it_all_and_drops_the_letters(world, now, agreeing):
    agreed(world, now, agreeing)
    space = agreeing.space_id
    me.leave(seat=world.partner.seat, now=now + MINUTE)
    assert Plan.objects.get().closed_at == now + MINUTE
    assert Agreement.objects.get().ended_at == now + MINUTE
    assert CheckIn.objects.get().closed_as == "left"
    assert live_letters(*pair_of(space)) == set()


def pair_of(space):
    return list(Space.objects.get(pk=space).seats.all())


def join(lena, ines, now):
    invitation = spaces.invite_by_mail(by=lena.seat, address=ines.user.email, shows_name=True, now=now)
    fresh = Invitation.objects.select_related("space", "seat").get(pk=invitation.pk)
    return me.join(invitation=fresh, user=ines.user, now=now)


def test_private_drafts_move_with_their_person_and_can_still_be_read(lone, now):
    ines = alone("Ines")
    theirs = actions.open_plan(by=lone.seat, now=now)
    save(lone, theirs, "Lena’s evening", now)
    mine = actions.open_plan(by=ines.seat, now=now)
    save(ines, mine, "Ines’ evening", now)
    save(ines, mine, "prepared ahead", now, key="telling")
    seat = join(lone, ines, now)
    moved = Draft.objects.filter(plan=theirs, seat=seat).select_related("seat").order_by("created_at", "exercise")
    assert {(one.exercise, one.body["fields"]["words"]) for one in moved} == {
        ("evening", "Ines’ evening"),
        ("telling", "prepared ahead"),
    }
    old = Plan.objects.get(pk=mine.pk)
    assert (old.closed_at, Draft.objects.filter(plan=old).exists()) == (now, False)
    assert page_of(lone, theirs, "evening", now).body == words("Lena’s evening")
    assert page_of(ines, theirs, "evening", now).body == words("Ines’ evening")


def test_joining_where_no_plan_is_open_opens_one_for_the_drafts(lone, now):
    ines = alone("Ines")
    mine = actions.open_plan(by=ines.seat, now=now)
    save(ines, mine, "Ines’ evening", now)
    seat = join(lone, ines, now)
    plan = Plan.objects.get(space=seat.space_id, closed_at=None)
    assert Draft.objects.filter(plan=plan, seat=seat).count() == 1


def test_somebody_without_a_plan_brings_nothing_and_opens_nothing(lone, now):
    ines = alone("Ines")
    seat = join(lone, ines, now)
    assert not Plan.objects.filter(space=seat.space_id).exists()


def test_drafts_for_what_the_guide_does_not_have_stay_in_the_past(lone, now):
    ines = alone("Ines")
    mine = actions.open_plan(by=ines.seat, now=now)
    save(ines, mine, "for another guide", now, key="no-such-exercise")
    join(lone, ines, now)
    assert list(Draft.objects.values_list("plan", flat=True)) == [mine.pk]


def test_the_door_is_chosen_anew_by_who_joins(lone, now):
    """What somebody alone answered was about nobody who is here now."""
    ines = alone("Ines")
    mine = actions.open_plan(by=ines.seat, now=now)
    actions.choose_door(by=ines.seat, plan=mine, now=now)
    plan = actions.open_plan(by=lone.seat, now=now)
    actions.choose_door(by=lone.seat, plan=plan, now=now)
    join(lone, ines, now)
    assert not standing_of(ines, plan).my_door
    assert not standing_of(lone, plan).door


# --- sealed -----------------------------------------------------------------------------------------------------------


def test_no_word_stands_open_in_the_database(world, now, agreeing):
    secret = "Zitronenfalter"
    save(world.owner, agreeing, secret, now)
    share(world.owner, agreeing, now, body=opening(secret))
    remember(world.owner, agreeing, secret, now)
    share(world.owner, agreeing, now, key="telling", body=words(secret))
    reflect(world.partner, agreeing, now, secret)
    verdict(world.owner, agreeing, now, "almost", 1, secret)
    actions.set_focus(by=world.owner.seat, plan=agreeing, text=secret, now=now)
    agreed(world, now, agreeing, write(secret), wishes=[secret])
    tables = [name for name in connection.introspection.table_names() if re.match("plans_|checkins_|outbox_", name)]
    assert len(tables) >= 14
    with connection.cursor() as cursor:
        for table in tables:
            found = f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE ANY (%s)'  # bytes are shown as hex
            cursor.execute(found, [[f"%{secret}%", f"%{secret.encode().hex()}%"]])
            assert cursor.fetchone() == (0,), table
