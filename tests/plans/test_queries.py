"""Reads: each sees their own, the other's only where both opened it, and a hidden act changes nothing."""

from datetime import timedelta

import pytest

from apps.checkins import actions as checkins
from apps.checkins.models import CheckIn, Item
from apps.guides import library
from apps.plans import actions, queries
from apps.plans.models import Plan
from apps.plans.proposals import Keep
from tests.plans.helpers import (
    agreed,
    begin,
    opening,
    page_of,
    pair,
    standing_of,
    stressors,
    wording,
    words,
    write,
)
from tests.plans.test_actions import lineages, reflect, release, share, verdict

MINUTE = timedelta(minutes=1)


def texts(shares):
    """What the shares say, as [[text, …], …]."""
    return [
        [answer.text for answer in share.shown["answers"]]
        + [answer.text for row in share.shown["items"] for answer in row]
        for share in shares
    ]


def said(shares):
    return " ".join(text for one in texts(shares) for text in one)


# --- looking up -------------------------------------------------------------------------------------------------------


def test_a_plan_is_found_from_its_own_seats_only(world, now):
    plan = actions.open_plan(by=world.owner.seat, now=now)
    assert queries.plan_of(world.owner.seat, 1) == queries.plan_of(world.partner.seat, 1) == plan
    assert queries.plan_of(world.outsider.seat, 1) is None
    assert queries.plan_of(world.owner.seat, 2) is None
    assert queries.plan_of(None, 1) is None
    assert queries.open_plan(None) is None


def test_a_closed_plan_is_found_and_no_longer_open(world, now):
    plan = actions.open_plan(by=world.owner.seat, now=now)
    actions.close_plan(by=world.owner.seat, plan=plan, now=now)
    assert queries.plan_of(world.partner.seat, 1) == plan
    assert queries.open_plan(world.partner.seat) is None


# --- where the two stand ----------------------------------------------------------------------------------------------


def test_steps_open_one_after_the_other(world, now):
    plan = begin(pair(world), now)
    standing = standing_of(world.owner, plan)
    assert [standing.open_steps[key] for key in ("ask", "listen", "outside")] == [True, False, False]
    assert (standing.done, standing.current.step.key) == (0, "ask")
    share(world.owner, plan, now)
    assert standing_of(world.owner, plan).done == 0
    share(world.partner, plan, now + MINUTE)
    standing = standing_of(world.partner, plan)
    assert (standing.done, standing.current.step.key, standing.last_together_at) == (1, "listen", now + MINUTE)
    assert [standing.open_steps[key] for key in ("ask", "listen", "outside")] == [True, True, False]


def test_listening_counts_when_both_were_heard_or_left_it(world, now):
    plan = begin(pair(world), now, up_to="listen")
    for speaker, listener in (pair(world), pair(world)[::-1]):
        share(speaker, plan, now, key="telling", body=words("It was a hard year"))
        reflect(listener, plan, now)
    verdict(world.owner, plan, now, "heard", 1)
    assert not standing_of(world.owner, plan).open_steps["outside"]
    verdict(world.partner, plan, now, "almost", 1)
    reflect(world.owner, plan, now)
    actions.leave_for_today(by=world.owner.seat, plan=plan, exercise="telling", speaker=2, now=now + MINUTE)
    assert standing_of(world.owner, plan).open_steps["outside"]
    assert standing_of(world.owner, plan).last_together_at == now + MINUTE


def test_agreeing_and_looking_back_are_milestones(world, now):
    plan = begin(pair(world), now, up_to="agree")
    agreed(world, now, plan)
    assert standing_of(world.owner, plan).current.step.key == "play"
    check_in = CheckIn.objects.get()
    for someone in pair(world):
        lines = {str(item.pk): {"went": "well"} for item in Item.objects.filter(check_in=check_in)}
        answers = checkins.Answers(lines=lines)
        checkins.answer(check_in=check_in, seat=someone.seat, answers=answers, base=0, now=check_in.due_at)
    reached = {state.step.key: state.reached_at for state in standing_of(world.owner, plan).steps}
    assert (reached["agree"], reached["play"], reached["look-back"]) == (now, None, check_in.due_at)


