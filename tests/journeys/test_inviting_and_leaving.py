"""Becoming two in the other ways, saying no, and going."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from tests.journeys.conftest import NewWalker
from tests.journeys.people import Walker, become_two, both_open_the_door
from tests.stack import Stack, received_at

CLOSED = "This space is closed."


def test_a_link_is_confirmed_by_name_before_anything_opens(walker: NewWalker) -> None:
    mara, jonas = walker("Mara"), walker("Jonas", away=1)
    mara.begin("CANARY-evening")
    link = mara.invite_by_link()
    jonas.begin("Music in the kitchen")  # he had begun alone already
    jonas.go(link)
    assert "/invitation/" in jonas.page.url and link != jonas.page.url  # the token is not kept in the address
    jonas.at("Mara invites you")
    jonas.press("Accept")
    jonas.sees("Mara confirms that it is you")
    jonas.home()
    jonas.sees("This is your side.")
    mara.home()
    mara.sees("This is your side.", "Somebody accepted your link")
    mara.follow("Look")
    mara.sees("Jonas would like to join you", "Is this the person you meant?")
    mara.press("Yes, that is who I invited")
    mara.sees("You and Jonas each have a side here")
    jonas.home()
    jonas.sees("You and Mara each have a side here")
    jonas.can_find_nowhere("CANARY")
    jonas.to_preparation("An ordinary evening")  # what he wrote alone came with him
    expect(jonas.main.get_by_role("textbox").first).to_have_value("Music in the kitchen")
    jonas.go(link)
    jonas.at("This invitation is not open")


def test_a_wrong_name_is_refused(walker: NewWalker) -> None:
    mara, olga = walker("Mara"), walker("Olga", away=1)
    mara.begin("A walk")
    link = mara.invite_by_link()
    olga.begin("A song")
    olga.go(link)
    olga.press("Accept")
    mara.home()
    mara.follow("Look")
    mara.press("No", within=mara.card("Olga would like to join you"))
    mara.at("Invite the person you want to come nearer to")
    olga.go("/invitation/")
    olga.at("This invitation is not open")
    olga.home()
    olga.sees("This is your side.")


def test_declining_changes_nothing_for_the_inviter(walker: NewWalker) -> None:
    mara, jonas = walker("Mara"), walker("Jonas", away=1)
    mara.begin("A walk")
    mara.invite_by_mail(jonas.address)
    before = mara.everything()
    jonas.open_mail_link("A note for you")  # without an account
    jonas.at("Mara invites you")
    jonas.press("No, thank you")
    jonas.at("That is all right")
    assert plain(mara.everything()) == plain(before)
    assert mara.mails().count("Subject:") == 1  # her own code
    jonas.open_mail_link("A note for you")
    jonas.at("This invitation is not open")


def test_no_more_invitations(stack: Stack, walker: NewWalker) -> None:
    mara, jonas = walker("Mara"), walker("Jonas", away=1)
    mara.begin("A walk")
    mara.invite_by_mail(jonas.address)
    jonas.open_mail_link("A note for you")
    jonas.follow("No more invitations to this address")
    jonas.press("No more invitations to this address")
    jonas.at("Noted")
    mara.home()
    mara.follow("Look at it")
    mara.press("Take the invitation back")
    mara.invite_by_mail(jonas.address)  # looks the same to her as every other
    mara.sees("Your invitation is open")
    assert len(stack.mails(jonas.address)) == 1


def test_leaving_half_way_from_both_sides(stack: Stack, walker: NewWalker) -> None:
    mara, jonas = walker("Mara"), walker("Jonas", away=1)
    become_two(mara, jonas)
    both_open_the_door(mara, jonas)
    mara.share_opening("we say good night on the stairs", "tea twice a week", "Jonas")
    mara.to_exercise("Listen, only listen", "What it has been like for me")
    mara.fill("For me …", "CANARY-telling")
    mara.keep()
    jonas.to_exercise("Ask for a talk", "My opening")
    jonas.fill("when …", "the phone rings at dinner")
    jonas.keep()

    left_at = datetime.now(UTC)
    mara.home()
    leave_in_three_clicks(mara)
    mara.at(CLOSED)

    jonas.page.reload()
    jonas.at(CLOSED)
    assert not [mail for mail in stack.mails(jonas.address) if received_at(mail) > left_at]
    jonas.can_find_nowhere("CANARY", "good night on the stairs")
    for person, other, own in ((mara, "Jonas", "CANARY-telling"), (jonas, "Mara", "the phone rings at dinner")):
        person.home()
        person.follow("My past spaces")
        person.follow(f"With {other}")
        person.sees("Nothing here can be changed.", own)
    mara.does_not_see("the phone rings")
    mara.home()
    mara.press("Begin anew, alone")
    mara.at("Where would you like to begin?")
    mara.press("Go on")
    mara.sees("Only you can see this.")
    mara.home()
    mara.sees("This is your side.")


def leave_in_three_clicks(person: Walker) -> None:
    person.page.get_by_role("navigation", name="Main").get_by_role("link", name="Settings").click()
    person.follow("Leave this space")
    person.press("Leave and close this space")


def plain(pages: dict[str, str]) -> dict[str, str]:
    """The pages without what differs on every answer."""
    return {path: re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", text) for path, text in pages.items()}
