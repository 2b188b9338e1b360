"""Records of both, private records, replies, guesses and rounds of picks: what each verb does, and what it refuses."""

from datetime import timedelta

import pytest

from apps.core.errors import RuleBroken
from apps.guides import library
from apps.plans import actions, queries
from apps.plans.models import Draft, Entry, Share
from apps.spaces import actions as spaces
from tests.plans.helpers import begin, needs, opening, page_of, pair, words

REPLY = {"understood": "That sounds tiring.", "words": "Sunday suits me."}
IDEA = {"text": "Row on the lake", "minutes": 60, "cost": "none", "energy": "low", "novelty": "new"}
LATER = timedelta(minutes=10)


@pytest.fixture
def plan(world, now):
    """Every step is open."""
    return begin(pair(world), now, up_to="look-back")


def put_in(someone, plan, now, text="the lake", key="memories"):
    return actions.add_entry(by=someone.seat, plan=plan, exercise=key, body=words(text), now=now)


# --- a memory: undone, taken back, worded anew


def test_an_item_is_undone_for_ten_minutes_and_taken_back_after(world, plan, now):
    owner, partner = pair(world)
    given = {"by": owner.seat, "plan": plan, "exercise": "memories"}
    put_in(owner, plan, now)
    assert page_of(owner, plan, "memories", now).last_entry.number == 1
    assert page_of(partner, plan, "memories", now).last_entry is None
    with pytest.raises(RuleBroken, match="can no longer be undone"):
        actions.undo_entry(number=1, now=now + LATER, **given)
    actions.take_entry_back(number=1, now=now + LATER, **given)
    (entry,) = page_of(partner, plan, "memories", now).entries
    assert (entry.taken_back_at, entry.shown["answers"][0].text) == (now + LATER, "the lake")
    put_in(owner, plan, now + LATER, "the rain")
    actions.undo_entry(number=2, now=now + LATER, **given)
    assert Entry.objects.filter(kind="item").count() == 1


def test_nobody_undoes_or_corrects_what_the_other_put_in(world, plan, now):
    owner, partner = pair(world)
    put_in(owner, plan, now)
    given = {"by": partner.seat, "plan": plan, "exercise": "memories", "number": 1, "now": now}
    actions.undo_entry(**given)
    actions.take_entry_back(**given)
    with pytest.raises(RuleBroken):
        actions.correct_entry(body=words("the rain"), **given)
    (entry,) = page_of(owner, plan, "memories", now).entries
    assert (entry.taken_back_at, entry.shown["answers"][0].text) == (None, "the lake")


def test_what_was_worded_before_stays_readable(world, plan, now):
    owner, partner = pair(world)
    put_in(owner, plan, now)
    given = {"by": owner.seat, "plan": plan, "exercise": "memories", "number": 1}
    actions.correct_entry(body=words("the lake in the rain"), now=now + LATER, **given)
    (entry,) = page_of(partner, plan, "memories", now).entries
    assert entry.shown["answers"][0].text == "the lake in the rain"
    assert [(shown["answers"][0].text, until) for shown, until in entry.earlier] == [("the lake", now + LATER)]
    with pytest.raises(RuleBroken, match="still empty"):
        actions.correct_entry(body=words("."), now=now, **given)
    actions.take_entry_back(now=now, **given)
    with pytest.raises(RuleBroken):
        actions.correct_entry(body=words("the sea"), now=now, **given)


def test_twenty_items_a_day_are_plenty(world, plan, now):
    owner, partner = pair(world)
    for number in range(20):
        put_in(owner, plan, now, f"memory {number}")
    with pytest.raises(RuleBroken, match="a lot for one day"):
        put_in(owner, plan, now, "one more")
    put_in(partner, plan, now, "mine")
    put_in(owner, plan, now + timedelta(days=1), "one more")
    assert Entry.objects.filter(kind="item").count() == 22


# --- "I am here"


def say(someone, plan, now):
    body = {"fields": {"words": SENTENCE.key}, "items": []}
    return actions.add_entry(by=someone.seat, plan=plan, exercise="here", body=body, now=now)


SENTENCE = library.find("bridge").exercise("here").fields[0].choices[0]


