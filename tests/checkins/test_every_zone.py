"""Every zone there is, every day of three years: one reminder per occurrence, and none by night."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from importlib import resources
from zoneinfo import ZoneInfo, available_timezones

import pytest

from apps.accounts.models import User
from apps.checkins import letters as kinds_of_letters
from apps.checkins import schedule
from apps.outbox.kinds import Hold, Send
from apps.outbox.models import SENT, Letter
from tests.checkins.helpers import agree, letters

FIRST, YEARS = date(2026, 1, 1), 3
DAYS = [FIRST + timedelta(days=n) for n in range(366 + 365 * (YEARS - 1))]


def clocks() -> dict[str, list[str]]:
    """The names of all zones, those that show the same hours at all times under one print."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(available_timezones() - {"localtime"}):  # whatever this machine's own is
        *folders, file = name.split("/")
        data = resources.files(".".join(["tzdata", "zoneinfo", *folders])).joinpath(file).read_bytes()
        found[sha256(data).hexdigest()].append(name)
    return found


def test_every_day_of_three_years_in_every_zone() -> None:
    """The date and the hour on the wall are those that were named, so it is by day, and there is one for each date."""
    every = clocks()
    assert sum(map(len, every.values())) > 500
    for names in every.values():
        zone = ZoneInfo(names[0])
        for hour in (schedule.FIRST_HOUR, schedule.LAST_HOUR):
            moments = [schedule.instant(day, hour, zone) for day in DAYS]
            walls = [moment.astimezone(zone) for moment in moments]
            assert [wall.replace(tzinfo=None) for wall in walls] == [
                datetime.combine(day, time(hour)) for day in DAYS
            ], names
            assert all(schedule.WINDOW_OPENS <= wall.hour < schedule.WINDOW_CLOSES for wall in walls), names
            assert len(set(moments)) == len(DAYS)


def test_what_was_held_by_night_goes_the_next_morning_in_every_zone() -> None:
    """Looked at every hour around each change of the clocks, and on plain days."""
    for names in clocks().values():
        zone = ZoneInfo(names[0])
        for day in {*changes(zone), date(2026, 2, 28), date(2028, 2, 29), date(2026, 12, 31)}:
            begins = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(hours=14)
            for hours in range(48):
                now = begins + timedelta(hours=hours)
                opens = schedule.next_window(now, zone)
                assert now < opens <= now + timedelta(hours=26), (names, now)
                assert opens.astimezone(zone).time() == time(schedule.WINDOW_OPENS), (names, now)
                assert schedule.in_window(opens, zone)
                begin, end = schedule.day_bounds(now, zone)
                assert begin <= now < end, (names, now)


def changes(zone: ZoneInfo) -> set[date]:
    """The days of these years on which the clocks of a zone are changed."""
    offsets = [datetime.combine(day, time(12), tzinfo=zone).utcoffset() for day in DAYS]
    return {day for day, before, after in zip(DAYS[1:], offsets, offsets[1:], strict=False) if before != after}


@pytest.mark.parametrize(
    "zone",
    ["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Pacific/Pago_Pago"],
)
def test_whoever_decides_sends_each_once_and_by_day(world, now, zone):
    """The worker looks on time, hours late, by night, days late: it holds until a morning, then sends, then never."""
    User.objects.filter(pk=world.owner.user.pk).update(time_zone=zone)
    where = ZoneInfo(zone)
    days = sorted(day for day in changes(where) if day > now.date() + timedelta(days=1))[:2]
    for day in [*days, date(2028, 2, 29)]:
        for hour in (schedule.FIRST_HOUR, schedule.LAST_HOUR):
            for late in (timedelta(0), timedelta(hours=3), timedelta(hours=13), timedelta(days=4, hours=6)):
                check_in = agree(world, now, day=day, hour=hour, zone=zone)
                letter = letters(check_in).select_related("recipient").get(recipient=world.owner.user)
                assert letter.due_at.astimezone(where).replace(tzinfo=None) == datetime.combine(day, time(hour))
                assert went_at(letter, letter.due_at + late, where) >= letter.due_at
                Letter.objects.filter(end_reason=SENT).delete()  # the next one of this day is another story


def went_at(letter: Letter, look: datetime, zone: ZoneInfo) -> datetime:
    """When the reminder goes, first looked at then. It may be put off to a morning, and once at most."""
    decided = kinds_of_letters.decide_reminder(letter, look)
    if isinstance(decided, Hold):
        look = decided.until
        decided = kinds_of_letters.decide_reminder(letter, look)
    assert decided == Send()
    assert schedule.WINDOW_OPENS <= look.astimezone(zone).hour < schedule.WINDOW_CLOSES
    Letter.objects.filter(pk=letter.pk).update(sent_at=look, ended_at=look, end_reason=SENT, payload=None)
    return look
