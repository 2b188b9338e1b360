"""What the database itself refuses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from apps.spaces.models import Invitation, Seat, Space
from tests.world import SINCE, person, sit


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_a_third_seat(world):
    third = person("Ida").user
    with refused("seat_number_one_or_two"), transaction.atomic():
        Seat.objects.create(space=world.owner.seat.space, number=3, user=third, joined_at=SINCE)
    with refused("seat_number_once_in_space"), transaction.atomic():
        Seat.objects.create(space=world.owner.seat.space, number=2, user=third, joined_at=SINCE)


def test_two_open_seats_of_one_person(world):
    with refused("one_open_seat_per_user"), transaction.atomic():
        sit(world.owner, Space.objects.create(created_at=SINCE), 1)


def test_a_seat_that_moved_without_being_left(world):
    with refused("only_a_left_seat_moved"), transaction.atomic():
        Seat.objects.filter(pk=world.owner.seat.pk).update(moved_to=world.partner.seat)


def test_closed_without_by_whom(world, now):
    with refused("space_closed_paired"), transaction.atomic():
        Space.objects.filter(pk=world.owner.seat.space_id).update(closed_at=now)


def offer(seat: Seat, **given):
    facts = {"method": "link", "token_digest": uuid4().hex, "created_at": SINCE, **given}
    return Invitation.objects.create(space=seat.space, seat=seat, **facts)


def test_two_open_offers_of_one_space(world):
    offer(world.owner.seat)
    with refused("one_offer_per_space"), transaction.atomic():
        offer(world.owner.seat)


def test_invitations_that_make_no_sense(world, now):
    seat = world.owner.seat
    with refused("invitation_ends_once"), transaction.atomic():
        offer(seat, used_at=now, revoked_at=now)
    with refused("invitation_claim_paired"), transaction.atomic():
        offer(seat, claimed_by=world.outsider.user)
    with refused("invitation_by_mail_has_address"), transaction.atomic():
        offer(seat, method="mail")
    with refused("invitation_by_mail_has_address"), transaction.atomic():
        offer(seat, address_digest="somebody")


def test_only_a_mail_is_held(world, now):
    with refused("only_a_mail_is_held"), transaction.atomic():
        offer(world.owner.seat, held_until=now)


@pytest.mark.parametrize(("from_", "until"), [(1, None), (None, 1), (2, 1), (1, 1), (1, 169.001)])
def test_a_quiet_time_that_makes_no_sense(world, now, from_, until):
    facts = {name: at and now + timedelta(hours=at - 1) for name, at in (("quiet_from", from_), ("quiet_until", until))}
    with refused("seat_quiet_paired_and_short"), transaction.atomic():
        Seat.objects.filter(pk=world.owner.seat.pk).update(**facts)


def test_the_invited_address_is_not_readable_in_the_table(world):
    offer(world.owner.seat, method="mail", address="ines@example.org", address_digest="x")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM spaces_invitation")
        assert b"ines" not in b"".join(
            bytes(cell) if isinstance(cell, memoryview | bytes) else str(cell).encode()
            for row in cursor.fetchall()
            for cell in row
        )
    assert Invitation.objects.get().address == "ines@example.org"


def test_a_seat_knows_its_hue_name_and_other(world, django_assert_num_queries):
    mine = world.owner.seat
    assert (mine.hue, mine.name) == ("one", "Mara")
    with django_assert_num_queries(1):
        assert mine.other.name == "Jonas"
        assert mine.other.hue == "two"
        assert mine.other.other is mine
    assert world.outsider.seat.other is None