def test_proposals_stay_open_after_the_first_agreement(world, now):
    plan = begin(pair(world), now, up_to="missing")
    assert not standing_of(world.owner, plan).may_agree
    plan = begin(pair(world), now, up_to="agree")
    assert standing_of(world.owner, plan).may_agree
    agreed(world, now, plan)
    actions.end_agreement(by=world.owner.seat, plan=plan, now=now)
    assert standing_of(world.owner, plan).may_agree


def test_one_alone_joins_nothing(lone, now):
    plan = actions.open_plan(by=lone.seat, now=now)
    standing = standing_of(lone, plan)
    assert standing.alone
    assert not standing.may_agree
    assert not any(standing.may_join(exercise) for exercise in standing.guide.exercises())


def test_from_the_first_day_memories_and_a_kind_word_are_open(world, now):
    plan = actions.open_plan(by=world.owner.seat, now=now)
    standing = standing_of(world.owner, plan)
    assert [one.key for one in standing.guide.exercises() if standing.may_join(one)] == ["here", "memories"]


# --- one exercise -----------------------------------------------------------------------------------------------------


def test_a_draft_is_its_authors_alone(world, now):
    plan = begin(pair(world), now, up_to="agree")
    for key in ("evening", "opening", "telling", "telling:said-back", "memories", "agreement"):
        actions.save_draft(by=world.owner.seat, plan=plan, exercise=key, body=words("canary"), base=0, now=now)
    for key in ("evening", "opening", "telling", "memories"):
        assert page_of(world.owner, plan, key, now).body == words("canary")
        theirs = page_of(world.partner, plan, key, now)
        assert (theirs.body, theirs.revision, theirs.theirs, theirs.entries) == ({}, 0, [], [])
        assert theirs.reflection_draft == ""
    assert queries.own_drafts(standing_of(world.partner, plan)) == []
    assert queries.own_draft(plan, world.partner.seat, "agreement") is None


def test_shared_is_seen_when_its_author_shares(world, now):
    plan = begin(pair(world), now)
    assert page_of(world.partner, plan, "opening", now).theirs == []
    share(world.owner, plan, now)
    assert texts(page_of(world.partner, plan, "opening", now).theirs) == [
        ["We sit apart in the evening", "Sit with me for a while"]
    ]
    assert page_of(world.owner, plan, "opening", now).theirs == []


def test_mutual_opens_for_both_at_once(world, now):
    plan = begin(pair(world), now, up_to="outside")
    share(world.owner, plan, now, key="stressors", body=stressors("The move"))
    page = page_of(world.partner, plan, "stressors", now)
    assert (page.theirs, page.mine, page.revealed) == ([], [], False)
    mine = page_of(world.owner, plan, "stressors", now)
    assert (mine.theirs, len(mine.mine), mine.revealed) == ([], 1, False)
    share(world.partner, plan, now, key="stressors", body=stressors("The shifts"))
    assert "The shifts" in said(page_of(world.owner, plan, "stressors", now).theirs)
    assert "The move" in said(page_of(world.partner, plan, "stressors", now).theirs)
    assert page_of(world.owner, plan, "stressors", now).revealed


def test_a_sealed_share_changes_nothing_that_the_other_reads(world, now):
    plan = begin(pair(world), now, up_to="outside")
    before = page_of(world.partner, plan, "stressors", now), queries.next_thing(standing_of(world.partner, plan))
    share(world.owner, plan, now, key="stressors", body=stressors("The move"))
    after = page_of(world.partner, plan, "stressors", now), queries.next_thing(standing_of(world.partner, plan))
    for page in (before[0], after[0]):
        page.standing = None  # holds the facts of both; what is made of them is compared here
    assert before == after


def test_only_what_both_picked_is_seen(world, now):
    plan = begin(pair(world), now, up_to="play")
    ideas = [idea.key for idea in library.find("bridge").exercise("deck").deck]
    share(world.owner, plan, now, key="deck", body={"picks": sorted([ideas[0], ideas[1]])})
    assert page_of(world.partner, plan, "deck", now).matches is None
    share(world.partner, plan, now, key="deck", body={"picks": sorted([ideas[1], ideas[2]])})
    for someone in pair(world):
        page = page_of(someone, plan, "deck", now)
        assert [idea.key for idea in page.matches] == [ideas[1]]
        assert (page.theirs, page.revealed) == ([], True)


