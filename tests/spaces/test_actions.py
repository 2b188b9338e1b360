from datetime import timedelta

import pytest

from apps.core.errors import RuleBroken
from apps.outbox.models import Letter
from apps.spaces import actions, letters, queries
from apps.spaces.models import AddressMail, Invitation, Seat, Space
from tests.world import alone, person

INES = "ines@example.org"


@pytest.fixture
def ines(db):
    return person("Ines")


def open_letters():
    return Letter.objects.filter(kind=actions.LETTER, ended_at=None)


def goes():
    """How many of the open letters their kind would send, and how many it would drop because they may not go."""
    decided = [letters.decide(letter, letter.created_at) for letter in open_letters()]
    return decided.count(letters.kinds.Send()), decided.count(letters.kinds.Drop("may not be sent"))


def by_mail(seat, now, address=INES):
    return actions.invite_by_mail(by=seat, address=address, shows_name=True, now=now)


def test_a_space_of_ones_own_is_opened_once(ines, now):
    seat = actions.open_space(user=ines.user, now=now)
    assert (seat.number, seat.joined_at, seat.space.created_at) == (1, now, now)
    assert actions.open_space(user=ines.user, now=now) == seat
    assert Space.objects.count() == 1


def test_an_invitation_by_mail_writes_one_letter(lone, now):
    invitation = by_mail(lone.seat, now)
    letter = open_letters().get()
    assert (letter.occurrence, letter.address, letter.recipient) == (str(invitation.pk), INES, None)
    assert queries.digest_of(letter.payload["token"]) == invitation.token_digest
    assert isinstance(letters.decide(letter, now), letters.kinds.Send)


def test_a_new_invitation_revokes_the_old_one_and_drops_its_mail(lone, now):
    first = by_mail(lone.seat, now)
    second, token = actions.invite_by_link(by=lone.seat, now=now)
    first.refresh_from_db()
    assert first.revoked_at == now
    assert second.revoked_at is None
    assert len(token) >= 43
    assert not open_letters().exists()


def test_no_invitation_where_there_are_two(world, now):
    with pytest.raises(RuleBroken, match="two already"):
        by_mail(world.owner.seat, now)
    with pytest.raises(RuleBroken, match="two already"):
        actions.invite_by_link(by=world.partner.seat, now=now)


def test_no_invitation_to_oneself_or_from_a_closed_space(lone, now):
    seat = lone.seat
    with pytest.raises(RuleBroken, match="your own address"):
        by_mail(seat, now, address="LENA@example.org")
    actions.leave(seat=seat, now=now)
    with pytest.raises(RuleBroken, match="closed"):
        by_mail(seat, now)


def test_invitations_of_one_day_are_limited(lone, now):
    for _ in range(10):
        actions.invite_by_link(by=lone.seat, now=now)
    with pytest.raises(RuleBroken, match="enough invitations for today"):
        by_mail(lone.seat, now)
    assert by_mail(lone.seat, now + timedelta(days=1, seconds=1))


def test_two_mails_to_one_address_in_30_days_over_all_accounts(world, lone, now):
    for seat, address in ((lone.seat, INES), (world.outsider.seat, "INES@example.org"), (alone("Ida").seat, INES)):
        invitation = by_mail(seat, now, address)
        assert queries.offered(seat.space, now) == invitation  # each of the three sees the same
    assert goes() == (2, 1)
    assert AddressMail.objects.filter(goes=True).count() == 2
    by_mail(alone("Emil").seat, now + timedelta(days=30, seconds=1))
    assert goes() == (3, 1)


def test_a_refused_address_gets_none_and_the_inviter_sees_the_same(lone, world, now):
    by_mail(lone.seat, now)
    letter = open_letters().get()
    actions.refuse_address(token=letter.payload["token"], now=now)
    actions.refuse_address(token=letter.payload["token"], now=now)
    actions.refuse_address(token="unknown", now=now)
    assert isinstance(letters.decide(letter, now), letters.kinds.Drop)
    invitation = by_mail(world.outsider.seat, now)
    assert queries.offered(world.outsider.seat.space, now) == invitation
    assert goes() == (0, 1)


def test_who_was_left_cannot_mail_whoever_left(world, now):
    actions.leave(seat=world.partner.seat, now=now)
    mine = actions.open_space(user=world.owner.user, now=now)
    by_mail(mine, now, "jonas@example.org")
    assert queries.offered(mine.space, now) is not None
    assert goes() == (0, 1)
    theirs = actions.open_space(user=world.partner.user, now=now)
    by_mail(theirs, now, "mara@example.org")
    assert goes() == (1, 1)


@pytest.mark.parametrize("ended", ["revoked", "declined", "expired", "closed", "gone"])
def test_a_mail_that_would_come_too_late_is_dropped(lone, now, ended):
    invitation = by_mail(lone.seat, now)
    letter = open_letters().get()
    match ended:
        case "revoked":
            actions.revoke(by=lone.seat, now=now)
        case "declined":
            actions.decline(invitation=invitation, now=now)
        case "expired":
            now += timedelta(hours=72)
        case "closed":
            actions.leave(seat=lone.seat, now=now)
        case "gone":
            invitation.delete()
    assert isinstance(letters.decide(letter, now), letters.kinds.Drop)


