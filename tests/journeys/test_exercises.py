"""Every kind of exercise by two people, with and without scripts: fill it, leave it half-way, come back, share or keep
it, undo it, and what the other sees at each point.

One running app serves them all; each journey has a couple of its own, who stand where every step is open.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Walker


@dataclass(frozen=True)
class Kind:
    """One kind: where it is, how Mara fills it half and whole, what she presses, and what can be read then.

    `half` leaves `kept` on the page when she comes back. `send` is the button that shares or adds, empty for what is
    only ever one's own. `seen` is what Jonas reads after that; where it is `sealed`, only after his own share.
    """

    place: str
    half: Callable[[Walker], None]
    kept: Callable[[Walker], None]
    whole: Callable[[Walker], None] = lambda mara: None
    send: str = ""
    seen: str = ""
    sealed: bool = False


def text(label: str, words: str) -> Callable[[Walker], None]:
    return lambda mara: mara.fill(label, words)


def has(label: str, words: str) -> Callable[[Walker], None]:
    return lambda mara: expect(mara.main.get_by_label(label).first).to_have_value(words)


def tick(label: str) -> Callable[[Walker], None]:
    return lambda mara: mara.main.get_by_label(label).first.check()


def is_ticked(label: str) -> Callable[[Walker], None]:
    return lambda mara: expect(mara.main.get_by_label(label).first).to_be_checked()


def all_of(*acts: Callable[[Walker], None]) -> Callable[[Walker], None]:
    def act(mara: Walker) -> None:
        for one in acts:
            one(mara)

    return act


EVENING, WHY = "What would you like more of", "What puts me there today?"
PICTURE = "On a normal day it would look like this"
KINDS = {
    "journal": Kind("prepare/evening", text(EVENING, "A walk"), has(EVENING, "A walk")),
    "inventory": Kind("prepare/stance", text(WHY, "I slept"), has(WHY, "I slept")),
    "statement": Kind(
        "ask/opening",
        text("when …", "we eat apart"),
        has("when …", "we eat apart"),
        text("and I would love …", "tea with you"),
        "Share with Jonas",
        "There are times when we eat apart. I would love tea with you.",
    ),
    "question": Kind(
        "listen/question",
        text("My question, in my words", "How are your mornings?"),
        has("My question, in my words", "How are your mornings?"),
        send="Share with Jonas",
        seen="How are your mornings?",
    ),
    "telling": Kind(
        "listen/telling", text("For me …", "It was long"), has("For me …", "It was long"),
        send="Share with Jonas", seen="It was long",
    ),
    "stressors": Kind(
        "outside/stressors",
        text("What is it?", "The stocktaking"),
        has("What is it?", "The stocktaking"),
        all_of(tick("Work"), tick("4"), text("How does it show at home?", "I go quiet")),
        "Share, when you both have",
        "Both, on one line of time",
        sealed=True,
    ),
    "needs": Kind(
        "missing/needs",
        text(PICTURE, "Half an hour on the balcony"),
        has(PICTURE, "Half an hour on the balcony"),
        all_of(tick("Rest"), text("About you, I wonder whether …", "you are tired")),
        "Share, when you both have",
        "What Mara wonders about you",
        sealed=True,
    ),
    "ideas": Kind(
        "agree/ideas", text("We could …", "Sunday breakfast"), has("We could …", "Sunday breakfast"),
        send="Share, when you both have", seen="Sunday breakfast", sealed=True,
    ),
    "memories": Kind(
        "play/memories", text("I remember …", "The lake"), has("I remember …", "The lake"),
        send="Put it in the box", seen="The lake",
    ),
    "deck": Kind(
        "play/deck", tick("Read one chapter"), is_ticked("Read one chapter"),
        send="These are my picks", seen="You both picked", sealed=True,
    ),
    "here": Kind(
        "ask/here", tick("There is room next to me"), is_ticked("There is room next to me"),
        send="Say it once", seen="There is room next to me",
    ),
}  # fmt: skip


def at(place: str) -> str:
    return f"/plans/1/{place}/"


def leave_half_way_and_come_back(mara: Walker, kind: Kind) -> None:
    """With scripts by only typing, without by the button; then another page, and back."""
    mara.go(at(kind.place))
    kind.half(mara)
    if mara.javascript:
        expect(mara.main.locator("#own").get_by_role("status").last).to_contain_text("Saved")
    else:
        mara.keep()
    mara.go("/")
    mara.go(at(kind.place))
    kind.kept(mara)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind(two: tuple[Walker, Walker], name: str) -> None:
    mara, jonas = two
    kind = KINDS[name]
    leave_half_way_and_come_back(mara, kind)
    jonas.go(at(kind.place))
    if not kind.send:
        kind.whole(mara)
        mara.keep()
        jonas.page.reload()
        jonas.does_not_see("A walk", "I slept")
        return
    before = jonas.main.inner_text()
    kind.whole(mara)
    mara.press(kind.send)
    press_undo(mara)
    jonas.page.reload()
    assert jonas.main.inner_text() == before
    put_in_anew(mara, kind)
    jonas.page.reload()
    if kind.sealed:
        assert jonas.main.inner_text() == before
        put_in_anew(jonas, kind)
    jonas.sees(kind.seen)


def press_undo(mara: Walker) -> None:
    mara.press("Undo")
    expect(mara.main.get_by_role("button", name="Undo", exact=True)).to_have_count(0)


def put_in_anew(someone: Walker, kind: Kind) -> None:
    someone.go(at(kind.place))
    kind.half(someone)
    kind.whole(someone)
    someone.press(kind.send)
    someone.page.wait_for_load_state()


def test_settling_asks_for_nothing(two: tuple[Walker, Walker]) -> None:
    mara, _jonas = two
    mara.go(at("prepare/settle"))
    mara.sees("There is nothing to write here, and nothing is kept.")
    expect(mara.main.get_by_role("textbox")).to_have_count(0)


@pytest.mark.parametrize("place", ["prepare/observations", "look-back/began"])
def test_a_private_log(two: tuple[Walker, Walker], place: str) -> None:
    """Half-way, back, noted, the same day once more, taken out; the other never sees any of it."""
    mara, jonas = two
    jonas.go(at(place))
    before = jonas.main.inner_text()
    words = mara.main.get_by_role("textbox").last
    mara.go(at(place))
    words.fill("We laughed at the dog")
    if mara.javascript:
        expect(mara.main.locator("#own").get_by_role("status").last).to_contain_text("Saved")
    else:
        mara.keep()
    mara.go(at(place))
    expect(words).to_have_value("We laughed at the dog")
    mara.press("Note it")
    mara.sees("Noted, for you alone.", "One evening is not a pattern yet.", "We laughed at the dog")
    words.fill("We had tea")
    mara.press("Note it")
    mara.sees("you have noted already:")
    mara.press("Let the new one take its place")
    mara.sees("Noted, for you alone.", "We had tea")
    mara.does_not_see("We laughed at the dog")
    jonas.page.reload()
    assert jonas.main.inner_text() == before
    mara.main.get_by_role("button", name="Take out").click()
    mara.sees("It is gone.")
    mara.does_not_see("We had tea")


def test_a_reply_begins_with_having_heard(two: tuple[Walker, Walker]) -> None:
    mara, jonas = two
    put_in_anew(mara, KINDS["question"])
    place = at("listen/question")
    jonas.go(place)
    reply = jonas.card("Answer Mara, if you like")
    jonas.fill("Then what you want to say", "Slow, and I like them", within=reply)
    if jonas.javascript:
        expect(reply.get_by_role("status").last).to_contain_text("Saved")
    else:
        jonas.press("Keep for later", within=reply)
    jonas.go(place)
    has("Then what you want to say", "Slow, and I like them")(jonas)
    jonas.press("Send to Mara")
    jonas.sees("Please begin with a line that shows that you heard it.")
    reply.get_by_label("That sounds lovely.").check()
    mara.go(place)
    before = mara.main.inner_text()
    jonas.press("Send to Mara")
    mara.page.reload()
    mara.sees("Jonas answered", "That sounds lovely.", "Slow, and I like them")
    press_undo(jonas)
    mara.page.reload()
    assert mara.main.inner_text() == before


def test_a_guess_is_dropped_or_answered(two: tuple[Walker, Walker]) -> None:
    mara, jonas = two
    place = at("missing/needs")
    put_in_anew(mara, KINDS["needs"])
    mara.go(place)
    mara.page.get_by_text("Correct or add something", exact=True).click()
    mara.press("Leave my guess out")
    mara.does_not_see("you are tired")
    put_in_anew(jonas, KINDS["needs"])
    jonas.does_not_see("What Mara wonders about you")
    mara.go(place)
    mara.sees("What Jonas wonders about you")
    mara.press("Close")
    mara.press("Not quite")
    jonas.go(place)
    expect(jonas.main.locator(".tag").get_by_text("Not quite", exact=True)).to_be_visible()


def test_needs_change_places(two: tuple[Walker, Walker]) -> None:
    mara, _jonas = two
    mara.go(at("missing/needs"))
    for number, words in ((1, "The balcony"), (2, "Cards")):
        mara.fill(PICTURE, words, within=mara.item(f"Wish {number}"))
    mara.press("Keep for later")
    mara.press("Move up", within=mara.item("Wish 2"))
    expect(mara.item("Wish 1").get_by_label(PICTURE)).to_have_value("Cards")
    expect(mara.item("Wish 2").get_by_label(PICTURE)).to_have_value("The balcony")


def test_a_filter_a_card_of_their_own_a_match_and_the_day_it_was_done(two: tuple[Walker, Walker]) -> None:
    mara, jonas = two
    place = at("play/deck")
    mara.go(place)
    mara.main.get_by_label("Read one chapter").check()
    mara.unfold(mara.page.get_by_text("Show fewer", exact=True))
    mara.page.locator("#id_energy").select_option(label="little")
    mara.press("Show these")
    mara.sees("Picked so far")
    expect(mara.main.get_by_label("Read one chapter")).to_be_checked()
    expect(mara.main.get_by_label("Go for a swim")).to_have_count(0)
    mara.unfold(mara.page.get_by_text("Put an idea of your own into the deck", exact=True))
    mara.fill("We could …", "Row on the lake")
    mara.press("Put it into our deck")
    mara.sees("Ideas of your own", "Row on the lake")
    for someone in two:
        someone.go(place)
        someone.main.get_by_label("Row on the lake").check()
        someone.press("These are my picks")
        someone.page.wait_for_load_state()
    jonas.sees("You both picked", "Row on the lake")
    jonas.main.get_by_text("We did this", exact=True).click()
    jonas.press("Remember the day")
    jonas.sees("last done")
    mara.go(place)
    mara.sees("last done", "Pick again, a new round")


def test_a_memory_is_worded_anew_and_stands_on_both_first_pages(two: tuple[Walker, Walker]) -> None:
    mara, jonas = two
    put_in_anew(mara, KINDS["memories"])
    mara.main.get_by_text("Word it anew", exact=True).click()
    mara.main.locator(".said").get_by_label("I remember …").fill("The lake in the rain")
    mara.press("Let it read like this")
    for someone in two:
        someone.go("/")
        someone.sees("A memory of yours", "The lake in the rain")
    jonas.go(at("play/memories"))
    jonas.sees("The lake in the rain", "As it was before")
    expect(jonas.main.get_by_text("Word it anew", exact=True)).to_have_count(0)


def test_i_am_here_stands_on_the_others_first_page_and_is_said_once(two: tuple[Walker, Walker]) -> None:
    mara, jonas = two
    put_in_anew(mara, KINDS["here"])
    jonas.go("/")
    jonas.sees("There is room next to me")
    mara.go(at("ask/here"))
    mara.sees("Saying it once is enough.")
    expect(mara.main.get_by_role("button", name="Say it once")).to_have_count(0)
    mara.go("/")
    mara.does_not_see("There is room next to me")


@pytest.mark.parametrize("place", ["ask/time", "agree/agreement", "look-back/follow-up"])
def test_the_kinds_that_lead_elsewhere(two: tuple[Walker, Walker], place: str) -> None:
    mara, _jonas = two
    mara.go(at(place))
    expect(mara.page.get_by_role("heading", level=1)).to_be_visible()
