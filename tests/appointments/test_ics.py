"""Calendar files, read by `vobject`: not the program that writes them, and it takes the zones from the file itself.

So an hour on the wall that stays, over each change of the clocks, is what somebody's own calendar will show.
"""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
import vobject
from django.utils import translation

from apps.appointments import actions, ics, schedule
from apps.appointments.queries import Event
from tests.appointments.helpers import agreed, at, seen_by, three

DAY = timedelta(days=1)
CHANGES = {
    "Europe/Berlin": (date(2026, 3, 23), "+0100", "+0200"),
    "America/New_York": (date(2026, 10, 26), "-0400", "-0500"),
    "Australia/Lord_Howe": (date(2026, 3, 30), "+1100", "+1030"),
    "Pacific/Apia": (date(2026, 3, 30), "+1300", "+1300"),
    "Asia/Kolkata": (date(2026, 3, 23), "+0530", "+0530"),
}
UID = UUID("12345678-1234-5678-1234-567812345678")


def event(starts_at: datetime, zone: str, **facts) -> Event:
    changed_at = datetime(2026, 3, 3, 12, tzinfo=UTC)
    return Event(uid=UID, sequence=0, changed_at=changed_at, starts_at=starts_at, zone=zone, minutes=15, **facts)


def read(content: bytes):
    text = content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    vars(vobject.icalendar)["__tzidMap"].clear()  # else it knows a zone from the file that it read before
    return vobject.readOne(text)


@pytest.mark.parametrize("zone", CHANGES)
def test_every_morning_stays_at_its_hour_when_the_clocks_change(zone):
    first, before, after = CHANGES[zone]
    starts_at = schedule.instant(first, time(8, 30), zone)
    calendar = read(ics.file_of(event(starts_at, zone, days=tuple(range(7)), count=14)))
    assert [one.tzid.value for one in calendar.vtimezone_list] == [zone]
    found = list(calendar.vevent.getrruleset(addRDate=True))
    assert [one.strftime("%H:%M") for one in found] == ["08:30"] * 14
    assert [one.date() for one in found] == [first + number * DAY for number in range(14)]
    assert (found[0].strftime("%z"), found[-1].strftime("%z")) == (before, after)
    assert [one.astimezone(UTC) for one in found] == [
        schedule.instant(first + number * DAY, time(8, 30), zone) for number in range(14)
    ]


@pytest.mark.parametrize("zone", CHANGES)
def test_saturday_coffee_over_half_a_year(zone):
    days = schedule.occurrences(date(2026, 3, 3), (5,), 26)
    starts_at = schedule.instant(days[0], time(9), zone)
    found = list(read(ics.file_of(event(starts_at, zone, days=(5,), count=26))).vevent.getrruleset())
    assert [one.astimezone(UTC) for one in found] == [schedule.instant(day, time(9), zone) for day in days]


def test_the_day_that_samoa_left_out():
    """What stood there is read on the day after, as the schedule says."""
    starts_at = schedule.instant(date(2011, 12, 30), time(18, 30), "Pacific/Apia")
    found = read(ics.file_of(event(starts_at, "Pacific/Apia"))).vevent.dtstart.value
    assert (found.isoformat(), found.astimezone(UTC)) == ("2011-12-31T18:30:00+14:00", starts_at)


def test_a_time_in_the_hour_that_comes_twice_is_the_first_one():
    starts_at = schedule.instant(date(2026, 10, 25), time(2, 30), "Europe/Berlin")
    found = read(ics.file_of(event(starts_at, "Europe/Berlin"))).vevent
    assert found.dtstart.value.astimezone(UTC) == starts_at
    assert found.duration.value == timedelta(minutes=15)


def test_utc_needs_no_zone():
    calendar = read(ics.file_of(event(datetime(2026, 3, 6, 18, tzinfo=UTC), "UTC")))
    assert calendar.vevent.dtstart.value == datetime(2026, 3, 6, 18, tzinfo=UTC)
    assert "vtimezone" not in calendar.contents


