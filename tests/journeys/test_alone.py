"""One person alone: begins, prepares, writes intentions of their own, and looks back with a mail two weeks later."""

import re
from datetime import UTC, datetime

import pytest

from tests.journeys.conftest import NewWalker
from tests.journeys.people import LOOK_BACK_HOUR, two_weeks_pass
from tests.stack import Stack, text_of


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_alone_is_a_whole_way(stack: Stack, walker: NewWalker, javascript: bool) -> None:
    lena = walker("Lena", javascript=javascript)
    lena.begin("An hour without anybody’s questions")
    lena.sees("This is your side.")
    lena.prepare(fear="that nothing changes", why="I slept badly")
    lena.to_exercise("Ask for a talk", "My opening")  # a step can be prepared alone as well
    lena.fill("when …", "we eat in two rooms")
    lena.keep()

    lena.page.get_by_role("navigation", name="Main").get_by_role("link", name="Mine").click()
    lena.at("Something of my own")
    lena.fill("What would you like to do?", "A walk before breakfast")
    lena.fill("When would be a good moment for it?", "Tuesday and Friday")
    lena.main.get_by_label("At about").select_option(LOOK_BACK_HOUR)
    lena.press("Keep this for me")
    lena.at("You look back on")
    lena.sees("There is nothing you need to do until then.", "A walk before breakfast")

    before = datetime.now(UTC)
    two_weeks_pass(stack, lena)
    mail = text_of(stack.wait_for_mail(lena.address, subject="A small reminder", after=before))
    assert "walk" not in mail and "Lena" not in mail
    lena.open_mail_link("A small reminder", after=before)
    lena.look_back("The fog over the allotments", {"A walk before breakfast": "Partly"}, "Nobody was up yet.")
    lena.at("How it was")
    lena.sees("The fog over the allotments", "Nobody was up yet.", "Partly")
    lena.main.get_by_role("link", name=re.compile("^The next look back is on")).click()
    lena.at("You look back on")
    assert stack.sql("SELECT count(*) FROM accounts_user WHERE email = %s", (lena.address,)) == [(1,)]


def test_who_joins_later_never_learns_of_it(stack: Stack, walker: NewWalker) -> None:
    """What somebody keeps for themselves stays theirs when the partner comes, also over two weeks."""
    lena, paul = walker("Lena"), walker("Paul", away=1)
    lena.begin("CANARY-evening")
    lena.page.get_by_role("navigation", name="Main").get_by_role("link", name="Mine").click()
    lena.fill("What would you like to do?", "CANARY-intention")
    lena.main.get_by_label("At about").select_option(LOOK_BACK_HOUR)
    lena.press("Keep this for me")
    lena.at("You look back on")
    lena.invite_by_mail(paul.address)
    paul.open_mail_link("A note for you")
    paul.begin_from_invitation("Music in the kitchen")
    paul.accept()
    paul.can_find_nowhere("CANARY")
    two_weeks_pass(stack, lena)
    stack.wait_for_mail(lena.address, subject="A small reminder")
    paul.can_find_nowhere("CANARY")
    assert "A small reminder" not in paul.mails()
    lena.home()
    lena.page.get_by_role("navigation", name="Main").get_by_role("link", name="Mine").click()
    lena.sees("CANARY-intention")
