"""The coach beside each field that goes to the other, with and without scripts: it says what it sees, stands in
nobody's way, and the other never learns of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Walker
from tests.journeys.test_every_page import faults_of

BEFORE = "Nothing has gone through yet."
COACH = ".coach"


@dataclass(frozen=True)
class Field:
    """One field: where it is, its label, hard words for it, a part of what the coach says, the button that sends it.

    `first` happens before; `read_at` is where Jonas reads the words once they are sent.
    """

    place: str
    label: str
    words: str
    says: str
    button: str
    read_at: str
    first: Callable[[Walker, Walker], None] = lambda mara, jonas: None
    with_it: Callable[[Walker], None] = lambda mara: None
    within: str = "form"


def jonas_tells(_mara: Walker, jonas: Walker) -> None:
    jonas.go("/plans/1/listen/telling/")
    jonas.fill("For me …", "The evenings were long")
    jonas.press("Share with Mara")
    jonas.sees("The evenings were long")


def a_request(mara: Walker) -> None:
    mara.fill("and I would love …", "tea with you")


def a_day(mara: Walker) -> None:
    day = datetime.now(UTC).astimezone(ZoneInfo(mara.zone)).date() + timedelta(days=3)
    mara.main.get_by_label("Day").first.fill(day.isoformat())
    mara.main.get_by_label("From").first.fill("15:00")


def a_line(mara: Walker) -> None:
    mara.item("Line 1").get_by_label("What", exact=True).fill("Coffee on the balcony")
    mara.item("Line 1").get_by_label("When, or after what").fill("Saturday at 9:30")


def often(mara: Walker) -> None:
    mara.item("Line 1").get_by_label("How often").fill("every day")


FIELDS = {
    "statement": Field(
        "/plans/1/ask/opening/", "when …", "You never listen to me", "never", "Share with Jonas",
        "/plans/1/ask/opening/", with_it=a_request,
    ),
    "question": Field(
        "/plans/1/listen/question/", "My question, in my words", "Why do you always ignore me?", "Why do you always",
        "Share with Jonas", "/plans/1/listen/question/",
    ),
    "reflection": Field(
        "/plans/1/listen/telling/", "In your words", "You should just rest more", "You should just", "Send to Jonas",
        "/plans/1/listen/telling/", jonas_tells,
    ),
    "invitation": Field(
        "/times/new/", "A few words with it", "You never have time for me", "You never have", "Suggest it to Jonas",
        "/times/1/", with_it=a_day,
    ),
    "proposal": Field(
        "/plans/1/agreement/propose/", "Is there something you would wish for", "You never help with anything",
        "You never help", "Propose it, with my yes", "/plans/1/agreement/", with_it=a_line,
    ),
    "commitment": Field(
        "/plans/1/agreement/propose/", "What", "Be more patient with each other", "hard to tell later",
        "Propose it, with my yes", "/plans/1/agreement/", with_it=often, within="#lines",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_a_field(two: tuple[Walker, Walker], name: str) -> None:
    mara, jonas = two
    field = FIELDS[name]
    field.first(mara, jonas)
    mara.go(field.place)
    field.with_it(mara)
    written = mara.main.locator(field.within).get_by_label(field.label).first
    written.fill(field.words)
    notes = mara.main.locator(COACH)
    if mara.javascript:
        expect(notes).to_contain_text(field.says)
        expect(mara.main.locator(".notes").filter(has=mara.page.locator(COACH))).to_have_attribute(
            "aria-live", "polite"
        )
        mara.page.emulate_media(reduced_motion="reduce")
        assert faults_of(mara.page) == []
        mara.press(field.button)
    else:
        expect(notes).to_have_count(0)
        mara.press(field.button)
        mara.sees(BEFORE)
        expect(notes).to_contain_text(field.says)
        expect(written).to_have_value(field.words)
        jonas.go("/")
        jonas.does_not_see(field.words)
        mara.press(field.button)
    expect(mara.main).not_to_contain_text(BEFORE)
    jonas.go(field.read_at)
    jonas.sees(field.words)
    expect(jonas.main.locator(COACH)).to_have_count(0)


def test_kind_words_and_a_telling_of_fear_are_met_with_silence(two: tuple[Walker, Walker]) -> None:
    mara, jonas = two
    for number, words in enumerate(
        ["What would you like more of?", "You hit me, and you never stop. Why do you do that?"]
    ):
        mara.go("/plans/1/listen/question/")
        if mara.javascript:
            with mara.page.expect_response(lambda answer: answer.url.endswith("/coach/")) as answer:
                mara.unfold_if_folded("Correct or add something")
                mara.fill("My question, in my words", words)
            assert answer.value.text().strip() == ""
        else:
            mara.unfold_if_folded("Correct or add something")
            mara.fill("My question, in my words", words)
        expect(mara.main.locator(COACH)).to_have_count(0)
        mara.press("Share the new version" if number else "Share with Jonas")
        mara.does_not_see(BEFORE)
        jonas.go("/plans/1/listen/question/")
        jonas.sees(words)


def test_not_helpful_and_the_switch(two: tuple[Walker, Walker]) -> None:
    mara, jonas = two
    question = "/plans/1/listen/question/"
    mara.go(question)
    mara.fill("My question, in my words", "You never ask me anything")
    if mara.javascript:
        mara.main.locator(COACH).get_by_role("button", name="Not helpful").click()
        mara.sees("You will not hear this again.")
        expect(mara.main.get_by_label("My question, in my words")).to_be_focused()
        mara.press("Share with Jonas")
    else:
        mara.press("Share with Jonas")
        mara.main.locator(COACH).get_by_label("Not helpful: do not say this to me again").check()
        mara.press("Share with Jonas")
    jonas.go(question)
    jonas.sees("You never ask me anything")
    mara.go("/settings/")
    card = mara.card("While you write")
    mara.unfold_if_folded("What you do not want to hear")
    if mara.javascript:
        mara.page.emulate_media(reduced_motion="reduce")
        assert faults_of(mara.page) == []
    card.get_by_role("button", name="Say this again").click()
    mara.sees("Saved.")
    mara.does_not_see("What you do not want to hear")
    mara.main.get_by_label("A thought beside what I write").uncheck()
    mara.press("Save", within=card)
    mara.sees("Saved.")
    expect(mara.main.get_by_label("A thought beside what I write")).not_to_be_checked()
    jonas.go("/plans/1/ask/opening/")
    mara.go("/plans/1/ask/opening/")
    a_request(mara)
    mara.fill("when …", "You never listen to me")
    mara.press("Share with Jonas")
    mara.does_not_see(BEFORE)
    jonas.page.reload()
    jonas.sees("You never listen to me")


def test_a_line_is_found_wanting_only_once_it_is_left_and_no_longer_when_it_says_when(
    two: tuple[Walker, Walker],
) -> None:
    mara, _jonas = two
    if not mara.javascript:
        pytest.skip("without scripts nothing is asked")
    mara.go("/plans/1/agreement/propose/")
    line, notes = mara.item("Line 1"), mara.main.locator(COACH)
    with mara.page.expect_response(lambda answer: answer.url.endswith("/coach/")) as answer:
        line.get_by_label("What", exact=True).fill("Coffee on the balcony")
    assert answer.value.text().strip() == ""
    mara.main.get_by_label("and then").focus()
    expect(notes).to_contain_text("Not said yet: when and how often.")
    line.get_by_label("When, or after what").fill("Saturday at 9:30")
    expect(notes).to_have_count(0)


def test_of_two_notes_one_is_sent_away_and_the_other_stays(two: tuple[Walker, Walker]) -> None:
    mara, _jonas = two
    if not mara.javascript:
        pytest.skip("without scripts a note has a tick")
    mara.go("/plans/1/listen/question/")
    field = mara.main.get_by_label("My question, in my words")
    field.fill("You never ask. It's your own fault that we are late.")
    notes = mara.main.locator(COACH)
    expect(notes).to_have_count(2)
    assert field.get_attribute("aria-describedby").split()[-1] == "id_words_notes"
    mara.page.evaluate("window.kept = document.querySelectorAll('.coach')[1]")
    mara.page.get_by_role("button", name="Not helpful").first.click()
    mara.sees("You will not hear this again.")
    expect(notes.nth(1)).to_contain_text("your own fault")
    assert mara.page.evaluate("window.kept.isConnected")  # not written anew: nobody hears it twice
    field.press("End")
    with mara.page.expect_response(lambda answer: answer.url.endswith("/coach/")):
        field.type(" ")
    expect(notes).to_have_count(1)
    expect(notes).to_contain_text("your own fault")


def test_harm_told_in_one_field_quietens_the_others(two: tuple[Walker, Walker]) -> None:
    mara, _jonas = two
    mara.go("/plans/1/ask/opening/")
    mara.fill("when …", "you hit me last night")
    mara.fill("because what matters to me is", "You never listen")
    if mara.javascript:
        with mara.page.expect_response(lambda answer: answer.url.endswith("/coach/")) as answer:
            mara.fill("and I would love …", "you are so lazy, stop it")
        assert answer.value.text().strip() == ""
    else:
        mara.fill("and I would love …", "you are so lazy, stop it")
    mara.press("Share with Jonas")
    mara.does_not_see(BEFORE)
    mara.sees("you hit me last night")


def test_the_words_stay_when_the_server_is_away_or_the_session_has_ended(two: tuple[Walker, Walker]) -> None:
    """Whoever writes notices nothing: no note, no warning, and every letter is where it was."""
    mara, _jonas = two
    if not mara.javascript:
        pytest.skip("without scripts nothing is asked")
    mara.go("/plans/1/listen/question/")
    mara.page.route("**/coach/", lambda route: route.abort())
    with mara.page.expect_event("requestfailed"):
        mara.fill("My question, in my words", "You never ask me anything")
    expect(mara.main.locator(COACH)).to_have_count(0)
    expect(mara.main.get_by_label("My question, in my words")).to_have_value("You never ask me anything")
    mara.page.unroute("**/coach/")
    mara.fill("My question, in my words", "You never ask me")
    expect(mara.main.locator(COACH)).to_contain_text("You never ask me")
