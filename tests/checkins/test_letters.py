"""What is mailed, when, to whom, and what it says."""

import re
from datetime import datetime, timedelta

import pytest

from apps.checkins import actions
from apps.checkins import letters as kinds_of_letters
from apps.outbox.kinds import Drop, Hold, Send
from apps.outbox.models import SENT, Letter
from tests.checkins.helpers import WHAT, agree, answer, intend, letters, waiting

CONFIRMATION, REMINDER = kinds_of_letters.decide_agreed, kinds_of_letters.decide_reminder


def reminder(check_in, person) -> Letter:
    return letters(check_in).select_related("recipient").get(recipient=person.user)


def confirmation(check_in, person) -> Letter:
    return letters(check_in, actions.AGREED).select_related("recipient").get(recipient=person.user)


def sent(letter, at):
    Letter.objects.filter(pk=letter.pk).update(sent_at=at, ended_at=at, end_reason=SENT, payload=None)


def test_the_confirmation_goes_out_at_once_by_night_too(world, now):
    letter = confirmation(agree(world, now), world.owner)
    assert CONFIRMATION(letter, now) == Send()
    assert CONFIRMATION(letter, now.replace(hour=3)) == Send()
    assert CONFIRMATION(letter, now + timedelta(days=15)) == Drop("more than 14 days late")


def test_the_reminder_goes_out_on_its_day(world, now):
    check_in = agree(world, now)
    assert REMINDER(reminder(check_in, world.owner), check_in.due_at) == Send()


@pytest.mark.parametrize(
    ("zone", "at", "until"),
    [
        ("UTC", "2026-03-17T20:00", "2026-03-18T09:00"),
        ("UTC", "2026-03-18T03:00", "2026-03-18T09:00"),
        ("America/New_York", "2026-03-18T12:00", "2026-03-18T13:00"),
        ("Europe/Berlin", "2026-03-28T22:00", "2026-03-29T07:00"),  # the clocks go forward in that night
    ],
)
def test_by_night_it_waits_for_the_morning(zone, at, until, world, now):
    world.owner.user.time_zone = zone
    world.owner.user.save()
    check_in = agree(world, now)
    moment, morning = (datetime.fromisoformat(text + "+00:00") for text in (at, until))
    assert REMINDER(reminder(check_in, world.owner), moment) == Hold(morning)
    assert REMINDER(reminder(check_in, world.owner), morning) == Send()


@pytest.mark.parametrize(
    ("late", "decision", "softer"),
    [(2.9, Send(), False), (4, Send(), True), (13, Send(), True), (15, Drop("more than 14 days late"), None)],
)
def test_late_ones(late, decision, softer, world, now):
    check_in = agree(world, now, hour=12)
    letter = reminder(check_in, world.owner)
    moment = check_in.due_at + timedelta(days=late)
    assert REMINDER(letter, moment) == decision
    Letter.objects.filter(pk=letter.pk).update(
        due_at=moment
    )  # as after being held over a night: it is late all the same
    assert REMINDER(reminder(check_in, world.owner), moment) == decision
    if softer is not None:
        assert ("It has been a few days" in kinds_of_letters.render_reminder(letter, moment).text) is softer


def test_at_most_one_a_day(world, now):
    check_in, own = agree(world, now), intend(world.owner, now)
    first, second = sorted(
        (reminder(check_in, world.owner), reminder(own, world.owner)), key=lambda letter: (letter.due_at, letter.pk)
    )
    moment = check_in.due_at
    tomorrow = datetime.fromisoformat("2026-03-18T09:00+00:00")
    assert (REMINDER(first, moment), REMINDER(second, moment)) == (Send(), Hold(tomorrow))
    sent(first, moment)
    assert REMINDER(second, moment) == Hold(tomorrow)
    assert REMINDER(second, tomorrow) == Send()
    assert REMINDER(reminder(check_in, world.partner), moment) == Send()


def closed(world, check_in, now):
    actions.close(check_in=check_in, as_="ended", now=now)