def home_of(someone, plan, now):
    return queries.at_home(queries.standing(plan, someone.seat), now=now)


def test_it_is_said_once_a_week_and_stands_on_the_others_home_for_that_long(world, plan, now):
    owner, partner = pair(world)
    say(owner, plan, now)
    week = timedelta(days=7)
    with pytest.raises(RuleBroken, match="Saying it once is enough"):
        actions.add_entry(
            by=owner.seat, plan=plan, exercise="here", body={"fields": {"words": "later"}}, now=now + week / 2
        )
    assert home_of(partner, plan, now).here.shown["answers"][0].text == SENTENCE.label
    assert home_of(owner, plan, now).here is None
    assert home_of(partner, plan, now + week).here is None
    assert page_of(owner, plan, "here", now).said
    say(partner, plan, now)
    actions.add_entry(by=owner.seat, plan=plan, exercise="here", body={"fields": {"words": "later"}}, now=now + week)


def test_what_was_taken_back_leaves_the_home_page_and_is_not_said_again(world, plan, now):
    owner, partner = pair(world)
    say(owner, plan, now)
    actions.take_entry_back(by=owner.seat, plan=plan, exercise="here", number=1, now=now + LATER)
    assert home_of(partner, plan, now + LATER).here is None
    with pytest.raises(RuleBroken, match="Saying it once is enough"):
        say(owner, plan, now + LATER)


def test_undone_it_was_never_said(world, plan, now):
    owner, partner = pair(world)
    say(owner, plan, now)
    actions.undo_entry(by=owner.seat, plan=plan, exercise="here", number=1, now=now)
    assert home_of(partner, plan, now).here is None
    say(owner, plan, now)


def test_who_wants_quiet_does_not_say_it(world, plan, now):
    owner = world.owner
    spaces.begin_quiet(by=owner.seat, hours=48, now=now)
    with pytest.raises(RuleBroken):
        say(owner, plan, now)
    put_in(owner, plan, now)  # a memory comes before nobody unasked
    assert Entry.objects.filter(exercise="here").count() == 0


def test_the_memory_of_the_day_is_the_same_for_both_and_changes_with_the_day(world, plan, now):
    owner, partner = pair(world)
    for number in range(12):
        put_in(owner if number % 2 else partner, plan, now, f"memory {number}")
    drawn = [
        [home_of(someone, plan, now + timedelta(days=day)).memory.number for someone in pair(world)] for day in range(8)
    ]
    assert all(one == other for one, other in drawn)
    assert len({one for one, _other in drawn}) > 2
    for number in range(1, 13):
        for someone in pair(world):
            actions.take_entry_back(by=someone.seat, plan=plan, exercise="memories", number=number, now=now)
    assert home_of(owner, plan, now).memory is None


# --- replies


def test_a_reply_is_seen_by_both_undone_and_taken_back(world, plan, now):
    owner, partner = pair(world)
    actions.share(by=owner.seat, plan=plan, exercise="opening", body=opening(), now=now)
    actions.share(by=partner.seat, plan=plan, exercise="opening", body=opening("Jonas says"), now=now)
    actions.save_draft(by=partner.seat, plan=plan, exercise="opening:reply", body=REPLY, base=0, now=now)
    actions.reply(by=partner.seat, plan=plan, exercise="opening", body=REPLY, now=now)
    assert not Draft.objects.filter(exercise="opening:reply").exists()
    mine, theirs = page_of(owner, plan, "opening", now), page_of(partner, plan, "opening", now)
    assert [(one.seat, one.shown) for one in mine.mine[0].replies] == [(partner.seat, {"to": 1, **REPLY})]
    assert mine.theirs[0].replies == []  # not under the words of the one who replied
    assert [one.number for one in theirs.theirs[0].replies] == [1]
    assert queries.standing(plan, owner.seat).theirs_to_read == {"opening"}
    given = {"plan": plan, "exercise": "opening", "record": "reply", "number": 1}
    actions.undo_entry(by=owner.seat, now=now, **given)
    with pytest.raises(RuleBroken):
        actions.undo_entry(by=partner.seat, now=now + LATER, **given)
    actions.take_entry_back(by=partner.seat, now=now + LATER, **given)
    assert page_of(owner, plan, "opening", now).mine[0].replies[0].taken_back_at == now + LATER