def test_undo_is_offered_while_it_works(world, now):
    plan = begin(pair(world), now, up_to="outside")
    share(world.owner, plan, now, key="stressors", body=stressors("The move"))

    def offered(someone, at):
        return page_of(someone, plan, "stressors", at).undo_until

    assert offered(world.owner, now + 9 * MINUTE) == now + 10 * MINUTE
    assert offered(world.owner, now + 10 * MINUTE) is None
    assert offered(world.partner, now) is None
    share(world.partner, plan, now, key="stressors", body=stressors("The shifts"))
    assert offered(world.owner, now + MINUTE) is None


def test_a_draft_that_says_something_else_is_told_to_its_author(world, now):
    plan = begin(pair(world), now)
    share(world.owner, plan, now)

    def keep(body, base):
        actions.save_draft(by=world.owner.seat, plan=plan, exercise="opening", body=body, base=base, now=now)
        return page_of(world.owner, plan, "opening", now).differs

    assert not page_of(world.owner, plan, "opening", now).differs
    assert not keep(opening(), 0)
    assert keep(opening("Other words"), 1)
    assert not page_of(world.partner, plan, "opening", now).differs


def test_listening_says_to_each_what_they_may_do(world, now):
    plan = begin(pair(world), now, up_to="listen")
    share(world.owner, plan, now, key="telling", body=words("It was a hard year"))

    def sides():
        speaker = page_of(world.owner, plan, "telling", now).heard
        listener = page_of(world.partner, plan, "telling", now).hearing
        return (
            listener.may_reflect,
            speaker.may_answer.number if speaker.may_answer else None,
            speaker.may_rest,
            speaker.walked,
        )

    assert sides() == (True, None, False, False)
    reflect(world.partner, plan, now)
    assert sides() == (False, 1, False, False)
    verdict(world.owner, plan, now, "almost", 1, "the nights")
    assert sides() == (True, None, False, False)
    reflect(world.partner, plan, now)
    assert sides() == (False, 2, True, False)
    verdict(world.owner, plan, now, "heard", 2)
    assert sides() == (False, None, False, True)
    told = page_of(world.partner, plan, "telling", now).hearing.reflections
    assert [(one.body, one.missed) for one in told] == [
        ("I hear a hard year", "the nights"),
        ("I hear a hard year", ""),
    ]


def test_memories_of_both_are_read_by_both_in_their_order(world, now):
    plan = actions.open_plan(by=world.owner.seat, now=now)
    for someone, text in ((world.owner, "the lake"), (world.partner, "the rain")):
        actions.add_entry(by=someone.seat, plan=plan, exercise="memories", body=words(text), now=now)
    for someone in pair(world):
        entries = page_of(someone, plan, "memories", now).entries
        assert [(one.number, one.seat, one.shown["answers"][0].text) for one in entries] == [
            (1, world.owner.seat, "the lake"),
            (2, world.partner.seat, "the rain"),
        ]


def test_a_page_takes_as_many_queries_for_thirty_entries_as_for_one(world, now, django_assert_num_queries):
    plan = actions.open_plan(by=world.owner.seat, now=now)
    standing = standing_of(world.owner, plan)
    exercise = standing.guide.exercise("memories")
    for count in (1, 29):
        for number in range(count):
            body, day = words(f"memory {count} {number}"), now + timedelta(days=number)
            actions.add_entry(by=world.partner.seat, plan=plan, exercise="memories", body=body, now=day)
        queries.exercise_page(standing, exercise, now=now)  # opens the data keys
        with django_assert_num_queries(2):
            page = queries.exercise_page(standing, exercise, now=now)
    assert len(page.entries) == 30


# --- the agreement ----------------------------------------------------------------------------------------------------


@pytest.fixture
def agreeing(world, now):
    return begin(pair(world), now, up_to="agree")


def propose(someone, plan, now, *lines, base=0):
    return actions.propose(by=someone.seat, plan=plan, base=base, wording=wording(*lines), now=now)


def agreement_of(someone, plan):
    return queries.agreement_page(standing_of(someone, plan))


