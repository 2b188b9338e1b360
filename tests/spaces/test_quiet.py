"""A quiet time: beginning it, ending it, what it refuses, and its pages. What it holds: tests/outbox/test_quiet.py."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from apps.core.errors import RuleBroken
from apps.guides.quiet import quiet_words
from apps.outbox.models import Letter
from apps.spaces import actions, queries
from apps.spaces.models import Invitation, Seat
from tests.world import page as plain

HOUR = timedelta(hours=1)


def facts(seat):
    return Seat.objects.values_list("quiet_from", "quiet_until").get(pk=seat.pk)


# --- actions


def test_it_is_a_fact_on_ones_own_seat_alone(world, now):
    assert actions.begin_quiet(by=world.owner.seat, hours=48, now=now) is True
    assert facts(world.owner.seat) == (now, now + 48 * HOUR)
    assert facts(world.partner.seat) == (None, None)


def test_begun_twice_it_stays_as_it_is(world, now):
    actions.begin_quiet(by=world.owner.seat, hours=24, now=now)
    assert actions.begin_quiet(by=world.owner.seat, hours=168, now=now + HOUR) is False
    assert facts(world.owner.seat) == (now, now + 24 * HOUR)


@pytest.mark.parametrize("hours", [0, 11, 169, -48])
def test_too_short_and_too_long_are_refused(world, now, hours):
    with pytest.raises(RuleBroken, match="between 12 hours and 7 days"):
        actions.begin_quiet(by=world.owner.seat, hours=hours, now=now)
    assert facts(world.owner.seat) == (None, None)


def test_after_leaving_none_begins(lone, now):
    seat = lone.seat
    actions.leave(seat=seat, now=now)
    with pytest.raises(RuleBroken, match="closed"):
        actions.begin_quiet(by=seat, hours=48, now=now)


def test_ended_early_nothing_of_it_is_kept_and_another_can_begin(world, now):
    seat = world.owner.seat
    actions.begin_quiet(by=seat, hours=48, now=now)
    actions.end_quiet(by=seat, now=now + HOUR)
    actions.end_quiet(by=seat, now=now + HOUR)
    assert facts(seat) == (None, None)
    assert actions.begin_quiet(by=seat, hours=24, now=now + HOUR) is True
    assert facts(seat) == (now + HOUR, now + 25 * HOUR)


def test_after_it_has_run_out_another_can_begin(world, now):
    seat = world.owner.seat
    actions.begin_quiet(by=seat, hours=24, now=now)
    assert actions.begin_quiet(by=seat, hours=24, now=now + 24 * HOUR) is True
    assert facts(seat) == (now + 24 * HOUR, now + 48 * HOUR)


def test_it_runs_until_its_last_instant(world, now):
    actions.begin_quiet(by=world.owner.seat, hours=48, now=now)
    seat = world.owner.seat
    assert queries.quiet_until(seat, now) == now + 48 * HOUR
    assert queries.quiet_until(seat, now + 48 * HOUR - timedelta(microseconds=1)) == now + 48 * HOUR
    assert queries.quiet_until(seat, now + 48 * HOUR) is None
    assert queries.quiet_until(world.partner.seat, now) is None


def test_while_it_runs_nothing_of_mine_is_put_before_the_other(world, now):
    seat, theirs = world.owner.seat, world.partner.seat  # read before it begins, as a page that was open is
    queries.check_not_quiet(seat, now)
    actions.begin_quiet(by=world.owner.seat, hours=48, now=now)
    with pytest.raises(RuleBroken) as refused:
        queries.check_not_quiet(seat, now)
    assert str(refused.value.message) == (
        "Your quiet time is running, so this waits. It ends by itself, and you can end it earlier."
    )
    queries.check_not_quiet(theirs, now)
    queries.check_not_quiet(seat, now + 48 * HOUR)


def test_a_link_can_still_be_made_and_waits_for_nothing(lone, now):
    actions.begin_quiet(by=lone.seat, hours=48, now=now)
    invitation, _token = actions.invite_by_link(by=lone.seat, now=now)
    assert queries.ends_at(invitation) == now + 72 * HOUR
    actions.end_quiet(by=lone.seat, now=now)
    actions.begin_quiet(by=lone.seat, hours=48, now=now)
    assert Invitation.objects.get().held_until is None


def test_an_invitation_that_has_ended_is_not_revived(lone, now):
    actions.invite_by_mail(by=lone.seat, address="ines@example.org", shows_name=True, now=now)
    actions.begin_quiet(by=lone.seat, hours=48, now=now + 72 * HOUR)
    invitation = Invitation.objects.get()
    assert (invitation.held_until, queries.looks_open(invitation, now + 72 * HOUR)) == (None, False)


# --- pages


@pytest.fixture
def clock(monkeypatch, now):
    """The hands of the clock that the pages read."""
    hands = SimpleNamespace(now=now)
    monkeypatch.setattr("apps.core.clock.now", lambda: hands.now)
    return hands


def text(someone, address="/quiet/"):
    answer = someone.client.get(address)
    assert answer.status_code == 200
    return " ".join(plain(answer).split())


def test_two_days_are_offered_and_a_week_is_the_most(lone, clock):
    page = text(lone)
    assert [f'value="{hours}"' in page for hours in (12, 24, 48, 72, 120, 168, 240)] == [
        False, True, True, True, True, True, False
    ]  # fmt: skip
    assert page.count("checked") == 1
    assert page.index("checked") > page.index('value="48"')
    assert page.index("checked") < page.index('value="72"')


def test_begun_it_shows_how_long_still_and_the_words_of_the_day(lone, clock):
    answer = lone.client.post("/quiet/begin/", {"hours": "48"})
    assert (answer.status_code, answer["Location"]) == (303, "/quiet/")
    page = text(lone)
    assert "Until Thursday 5 March, 12:00, about 48 hours left." in page
    assert "Begin my quiet time" not in page
    words = quiet_words()
    assert len([prompt for prompt in words.prompts if prompt in page]) == 1
    assert len([idea for idea in words.ideas if idea in page]) == 5


@pytest.mark.parametrize(
    ("hours", "later", "left"),
    [
        ("168", 0, "about 7 days left."),
        ("48", 17, "about 31 hours left."),
        ("24", 23, "about one hour left."),
        ("24", 23.5, "less than an hour left."),
    ],
)
def test_the_countdown(lone, clock, now, hours, later, left):
    lone.client.post("/quiet/begin/", {"hours": hours})
    clock.now = now + later * HOUR
    assert left in text(lone)


def test_another_day_has_other_words(lone, clock, now):
    lone.client.post("/quiet/begin/", {"hours": "168"})
    shown = []
    for day in range(3):
        clock.now = now + day * timedelta(days=1)
        shown.append({one for one in (*quiet_words().prompts, *quiet_words().ideas) if one in text(lone)})
    assert [len(words) for words in shown] == [6, 6, 6]
    assert len(set.union(*shown)) == 18


def test_the_words_of_the_day_stay_for_the_day_on_ones_own_wall(lone, clock, now):
    lone.user.time_zone = "Pacific/Auckland"  # 13 hours ahead: there it is one in the morning
    lone.user.save()
    lone.client.post("/quiet/begin/", {"hours": "168"})

    def prompt():
        page = text(lone)
        return next(one for one in quiet_words().prompts if one in page)

    first = prompt()
    clock.now = now + 22.9 * HOUR
    assert prompt() == first
    clock.now = now + 23.1 * HOUR
    assert prompt() != first


@pytest.mark.parametrize("hours", ["", "12", "47", "240", "-48", "many", "48.5", "9" * 400])
def test_what_is_no_choice_is_422_with_a_sentence(lone, clock, hours):
    answer = lone.client.post("/quiet/begin/", {"hours": hours})
    assert answer.status_code == 422
    assert "Please choose how long." in answer.content.decode()
    assert facts(lone.seat) == (None, None)


def test_a_second_press_changes_nothing_and_says_so(lone, clock, now):
    lone.client.post("/quiet/begin/", {"hours": "24"})
    answer = lone.client.post("/quiet/begin/", {"hours": "168"}, follow=True)
    assert "Your quiet time runs already. It stays as it is." in answer.content.decode()
    assert facts(lone.seat) == (now, now + 24 * HOUR)
    assert lone.client.post("/quiet/begin/", {"hours": "x"}).status_code == 422


def test_one_press_ends_it_and_a_second_is_harmless(lone, clock):
    lone.client.post("/quiet/begin/", {"hours": "48"})
    for _press in range(2):
        answer = lone.client.post("/quiet/end/")
        assert (answer.status_code, answer["Location"]) == (303, "/quiet/")
    assert "Begin my quiet time" in text(lone)


def test_run_out_it_is_over_on_every_page(lone, clock, now):
    lone.client.post("/plans/first/", {"words": "A quiet hour"})
    before = text(lone, "/")
    assert "Your quiet time" not in before
    lone.client.post("/quiet/begin/", {"hours": "24"})
    assert "Until Wednesday 4 March, 12:00, about 24 hours left." in text(lone, "/")
    clock.now = now + 24 * HOUR
    assert "Begin my quiet time" in text(lone)
    assert "Your quiet time" not in text(lone, "/")
    clock.now = now
    lone.client.post("/quiet/end/")
    assert text(lone, "/") == before


def test_who_invites_reads_when_the_mail_goes(lone, clock, now):
    lone.client.post("/quiet/begin/", {"hours": "48"})
    assert "Your quiet time runs until Thursday 5 March, 12:00. The mail goes then" in text(lone, "/invite/")
    lone.client.post("/invite/mail/", {"address": "ines@example.org", "shows_name": "yes"})
    for_inviter = text(lone, "/invite/")
    assert "Open until Sunday 8 March, 12:00" in for_inviter
    assert "Your quiet time runs until Thursday 5 March, 12:00; the mail goes then." in for_inviter
    assert "Your invitation to <b>ines@example.org</b>. Its mail goes on Thursday 5 March at 12:00" in text(lone)
    clock.now = now + 5 * HOUR
    lone.client.post("/quiet/end/")
    for_inviter = text(lone, "/invite/")
    assert "Open until Friday 6 March, 17:00" in for_inviter
    assert "quiet time" not in for_inviter


def test_an_invitation_that_went_before_says_nothing_of_it(lone, clock):
    lone.client.post("/invite/mail/", {"address": "ines@example.org", "shows_name": "yes"})
    Letter.objects.all().delete()  # it has gone
    before = text(lone, "/invite/")
    lone.client.post("/quiet/begin/", {"hours": "48"})
    assert text(lone, "/invite/") == before
    assert "ines@example.org" not in text(lone)


def test_it_is_one_way_from_home_and_from_what_is_mine(lone, clock):
    lone.client.post("/plans/first/", {"words": "A quiet hour"})
    for address in ("/", "/mine/"):
        assert 'href="/quiet/"' in text(lone, address)
