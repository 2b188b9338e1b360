"""The way that begins alone: from signing up, over one's own steps, to the joint talk with a partner who joins."""

import pytest

from apps.guides import library
from tests.journeys.conftest import NewWalker
from tests.journeys.people import both_open_the_door

GUIDE = library.find("rebuild")
TALK, MOMENT = GUIDE.step("talk").title, GUIDE.step("moment").title


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_from_alone_to_the_joint_talk(walker: NewWalker, javascript: bool) -> None:
    lena, paul = walker("Lena", javascript=javascript), walker("Paul", javascript=javascript)
    lena.sign_up()
    lena.answer_evening("CANARY-evening")
    lena.follow("Go on")
    lena.at("Where would you like to begin?")
    lena.main.get_by_label("I am not sure").check()
    lena.press("Go on")
    lena.at(GUIDE.title)
    own = GUIDE.own_step("signs")
    lena.follow(own.title)
    onset = GUIDE.exercise("onset")
    lena.main.get_by_role("link", name=onset.title).click()
    lena.at(onset.title)
    lena.main.locator("textarea").first.fill("CANARY-onset")
    lena.keep()

    lena.invite_by_mail(paul.address)
    paul.open_mail_link("A note for you")
    paul.begin_from_invitation("Music in the kitchen")
    paul.accept()
    paul.sees("You and Lena each have a side here")
    paul.can_find_nowhere("CANARY", own.title, own.lead, GUIDE.lead_alone, "Choose another way")

    both_open_the_door(lena, paul)
    lena.home()
    lena.sees(own.title, "for you alone")
    for person in (lena, paul):
        person.talked(MOMENT)
    lena.tell("For me the evenings got quiet", "Paul", step=TALK)
    paul.to_exercise(TALK, "What it has been like for me")
    paul.sees("For me the evenings got quiet", "Step 2 of 4")
    paul.can_find_nowhere("CANARY", own.title)