def test_a_yes_is_seen_by_who_gave_it(world, now, agreeing):
    proposal = propose(world.owner, agreeing, now)
    sealed = agreement_of(world.partner, agreeing)
    actions.approve(by=world.owner.seat, plan=agreeing, number=1, now=now)
    assert agreement_of(world.owner, agreeing).my_yes
    page = agreement_of(world.partner, agreeing)
    assert (page.my_yes, page.is_agreed, page.agreement) == (sealed.my_yes, sealed.is_agreed, sealed.agreement)
    assert (page.my_yes, page.is_agreed, page.agreement) == (False, False, None)
    actions.approve(by=world.partner.seat, plan=agreeing, number=1, now=now)
    for someone in pair(world):
        page = agreement_of(someone, agreeing)
        assert (page.is_agreed, page.proposal, page.agreement.agreed_at) == (True, proposal, now)


def test_a_change_shows_what_is_new_changed_and_gone(world, now, agreeing):
    first = propose(world.owner, agreeing, now, write("Coffee"), write("Tea"), write("Cocoa"))
    coffee, tea, _cocoa = lineages(first)
    propose(world.partner, agreeing, now, Keep(coffee), write("Green tea", lineage=tea), write("Soup"), base=1)
    page = agreement_of(world.owner, agreeing)
    assert [(shown.line.words["what"], shown.change) for shown in page.lines] == [
        ("Coffee", ""),
        ("Green tea", "changed"),
        ("Soup", "new"),
    ]
    assert [line.words["what"] for line in page.gone] == ["Cocoa"]


def test_beside_an_open_change_stands_what_holds(world, now, agreeing):
    agreement = agreed(world, now, agreeing, write("Coffee"), write("Tea"))
    coffee, _tea = lineages(agreement.proposal)
    release(world.partner, agreeing, coffee, now + MINUTE)
    propose(world.partner, agreeing, now, write("Soup"), base=1)
    page = agreement_of(world.owner, agreeing)
    assert not page.is_agreed
    assert [shown.line.words["what"] for shown in page.lines] == ["Soup"]
    assert [(shown.line.words["what"], shown.rested_at) for shown in page.agreed_lines] == [
        ("Coffee", now + MINUTE),
        ("Tea", None),
    ]


def test_an_ended_agreement_is_neither_agreed_nor_a_pending_yes(world, now, agreeing):
    agreed(world, now, agreeing)
    assert agreement_of(world.owner, agreeing).ended_at is None
    actions.end_agreement(by=world.partner.seat, plan=agreeing, now=now + MINUTE)
    page = agreement_of(world.owner, agreeing)
    assert (page.is_agreed, page.agreement, page.ended_at) == (False, None, now + MINUTE)
    propose(world.owner, agreeing, now, base=1)
    assert agreement_of(world.owner, agreeing).ended_at is None


def test_the_agreement_takes_as_many_queries_for_five_lines_as_for_one(world, now, agreeing, django_assert_num_queries):
    agreed(world, now, agreeing, write("Coffee"))
    standing = standing_of(world.owner, agreeing)
    with django_assert_num_queries(3):
        assert len(queries.agreement_page(standing).lines) == 1
    agreed(world, now, agreeing, *[write(f"Thing {number}") for number in range(5)], base=1)
    with django_assert_num_queries(3):
        assert len(queries.agreement_page(standing).lines) == 5


def test_ideas_open_when_both_have_put_theirs_in(world, now, agreeing):
    body = {"fields": {}, "items": [{"idea": "Walk"}, {"idea": "Cook"}]}
    share(world.partner, agreeing, now, key="ideas", body=body)
    assert queries.revealed_ideas(standing_of(world.owner, agreeing)) == []
    assert queries.revealed_ideas(standing_of(world.partner, agreeing)) == []
    share(world.owner, agreeing, now, key="ideas", body={"fields": {}, "items": [{"idea": "Swim"}]})
    assert queries.revealed_ideas(standing_of(world.owner, agreeing)) == [
        (world.owner.seat, ["Swim"]),
        (world.partner.seat, ["Walk", "Cook"]),
    ]


