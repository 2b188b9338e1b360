"""What the coach says to one person on the pages, and to whom it says nothing."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts import actions, coaching
from apps.accounts.models import SilencedRule, User
from tests.walk import Walk, rolled_back
from tests.world import Person, alone, couple, page

pytestmark = pytest.mark.usefixtures("db")

BLAME = "You never listen to me."
WHY = coaching.reasons()


@pytest.fixture
def mara(db: None) -> Person:
    return alone("Mara")


def said(someone: Person, text: str, reading: str = "words", **beside: str) -> str:
    answer = someone.client.post(
        "/coach/", {"text": text, "reading": reading, **beside}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    return page(answer)


def rules(user: User, text: str, reading: str = "words", *, around: str = "", **beside: str) -> list[str]:
    silenced = coaching.silenced_by(user)
    return [note.rule for note in coaching.notes(text, reading, silenced=silenced, beside=beside, around=around)]


def test_it_names_the_words_and_says_why(mara):
    (note,) = coaching.notes(f"{BLAME} Good night.", "words")
    assert (note.quote, note.rule) == ("You never listen to me", "you-never")
    assert note.why == WHY["you-never"]
    answer = said(mara, BLAME)
    assert "You never listen to me" in answer
    assert answer.count("Not helpful") == 1


@pytest.mark.parametrize("text", ["", "   ", "I felt lonely at dinner.", "Thank you for the tea."])
def test_it_says_nothing_where_there_is_nothing_to_say(mara, text):
    assert said(mara, text).strip() == ""


@pytest.mark.parametrize("reading", coaching.READINGS)
def test_whoever_tells_of_harm_is_not_corrected(mara, reading):
    assert rules(mara.user, "I am afraid of you. You hit me, and you never stop.", reading) == []


def test_each_rule_speaks_once_and_three_at_most(mara):
    assert rules(mara.user, " ".join([BLAME] * 2)) == ["you-never"]
    assert rules(mara.user, " ".join([BLAME] * 40)) == ["you-never", "too-many"]
    text = "You never listen. You are so lazy. Why can't you ever help? If you loved me, you would. You hate my mother."
    assert len(rules(mara.user, text)) == 3


def test_of_two_that_are_about_the_same_words_one_speaks(mara):
    assert rules(mara.user, "Why do you always ignore me?") == ["why-you"]


def test_of_a_very_long_text_the_beginning_is_read(mara):
    assert rules(mara.user, "A walk by the lake. " * 2000 + BLAME) == []
    assert rules(mara.user, BLAME + " A walk by the lake." * 2000) == ["you-never"]


def test_advice_and_but_are_named_only_where_one_gives_back_what_one_heard(mara):
    text = "You should just rest more."
    assert rules(mara.user, text, "listening") == ["advice"]
    assert rules(mara.user, text, "words") == []


@pytest.mark.parametrize(
    ("text", "beside", "expected"),
    [
        ("Be more patient", {}, ["vague-line"]),
        ("Be more patient", {"kind": "habit", "how_often": "every day"}, ["vague-line"]),
        ("Coffee on the balcony", {}, ["vague-line"]),
        ("Coffee on the balcony", {"kind": "habit", "when": "Saturday at 9:30"}, []),
        ("Coffee on the balcony on Saturday at 9:30", {}, []),
        ("Not a word about money at dinner", {"kind": "boundary"}, []),
        ("A walk", {"kind": "appointment", "time": "18:30"}, []),
        ("You are so lazy, clean up", {"kind": "habit", "when": "Saturday"}, ["you-are-trait"]),
        ("", {}, []),
    ],
)
def test_a_line_of_a_plan_that_is_too_open(mara, text, beside, expected):
    assert rules(mara.user, text, "commitment", **beside) == expected


def test_a_line_too_open_comes_with_what_is_missing_and_one_to_start_from(mara):
    (note,) = coaching.notes("Coffee on the balcony", "commitment", beside={"who": "both", "when": ""})
    assert note.why == (
        "Said so openly, it is hard to tell later whether it happened. Not said yet: when and how often."
    )
    assert note.instead == "Coffee on the balcony, every Thursday at eight in the evening"
    (note,) = coaching.notes("Be more patient", "commitment", beside={"who": "both", "how_often": "daily"})
    assert note.why.endswith("whether it happened. Not said yet: what one would see.")
    assert "Something to start from:" in said(mara, "Be more patient", "commitment")


def test_nobody_asks_for_more_while_somebody_is_still_at_the_line(mara):
    open_line = {"who": "both", "when": "", "how_often": ""}
    assert said(mara, "Coffee on the balcony", "commitment", unfinished="1", **open_line).strip() == ""
    assert "Not said yet: when" in said(mara, "Coffee on the balcony", "commitment", **open_line)
    assert "You never help" in said(mara, "You never help with the kids", "commitment", unfinished="1", **open_line)


@pytest.mark.parametrize(
    "text",
    [
        "No hitting any more",
        "That nobody hits me",
        "Feeling safe at home",
        "to not be scared when you come home",
        "You do not check my phone",
        "No yelling at the kids",
    ],
)
@pytest.mark.parametrize("reading", ["commitment", "picture"])
def test_what_is_about_being_safe_is_left_as_it_is(mara, text, reading):
    assert coaching.notes(text, reading, beside={"who": "both"}) == []


def test_harm_told_in_one_field_quietens_the_others(mara):
    assert rules(mara.user, BLAME) == ["you-never"]
    assert rules(mara.user, BLAME, around="You hit me last night.") == []
    assert said(mara, BLAME, around="You hit me last night.").strip() == ""


def test_in_ones_own_record_only_what_is_a_meaning_is_named(mara):
    (note,) = coaching.notes("We ate at seven. You don't care about us.", "facts")
    assert (note.rule, note.quote) == ("not-seen", "You don't care")
    assert rules(mara.user, "We ate at seven and hardly spoke.", "facts") == []
    actions.silence_rule(by=mara.user, rule="not-seen")
    assert rules(mara.user, "You don't care about us.", "facts") == []


def test_a_picture_of_a_need_that_shows_nothing(mara):
    assert rules(mara.user, "more closeness", "picture") == ["vague-picture"]
    assert rules(mara.user, "Half an hour on the balcony", "picture") == []


def test_the_switch(mara):
    assert 'data-coach-at="/coach/"' in page(mara.client.get("/"))
    assert mara.client.post("/settings/coach/", {}).status_code == 303
    assert "data-coach-at" not in page(mara.client.get("/"))
    assert said(mara, BLAME).strip() == ""
    assert mara.client.post("/settings/coach/", {"coach": "on"}).status_code == 303
    assert "You never listen to me" in said(mara, BLAME)


def test_not_helpful_silences_that_rule_for_that_person_alone(mara):
    other = alone("Jonas")
    for _twice in range(2):
        mara.client.post("/coach/not-helpful/", {"rule": "you-never"}, headers={"HX-Request": "true"})
    assert said(mara, BLAME).strip() == ""
    assert "You never listen to me" in said(other, BLAME)
    assert coaching.silenced(mara.user) == [("you-never", WHY["you-never"])]
    settings = page(mara.client.get("/settings/"))
    assert WHY["you-never"] in settings
    assert "Say this again" in settings
    assert "Say this again" not in page(other.client.get("/settings/"))
    mara.client.post("/settings/coach/again/", {"rule": "you-never"})
    assert "You never listen to me" in said(mara, BLAME)


@pytest.mark.parametrize("rule", ["", "no-such-rule", "x" * 5000, "\x00"])
def test_what_is_no_rule_is_not_kept(mara, rule):
    assert mara.client.post("/coach/not-helpful/", {"rule": rule}).status_code in (303, 400)
    assert SilencedRule.objects.count() == 0


def test_an_unknown_reading_is_refused(mara):
    assert mara.client.post("/coach/", {"text": BLAME, "reading": "tea leaves"}).status_code == 422


def test_what_is_said_is_escaped(mara):
    assert "<b>" not in said(mara, "You never <b>listen</b> to me.")


def test_a_rule_that_is_gone_is_not_listed(mara):
    SilencedRule.objects.create(user=mara.user, rule="a-rule-of-last-year")
    assert coaching.silenced(mara.user) == []
    assert mara.client.post("/settings/coach/again/", {"rule": "\x00"}).status_code == 303


# --- without scripts ----------------------------------------------------------------------------------------------


@pytest.fixture
def walk(db: None) -> Walk:
    return Walk(*couple("Mara", "Jonas")).first().open_all()


def test_it_is_shown_once_and_then_sent(walk):
    address, words = walk.at("listen", "question", "share"), {"words": "Why do you always ignore me?", "revision": 0}
    shown = page(walk.post(walk.one, address, words, status=200))
    assert "Nothing has gone through yet." in shown
    assert '<input type="hidden" name="coached" value="1">' in shown
    assert "Why do you always ignore me?" in shown
    assert "ignore me" not in page(walk.two.client.get(walk.at("listen", "question")))
    revision = walk.revision(walk.one, "question")  # kept as a draft meanwhile
    assert revision == 1
    walk.post(walk.one, address, words | {"coached": "1", "revision": revision})
    assert "ignore me" in page(walk.two.client.get(walk.at("listen", "question")))


def test_what_is_ticked_as_not_helpful_is_sent_and_silenced(walk):
    address, words = walk.at("listen", "question", "share"), {"words": BLAME, "revision": 0}
    assert 'name="not-helpful" value="you-never"' in page(walk.post(walk.one, address, words, status=200))
    again = {"coached": "1", "revision": 1, "not-helpful": ["you-never"]}
    walk.post(walk.one, address, words | again)
    assert rules(walk.one.user, BLAME) == []
    assert rules(walk.two.user, BLAME) == ["you-never"]


@pytest.mark.parametrize("press", ["draft", "share"])
def test_a_tick_counts_whatever_the_form_is_sent_for(walk, press):
    """Kept for later, or come back with a mistake in it: the tick was a wish of its own."""
    words = {"words": BLAME if press == "draft" else "", "revision": 0, "coached": "1", "not-helpful": ["you-never"]}
    walk.post(walk.one, walk.at("listen", "question", press), words, status=303 if press == "draft" else 422)
    assert rules(walk.one.user, BLAME) == []


def test_a_mistake_after_it_does_not_bring_it_back(walk):
    answer = walk.post(walk.one, walk.at("listen", "question", "share"), {"words": "", "coached": "1"}, status=422)
    assert '<input type="hidden" name="coached" value="1">' in page(answer)


def test_harm_told_in_one_part_sends_the_whole_statement_at_once(walk):
    told = {"feeling_words": "afraid", "situation": "you hit me last night", "need": "You never listen", "revision": 0}
    walk.post(walk.one, walk.at("ask", "opening", "share"), told | {"request": "you are so lazy, stop it"})


def test_what_one_heard_and_a_proposal_are_kept_before_the_page_comes_back(walk):
    walk.tell()
    heard = {"text": "You should just rest more", "revision": 0}
    shown = page(walk.post(walk.one, walk.at("listen", "telling", "say-back"), heard, status=200))
    assert "Nothing has gone through yet." in shown
    assert "You should just rest more" in page(walk.one.client.get(walk.at("listen", "telling")))
    plan = plan_of(walk, "Be more patient")
    shown = page(walk.post(walk.one, walk.at("agreement", "propose"), plan, status=200))
    assert "Nothing has gone through yet." in shown
    assert '<input type="hidden" name="revision" value="1">' in shown
    assert "Be more patient" in page(walk.one.client.get(walk.at("agreement", "propose")))
    walk.post(walk.one, walk.at("agreement", "propose"), plan | {"coached": "1", "revision": 1})


def test_a_reply_is_kept_before_the_page_comes_back(walk):
    walk.share(walk.two, "ask", "opening")
    said = {"begin": "1", "words": "You never ask me", "revision": 0}
    shown = page(walk.post(walk.one, walk.at("ask", "opening", "reply"), said, status=200))
    assert "Nothing has gone through yet." in shown
    assert "You never ask me" in page(walk.one.client.get(walk.at("ask", "opening")))


def test_many_lines_are_looked_over_with_as_few_queries_as_one(walk):
    def asked(count: int) -> int:
        words = {"what": "Be more patient", "how_often": "daily"}
        more = {f"line-{number}-{name}": text for number in range(count) for name, text in words.items()}
        with rolled_back(), CaptureQueriesContext(connection) as queries:
            walk.post(walk.one, walk.at("agreement", "propose"), plan_of(walk, "") | more, status=200)
        return len(queries)

    assert asked(1) == asked(4)


def test_a_plan_that_comes_back_with_a_mistake_keeps_its_revision(walk):
    wrong = plan_of(walk, "Coffee", revision=7) | {"date": ""}
    shown = page(walk.post(walk.one, walk.at("agreement", "propose"), wrong, status=422))
    assert '<input type="hidden" name="revision" value="7">' in shown


def plan_of(walk: Walk, what: str, **more: str | int) -> dict[str, str | int]:
    """What the page on which one words a plan sends."""
    day = (datetime.now(walk.one.user.zone) + timedelta(days=14)).date().isoformat()
    line = {"line-0-what": what, "line-0-how_often": "every day", "line-0-who": "both", "line-0-kind": "habit"}
    return {**line, "date": day, "hour": "18", "rhythm": "2w", "base": 0, "revision": 0, **more}


def test_a_line_that_stands_in_the_plan_already_is_not_looked_at_again(walk):
    walk.propose(walk.one, what="Be more patient")  # its words are “Be more patient 1”
    shown = walk.post(walk.two, walk.at("agreement", "propose"), plan_of(walk, "Be kinder", base=1), status=200)
    assert "Nothing has gone through yet." in page(shown)
    walk.post(walk.two, walk.at("agreement", "propose"), plan_of(walk, "Be more patient 1", base=1, revision=1))


def test_a_thought_that_can_no_longer_be_given_is_still_there_to_read(walk):
    walk.agree()
    late = {"text": "You never ask me first", "number": 1}
    assert "You never ask me first" in page(walk.two.client.post(walk.at("agreement", "thought"), late))


def test_whoever_switched_it_off_sends_at_once(walk):
    actions.switch_coach(by=walk.one.user, on=False)
    walk.post(walk.one, walk.at("listen", "question", "share"), {"words": BLAME, "revision": 0})
    assert "You never listen" in page(walk.two.client.get(walk.at("listen", "question")))


def test_what_was_no_help_is_not_shown_before_sending_either(walk):
    actions.silence_rule(by=walk.one.user, rule="you-never")
    walk.post(walk.one, walk.at("listen", "question", "share"), {"words": BLAME, "revision": 0})


def test_a_draft_is_kept_without_a_word(walk):
    walk.post(walk.one, walk.at("listen", "question", "draft"), {"words": BLAME, "revision": 0})


def test_a_mistake_in_the_form_comes_first(walk):
    shown = page(walk.post(walk.one, walk.at("listen", "question", "share"), {"words": "", "revision": 0}, status=422))
    assert "Nothing has gone through yet." not in shown
