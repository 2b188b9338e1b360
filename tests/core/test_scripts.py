"""What the small script does, in a real browser: nothing typed is lost, and leaving is quick.

The page and its answers are made here, so that each answer can be late, refused or missing.
"""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "halfway.js"
HERE = "http://halfway.test"
PAGE = """<!doctype html><html lang="en" data-private><title>Page</title>
<body data-say-away="Away." data-say-later="Later.">
<a href="/exit/" data-exit>Leave this page</a><div id="notices"></div>
<form method="post" action="/send/" data-autosave="/save/"><input type="hidden" name="csrfmiddlewaretoken" value="old">
<input type="hidden" name="revision" value="1"><label for="t">Text</label><textarea id="t" name="text"></textarea>
<p data-autosave-status></p><button>Send</button></form><script src="/halfway.js"></script></body></html>"""


class Desk:
    """Stands for the server: keeps what was posted, and answers as it was told to."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.saved: list[dict[str, str]] = []
        self.sent: list[dict[str, str]] = []
        self.heads: list[dict[str, str]] = []
        self.answer: Callable[[Route], None] = lambda route: route.fulfill(
            body="<p>Saved a moment ago.</p>", headers={"X-Revision": str(len(self.saved) + 1)}
        )
        page.context.add_cookies([{"name": "csrftoken", "value": "new", "url": HERE}])
        page.route(f"{HERE}/**", self.serve)
        page.goto(f"{HERE}/page/")

    def serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(HERE)
        if path == "/save/":
            self.saved.append(fields(route))
            self.heads.append(route.request.headers)
            self.answer(route)
        elif path == "/send/":
            self.sent.append(fields(route))
            route.fulfill(body="<title>Sent</title>", content_type="text/html")
        elif path == "/halfway.js":
            route.fulfill(body=SCRIPT.read_text(), content_type="text/javascript")
        else:
            title = "<title>Soup</title>" if path == "/exit/" else PAGE
            route.fulfill(body=title, content_type="text/html")

    def type(self, text: str) -> None:
        self.page.locator("textarea").press_sequentially(text)

    def come_back(self) -> None:
        self.page.evaluate("window.dispatchEvent(new Event('focus'))")

    @property
    def status(self) -> str:
        return self.page.locator("[data-autosave-status]").inner_text()

    def until(self, condition: Callable[[], object]) -> None:
        for _turn in range(200):
            if condition():
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"did not happen; saved {self.saved}, sent {self.sent}, status {self.status!r}")


def fields(route: Route) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(route.request.post_data or "").items()}


@pytest.fixture
def desk(browser: Browser) -> Iterator[Desk]:
    context = browser.new_context()
    yield Desk(context.new_page())
    context.close()


def test_a_pause_saves_with_the_newest_token_and_takes_the_revision(desk: Desk) -> None:
    desk.type("I miss us")
    desk.until(lambda: "Saved" in desk.status)
    assert desk.saved == [{"revision": "1", "text": "I miss us"}]
    assert (desk.heads[0]["hx-request"], desk.heads[0]["x-csrftoken"]) == ("true", "new")
    desk.type(" too")
    desk.until(lambda: len(desk.saved) == 2)
    assert desk.saved[1] == {"revision": "2", "text": "I miss us too"}


def test_without_a_session_the_text_waits_and_goes_when_somebody_comes_back(desk: Desk) -> None:
    good = desk.answer
    desk.answer = lambda route: route.fulfill(status=401, body="<a href='/login/'>Sign in beside it</a>")
    desk.type("I miss us")
    desk.until(lambda: "Sign in beside it" in desk.status)
    assert desk.page.locator("textarea").input_value() == "I miss us"
    desk.page.wait_for_timeout(1200)
    assert len(desk.saved) == 1  # it does not knock again and again
    desk.answer = good
    desk.come_back()
    desk.until(lambda: "Saved" in desk.status)
    assert desk.page.locator("[name=csrfmiddlewaretoken]").input_value() == "new"


def test_a_newer_text_elsewhere_is_shown_and_this_one_kept(desk: Desk) -> None:
    desk.answer = lambda route: route.fulfill(status=409, body="<p>There is a newer one.</p>")
    desk.type("I miss us")
    desk.until(lambda: "newer" in desk.status)
    assert desk.page.locator("textarea").input_value() == "I miss us"
    assert desk.page.locator("[name=revision]").input_value() == "1"


def test_what_is_typed_during_a_save_is_saved_after_it(desk: Desk) -> None:
    held: list[Route] = []
    good, desk.answer = desk.answer, held.append
    desk.type("I miss us")
    desk.until(lambda: held)
    desk.type(" too")
    desk.page.wait_for_timeout(1000)
    assert len(desk.saved) == 1
    desk.answer = good
    held[0].fulfill(body="<p>Saved.</p>", headers={"X-Revision": "7"})
    desk.until(lambda: len(desk.saved) == 2)
    assert desk.saved[1] == {"revision": "7", "text": "I miss us too"}


def test_the_button_waits_for_a_save_that_is_under_way(desk: Desk) -> None:
    held: list[Route] = []
    desk.answer = held.append
    desk.type("I miss us")
    desk.until(lambda: held)
    desk.page.get_by_role("button", name="Send").click(no_wait_after=True)
    desk.page.wait_for_timeout(300)
    assert not desk.sent
    held[0].fulfill(body="<p>Saved.</p>", headers={"X-Revision": "7"})
    desk.until(lambda: desk.sent)
    assert desk.sent == [{"csrfmiddlewaretoken": "new", "revision": "7", "text": "I miss us"}]


@pytest.mark.parametrize("answer", [lambda route: route.abort(), lambda route: route.fulfill(status=503, body="down")])
def test_a_save_that_does_not_get_through_says_so_and_is_tried_again(
    desk: Desk, answer: Callable[[Route], None]
) -> None:
    good, desk.answer = desk.answer, answer
    desk.type("I miss us")
    desk.until(lambda: desk.status == "Later.")
    desk.answer = good
    desk.until(lambda: "Saved" in desk.status)
    assert desk.saved[-1]["text"] == "I miss us"


class Counter(BaseHTTPRequestHandler):
    """A real server for what a closing page sends: the browser no longer shows that to the test."""

    saved: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        body = SCRIPT.read_text() if self.path == "/halfway.js" else PAGE
        kind = "text/javascript" if self.path == "/halfway.js" else "text/html"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body.encode())

    def do_POST(self) -> None:
        self.saved.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quietly."""


def test_closing_the_page_saves_what_was_just_typed(browser: Browser) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/page/")
    page.locator("textarea").press_sequentially("I miss us")
    page.goto("about:blank")
    page.wait_for_timeout(500)
    server.shutdown()
    server.server_close()
    assert parse_qs(Counter.saved[-1])["text"] == ["I miss us"]


def test_the_link_leaves_and_the_back_button_does_not_return(desk: Desk) -> None:
    desk.page.get_by_text("Leave this page").click()
    desk.page.wait_for_url("**/exit/")
    desk.page.go_back()
    assert "/page/" not in desk.page.url


def test_shift_three_times_leaves_and_writing_capitals_does_not(desk: Desk) -> None:
    desk.page.locator("textarea").focus()
    for letter in "ABCD":
        desk.page.keyboard.press(f"Shift+{letter}")
    desk.page.keyboard.press("e")
    expect(desk.page).to_have_title("Page")
    for _time in range(3):
        desk.page.keyboard.press("Shift")
    desk.page.wait_for_url("**/exit/")