def test_nothing_of_the_two_stands_in_it():
    calendar = read(ics.file_of(event(datetime(2026, 3, 6, 18, tzinfo=UTC), "UTC")))
    assert {name: [one.value for one in lines] for name, lines in calendar.vevent.contents.items()} == {
        "uid": [f"{UID}@halfway"],
        "sequence": ["0"],
        "dtstamp": [datetime(2026, 3, 3, 12, tzinfo=UTC)],
        "last-modified": [datetime(2026, 3, 3, 12, tzinfo=UTC)],
        "dtstart": [datetime(2026, 3, 6, 18, tzinfo=UTC)],
        "duration": [timedelta(minutes=15)],
        "summary": ["Time set aside"],
        "class": ["PRIVATE"],
        "transp": ["OPAQUE"],
        "status": ["CONFIRMED"],
    }
    assert set(calendar.contents) == {"prodid", "version", "method", "vevent"}


def test_an_empty_feed_is_a_calendar():
    calendar = read(ics.feed_of([]))
    assert "vevent" not in calendar.contents
    assert calendar.method.value == "PUBLISH"


@pytest.mark.django_db
def test_one_uid_and_a_growing_sequence_until_it_is_cancelled(world, now):
    made = agreed(world, now, options=[at(date(2026, 3, 28), 18, zone="Europe/Berlin")])

    def file():
        shown = seen_by(world.partner, 1, now)
        assert shown.event is not None
        calendar = read(ics.file_of(shown.event))
        found = calendar.vevent
        return calendar.method.value, found.status.value, found.sequence.value, found.dtstart.value.isoformat()

    uid = f"{made.pk}@halfway"
    assert file() == ("PUBLISH", "CONFIRMED", "1", "2026-03-28T18:00:00+01:00")
    actions.offer_times(by=world.owner.seat, number=1, seen=1, options=seen_by(world.owner, 1, now).suggested, now=now)
    assert file() == ("CANCEL", "CANCELLED", "2", "2026-03-28T18:00:00+01:00")
    actions.accept(by=world.partner.seat, number=1, seen=2, position=1, now=now)
    assert file() == ("PUBLISH", "CONFIRMED", "3", "2026-03-29T18:00:00+02:00")
    actions.end(by=world.owner.seat, number=1, seen=2, now=now)
    assert file() == ("CANCEL", "CANCELLED", "4", "2026-03-29T18:00:00+02:00")
    for someone in (world.owner, world.partner):
        shown = seen_by(someone, 1, now)
        assert shown.event is not None
        assert read(ics.file_of(shown.event)).vevent.uid.value == uid


@pytest.mark.django_db
def test_nothing_agreed_is_no_event(world, now):
    from tests.appointments.helpers import propose

    propose(world.owner, now)
    assert seen_by(world.owner, 1, now).event is None
    actions.end(by=world.owner.seat, number=1, seen=1, now=now)
    assert seen_by(world.owner, 1, now).event is None


@pytest.mark.django_db
def test_one_feed_with_times_in_two_zones(world, now):
    agreed(world, now, options=[three()[0]])
    seat = world.owner.seat
    actions.keep_recurring(
        space=seat.space, by=seat, source=uuid4(), title="Coffee", days=[5], time=time(9), zone="Europe/Berlin",
        minutes=30, first=date(2026, 3, 4), weeks=8, now=now,
    )  # fmt: skip
    with translation.override("en-us"):
        events = [seen_by(world.owner, number, now).event for number in (1, 2)]
        calendar = read(ics.feed_of([one for one in events if one]))
    assert [one.summary.value for one in calendar.vevent_list] == ["Time set aside"] * 2
    assert [one.dtstart.value.isoformat() for one in calendar.vevent_list] == [
        "2026-03-06T18:00:00+00:00",
        "2026-03-07T09:00:00+01:00",
    ]
    assert len(list(calendar.vevent_list[1].getrruleset())) == 8