def resting(world, check_in, now):
    actions.pause(check_in=check_in, seat=world.partner.seat, now=now)


def left(world, check_in, now):
    seat = world.owner.seat
    type(seat).objects.filter(pk=seat.pk).update(left_at=now)


def space_closed(world, check_in, now):
    from apps.spaces.models import Space

    Space.objects.filter(pk=check_in.space_id).update(closed_at=now, closed_by=world.partner.user)


def no_reminders(world, check_in, now):
    world.owner.user.mail_agreed = world.owner.user.mail_reminders = False
    world.owner.user.save()


def no_mail(world, check_in, now):
    world.owner.user.mail_nothing = True
    world.owner.user.save()


def answered(world, check_in, now):
    answer(check_in, world.owner, now=check_in.due_at - timedelta(hours=5))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (closed, "closed: ended"),
        (resting, "resting"),
        (left, "left"),
        (space_closed, "space closed"),
        (no_reminders, "mail not wanted"),
        (no_mail, "mail not wanted"),
        (answered, "answered or skipped"),
    ],
)
def test_what_is_not_to_be_sent_any_more(change, reason, world, now):
    """Asked again right before sending, also for a letter that a worker holds already."""
    check_in = agree(world, now)
    change(world, check_in, now)
    assert REMINDER(reminder(check_in, world.owner), check_in.due_at) == Drop(reason)
    if change not in (resting, answered):
        assert CONFIRMATION(confirmation(check_in, world.owner), now) == Drop(reason)


def test_a_check_in_that_is_gone(world, now):
    check_in = agree(world, now)
    letter = reminder(check_in, world.owner)
    check_in.delete()
    assert REMINDER(letter, now) == Drop("no longer there")


def test_ones_own_reminder_is_for_that_seat_only(world, now):
    own = intend(world.owner, now)
    letter = reminder(own, world.owner)
    assert REMINDER(letter, own.due_at) == Send()
    letter.recipient = world.partner.user
    assert REMINDER(letter, own.due_at) == Drop("left")


def test_the_mails_say_nothing_of_the_couple(world, now):
    check_in, own = agree(world, now), intend(world.owner, now)
    mails = [
        kinds_of_letters.render_agreed(confirmation(check_in, world.owner), now),
        kinds_of_letters.render_reminder(reminder(check_in, world.owner), check_in.due_at),
        kinds_of_letters.render_reminder(reminder(own, world.owner), own.due_at),
        kinds_of_letters.render_reminder(reminder(own, world.owner), own.due_at + timedelta(days=5)),
    ]
    for mail in mails:
        for text in (mail.text, mail.html):
            assert "http://127.0.0.1:8000/look-back/" in text
            for word in (WHAT, "Coffee", "walking", "Mara", "Jonas", "partner", "agree", "plan", "check-in", "mine"):
                assert word not in text.replace("/look-back/", "")
        assert mail.subject in ("Kept for you", "A small reminder")


def keyless(mail):
    """A mail with every key in its links replaced by its length: sealed, two for the same are never the same."""
    blank = lambda text: re.sub(r"/mail/([\w-]+)/", lambda found: f"/mail/{len(found[1])}/", text)  # noqa: E731
    return mail.subject, blank(mail.text), blank(mail.html)


def test_the_reminder_of_both_and_ones_own_are_the_same_mail(world, now):
    check_in, own = agree(world, now), intend(world.owner, now)
    of_both = kinds_of_letters.render_reminder(reminder(check_in, world.owner), check_in.due_at)
    assert keyless(kinds_of_letters.render_reminder(reminder(own, world.owner), own.due_at)) == keyless(of_both)


def test_every_due_letter_of_an_agreement_can_be_made(world, now):
    check_in = agree(world, now)
    for letter in Letter.objects.all():
        assert "\n" not in kinds_of_letters.kinds.get(letter.kind).render(letter, now).subject
    assert waiting(check_in).count() == 2
