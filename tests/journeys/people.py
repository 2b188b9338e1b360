"""Two people with a browser each. Every act is done by what a person sees: a role, a label, a word on a button.

The nouns are those of the pages: the door, the opening, what it has been like, ideas, the plan, the look back.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from playwright.sync_api import BrowserContext, Dialog, Locator, Page, Request, Response, expect

from tests.stack import Stack, text_of

# Each under the one name that all browsers use; some still say Asia/Calcutta for Asia/Kolkata.
ZONES = [
    "Pacific/Honolulu", "America/Phoenix", "America/Bogota", "America/Sao_Paulo", "Africa/Abidjan",
    "Africa/Lagos", "Asia/Dubai", "Asia/Karachi", "Asia/Bangkok", "Asia/Tokyo", "Australia/Brisbane",
]  # fmt: skip
LOOK_BACK_HOUR = "9"
# What a crawl leaves alone: ways out, and the mailbox of the test.
NOT_FOLLOWED = re.compile(r"^/(accounts/(exit|logout)|static|dev|pages)/")


def zone_at_noon(away: int = 0) -> str:
    """A zone without summer time in which it is about noon: reminders go out by day, whenever the tests run.

    `away` takes the neighbour, so that two people can live in different zones.
    """
    now = datetime.now(UTC)
    by_noon = sorted(ZONES, key=lambda name: abs(now.astimezone(ZoneInfo(name)).hour - 13))
    return by_noon[away]


class Walker:
    """One person: a name, an address, and the page they look at."""

    def __init__(self, name: str, stack: Stack, context: BrowserContext, *, zone: str, javascript: bool = True) -> None:
        self.name, self.stack, self.context = name, stack, context
        self.zone, self.javascript = zone, javascript
        self.address = f"{name.lower()}-{uuid4().hex[:8]}@example.org"
        self.password = f"ordinary words of {name}"
        self.complaints: list[str] = []
        self.page = context.new_page()
        context.on("page", self.watch)
        self.watch(self.page)

    # what nobody should see in a browser's console

    def watch(self, page: Page) -> None:
        """Remembers errors of scripts, breaches of the content policy, broken parts and calls to other servers."""
        page.on("console", lambda message: message.type == "error" and self.complain(page, message.text))
        page.on("pageerror", lambda error: self.complain(page, str(error)))
        page.on("request", lambda request: self.look_at_request(page, request))
        page.on("response", lambda response: self.look_at_response(page, response))
        page.on("dialog", lambda dialog: self.look_at_dialog(page, dialog))

    def complain(self, page: Page, text: str) -> None:
        # Chromium says this of every answer from 400 on; look_at_response judges those.
        if not text.startswith("Failed to load resource"):
            self.complaints.append(f"{page.url}: {text}")

    def look_at_request(self, page: Page, request: Request) -> None:
        if not request.url.startswith((self.stack.url, "data:", "about:")):
            self.complaints.append(f"{page.url} asked another server: {request.url}")

    def look_at_response(self, page: Page, response: Response) -> None:
        is_part = response.request.resource_type not in ("document", "fetch", "xhr")
        if response.status >= 500 or (is_part and response.status >= 400):
            self.complaints.append(f"{page.url}: {response.status} for {response.url}")

    def look_at_dialog(self, page: Page, dialog: Dialog) -> None:
        self.complaints.append(f"{page.url} opened a dialog: {dialog.message}")
        dialog.dismiss()

    # the small words of which everything else is made

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def go(self, path: str) -> None:
        self.page.goto(path)

    def home(self) -> None:
        """The brand in the header leads home from everywhere."""
        self.page.get_by_role("banner").get_by_role("link", name="Halfway").click()

    def press(self, name: str, within: Locator | None = None) -> None:
        (within or self.main).get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str, within: Locator | None = None) -> None:
        (within or self.main).get_by_role("link", name=name, exact=True).click()

    def fill(self, label: str, words: str, within: Locator | None = None) -> None:
        (within or self.main).get_by_label(label).first.fill(words)

    def tap(self, question: str, answer: str, within: Locator | None = None) -> None:
        """One choice of a question that shows its answers as a group."""
        where = within or self.main
        group = where.get_by_role("radiogroup", name=question).or_(where.get_by_role("group", name=question))
        group.get_by_label(answer, exact=True).check()

    def tick(self, label: str, within: Locator | None = None) -> None:
        (within or self.main).get_by_label(label, exact=True).check()

    def card(self, heading: str) -> Locator:
        """The part of the page that stands under this heading."""
        has_heading = self.page.get_by_role("heading", name=heading, exact=True)
        return self.main.locator("section").filter(has=has_heading)

    def sees(self, *words: str) -> None:
        for some in words:
            expect(self.main).to_contain_text(some)

    def does_not_see(self, *words: str) -> None:
        for some in words:
            expect(self.main).not_to_contain_text(some)

    def at(self, heading: str) -> None:
        """Waits until the page with this heading is here."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    # beginning

    def sign_up(self) -> None:
        """From the first page over the code in the mail to the first question."""
        self.go("/")
        self.follow("Begin")
        self.give_address_and_code()
        self.say_name()
        self.at("What would you like more of")

    def give_address_and_code(self) -> None:
        self.at("Begin")
        self.fill("Your e-mail address", self.address)
        self.fill("A new password", self.password)
        since = datetime.now(UTC)
        self.press("Send me the code")
        self.at("The code from the mail")
        self.fill("The code", self.code(since))
        self.press("Go on")

    def code(self, since: datetime) -> str:
        """The newest code that came by mail after `since`."""
        mail = text_of(self.stack.wait_for_mail(self.address, after=since, subject="Your code"))
        found = re.search(r"^\s*([A-Z0-9][A-Z0-9-]{4,})\s*$", mail, re.MULTILINE)
        assert found, mail
        return found[1]

    def say_name(self) -> None:
        self.at("Good that you are here")
        self.fill("What should we call you?", self.name)
        zone = self.main.get_by_label("Your time zone")
        if self.javascript:
            expect(zone).to_have_value(self.zone)  # guessed from the browser
        else:
            zone.select_option(self.zone)
        self.press("Go on")

    def sign_in(self, page: Page | None = None) -> None:
        where = (page or self.page).get_by_role("main")
        where.get_by_label("Your e-mail address").fill(self.address)
        where.get_by_label("Your password").fill(self.password)
        where.get_by_role("button", name="Sign in", exact=True).click()

    def answer_evening(self, words: str) -> None:
        """The first question of all, and the small thing for tonight."""
        self.main.get_by_role("textbox", name="What would you like more of on an ordinary evening?").fill(words)
        self.tick("Quiet")
        self.press("Keep it for me")
        self.at("One small thing for tonight")
        self.sees(words)

    def begin(self, evening: str) -> None:
        self.sign_up()
        self.answer_evening(evening)
        self.home()

    # becoming two

    def invite_by_mail(self, address: str) -> None:
        self.home()
        self.follow("Invite my partner")
        self.fill("Their e-mail address", address)
        self.press("Send the invitation")
        self.sees("Your invitation is open", address)

    def invite_by_link(self) -> str:
        self.home()
        self.follow("Invite my partner")
        self.press("Make a link")
        self.at("Here is your link")
        link = self.main.get_by_label("The link", exact=True).input_value()
        self.follow("Done")
        self.sees("Your link is waiting")
        return link

    def open_mail_link(self, subject: str, *, after: datetime | None = None) -> None:
        """Opens the first link of the newest mail with this subject."""
        mail = text_of(self.stack.wait_for_mail(self.address, subject=subject, after=after))
        found = re.search(r"https?://\S+", mail)
        assert found, mail
        self.go(found[0])

    def begin_from_invitation(self, evening: str) -> None:
        """From the invitation's page over signing up, in the same way as everybody, to a side of one's own."""
        self.follow("Begin with a new account")
        self.give_address_and_code()
        self.follow("First, a few words about you")
        self.say_name()
        self.answer_evening(evening)

    def accept(self) -> None:
        """Accepts the invitation that waits at home."""
        self.home()
        self.follow("Read it", within=self.card("You have an invitation"))
        self.press("Accept")

    # alone, before any talk

    def prepare(self, fear: str, why: str) -> None:
        """The two short questions about oneself that home offers before the steps together."""
        self.home()
        self.begin_next("How am I?")
        self.tick("Lonely")
        self.tap("How much energy do I have for a talk this week?", "3")
        self.fill("What am I afraid could happen if we talk?", fear)
        self.keep()
        self.home()
        self.begin_next("Curious or accusing?")
        self.tap("Right now I am …", "4")
        self.fill("What puts me there today?", why)
        self.keep()

    def to_preparation(self, title: str) -> None:
        self.home()
        self.follow("The whole way, with your own preparation")
        self.follow(title)
        self.at(title)

    def begin_next(self, heading: str) -> None:
        """The one card on the home page that is raised: the one thing to do next."""
        self.follow("Begin", within=self.card(heading))

    def keep(self) -> None:
        """Saves by the button, and waits until the page says so."""
        # A page on which one may also answer holds two forms; one's own part is the last.
        self.main.get_by_role("button", name=re.compile("^(Save|Keep for later)$")).last.click()
        expect(self.status).to_contain_text("Saved")

    @property
    def status(self) -> Locator:
        return self.main.locator("form").get_by_role("status").last

    def open_door(self) -> None:
        """The two plain questions, and the choice to go on."""
        self.home()
        self.begin_next("Before the steps together")
        self.tap("Are you ever afraid", "No")
        self.tap("Has your partner hurt you", "No")
        self.main.get_by_label("I want to understand").check()
        self.press("Go on")

    # the steps together

    def to_step(self, title: str) -> None:
        self.home()
        self.follow("The whole way, with your own preparation")
        self.follow(title, within=self.main.get_by_role("list"))
        self.at(title)

    def to_exercise(self, step: str, title: str) -> None:
        """By way of home and the step; who is there already looks again."""
        if self.page.get_by_role("heading", level=1, name=title, exact=True).count():
            self.page.reload()
            return
        self.to_step(step)
        self.main.get_by_role("link", name=re.compile(f"^{re.escape(title)}")).first.click()
        self.at(title)

    def share_opening(self, situation: str, request: str, partner: str) -> None:
        self.to_exercise("Ask for a talk", "My opening")
        self.tick("lonely")
        self.fill("when …", situation)
        self.fill("and I would love …", request)
        self.press(f"Share with {partner}")
        self.sees(situation, request)

    def tell(self, words: str, partner: str, step: str = "Listen, only listen") -> None:
        self.to_exercise(step, "What it has been like for me")
        self.fill("For me …", words)
        self.press(f"Share with {partner}")
        self.sees(words)

    def say_back(self, words: str, partner: str) -> None:
        self.to_exercise("Listen, only listen", "What it has been like for me")
        self.fill("In your words", words)
        self.press(f"Send to {partner}")
        self.sees(f"{self.name} heard", words)

    def answer(self, verdict: str, missed: str = "") -> None:
        self.to_exercise("Listen, only listen", "What it has been like for me")
        self.tap("Is that what you meant?", verdict)
        if missed:
            self.fill("What is still missing?", missed)
        self.press("Answer")
        self.sees(f"{verdict}.", missed)

    def talked(self, step: str) -> None:
        self.to_step(step)
        self.press("We talked about this")
        self.sees("talked about this")
        expect(self.main.get_by_role("button", name="We talked about this", exact=True)).to_have_count(0)

    def item(self, name: str) -> Locator:
        """One of several items of the same kind, such as “Wish 1”; opened where it is folded."""
        return self.unfold(self.page.get_by_text(name, exact=True))

    def unfold(self, inside: Locator) -> Locator:
        """The foldable part of the page that holds `inside`, opened."""
        found = self.main.locator("details").filter(has=inside)
        if found.get_attribute("open") is None:
            found.locator("summary").click()
        return found

    def unfold_if_folded(self, name: str) -> None:
        """Opens what stands behind this line, where the page has such a line and it is closed."""
        for part in self.main.locator("details", has=self.page.get_by_text(name, exact=True)).all():
            if part.get_attribute("open") is None:
                part.locator("summary").first.click()

    def share_needs(self, need: str, picture: str) -> None:
        self.to_exercise("What each of us is missing", "What I am missing")
        wish = self.item("Wish 1")
        self.tap("I miss …", need, within=wish)
        self.fill("On a normal day it would look like this", picture, within=wish)
        self.press("Share, when you both have")
        self.sees(picture)

    def put_in_ideas(self, *ideas: str) -> None:
        self.to_exercise("Agree on small things", "My ideas")
        for number, idea in enumerate(ideas, start=1):
            self.fill("We could …", idea, within=self.item(f"Idea {number}"))
        self.press("Share, when you both have")
        self.sees(*ideas)

    def pick_from_deck(self, *ideas: str) -> None:
        self.to_exercise("Play a little", "Something for the two of us")
        for idea in ideas:
            card = self.page.get_by_label(idea)
            self.unfold(card).get_by_label(idea).check()
        self.press("These are my picks")
        self.at("Something for the two of us")
        self.main.get_by_text(re.compile("^(Pick anew|Pick again, a new round)$")).wait_for()

    def put_in_memory(self, words: str) -> None:
        self.to_exercise("Play a little", "Our memories")
        self.fill("I remember …", words)
        self.press("Put it in the box")
        expect(self.main.locator("p.voice", has_text=words)).to_be_visible()
        expect(self.main.get_by_label("I remember …").last).to_have_value("")

    # agreeing

    def to_agreement(self) -> None:
        self.home()
        self.follow("Look at it", within=self.card("What we will do"))

    def to_what_holds(self) -> None:
        """The agreement, by the link below its lines on the home page."""
        self.home()
        self.follow("Let a line rest, or change something")

    def propose(self, lines: Mapping[str, Mapping[str, str]], *, rhythm: str = "every two weeks") -> None:
        """Words the proposal, with my yes. `lines`: "Line 1" -> label -> words; "Who does it" is a tap."""
        for name, words in lines.items():
            line = self.item(name)
            for label, text in words.items():
                if label == "Who does it":
                    self.tap(label, text, within=line)
                else:
                    line.get_by_label(label, exact=False).first.fill(text)
        self.main.get_by_label("at", exact=True).select_option(LOOK_BACK_HOUR)
        self.main.get_by_label("and then").select_option(label=rhythm)
        self.press("Propose it, with my yes")
        self.at("What we will do")

    def say_yes(self) -> None:
        self.press("Yes, I agree to this")

    # coming back

    def look_back(self, moment: str, taps: Mapping[str, str], supportive: str = "") -> None:
        """Answers a look back that is open: a good moment, and one tap for each line."""
        self.at("How was it?")
        self.fill("A good moment in these days", moment)
        for line, how in taps.items():
            part = self.card(line)
            self.tap("How did it go?", how, within=part)
            if supportive:
                part.get_by_text("What felt supportive, what was hard").click()
                self.fill("What felt supportive?", supportive, within=part)
        self.main.get_by_role("button", name=re.compile("^(Share my answers|Done)$")).click()

    # what one person can reach

    def everything(self, start: str = "/") -> dict[str, str]:
        """Every page of the app that links lead to from `start`, as path -> HTML."""
        found: dict[str, str] = {}
        paths = [start]
        while paths:
            path = paths.pop()
            if path in found or NOT_FOLLOWED.match(path):
                continue
            answer = self.context.request.get(self.stack.url + path)
            assert answer.status < 500, f"{answer.status} for {path}"
            found[path] = answer.text()
            paths += [urlsplit(link).path for link in re.findall(r'href="(/[^"#]*)"', found[path])]
        return found

    def mails(self) -> str:
        """All that came to this person by mail, as the words on the wire."""
        return "\n".join(str(mail) for mail in self.stack.mails(self.address))

    def can_find_nowhere(self, *words: str) -> None:
        """None of these words is on any page this person can reach, nor in a mail to them."""
        everywhere = {**self.everything(), "mail": self.mails()}
        for some in words:
            where = [path for path, text in everywhere.items() if some in text]
            assert not where, f"{self.name} can read {some!r} at {where}"


