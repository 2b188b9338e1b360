"""What the coach says to one person on the pages, and to whom it says nothing."""

import pytest

from apps.accounts import actions, coaching
from apps.accounts.models import SilencedRule, User
from tests.walk import Walk
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


def rules(user: User, text: str, reading: str = "words", **beside: str) -> list[str]:
    return [note.rule for note in coaching.notes(user, text, reading, beside)]


def test_it_names_the_words_and_says_why(mara):
    (note,) = coaching.notes(mara.user, f"{BLAME} Good night.", "words")
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
    (note,) = coaching.notes(mara.user, "Coffee on the balcony", "commitment")
    assert note.why == (
        "Said so openly, it is hard to tell later whether it happened. "
        "Not said yet: who does it, when, or after what and how often."
    )
    assert note.instead == "Coffee on the balcony, every Thursday at eight in the evening"


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
    actions.hear_rule_again(by=mara.user, rule="a-rule-of-last-year")
    assert SilencedRule.objects.count() == 0


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


def test_whoever_switched_it_off_sends_at_once(walk):
    actions.switch_coach(by=walk.one.user, on=False)
    walk.post(walk.one, walk.at("listen", "question", "share"), {"words": BLAME, "revision": 0})
    assert "You never listen" in page(walk.two.client.get(walk.at("listen", "question")))


def test_a_draft_is_kept_without_a_word(walk):
    walk.post(walk.one, walk.at("listen", "question", "draft"), {"words": BLAME, "revision": 0})


def test_a_mistake_in_the_form_comes_first(walk):
    shown = page(walk.post(walk.one, walk.at("listen", "question", "share"), {"words": "", "revision": 0}, status=422))
    assert "Nothing has gone through yet." not in shown
