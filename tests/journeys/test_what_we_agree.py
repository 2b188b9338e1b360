"""Lines of every kind, less to give for a while, and a sheet of paper for a counsellor: with and without scripts."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.journeys.conftest import NewWalker
from tests.journeys.people import LOOK_BACK_HOUR, Walker, become_two, both_open_the_door

SEALED = "Your half is in. This opens when you have both chosen it."


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_what_we_agree(walker: NewWalker, javascript: bool, tmp_path: Path) -> None:
    mara = walker("Mara", javascript=javascript)
    jonas = walker("Jonas", javascript=javascript, away=1)
    become_two(mara, jonas)
    both_open_the_door(mara, jonas)
    for step in (
        "Ask for a talk",
        "Listen, only listen",
        "What weighs on us from outside",
        "What each of us is missing",
    ):
        for person in (mara, jonas):
            person.talked(step)
    mara_words_three_lines(mara)
    jonas_agrees(jonas)
    mara_has_less_to_give(mara, jonas)
    both_agree_to_a_summary(mara, jonas, tmp_path)


def mara_words_three_lines(mara: Walker) -> None:
    mara.go("/plans/1/agreement/")
    mara.main.get_by_text("Small things to start from", exact=True).click()
    mara.main.get_by_label("Of this kind").select_option(label="the least we keep")
    mara.press("Show these")
    mara.press("Start from “One real hello when we see each other”")
    boundary = mara.item("Line 2")
    boundary.get_by_label("What", exact=True).first.fill("Your mother calls before she comes")
    mara.tap("What kind of line", "a boundary", within=boundary)
    boundary.get_by_label("What it is about").select_option(label="My family")
    time = mara.item("Line 3")
    time.get_by_label("What", exact=True).first.fill("A walk, and I show you my phone")
    mara.tap("What kind of line", "a fixed time", within=time)
    time.get_by_label("Thursday").check()
    time.get_by_label("At", exact=True).fill("18:30")
    time.get_by_label("For how many weeks").fill("99")
    mara.main.get_by_label("at", exact=True).select_option(LOOK_BACK_HOUR)
    mara.tick("Add one open question: “What do you think of it?”")
    mara.press("Propose it, with my yes")
    mara.sees("Choose between 1 and 26 weeks", "Each words what touches their own family")
    mara.item("Line 2").get_by_label("What", exact=True).first.fill("My mother calls before she comes")
    mara.item("Line 3").get_by_label("For how many weeks").fill("12")
    mara.press("Propose it, with my yes")
    mara.at("What we will do")
    mara.sees("Mara’s family", "every Thursday at 18:30", "for 12 weeks", "You never owe this: a look into your phone")


def jonas_agrees(jonas: Walker) -> None:
    jonas.go("/plans/1/agreement/")
    jonas.sees("Mara’s family", "You never owe this: a look into your phone", "What do you think of it?")
    jonas.fill("What I think of it", "Thursday suits me")
    jonas.press("Show it to both of us")
    jonas.sees("Thursday suits me")
    jonas.say_yes()
    jonas.sees("You both said yes", "Thursday suits me")
    jonas.follow("Our times, and a file for your calendar")
    jonas.sees("A walk, and I show you my phone")


def mara_has_less_to_give(mara: Walker, jonas: Walker) -> None:
    mara.to_what_holds()
    mara.follow("I have less to give for a while")
    mara.fill("Until which day?", (date.today() + timedelta(days=90)).isoformat())
    mara.press("Say it")
    mara.sees("within the next eight weeks")
    mara.fill("Until which day?", (date.today() + timedelta(days=20)).isoformat())
    mara.press("Say it")
    for person in (mara, jonas):
        person.home()
        person.sees("Mara has less to give until", "“the least we keep” is enough")
    jonas.to_what_holds()
    assert jonas.main.locator(".promise .voice").first.inner_text() == "One real hello when we see each other"
    mara.press("It is over for me")
    mara.does_not_see("less to give until")


def both_agree_to_a_summary(mara: Walker, jonas: Walker, folder: Path) -> None:
    for person in (mara, jonas):
        person.to_what_holds()
        person.follow("A summary of ours, to take to a counsellor")
        person.sees("A preview: not agreed", "The steps that we walked")
    mara.press("I agree to this summary")
    mara.sees(SEALED)
    jonas.page.reload()
    jonas.does_not_see(SEALED)
    jonas.main.get_by_label("The steps that we walked").uncheck()
    jonas.press("I agree to this summary")
    jonas.sees("A summary to which we both agreed", "My mother calls before she comes")
    mara.page.reload()
    mara.page.emulate_media(media="print")
    sheet = mara.page.locator("body").inner_text()
    assert "Mara & Jonas" in sheet
    assert "My mother calls before she comes" in sheet
    assert "The steps that we walked" not in sheet
    for chrome in ("Halfway", "Leave this page", "I agree", "Take my half back", "To print it"):
        assert chrome not in sheet
    paper = folder / "summary.pdf"
    mara.page.pdf(path=paper)
    assert paper.read_bytes().count(b"/Type /Page\n") + paper.read_bytes().count(b"/Type /Page ") <= 2
    mara.page.emulate_media(media="screen")
    mara.press("Take my half back")
    jonas.page.reload()
    jonas.does_not_see("A summary to which we both agreed")
