"""The links in the mails: another day, and no more of this kind. Pressed by whoever has the mail, signed in or not."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts import mail_links
from apps.checkins import actions
from apps.checkins.mail_links import later_address
from apps.checkins.models import Snooze
from apps.me import actions as me
from apps.outbox import kinds
from apps.outbox.models import Letter
from apps.vault import tokens
from tests.checkins.helpers import DAY, agree, answer, due, letters, waiting
from tests.world import new_browser, page


def mail_of(letter):
    return kinds.get(letter.kind).render(letter, letter.due_at)


def reminder(check_in, person):
    return letters(check_in).select_related("recipient").get(recipient=person.user)


def path(text, verb):
    found = set(re.findall(rf"/mail/[\w-]+/{verb}/", text))
    assert len(found) == 1
    return found.pop()


def wishes(person):
    person.user.refresh_from_db()
    return {
        name for name in ("mail_agreed", "mail_reminders", "mail_again", "mail_nothing") if getattr(person.user, name)
    }


@pytest.fixture
def own_letter(check_in, world):
    return reminder(check_in, world.owner)


# --- another day


def test_the_reminder_has_both_links_in_both_parts(own_letter):
    mail = mail_of(own_letter)
    for part in (mail.text, mail.html):
        assert path(part, "later")
        assert path(part, "stop")
    assert "Mara" not in mail.text + mail.html


def test_opening_the_link_changes_nothing_and_pressing_it_does(own_letter, world, check_in):
    address, browser = path(mail_of(own_letter).text, "later"), new_browser()
    opened = browser.get(address)
    assert (opened.status_code, opened["Referrer-Policy"]) == (200, "same-origin")  # the address is told to nobody else
    for words in ("Tomorrow", "In three days", "In a week"):
        assert words in opened.content.decode()
    assert not Snooze.objects.exists()
    pressed = browser.post(address, {"days": "3"})
    assert "comes again on Friday 20 March" in pressed.content.decode()
    again = browser.post(address, {"days": "3"})
    assert again.status_code == 200
    letter = Letter.objects.get(kind=actions.SNOOZED)
    assert (letter.recipient, letter.due_at) == (world.owner.user, check_in.due_at + timedelta(days=3))
    assert waiting(check_in).get().recipient == world.partner.user


def test_a_form_of_another_site_cannot_press_it(own_letter):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path(mail_of(own_letter).text, "later"), {"days": "3"}).status_code == 403
    assert not Snooze.objects.exists()


@pytest.mark.parametrize("days", ["", "2", "x", "-1"])
def test_another_number_of_days_is_refused(days, own_letter):
    assert new_browser().post(path(mail_of(own_letter).text, "later"), {"days": days}).status_code == 422
    assert not Snooze.objects.exists()


def test_only_the_days_that_are_left_are_offered(own_letter, check_in, at):
    address = path(mail_of(own_letter).text, "later")
    at(due(check_in) + timedelta(days=8))
    html = new_browser().get(address).content.decode()
    assert "Tomorrow" in html and "In three days" not in html
    at(due(check_in) + timedelta(days=9))
    assert new_browser().get(address).status_code == 404


def ended(check_in, world):
    """Every way in which the link of a reminder can be nothing any more."""
    address = later_address(check_in, world.owner.seat).split("8000")[-1]
    address = re.search(r"/mail/.*", address).group()
    token = address.split("/")[2]
    yield "altered", f"/mail/{token[:-2]}xx/later/"
    yield "foreign", f"/mail/{'t' * 120}/later/"
    yield (
        "of another kind",
        f"/mail/{mail_links.stop_address(world.owner.user, 'mail_agreed', DAY).split('/')[-3]}/later/",
    )
    yield "of nobody", f"/mail/{tokens.make('checkins.snooze', {'round': '0' * 32, 'seat': 0})}/later/"
    yield "stop: altered", f"/mail/{token}/stop/"
    unknown = tokens.make("accounts.stop-mail", {"user": "0" * 32, "wish": "mail_agreed", "on": DAY.isoformat()})
    yield "stop: of nobody", f"/mail/{unknown}/stop/"
    wrong = tokens.make("accounts.stop-mail", {"user": world.owner.user.pk.hex, "wish": "is_active", "on": str(DAY)})
    yield "stop: not a wish", f"/mail/{wrong}/stop/"
    old = mail_links.stop_address(world.owner.user, "mail_agreed", DAY - timedelta(days=181))
    yield "stop: old", re.search(r"/mail/.*", old).group()
    answer(check_in, world.owner)
    yield "answered", address
    actions.close_all(space=check_in.space, now=due(check_in))
    yield "closed", address


def test_whatever_is_wrong_with_a_link_the_page_is_the_same_and_nothing_changes(check_in, world):
    before = wishes(world.owner)
    pages = {}
    for why, address in ended(check_in, world):
        for way in ("get", "post"):
            found = getattr(new_browser(), way)(address, {"days": "1"})
            pages[why, way] = (found.status_code, page(found), tuple(sorted(found.headers.items())))
    assert len(set(pages.values())) == 1
    assert next(iter(pages.values()))[0] == 404
    assert (wishes(world.owner), Snooze.objects.count()) == (before, 0)


# --- no more of this kind


def test_one_click_without_session_or_token_ends_one_kind(own_letter, world, check_in):
    """What a mail program posts: no cookie, no CSRF token, the one field of RFC 8058."""
    address = kinds.get(own_letter.kind).unsubscribe(own_letter)
    strict = Client(enforce_csrf_checks=True)
    opened = strict.get(re.search(r"/mail/.*", address).group())
    assert (opened.status_code, wishes(world.owner)) == (200, {"mail_agreed", "mail_reminders"})
    for _twice in range(2):
        pressed = strict.post(re.search(r"/mail/.*", address).group(), {"List-Unsubscribe": "One-Click"})
        assert pressed.status_code == 200
        assert wishes(world.owner) == {"mail_agreed"}
    assert wishes(world.partner) == {"mail_agreed", "mail_reminders"}
    assert kinds.get(own_letter.kind).decide(reminder(check_in, world.owner), due(check_in)) == kinds.Drop(
        "mail not wanted"
    )
    assert not [cookie for cookie in strict.cookies if "session" in cookie]


@pytest.mark.parametrize(
    ("kind", "wish"),
    [
        (actions.AGREED, "mail_agreed"),
        (actions.REMINDER, "mail_reminders"),
        (actions.AGAIN, "mail_again"),
        (actions.SNOOZED, "mail_reminders"),
    ],
)
def test_each_kind_ends_what_it_is(kind, wish, check_in, world):
    letter = Letter(kind=kind, recipient=world.owner.user, occurrence=str(check_in.pk), due_at=check_in.due_at)
    token = kinds.get(kind).unsubscribe(letter).split("/")[-3]
    assert mail_links.read_stop(token, DAY) == (world.owner.user, wish)


# --- a second one, for who wants it


def test_a_second_reminder_only_for_who_asked_for_it(world, now):
    me.save_mail_wishes(user=world.owner.user, mail_again=True, mail_reminders=True, mail_nothing=False, now=now)
    check_in = agree(world, now)
    second = waiting(check_in, actions.AGAIN).get()
    assert (second.recipient, second.due_at) == (world.owner.user, check_in.due_at + timedelta(days=3))
    decide = kinds.get(actions.AGAIN).decide
    letters(check_in).delete()  # the first one has long gone out
    assert decide(second, second.due_at) == kinds.Send()
    assert "It has been a few days" in mail_of(second).text
    me.save_mail_wishes(user=world.owner.user, mail_again=False, mail_reminders=True, mail_nothing=False, now=now)
    second = waiting(check_in, actions.AGAIN).get()
    assert decide(second, second.due_at) == kinds.Drop("mail not wanted")


def test_who_asks_for_it_later_gets_it_for_what_is_open(world, now):
    check_in = agree(world, now)
    for moment, count in ((check_in.due_at + timedelta(days=4), 0), (check_in.due_at, 1), (check_in.due_at, 1)):
        me.save_mail_wishes(user=world.owner.user, mail_again=True, mail_nothing=False, now=moment)
        assert waiting(check_in, actions.AGAIN).count() == count


@pytest.mark.parametrize("end", ["answer", "snooze", "later", "close"])
def test_what_ends_the_second_one(end, world, now):
    me.save_mail_wishes(user=world.owner.user, mail_again=True, mail_reminders=True, mail_nothing=False, now=now)
    check_in = agree(world, now)
    seat, moment = world.owner.seat, due(check_in)
    {
        "answer": lambda: answer(check_in, world.owner),
        "snooze": lambda: actions.snooze(check_in=check_in, seat=seat, days=1, now=moment),
        "later": lambda: actions.later(check_in=check_in, seat=seat, now=moment),
        "close": lambda: actions.close_all(space=check_in.space, now=moment),
    }[end]()
    assert not waiting(check_in, actions.AGAIN).exists()
