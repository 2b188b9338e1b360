"""Three rounds over six weeks, with the rows moved back in time: what each marks, answers and rates, and what grows."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewWalker
from tests.journeys.people import Walker, become_two, both_open_the_door
from tests.stack import Stack, text_of

TEA = "Tea on the stairs, without phones"
CLEAR = "How clear and kind was the way you two spoke with each other?"
SAFE = "How safe did you feel together, the way you are?"
STEPS = ("Ask for a talk", "Listen, only listen", "What weighs on us from outside", "What each of us is missing")
# Mara's taps grow, Jonas' do not; neither ever learns of it.
RATED = {"Mara": ("2", "3", "5"), "Jonas": ("3", "2", "2")}


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_three_rounds(stack: Stack, walker: NewWalker, javascript: bool) -> None:
    phone = {"width": 390, "height": 844}
    mara = walker("Mara", javascript=javascript, viewport=phone)
    jonas = walker("Jonas", javascript=javascript, away=1, viewport=phone)
    they_agree(mara, jonas)
    for number in range(3):
        they_mark_what_happened(mara, jonas)
        weeks_pass(stack, 2, mara, jonas)
        if number == 0:
            she_puts_it_off_in_the_mail(stack, mara, jonas)
        they_look_back(number, mara, jonas)
    they_see_what_has_grown(mara, jonas)


def they_agree(mara: Walker, jonas: Walker) -> None:
    become_two(mara, jonas)
    both_open_the_door(mara, jonas)
    for step in STEPS:
        for person in (mara, jonas):
            person.talked(step)
    mara.put_in_ideas("Tea")
    jonas.put_in_ideas("Soup")
    mara.to_agreement()
    mara.propose({"Line 1": {"What": TEA, "When, or after what": "after dinner"}})
    jonas.to_agreement()
    jonas.say_yes()
    jonas.sees("You both said yes on")


def weeks_pass(stack: Stack, weeks: int, *people: Walker) -> None:
    """Everything of these two that has a day lies so many weeks further back."""
    addresses = [person.address for person in people]
    mine = "IN (SELECT {} FROM spaces_seat JOIN accounts_user ON accounts_user.id = user_id WHERE email = ANY(%s))"
    for table, columns, whose, which in (
        ("checkins_checkin", ("local_date", "due_at"), "space_id", "space_id"),
        ("checkins_mark", ('"on"',), "seat_id", "spaces_seat.id"),
        ("outbox_letter", ("due_at", "sent_at", "ended_at"), "recipient_id", "user_id"),
    ):
        moved = ", ".join(f"{column} = {column} - interval '{weeks} weeks'" for column in columns)
        stack.sql(f"UPDATE {table} SET {moved} WHERE {whose} {mine.format(which)}", (addresses,))


def they_mark_what_happened(mara: Walker, jonas: Walker) -> None:
    """A mark is one's own until both have it; a small moment too, and its words for ever."""
    mara.home()
    mara.press(f"We did it: {TEA}")
    mara.sees("Marked for today")
    jonas.home()
    jonas.does_not_see("Marked for today", "you both marked this")
    jonas.press(f"We did it: {TEA}")
    jonas.sees("you both marked this, this week")
    mara.home()
    mara.sees("you both marked this, this week")
    mara.go("/noticed/")
    mara.tap("What was it?", "A laugh together")
    mara.fill("A few words, so that you find it again", "CANARY-laugh at the sink")
    mara.press("Keep it")
    mara.sees("CANARY-laugh at the sink")
    jonas.can_find_nowhere("CANARY-laugh")


def she_puts_it_off_in_the_mail(stack: Stack, mara: Walker, jonas: Walker) -> None:
    """The second link of the mail: buttons, and nothing before one is pressed. The app shows it, and takes it back."""
    before = jonas.everything()
    mail = text_of(stack.wait_for_mail(mara.address, subject="A small reminder"))
    later = re.search(r"https?://\S+/later/", mail)
    assert later
    mara.go(later[0])
    mara.at("When would you like to be reminded?")
    mara.press("In three days")
    mara.at("Another day, then")
    assert jonas.everything().keys() == before.keys()
    mara.go("/check-ins/1/")
    mara.sees("You wanted to be reminded again on")
    mara.press("No reminder, please")
    mara.does_not_see("You wanted to be reminded again on")


def they_look_back(number: int, mara: Walker, jonas: Walker) -> None:
    for person in (mara, jonas):
        rating = RATED[person.name][number]
        person.go("/look-back/")
        person.at("How was it?")
        person.tap(CLEAR, rating)
        person.tap(SAFE, rating)
        if person is mara and person.javascript:
            expect(person.status).to_contain_text("Saved at")
            person.page.reload()
            chosen = person.main.get_by_role("radiogroup", name=CLEAR).get_by_label(rating, exact=True)
            expect(chosen).to_be_checked()
        person.look_back(f"A good moment of {person.name}, {number}", {TEA: "Went well"})
    jonas.at("How it was for you both")  # is there already: the second answer opens it
    mara.page.reload()
    for person in (jonas, mara):
        person.at("How it was for you both")
        person.sees(f"A good moment of Mara, {number}", f"A good moment of Jonas, {number}")


def they_see_what_has_grown(mara: Walker, jonas: Walker) -> None:
    for person, other in ((mara, jonas), (jonas, mara)):
        person.home()
        person.follow("What has grown")
        person.at("What has grown")
        expect(person.main.get_by_role("img", name="Two paths that meet 3 times")).to_be_visible()
        expect(person.main.get_by_role("link", name="Looked back together")).to_have_count(3)
        expect(person.card("What you both marked").get_by_role("row").filter(has_text=TEA)).to_have_count(3)
        numbers = person.main.get_by_role("row").filter(has_text="Talking clearly").get_by_role("cell")
        assert numbers.all_inner_texts() == list(RATED[person.name])
        assert RATED[other.name] != RATED[person.name]
        width = person.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390
    mara.does_not_see("Somebody from outside?")
