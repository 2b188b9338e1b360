"""What holds for every page: usable at 320 px, no axe violation in light or dark, nothing that a browser complains of.

That no page calls another server, breaks the content policy or errs is looked at by every Walker in every journey.
"""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import NewWalker
from tests.journeys.people import LOOK_BACK_HOUR, Walker, become_two, both_open_the_door, two_weeks_pass
from tests.stack import Stack

AXE = Axe().axe_script
NARROW = {"width": 320, "height": 640}
OPEN_ALL = "document.querySelectorAll('details').forEach((part) => { part.open = true })"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ONE_WORD = "Donaudampfschifffahrtsgesellschaftskapitän" * 2


def faults_of(page: Page) -> list[str]:
    """What stands in somebody's way on this page, in light and in dark, with everything unfolded."""
    page.wait_for_load_state()  # a press returns when the answer begins: the page may still have no root
    page.evaluate(OPEN_ALL)
    found = [f"{page.url}: {wide} px too wide"] if (wide := page.evaluate(OVERFLOW)) > 0 else []
    page.evaluate(AXE)
    for scheme, only in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        options = {"resultTypes": ["violations"], **only}
        for violation in page.evaluate("(options) => axe.run(options)", options)["violations"]:
            where = [" ".join(map(str, node["target"])) for node in violation["nodes"]]
            found.append(f"{page.url} ({scheme}): {violation['id']} at {where[:3]}")
    return found


def visit(person: Walker, *paths: str) -> list[str]:
    found = []
    for path in paths:
        person.go(path)
        found += faults_of(person.page)
    return found


def test_pages_for_everybody(walker: NewWalker) -> None:
    someone = walker("Someone", viewport=NARROW, reduced_motion="reduce")
    found = visit(someone, "/", "/help/", "/pages/soup/", "/invitation/", "/accounts/password/reset/", "/nowhere/")
    for path, button in (("/accounts/login/", "Sign in"), ("/accounts/signup/", "Send me the code")):
        found += visit(someone, path)
        someone.press(button)  # with nothing typed: a sentence beside each field
        someone.main.locator(".error").first.wait_for()
        found += faults_of(someone.page)
    assert not found, "\n".join(found)


def test_pages_on_the_way(walker: NewWalker) -> None:
    """From the code to the link that one hands over."""
    lena = walker("Lena", viewport=NARROW, reduced_motion="reduce")
    lena.go("/accounts/signup/")
    lena.give_address_and_code()
    lena.at("Good that you are here")
    found = faults_of(lena.page)
    lena.say_name()
    lena.at("What would you like more of")
    found += faults_of(lena.page)
    lena.press("Keep it for me")
    lena.main.locator(".error").first.wait_for()
    found += faults_of(lena.page)
    lena.answer_evening("An hour of quiet")
    found += visit(lena, "/", "/plans/first/tonight/", "/mine/", "/settings/", "/invite/", "/leave/", "/plans/1/door/")
    found += visit(lena, "/quiet/")
    lena.press("Begin my quiet time")
    lena.at("Your quiet time")
    found += visit(lena, "/quiet/", "/", "/invite/")
    lena.go("/quiet/")
    lena.press("End my quiet time now")
    lena.invite_by_link()
    found += faults_of(lena.page)
    assert not found, "\n".join(found)


def test_pages_of_a_couple_half_way(stack: Stack, walker: NewWalker) -> None:
    """Every page that a link leads to, for somebody who has been through much of it."""
    mara, jonas = walker("Mara", viewport=NARROW, reduced_motion="reduce"), walker("Jonas", away=1)
    become_two(mara, jonas)
    both_open_the_door(mara, jonas)
    for person, other in ((mara, "Jonas"), (jonas, "Mara")):
        person.share_opening(f"{person.name} and {ONE_WORD}", "tea twice a week", other)
    for person, other in ((mara, "Jonas"), (jonas, "Mara")):
        person.tell(f"For me it is {ONE_WORD}", other)
    mara.say_back("It is long for you.", "Jonas")
    for step in ("Listen, only listen", "What weighs on us from outside", "What each of us is missing"):
        mara.talked(step)
        jonas.talked(step)
    mara.put_in_ideas("walk by the river", ONE_WORD)
    jonas.put_in_ideas("cook on Thursdays")
    mara.put_in_memory(f"The night train, {ONE_WORD}")
    mara.to_agreement()
    mara.propose({"Line 1": {"What": ONE_WORD, "When, or after what": "Saturday at 9:30"}})
    found = visit(mara, "/", "/plans/1/agreement/", "/plans/1/agreement/propose/", "/check-ins/")
    jonas.to_agreement()
    found += visit(mara, *(path for path in mara.everything() if path.startswith("/plans/")))
    jonas.say_yes()
    two_weeks_pass(stack, mara, jonas)
    mara.page.get_by_role("navigation", name="Main").get_by_role("link", name="Mine").click()
    mara.fill("What would you like to do?", "A walk before breakfast")
    mara.main.get_by_label("At about").select_option(LOOK_BACK_HOUR)
    mara.press("Keep this for me")
    mara.at("You look back on")
    found += visit(mara, *(path for path in mara.everything() if not path.startswith("/plans/1/")))
    for person in (mara, jonas):
        person.home()
        person.follow("Look back")
        person.look_back(ONE_WORD, {ONE_WORD: "Went well"}, ONE_WORD)
    found += visit(mara, "/", "/check-ins/1/")
    assert not found, "\n".join(found)
