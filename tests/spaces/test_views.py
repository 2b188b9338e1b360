"""Inviting and being invited, as pages."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from apps.outbox.models import Letter
from apps.spaces import actions, queries
from apps.spaces.models import Invitation, RefusedAddress
from tests.world import alone, page, person

INES = "ines@example.org"


@pytest.fixture
def clock(monkeypatch, now):
    """The hands of the clock that the pages read."""
    hands = SimpleNamespace(now=now)
    monkeypatch.setattr("apps.core.clock.now", lambda: hands.now)
    return hands


@pytest.fixture
def mailed(lone, clock):
    """Lena has invited Ines by mail: the token that the mail carries."""
    answer = lone.client.post("/invite/mail/", {"address": INES, "shows_name": "yes"})
    assert (answer.status_code, answer["Location"]) == (303, "/invite/")
    return Letter.objects.get(kind=actions.LETTER).payload["token"]


@pytest.fixture
def linked(lone, clock):
    """Lena has made a link: its token."""
    answer = lone.client.post("/invite/link/")
    return re.search(r"/invitation/([\w-]+)/", answer.content.decode())[1]


def arrive(client, token):
    answer = client.get(f"/invitation/{token}/")
    assert (answer.status_code, answer["Location"], answer["Referrer-Policy"]) == (303, "/invitation/", "no-referrer")
    return client.get("/invitation/")


# --- inviting


def test_the_invite_page_shows_the_very_words_of_the_mail(lone, clock):
    text = lone.client.get("/invite/").content.decode()
    assert "Lena would like to do something with you" in text
    assert "Somebody who knows you would like to do something with you" in text


def test_an_open_invitation_shows_its_end_and_can_be_taken_back(lone, mailed, clock):
    text = lone.client.get("/invite/").content.decode()
    assert INES in text
    assert "Friday 6 March, 12:00" in text
    assert lone.client.post("/invite/revoke/").status_code == 303
    assert INES not in lone.client.get("/invite/").content.decode()
    assert not Letter.objects.filter(ended_at=None).exists()


def test_bad_addresses_get_a_sentence_and_keep_what_was_typed(lone, clock):
    for address in ("", "nobody", "a@b\r\nBcc: c@d.org", "x" * 300 + "@example.org", "lena@example.org"):
        answer = lone.client.post("/invite/mail/", {"address": address, "shows_name": "yes"})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()
    assert not Letter.objects.exists()


def test_a_link_is_shown_once(lone, linked):
    assert linked not in lone.client.get("/invite/").content.decode()
    assert "Your link is waiting" in lone.client.get("/invite/").content.decode()


def test_two_have_no_third_seat(world, clock):
    assert "no third seat" in world.owner.client.get("/invite/").content.decode()
    assert world.owner.client.post("/invite/link/").status_code == 422
    assert world.owner.client.post("/invite/mail/", {"address": INES, "shows_name": "no"}).status_code == 422
    assert not Invitation.objects.exists()


def test_without_a_seat_one_is_brought_home(db):
    assert person("Ida").client.get("/invite/")["Location"] == "/"


@pytest.mark.parametrize("address", ["mail", "link", "revoke", "refuse", "confirm"])
def test_a_get_never_writes(lone, address):
    assert lone.client.get(f"/invite/{address}/").status_code == 405


# --- what the inviter can see of it


def test_declining_is_invisible_to_the_inviter(lone, mailed, clock):
    before = page(lone.client.get("/invite/"))
    invited = Client()
    arrive(invited, mailed)
    assert invited.post("/invitation/decline/").status_code == 200
    assert Invitation.objects.get().declined_at is not None
    assert page(lone.client.get("/invite/")) == before


@pytest.mark.parametrize("what", ["declined", "opened", "unopened"])
def test_all_ends_are_one_to_the_inviter(lone, mailed, clock, what):
    if what != "unopened":
        invited = Client()
        arrive(invited, mailed)
        if what == "declined":
            invited.post("/invitation/decline/")
    clock.now += timedelta(hours=72)
    text = page(lone.client.get("/invite/"))
    assert "Your last invitation has ended." in text
    assert INES not in text


def test_a_refusing_address_is_invisible_to_the_inviter(lone, clock):
    RefusedAddress.objects.create(address_digest=queries.address_digest(INES), refused_at=clock.now)
    lone.client.post("/invite/mail/", {"address": INES, "shows_name": "yes"})
    refused = page(lone.client.get("/invite/"))
    RefusedAddress.objects.all().delete()
    lone.client.post("/invite/mail/", {"address": INES, "shows_name": "yes"})
    assert page(lone.client.get("/invite/")) == refused
    assert Letter.objects.filter(ended_at=None).count() == 1


# --- being invited


def test_reading_needs_no_account_and_names_whoever_wants_to_be_named(lone, mailed):
    visitor = Client()
    text = arrive(visitor, mailed).content.decode()
    assert "Lena invites you" in text
    assert INES not in text
    assert mailed not in text
    Invitation.objects.update(shows_name=False)
    assert "Lena" not in visitor.get("/invitation/").content.decode()
    ines = person("Ines")
    assert "Lena invites you" in arrive(ines.client, mailed).content.decode()


def test_scanners_open_links_and_nothing_happens(mailed, clock):
    for _ in range(10):
        scanner = Client()
        scanner.get(f"/invitation/{mailed}/")
        scanner.head(f"/invitation/{mailed}/")
        scanner.get(f"/invitation/{mailed}/no-more/", follow=True)
        scanner.get("/invitation/")
        assert scanner.get("/invitation/decline/").status_code == 405
    assert queries.is_open(Invitation.objects.get(), clock.now)
    assert not RefusedAddress.objects.exists()


@pytest.mark.parametrize("ended", ["expired", "used", "revoked", "guessed", "declined", "closed", "claimed"])
def test_whatever_ended_it_the_page_is_the_same(lone, clock, ended):
    nobody = page(Client().get("/invitation/"))
    token = "guessed" * 6
    if ended == "claimed":
        invitation, token = actions.invite_by_link(by=lone.seat, now=clock.now)
        actions.claim(invitation=invitation, user=person("Ines").user, now=clock.now)
    elif ended != "guessed":
        lone.client.post("/invite/mail/", {"address": INES, "shows_name": "yes"})
        token = Letter.objects.get().payload["token"]
        invitation = Invitation.objects.get()
    match ended:
        case "expired":
            clock.now += timedelta(hours=72)
        case "used":
            actions.take_seat(invitation=invitation, user=person("Ines").user, now=clock.now)
        case "revoked":
            actions.revoke(by=lone.seat, now=clock.now)
        case "declined":
            actions.decline(invitation=invitation, now=clock.now)
        case "closed":
            actions.leave(seat=lone.seat, now=clock.now)
    answer = arrive(Client(), token)
    assert answer.status_code == 404
    assert page(answer) == nobody


def test_a_forwarded_mail_says_nothing_to_another_account(world, lone, mailed):
    read = arrive(world.outsider.client, mailed)
    tried = world.outsider.client.post("/invitation/accept/")
    assert (read.status_code, tried.status_code) == (200, 422)
    for answer in (read, tried):
        text = answer.content.decode()
        assert "Ask for a new invitation to this address." in text
        assert "Lena" not in text
        assert "ines" not in text.lower()
    assert world.outsider.seat.other is None


def test_the_inviter_reads_their_own_link(lone, linked):
    assert "your own invitation" in arrive(lone.client, linked).content.decode()
    assert lone.client.post("/invitation/accept/").status_code == 422
    lone.client.post("/invitation/decline/")
    assert Invitation.objects.get().declined_at is None


def test_no_more_invitations_needs_a_press_and_says_the_same_for_any_token(mailed, clock):
    known, unknown, without = Client(), Client(), Client()
    known.get(f"/invitation/{mailed}/no-more/")
    unknown.get("/invitation/nothing-that-was-ever-sent/no-more/")
    pages = {page(client.get("/invitation/no-more/")) for client in (known, unknown, without)}
    done = {page(client.post("/invitation/no-more/")) for client in (known, unknown, without)}
    assert (len(pages), len(done)) == (1, 1)
    assert RefusedAddress.objects.get().address_digest == queries.address_digest(INES)


def test_no_more_works_after_the_invitation_has_ended(lone, mailed, clock):
    actions.revoke(by=lone.seat, now=clock.now)
    visitor = Client()
    visitor.get(f"/invitation/{mailed}/no-more/")
    visitor.post("/invitation/no-more/")
    assert RefusedAddress.objects.count() == 1


# --- accepting


def test_accepting_a_mail_seats_both(lone, mailed):
    ines = alone("Ines")
    arrive(ines.client, mailed)
    answer = ines.client.post("/invitation/accept/")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert (ines.seat.number, ines.seat.other.name) == (2, "Lena")
    assert ines.client.post("/invitation/accept/")["Location"] == "/"  # pressed twice


def test_accepting_needs_signing_in(mailed):
    visitor = Client()
    arrive(visitor, mailed)
    assert visitor.post("/invitation/accept/").status_code == 401


def test_somebody_without_a_name_is_first_asked_for_one(mailed):
    ines = person("", INES)
    assert "First, a few words about you" in arrive(ines.client, mailed).content.decode()
    assert ines.client.post("/invitation/accept/")["Location"] == "/accounts/welcome/"
    assert Invitation.objects.get().used_at is None


def test_somebody_who_is_two_already_reads_why_not(world, linked):
    arrive(world.owner.client, linked)
    answer = world.owner.client.post("/invitation/accept/")
    assert answer.status_code == 422
    assert "somebody already" in answer.content.decode()


def test_a_link_is_confirmed_by_name(lone, linked):
    ines = alone("Ines")
    arrive(ines.client, linked)
    assert ines.client.post("/invitation/accept/")["Location"] == "/invitation/"
    assert "Lena confirms that it is you" in ines.client.get("/invitation/").content.decode()
    assert ines.seat.other is None
    assert "Ines would like to join you" in lone.client.get("/invite/").content.decode()
    assert lone.client.post("/invite/confirm/")["Location"] == "/"
    assert ines.seat.other == lone.seat


def test_a_no_to_the_name_opens_nothing(lone, linked):
    ines = alone("Ines")
    arrive(ines.client, linked)
    ines.client.post("/invitation/accept/")
    assert lone.client.post("/invite/refuse/").status_code == 303
    assert ines.client.get("/invitation/").status_code == 404
    answer = lone.client.post("/invite/confirm/")
    assert answer.status_code == 422
    assert "no longer open" in answer.content.decode()


def test_taking_a_claim_back_is_invisible_to_the_inviter(lone, linked):
    ines = alone("Ines")
    arrive(ines.client, linked)
    ines.client.post("/invitation/accept/")
    before = page(lone.client.get("/invite/"))
    ines.client.post("/invitation/decline/")
    assert page(lone.client.get("/invite/")) == before
    assert lone.client.post("/invite/confirm/").status_code == 422


def test_the_waiting_invitation_of_a_signed_in_person(lone, linked, clock, rf):
    ines = alone("Ines")
    arrive(ines.client, linked)
    assert "Read the invitation" not in lone.client.get("/invite/").content.decode()
    ines.client.post("/invitation/accept/")
    elsewhere = Client()
    elsewhere.force_login(ines.user)
    assert "Lena confirms" in elsewhere.get("/invitation/").content.decode()