def test_the_mail_names_at_most_the_first_name(lone, now):
    lone.user.name = "Lena Berg"
    lone.user.save()
    by_mail(lone.seat, now)
    letter = open_letters().get()
    mail = letters.render(letter, now)
    for text in (mail.text, mail.html):
        assert "Lena" in text
        assert "Berg" not in text
        assert f"/invitation/{letter.payload['token']}/" in text
        assert f"/invitation/{letter.payload['token']}/no-more/" in text
    assert "Lena" not in mail.subject
    Invitation.objects.update(shows_name=False)
    mail = letters.render(letter, now)
    assert "Lena" not in mail.subject + mail.text + mail.html


def test_taking_the_seat_by_mail(lone, ines, now):
    invitation = by_mail(lone.seat, now)
    seat = actions.take_seat(invitation=invitation, user=ines.user, now=now)
    assert (seat.number, seat.other.name) == (2, "Lena")
    assert not open_letters().exists()
    assert actions.take_seat(invitation=invitation, user=ines.user, now=now) == seat
    assert Seat.objects.filter(space=lone.seat.space).count() == 2


def test_the_seat_is_only_for_the_verified_address(lone, ines, world, now):
    invitation = by_mail(lone.seat, now)
    with pytest.raises(RuleBroken, match="another address"):
        actions.take_seat(invitation=invitation, user=world.outsider.user, now=now)
    ines.user.emailaddress_set.update(verified=False)
    with pytest.raises(RuleBroken, match="another address"):
        actions.take_seat(invitation=invitation, user=ines.user, now=now)
    ines.user.emailaddress_set.update(verified=True, email="Ines@Example.ORG")
    assert actions.take_seat(invitation=invitation, user=ines.user, now=now)


def test_somebody_who_is_two_already_cannot_accept(lone, world, now):
    invitation = by_mail(lone.seat, now, "mara@example.org")
    with pytest.raises(RuleBroken, match="somebody already"):
        actions.take_seat(invitation=invitation, user=world.owner.user, now=now)
    link, _ = actions.invite_by_link(by=lone.seat, now=now)
    with pytest.raises(RuleBroken, match="somebody already"):
        actions.claim(invitation=link, user=world.owner.user, now=now)


def test_ones_own_link_cannot_be_accepted(lone, now):
    invitation, _ = actions.invite_by_link(by=lone.seat, now=now)
    with pytest.raises(RuleBroken, match="your own invitation"):
        actions.claim(invitation=invitation, user=lone.user, now=now)


@pytest.mark.parametrize("ended", ["revoked", "declined", "expired", "closed"])
def test_an_ended_invitation_takes_nobody(lone, ines, now, ended):
    invitation = by_mail(lone.seat, now)
    match ended:
        case "revoked":
            actions.revoke(by=lone.seat, now=now)
        case "declined":
            actions.decline(invitation=invitation, now=now)
        case "expired":
            now += timedelta(hours=72)
        case "closed":
            actions.leave(seat=lone.seat, now=now)
    with pytest.raises(RuleBroken, match="no longer open"):
        actions.take_seat(invitation=invitation, user=ines.user, now=now)


def test_a_link_needs_the_inviters_yes_to_the_name(lone, ines, world, now):
    invitation, _ = actions.invite_by_link(by=lone.seat, now=now)
    with pytest.raises(RuleBroken, match="no longer open"):
        actions.take_seat(invitation=invitation, user=ines.user, now=now)
    with pytest.raises(RuleBroken):
        actions.confirm_claim(by=lone.seat, now=now)
    actions.claim(invitation=invitation, user=ines.user, now=now)
    actions.claim(invitation=invitation, user=ines.user, now=now)
    with pytest.raises(RuleBroken, match="no longer open"):
        actions.claim(invitation=invitation, user=world.outsider.user, now=now)
    confirmed = actions.confirm_claim(by=lone.seat, now=now)
    assert confirmed.claimed_by == ines.user
    assert actions.take_seat(invitation=confirmed, user=ines.user, now=now).number == 2


def test_no_to_the_name_ends_the_link(lone, ines, now):
    invitation, _ = actions.invite_by_link(by=lone.seat, now=now)
    actions.refuse_claim(by=lone.seat, now=now)  # nothing to refuse yet
    actions.claim(invitation=invitation, user=ines.user, now=now)
    actions.refuse_claim(by=lone.seat, now=now)
    invitation.refresh_from_db()
    assert invitation.revoked_at == now
    with pytest.raises(RuleBroken):
        actions.confirm_claim(by=lone.seat, now=now)


def test_closing_leaves_both_seats_once(world, now):
    seat, space = world.owner.seat, world.owner.seat.space
    actions.leave(seat=seat, now=now)
    actions.close(space=space, by=world.partner.user, now=now + timedelta(days=1))
    space.refresh_from_db()
    assert (space.closed_at, space.closed_by) == (now, world.owner.user)
    assert set(Seat.objects.filter(space=space).values_list("left_at", flat=True)) == {now}
    assert Seat.objects.get(user=world.outsider.user).left_at is None