@pytest.mark.parametrize("key", ["opening", "telling", "needs", "memories"])
def test_there_is_nothing_to_reply_to_where_nothing_lies_open(world, plan, now, key):
    """Nothing shared; said back instead; sealed by its own half; a record of both."""
    if key == "needs":
        actions.share(by=world.owner.seat, plan=plan, exercise=key, body=needs(), now=now)
    with pytest.raises(RuleBroken, match="This opens when you have both chosen it"):
        actions.reply(by=world.partner.seat, plan=plan, exercise=key, body=REPLY, now=now)


def test_what_was_taken_back_is_not_answered_any_more(world, plan, now):
    owner, partner = pair(world)
    actions.share(by=owner.seat, plan=plan, exercise="opening", body=opening(), now=now)
    actions.take_back(by=owner.seat, plan=plan, exercise="opening", now=now)
    assert page_of(partner, plan, "opening", now).reply_to is None
    with pytest.raises(RuleBroken):
        actions.reply(by=partner.seat, plan=plan, exercise="opening", body=REPLY, now=now)


# --- "I wonder whether"


def share_needs(someone, plan, now, wonder=""):
    return actions.share(by=someone.seat, plan=plan, exercise="needs", body=needs(wonder), now=now)


def test_a_guess_is_dropped_before_both_have_shared_and_not_after(world, plan, now):
    owner, partner = pair(world)
    given = {"by": owner.seat, "plan": plan, "exercise": "needs", "now": now}
    actions.save_draft(body=needs("a guess"), base=0, **given)
    share_needs(owner, plan, now, "a guess")
    assert page_of(owner, plan, "needs", now).may_drop_guess
    actions.drop_guess(**given)
    assert Draft.objects.get(exercise="needs").body == needs()
    assert Share.objects.get(exercise="needs").body == needs()
    share_needs(owner, plan, now, "another")
    share_needs(partner, plan, now)
    assert [one.words for one in page_of(partner, plan, "needs", now).guesses] == ["another"]
    with pytest.raises(RuleBroken, match="both opened this"):
        actions.drop_guess(**given)


def test_the_one_it_is_about_answers_with_one_press_and_can_change_it(world, plan, now):
    owner, partner = pair(world)
    given = {"plan": plan, "exercise": "needs", "now": now}
    share_needs(owner, plan, now, "whether you are tired")
    with pytest.raises(RuleBroken):
        actions.answer_guess(by=partner.seat, answer="close", **given)
    share_needs(partner, plan, now)
    for answer in ("close", "not-quite"):
        actions.answer_guess(by=partner.seat, answer=answer, **given)
        for someone in pair(world):
            (guess,) = page_of(someone, plan, "needs", now).guesses
            assert (guess.seat, guess.answer, guess.mine_to_answer) == (owner.seat, answer, someone is partner)
    with pytest.raises(RuleBroken):
        actions.answer_guess(by=owner.seat, answer="close", **given)
    with pytest.raises(RuleBroken):
        actions.answer_guess(by=partner.seat, answer="yes", **given)
    share_needs(owner, plan, now, "whether you are bored")
    assert page_of(owner, plan, "needs", now).guesses[0].answer == ""  # the answer was to other words


# --- the deck


def pick(someone, plan, now, number, *keys):
    body = {"picks": sorted(keys), "round": number}
    return actions.share(by=someone.seat, plan=plan, exercise="deck", body=body, now=now)


def matches(someone, plan, now):
    page = page_of(someone, plan, "deck", now)
    newest = None if page.matches is None else [idea.key for idea in page.matches]
    return newest, [idea.key for idea in page.earlier_matches], page.round


def test_each_round_opens_once_both_have_finished_it(world, plan, now):
    owner, partner = pair(world)
    assert matches(owner, plan, now) == (None, [], 1)
    pick(owner, plan, now, 1, "read-aloud", "swim")
    assert matches(owner, plan, now) == (None, [], 1)
    pick(partner, plan, now, 1, "read-aloud", "quiz")
    for someone in pair(world):
        assert matches(someone, plan, now) == (["read-aloud"], [], 2)
    pick(owner, plan, now, 2, "read-aloud", "swim")  # the same picks again are a round of their own
    assert matches(owner, plan, now) == (["read-aloud"], [], 2)
    assert matches(partner, plan, now) == (["read-aloud"], [], 2)
    pick(partner, plan, now, 2, "swim")
    for someone in pair(world):
        assert matches(someone, plan, now) == (["swim"], ["read-aloud"], 3)


