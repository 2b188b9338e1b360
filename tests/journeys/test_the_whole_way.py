"""The main job: from signing up to the second round, in two browsers over the real stack."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewWalker
from tests.journeys.people import Walker, two_weeks_pass
from tests.stack import Stack

COFFEE = "Coffee on the balcony, without phones"
LETTER = "I write you a letter by hand"
SEALED = "This opens when you have both chosen it. There is nothing you need to do."


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_the_whole_way(stack: Stack, walker: NewWalker, javascript: bool) -> None:
    mara = walker("Mara", javascript=javascript)
    jonas = walker("Jonas", javascript=javascript, away=1)

    they_become_two(mara, jonas)
    they_prepare_in_private(mara, jonas)
    they_open_with_a_wish(mara, jonas)
    they_listen(mara, jonas)
    they_talk_aloud(mara, jonas)
    they_say_what_is_missing(mara, jonas)
    they_agree(stack, mara, jonas)
    they_play(mara, jonas)
    they_look_back(stack, mara, jonas)
    they_agree_again(mara, jonas)


def they_become_two(mara: Walker, jonas: Walker) -> None:
    mara.begin("CANARY-evening of Mara: ten quiet minutes")
    mara.invite_by_mail(jonas.address)
    jonas.open_mail_link("A note for you")
    jonas.at("Mara invites you")
    jonas.begin_from_invitation("CANARY-evening of Jonas: tea")
    jonas.accept()
    jonas.sees("You and Mara each have a side here")
    mara.home()
    mara.sees("You and Jonas each have a side here")


def they_prepare_in_private(mara: Walker, jonas: Walker) -> None:
    for person in (mara, jonas):
        person.prepare(fear=f"CANARY-fear of {person.name}", why=f"CANARY-why of {person.name}")
    mara.to_exercise("Agree on small things", "My ideas")  # ahead of the step: only hers
    mara.fill("We could …", "CANARY-early idea of Mara", within=mara.item("Idea 1"))
    mara.keep()
    mara.can_find_nowhere("CANARY-evening of Jonas", "CANARY-fear of Jonas", "CANARY-why of Jonas")
    jonas.can_find_nowhere("CANARY-evening of Mara", "CANARY-fear of Mara", "CANARY-why of Mara", "CANARY-early idea")
    mara.open_door()
    mara.sees(SEALED)
    jonas.open_door()
    jonas.sees("You have both chosen it")


def they_open_with_a_wish(mara: Walker, jonas: Walker) -> None:
    mara.share_opening("we say good night on the stairs", "tea together twice a week", "Jonas")
    jonas.to_exercise("Ask for a talk", "My opening")
    jonas.sees("we say good night on the stairs", "tea together twice a week")
    jonas.share_opening("the phone rings at dinner", "one dinner without it", "Mara")
    mara.to_step("Ask for a talk")
    mara.sees("Done together")


def they_listen(mara: Walker, jonas: Walker) -> None:
    mara.tell("For me the weekends are the hardest.", "Jonas")
    jonas.say_back("You find weekends loud?", "Mara")
    mara.answer("Almost", "Not loud: empty.")
    jonas.to_exercise("Listen, only listen", "What it has been like for me")
    jonas.sees("Almost.", "Not loud: empty.")
    jonas.say_back("The weekends feel empty to you.", "Mara")
    mara.answer("Yes, that is it")
    jonas.tell("For me the mornings are too fast.", "Mara")
    mara.say_back("You would like to sleep longer.", "Jonas")
    jonas.answer("Almost", "To begin slowly, with you.")
    mara.say_back("A slow beginning with me.", "Jonas")
    jonas.answer("Yes, that is it")
    mara.to_step("Listen, only listen")
    mara.sees("Done together")


def they_talk_aloud(mara: Walker, jonas: Walker) -> None:
    """The third step at the kitchen table: it counts once both have said so."""
    outside = "What weighs on us from outside"
    mara.talked(outside)
    mara.sees(SEALED)
    jonas.to_step(outside)
    jonas.does_not_see("Done together", "You talked about this")
    jonas.talked(outside)
    jonas.sees("Done together", "You both said so, and that counts.")


def they_say_what_is_missing(mara: Walker, jonas: Walker) -> None:
    mara.share_needs("Being listened to", "After dinner we sit for ten minutes")
    mara.sees(SEALED)
    jonas.to_exercise("What each of us is missing", "What I am missing")
    jonas.does_not_see("After dinner we sit")
    jonas.share_needs("Rest", "On Sunday nobody plans anything")
    jonas.sees("After dinner we sit for ten minutes")
    mara.to_exercise("What each of us is missing", "What I am missing")
    mara.sees("On Sunday nobody plans anything")


def they_agree(stack: Stack, mara: Walker, jonas: Walker) -> None:
    mara.put_in_ideas("walk by the river", "coffee on the balcony")
    mara.sees(SEALED)
    jonas.to_exercise("Agree on small things", "My ideas")
    jonas.does_not_see("walk by the river")
    jonas.put_in_ideas("cook on Thursdays")
    jonas.sees("walk by the river", "coffee on the balcony")
    mara.to_agreement()
    mara.sees("walk by the river", "cook on Thursdays")
    mara.propose(
        {
            "Line 1": {"What": COFFEE, "When, or after what": "Saturday at 9:30", "How often": "every week"},
            "Line 2": {"What": LETTER, "Who does it": "Only me", "How often": "once in these two weeks"},
        }
    )
    mara.sees("Your yes is in", SEALED)
    jonas.to_agreement()
    jonas.sees(COFFEE, LETTER, "Version 1")
    jonas.does_not_see("Your yes is in", "agreed on")
    jonas.follow("Change something")
    jonas.propose({"Line 1": {"When, or after what": "Sunday at 10"}})
    jonas.sees("Version 2", "changed", LETTER)
    mara.to_agreement()
    mara.sees("Version 2", "Sunday at 10")
    mara.does_not_see("Your yes is in")  # her yes was to version 1
    mara.say_yes()
    mara.sees("You both said yes on")
    jonas.to_what_holds()
    jonas.sees("You both said yes on")
    for person in (mara, jonas):
        stack.wait_for_mail(person.address, subject="Kept for you")
        assert "CANARY" not in person.mails() and "Coffee" not in person.mails()


def they_play(mara: Walker, jonas: Walker) -> None:
    mara.put_in_memory("The night we missed the last train")
    jonas.to_exercise("Play a little", "Our memories")
    jonas.sees("The night we missed the last train")
    mara.pick_from_deck("Start a jigsaw", "Go for a swim")
    mara.sees("Your picks are in, and only yours.", SEALED)
    jonas.to_exercise("Play a little", "Something for the two of us")
    jonas.does_not_see("You both picked")
    jonas.pick_from_deck("Start a jigsaw", "Find a dark spot")
    both_like = jonas.main.locator("ul.lines")
    expect(both_like).to_contain_text("Start a jigsaw")
    expect(both_like).not_to_contain_text("Go for a swim")
    mara.to_step("Play a little")
    mara.sees("Done together")


def they_look_back(stack: Stack, mara: Walker, jonas: Walker) -> None:
    two_weeks_pass(stack, mara, jonas)
    mara.open_mail_link("A small reminder")
    mara.look_back("CANARY-moment: laughing in the rain", {COFFEE: "Went well", LETTER: "Partly"}, "CANARY-support")
    mara.sees("Your answers are kept", SEALED)
    jonas.open_mail_link("A small reminder")
    jonas.at("How was it?")
    jonas.can_find_nowhere("CANARY-moment", "CANARY-support")
    jonas.look_back("The coffee on Sunday", {COFFEE: "Went well", LETTER: "Not yet"})
    jonas.at("How it was for you both")  # is there already: the second answer opens it
    mara.page.reload()
    for person in (jonas, mara):
        person.at("How it was for you both")
        person.sees("CANARY-moment: laughing in the rain", "CANARY-support", "The coffee on Sunday")


def they_agree_again(mara: Walker, jonas: Walker) -> None:
    mara.tap("And from here?", "Change", within=mara.card(COFFEE))
    mara.tap("And from here?", "Let it go", within=mara.card(LETTER))
    mara.press("Go on to the next round")
    mara.at("Change the plan")
    expect(mara.item("Line 1").get_by_label("What", exact=False).first).to_have_value(COFFEE)
    assert LETTER not in mara.page.content()
    mara.propose({"Line 1": {"How long": "half an hour"}})
    jonas.home()
    jonas.follow("Look at it", within=jonas.card("What we will do"))
    jonas.sees("half an hour", "no longer in this version")
    jonas.say_yes()
    jonas.sees("You both said yes on")
    for person in (mara, jonas):
        person.home()
        person.sees("You two have come the whole way", COFFEE)
        next_look = person.main.get_by_role("link", name=re.compile(r"^Look back at your plan \w+ \d+ \w+, 9:00$"))
        next_look.click()
        person.at("You look back on")
