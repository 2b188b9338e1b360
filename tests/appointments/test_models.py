"""What the database itself refuses."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from apps.appointments.models import Appointment, Feed, Offer, OfferedTime, OwnHours, PutAside

pytestmark = pytest.mark.django_db

REGULAR = {
    "purpose": "regular", "days": "05", "at": time(9), "zone": "UTC", "first": date(2026, 3, 7), "weeks": 8,
}  # fmt: skip


@pytest.fixture
def made(world, now):
    seat = world.owner.seat

    def make(number=1, **facts):
        given = {"purpose": "talk", "minutes": 60, "title": "", "created_at": now, "changed_at": now} | facts
        return Appointment.objects.create(space=seat.space, author=seat, number=number, **given)

    return make


def refuses(name, work):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        work()


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"purpose": "party"}, "appointment_purpose_known"),
        ({"minutes": 4}, "appointment_minutes_sane"),
        ({"minutes": 481}, "appointment_minutes_sane"),
        ({"purpose": "talk", "source": uuid4()}, "appointment_once_or_regular"),
        ({"purpose": "talk", "days": "0"}, "appointment_once_or_regular"),
        ({"purpose": "regular"}, "appointment_once_or_regular"),
        (REGULAR, "appointment_once_or_regular"),  # from no line
        (REGULAR | {"source": uuid4(), "weeks": 27}, "appointment_once_or_regular"),
        (REGULAR | {"source": uuid4(), "weeks": None}, "appointment_once_or_regular"),
        (REGULAR | {"source": uuid4(), "days": ""}, "appointment_once_or_regular"),
    ],
)
def test_appointments_that_cannot_be(made, facts, name):
    refuses(name, lambda: made(**facts))


def test_one_of_a_number_and_one_of_a_line(made):
    line = uuid4()
    made(1, **REGULAR, source=line)
    made(2, **REGULAR, source=uuid4())
    refuses("appointment_number_once", lambda: made(2))
    refuses("appointment_source_once", lambda: made(3, **REGULAR, source=line))


def test_offers_and_their_times(made, world, now):
    offer = Offer.objects.create(
        appointment=made(), number=1, seat=world.owner.seat, offered_at=now, place="", checklist=[], note=""
    )
    facts = {"local_date": date(2026, 3, 6), "at": time(18), "zone": "UTC"}

    def offered(position, *, hours=0, accepted_at=None):
        starts_at = now + timedelta(days=3, hours=hours)
        return OfferedTime.objects.create(
            offer=offer, position=position, starts_at=starts_at, accepted_at=accepted_at, **facts
        )

    offered(1)
    refuses("offered_position_once", lambda: offered(1, hours=1))
    refuses("offered_instant_once", lambda: offered(2))
    refuses("at_most_three_times", lambda: offered(4, hours=1))
    refuses("at_most_three_times", lambda: offered(0, hours=1))
    refuses("accepted_before_it_begins", lambda: offered(2, hours=1, accepted_at=now + timedelta(days=4)))
    offered(2, hours=1, accepted_at=now)
    refuses("one_accepted_time", lambda: offered(3, hours=2, accepted_at=now))
    PutAside.objects.create(offer=offer, seat=world.partner.seat, put_aside_at=now)
    refuses(
        "put_aside_once",
        lambda: PutAside.objects.create(offer=offer, seat=world.partner.seat, put_aside_at=now),
    )
    refuses(
        "offer_number_once",
        lambda: Offer.objects.create(
            appointment=offer.appointment, number=1, seat=world.partner.seat, offered_at=now, checklist=[]
        ),
    )


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"evening_ends": 16}, "own_hours_of_a_day"),
        ({"evening_ends": 25}, "own_hours_of_a_day"),
        ({"morning_begins": 3}, "own_hours_of_a_day"),
        ({"work_ends": 17}, "own_work_paired"),
        ({"work_days": "01"}, "own_work_paired"),
    ],
)
def test_hours_that_cannot_be(world, facts, name):
    given = {"evening_ends": 22, "morning_begins": 8} | facts
    refuses(name, lambda: OwnHours.objects.create(user=world.owner.user, **given))


def test_one_feed_a_person(world, now):
    Feed.objects.create(user=world.owner.user, token_digest="a" * 64, made_at=now)
    refuses(
        "feed_token_digest", lambda: Feed.objects.create(user=world.partner.user, token_digest="a" * 64, made_at=now)
    )
    refuses("user_id", lambda: Feed.objects.create(user=world.owner.user, token_digest="b" * 64, made_at=now))