def two_weeks_pass(stack: Stack, *people: Walker) -> None:
    """Moves the open look backs of these people, and the reminders of them, two weeks back in time."""
    addresses = [person.address for person in people]
    stack.sql(
        "UPDATE checkins_checkin SET local_date = local_date - 14, due_at = due_at - interval '14 days' "
        "WHERE closed_at IS NULL AND space_id IN (SELECT space_id FROM spaces_seat JOIN accounts_user "
        "ON accounts_user.id = user_id WHERE email = ANY(%s) AND left_at IS NULL)",
        (addresses,),
    )
    stack.sql(
        "UPDATE outbox_letter SET due_at = due_at - interval '14 days' WHERE ended_at IS NULL "
        "AND kind = 'checkins.reminder' AND recipient_id IN (SELECT id FROM accounts_user WHERE email = ANY(%s))",
        (addresses,),
    )


def become_two(one: Walker, two: Walker) -> None:
    """Both begin, one invites by mail, the other accepts with a new account."""
    one.begin(f"{one.name} would like a walk")
    one.invite_by_mail(two.address)
    two.open_mail_link("A note for you")
    two.begin_from_invitation(f"{two.name} would like tea")
    two.accept()
    two.sees(f"You and {one.name} each have a side here")


def both_open_the_door(one: Walker, two: Walker) -> None:
    """The preparation that home asks for, then the door, for both."""
    for person in (one, two):
        person.prepare(fear=f"{person.name} is afraid of silence", why=f"{person.name} slept well")
        person.open_door()
    two.sees("You have both chosen it")