def test_the_lines_that_hold_with_those_that_rest(world, now, agreeing):
    agreement = agreed(world, now, agreeing, write("Coffee"), write("Tea"))
    release(world.owner, agreeing, lineages(agreement.proposal)[1], now)
    plan = Plan.objects.get()
    assert [(one.line.words["what"], one.rested_at) for one in queries.open_lines(plan)] == [
        ("Coffee", None),
        ("Tea", now),
    ]
    propose(world.owner, agreeing, now, write("Soup"), base=1)
    assert len(queries.open_lines(plan)) == 2
    actions.end_agreement(by=world.owner.seat, plan=agreeing, now=now)
    assert queries.open_lines(plan) == []


# --- past, and what could come next -----------------------------------------------------------------------------------


def test_a_past_plan_holds_my_words_and_what_both_agreed(world, now, agreeing):
    for someone, text in ((world.owner, "mine"), (world.partner, "theirs")):
        actions.save_draft(by=someone.seat, plan=agreeing, exercise="evening", body=words(text), base=0, now=now)
        share(someone, agreeing, now, body=opening(f"{text} shared"))
    agreed(world, now, agreeing, write("Coffee"))
    seat = world.owner.seat
    actions.close_plan(by=seat, plan=agreeing, now=now)
    (past,) = queries.past(seat)
    answers = [answer.text for _title, shown, _template in past.my_texts for answer in shown["answers"]]
    assert sorted(answers) == ["Sit with me for a while", "mine", "mine shared"]
    assert [(at, [line.words["what"] for line in lines]) for at, lines in past.agreed] == [(now, ["Coffee"])]
    assert past.closed_at == now


def next_place(someone, plan):
    found = queries.next_thing(standing_of(someone, plan))
    return (found.place, found.exercise.key if found.exercise else "", found.waiting)


def test_the_next_thing_goes_the_way_step_by_step(world, now):
    plan = actions.open_plan(by=world.owner.seat, now=now)
    assert next_place(world.owner, plan) == ("prepare", "evening", False)
    for key in ("evening", "inventory", "stance"):
        actions.save_draft(by=world.owner.seat, plan=plan, exercise=key, body=words("some words"), base=0, now=now)
    assert next_place(world.owner, plan) == ("door", "", False)
    actions.choose_door(by=world.owner.seat, plan=plan, now=now)
    assert next_place(world.owner, plan) == ("ask", "opening", True)
    actions.choose_door(by=world.partner.seat, plan=plan, now=now)
    assert next_place(world.owner, plan) == ("ask", "opening", False)
    share(world.owner, plan, now)
    assert next_place(world.owner, plan)[2]
    share(world.partner, plan, now)
    assert next_place(world.owner, plan) == ("listen", "telling", False)


def test_the_next_thing_in_agreeing_is_ones_ideas_then_the_agreement(world, now, agreeing):
    assert next_place(world.owner, agreeing) == ("agree", "ideas", False)
    share(world.owner, agreeing, now, key="ideas", body={"fields": {}, "items": [{"idea": "Swim"}]})
    assert next_place(world.owner, agreeing) == ("agreement", "", False)
    assert next_place(world.partner, agreeing) == ("agree", "ideas", False)


def test_alone_the_next_thing_is_to_prepare(lone, now):
    plan = actions.open_plan(by=lone.seat, now=now)
    assert next_place(lone, plan) == ("prepare", "evening", False)


def test_what_the_other_said_back_is_the_next_thing(world, now):
    plan = begin(pair(world), now, up_to="listen")
    share(world.owner, plan, now, key="telling", body=words("It was a hard year"))
    mine = queries.next_thing(standing_of(world.owner, plan))
    assert mine.waiting and mine.exercise.key != "telling"
    assert queries.next_thing(standing_of(world.partner, plan)).theirs
    reflect(world.partner, plan, now)
    mine = queries.next_thing(standing_of(world.owner, plan))
    assert (mine.exercise.key, mine.theirs, mine.waiting) == ("telling", True, False)
    verdict(world.owner, plan, now, "heard", 1)
    assert queries.next_thing(standing_of(world.owner, plan)).waiting


def test_a_wording_that_lies_there_comes_first_for_who_has_not_said_yes(world, now, agreeing):
    agreed(world, now, agreeing, write("Coffee"))
    assert next_place(world.owner, agreeing)[0] not in ("agreement", "look-back")
    propose(world.owner, agreeing, now, write("Tea"), base=1)
    assert queries.next_thing(standing_of(world.partner, agreeing)).proposed
    assert next_place(world.partner, agreeing) == ("agreement", "", False)