def test_a_late_press_in_a_finished_round_changes_nothing(world, plan, now):
    owner, partner = pair(world)
    pick(owner, plan, now, 1, "read-aloud")
    pick(partner, plan, now, 1, "quiz")
    pick(owner, plan, now, 1, "quiz")
    assert matches(owner, plan, now) == ([], [], 2)
    assert Share.objects.count() == 2


def test_an_idea_of_their_own_is_a_card_for_both_and_is_picked_like_any(world, plan, now):
    owner, partner = pair(world)
    given = {"plan": plan, "exercise": "deck"}
    actions.add_idea(by=owner.seat, body=IDEA, now=now, **given)
    actions.add_idea(by=partner.seat, body=IDEA, now=now, **given)
    (idea,) = page_of(partner, plan, "deck", now).records.around(now.date()).own_ideas
    assert (idea.text, idea.minutes) == ("Row on the lake", 60)
    for someone in pair(world):
        pick(someone, plan, now, 1, idea.key)
    assert matches(owner, plan, now)[0] == [idea.key]
    actions.take_entry_back(by=owner.seat, number=1, now=now + LATER, **given)
    assert page_of(partner, plan, "deck", now).records.around(now.date()).own_ideas == ()
    assert matches(partner, plan, now)[0] == [idea.key]  # what both could read stays


def test_only_what_both_picked_was_done_together(world, plan, now):
    owner, partner = pair(world)
    given = {"plan": plan, "exercise": "deck", "today": now.date(), "now": now}
    pick(owner, plan, now, 1, "read-aloud", "swim")
    for idea in ("read-aloud", "swim", "no-such-idea"):
        with pytest.raises(RuleBroken):
            actions.did(by=partner.seat, idea=idea, on=now.date(), **given)
    pick(partner, plan, now, 1, "read-aloud", "quiz")
    with pytest.raises(RuleBroken):
        actions.did(by=partner.seat, idea="swim", on=now.date(), **given)
    with pytest.raises(RuleBroken, match="today or a day before"):
        actions.did(by=partner.seat, idea="read-aloud", on=now.date() + timedelta(days=1), **given)
    for days in (9, 2):
        actions.did(by=partner.seat, idea="read-aloud", on=now.date() - timedelta(days=days), **given)
    for someone in pair(world):
        last = page_of(someone, plan, "deck", now).records.last_done
        assert last == {"read-aloud": now.date() - timedelta(days=2)}
    actions.undo_entry(by=partner.seat, plan=plan, exercise="deck", record="done", number=2, now=now)
    assert page_of(owner, plan, "deck", now).records.last_done == {"read-aloud": now.date() - timedelta(days=9)}


# --- a private record


def test_only_a_private_record_takes_private_items(world, plan, now):
    entry = {"on": "2026-03-02", "sign": "", "words": "We laughed", "good": True}
    given = {"by": world.owner.seat, "plan": plan, "now": now}
    actions.keep_item(exercise="observations", item=entry, **given)
    assert Draft.objects.get(exercise="observations").body == {"entries": [entry], "typing": {}}
    for key in ("evening", "memories", "opening"):
        with pytest.raises(RuleBroken):
            actions.keep_item(exercise=key, item=entry, **given)
        with pytest.raises(RuleBroken):
            actions.remove_item(exercise=key, item="2026-03-02", **given)
    actions.remove_item(exercise="observations", item="2026-03-02", **given)
    assert Draft.objects.get(exercise="observations").body == {"entries": [], "typing": {}}


def test_nobody_shares_or_adds_a_private_record(world, plan, now):
    given = {"by": world.owner.seat, "plan": plan, "exercise": "observations", "body": {"entries": []}, "now": now}
    for action in (actions.share, actions.add_entry, actions.add_idea):
        with pytest.raises(RuleBroken):
            action(**given)
