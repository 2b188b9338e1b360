"""What somebody typed is never lost, and what is private is not left behind in the browser."""

from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewWalker
from tests.journeys.people import Walker
from tests.stack import wait_for

FEAR = "What am I afraid could happen if we talk?"


def at_her_desk(walker: NewWalker, *, javascript: bool = True) -> Walker:
    """Somebody alone, on a page with a text to write."""
    lena = walker("Lena", javascript=javascript)
    lena.begin("An hour of quiet")
    lena.to_preparation("How am I?")
    return lena


def text_on(page: Page) -> str:
    return page.get_by_label(FEAR).input_value()


def end_session(person: Walker) -> None:
    """The session ends while the page is open, as it does after thirty days."""
    key = next(cookie["value"] for cookie in person.context.cookies() if cookie["name"] == "sessionid")
    person.stack.sql("DELETE FROM django_session WHERE session_key = %s", (key,))


def test_typing_is_saved_without_pressing_anything(walker: NewWalker) -> None:
    lena = at_her_desk(walker)
    lena.fill(FEAR, "that I cry")
    expect(lena.status).to_contain_text("Saved")
    lena.page.reload()
    assert text_on(lena.page) == "that I cry"


def test_leaving_the_page_in_the_middle_of_a_word_keeps_it(walker: NewWalker) -> None:
    lena = at_her_desk(walker)
    lena.main.get_by_label(FEAR).press_sequentially("that you say it is all fi")
    lena.home()
    lena.at("Lena")

    def is_back() -> bool:
        lena.to_preparation("How am I?")
        return text_on(lena.page) == "that you say it is all fi"

    wait_for(is_back, 10, lambda: f"only {text_on(lena.page)!r} was kept")


def test_two_windows_show_both_texts(walker: NewWalker) -> None:
    lena = at_her_desk(walker)
    other = lena.context.new_page()
    other.goto(lena.page.url)
    lena.fill(FEAR, "written here")
    expect(lena.status).to_contain_text("Saved")
    other.get_by_label(FEAR).fill("written there")
    kept = other.get_by_role("main").get_by_role("status").filter(has_text="What was saved in the other window")
    expect(kept).to_contain_text("written here")
    assert text_on(other) == "written there"
    other.get_by_role("button", name="Save", exact=True).click()  # it says so once more, as a whole page
    expect(other.get_by_role("alert")).to_contain_text("written here")
    assert text_on(other) == "written there"
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_role("alert")).to_have_count(0)
    lena.page.reload()
    assert text_on(lena.page) == "written there"


def test_two_windows_without_scripts(walker: NewWalker) -> None:
    lena = at_her_desk(walker, javascript=False)
    other = lena.context.new_page()
    other.goto(lena.page.url)
    lena.fill(FEAR, "written here")
    lena.keep()
    other.get_by_label(FEAR).fill("written there")
    with other.expect_response(lambda response: response.request.method == "POST") as answer:
        other.get_by_role("button", name="Save", exact=True).click()
    assert answer.value.status == 409
    expect(other.get_by_role("alert")).to_contain_text("written here")
    assert text_on(other) == "written there"


def test_a_session_that_has_ended_keeps_the_text_and_offers_to_sign_in(walker: NewWalker) -> None:
    lena = at_her_desk(walker)
    end_session(lena)
    lena.fill(FEAR, "that nothing changes")
    expect(lena.status).to_contain_text("You have been signed out. What you wrote is still on this page.")
    with lena.context.expect_page() as opened:
        lena.status.get_by_role("link", name="Sign in beside it").click()
    lena.sign_in(opened.value)
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("Lena")
    opened.value.close()
    lena.page.evaluate("dispatchEvent(new Event('focus'))")  # coming back to the tab; no window has focus here
    expect(lena.status).to_contain_text("Saved")
    lena.page.reload()
    assert text_on(lena.page) == "that nothing changes"


def test_a_session_that_has_ended_without_scripts(walker: NewWalker) -> None:
    lena = at_her_desk(walker, javascript=False)
    end_session(lena)
    words = "that nothing changes, and that we both pretend that it does"
    lena.fill(FEAR, words)
    lena.press("Save")
    lena.at("You have been signed out")
    expect(lena.main.get_by_label("What you wrote")).to_have_value(words)
    with lena.context.expect_page() as opened:
        lena.follow("Sign in beside this page")
    lena.sign_in(opened.value)
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text("Lena")
    lena.press("Send it again")
    lena.at("This page had grown old")  # its token is from before the sign-in; the text is still here
    lena.press("Send it again")
    expect(lena.status).to_contain_text("Saved")
    lena.to_preparation("How am I?")
    assert text_on(lena.page) == words


def test_the_back_button_after_signing_out_shows_nothing(walker: NewWalker) -> None:
    lena = at_her_desk(walker)
    lena.fill(FEAR, "CANARY")
    expect(lena.status).to_contain_text("Saved")
    lena.page.get_by_role("contentinfo").get_by_role("link", name="Sign out").click()
    lena.press("Sign out")
    lena.at("When a distance has grown")
    for _time in range(3):
        lena.page.go_back()
        assert "CANARY" not in lena.page.content() and "Lena" not in lena.page.content()


def test_leave_this_page(walker: NewWalker) -> None:
    """One tap, or Shift three times: signed out, a recipe, and no way back."""
    lena = at_her_desk(walker)
    lena.fill(FEAR, "CANARY")
    expect(lena.status).to_contain_text("Saved")
    lena.page.get_by_role("link", name="Leave this page").click()
    expect(lena.page).to_have_title("Red lentil soup")
    is_signed_out(lena)
    lena.go("/accounts/login/")
    lena.sign_in()
    lena.at("Lena")
    for _time in range(3):
        lena.page.keyboard.press("Shift")
    expect(lena.page).to_have_title("Red lentil soup")
    is_signed_out(lena)


def test_leave_this_page_without_scripts(walker: NewWalker) -> None:
    lena = at_her_desk(walker, javascript=False)
    lena.page.get_by_role("link", name="Leave this page").click()
    expect(lena.page).to_have_title("Red lentil soup")
    is_signed_out(lena)


def is_signed_out(person: Walker) -> None:
    person.page.go_back()
    assert "CANARY" not in person.page.content() and person.name not in person.page.content()
    person.go("/")
    person.at("When a distance has grown")
