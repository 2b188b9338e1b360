"""A time for two, from the suggestion to the calendar: three times, others in answer, begin, move, call off."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import vobject
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewWalker
from tests.journeys.people import Walker, become_two
from tests.journeys.test_every_page import NARROW, faults_of


def day_of(person: Walker, ahead: int) -> date:
    return datetime.now(ZoneInfo(person.zone)).date() + timedelta(days=ahead)


def give_times(person: Walker, *times: tuple[int, str]) -> None:
    """Fills the places for times, each so many days ahead; the later ones are folded."""
    for place, (ahead, hour) in enumerate(times):
        where: Locator = person.main
        if place:
            where = person.item(("Another time", "And a third")[place - 1])
        where.get_by_label("Day", exact=True).nth(0).fill(day_of(person, ahead).isoformat())
        where.get_by_label("From", exact=True).nth(0).fill(hour)


def to_times(person: Walker) -> None:
    person.home()
    person.follow("Times for two")
    person.at("Times for two")


def download(person: Walker, name: str) -> vobject.base.Component:
    address = person.main.get_by_role("link", name=name, exact=True).get_attribute("href")
    answer = person.context.request.get(f"{person.stack.url}{address}")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return vobject.readOne(answer.text())


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_time_for_two(walker: NewWalker, javascript: bool) -> None:
    mara, jonas = (
        walker(name, javascript=javascript, viewport=NARROW, reduced_motion="reduce") for name in ("Mara", "Jonas")
    )
    become_two(mara, jonas)

    # Mara's own hours, and what they say of a time before anything is sent.
    to_times(mara)
    mara.sees("Nothing is agreed at the moment.")
    mara.follow("My own hours, for hints that only I see")
    mara.main.get_by_label("My evening ends at about").select_option("21")
    mara.press("Save")
    mara.sees("Only you can see it.")
    mara.main.get_by_role("link", name="Suggest a time", exact=True).click()
    mara.fill("What we call it", "Us two, without phones")
    give_times(mara, (2, "20:30"), (3, "18:00"), (9, "10:00"))
    if javascript:
        mara.page.get_by_label("Where?").click()  # leaving the field is enough
    else:
        mara.press("Look at these times first")
    mara.sees("For you this is late in your day.")
    mara.fill("Where?", "The bench by the lake")
    mara.tick("Phones and screens away")
    look(mara)
    mara.press("Suggest it to Jonas")
    mara.at("Us two, without phones")
    mara.sees("There is nothing you need to do.", "The bench by the lake", "Phones and screens away")

    # Nobody is pushed: the same kind once more is kept on the page with a sentence.
    to_times(mara)
    mara.main.get_by_role("link", name="Suggest a time", exact=True).click()
    mara.fill("What we call it", "Once more")
    give_times(mara, (4, "18:00"))
    mara.press("Suggest it to Jonas")
    mara.sees("A suggestion of yours like this one is open.")
    expect(mara.main.get_by_label("What we call it")).to_have_value("Once more")

    # Jonas puts it aside, which changes nothing for Mara, and offers another time after all.
    jonas.home()
    before = mara.everything("/times/")["/times/1/"]
    jonas.press("Not now", within=jonas.card("Mara suggests a time"))
    jonas.sees("Put aside. Nobody is told")
    jonas.does_not_see("Mara suggests a time")
    assert plain(mara.everything("/times/")["/times/1/"]) == plain(before)
    to_times(jonas)
    jonas.unfold(jonas.page.get_by_text("What I put aside", exact=True))
    jonas.main.get_by_role("link", name=re.compile("^Us two")).click()
    jonas.does_not_see("late in your day")
    look(jonas)
    jonas.follow("Offer other times")
    look(jonas)
    give_times(jonas, (1, "19:00"))
    jonas.fill("A few words with it", "Rather tomorrow?")
    jonas.press("Offer these to Mara")
    jonas.sees("There is nothing you need to do.")

    # Mara takes it; both find it, and the calendar learns nothing of the two.
    mara.home()
    mara.follow("Look at the times")
    mara.sees("Rather tomorrow?")
    mara.page.get_by_role("button", name=re.compile("^Take ")).click()
    mara.main.get_by_role("link", name="Begin", exact=True).wait_for()
    look(mara)
    event = download(mara, "For my calendar").vevent
    assert (event.summary.value, event.status.value, event.sequence.value) == ("Time set aside", "CONFIRMED", "1")
    assert event.dtstart.value.astimezone(ZoneInfo(jonas.zone)).strftime("%d %H:%M") == f"{day_of(jonas, 1):%d} 19:00"

    # Jonas begins, finds that it is not the moment, and moves it in one press; Mara reads nothing of why.
    jonas.home()
    jonas.main.get_by_role("link", name=re.compile("^Us two")).click()
    jonas.follow("Begin")
    jonas.sees("The bench by the lake")
    jonas.tick("in a rush")
    jonas.tick("hungry")
    jonas.press("Go on")
    jonas.sees("Eat something first", "kept nowhere")
    look(jonas)
    jonas.press("Move it")
    jonas.sees("The agreed time was moved")
    mara.page.reload()
    mara.sees("The agreed time was moved", "No reason needed for a no.")
    mara.can_find_nowhere("in a rush", "hungry.")
    assert download(mara, "Take it out of my calendar").method.value == "CANCEL"

    # Agreed anew, and called off with one press.
    mara.page.get_by_role("button", name=re.compile("^Take ")).first.click()
    jonas.page.reload()
    jonas.follow("Begin")
    jonas.press("Go on")
    jonas.sees("Then put this away, and begin.")
    jonas.follow("Back to this time")
    jonas.unfold(jonas.page.get_by_text("Move it, or call it off", exact=True))
    jonas.press("Call it off")
    jonas.sees("Called off on")
    mara.page.reload()
    mara.sees("Called off on")

    # An address for Mara's own calendar program.
    to_times(mara)
    mara.press("Make an address")
    address = mara.main.get_by_label("The address").input_value()
    assert mara.context.request.get(address).status == 200
    mara.follow("Done")
    mara.press("End the address")
    assert mara.context.request.get(address).status == 404


def look(person: Walker) -> None:
    """Nothing on this page stands in somebody's way; asked once, where a script can."""
    if person.javascript:
        assert faults_of(person.page) == []


def plain(text: str) -> str:
    """The page without what differs on every answer."""
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", text)
