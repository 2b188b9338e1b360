"""Times that Mara and Jonas suggest to each other. `now` of the tests is Tuesday, 3 March 2026, 12:00 UTC."""

from datetime import date, datetime, time

from apps.appointments import actions, queries
from apps.appointments.models import Appointment
from apps.appointments.schedule import Option

FRIDAY, SATURDAY, SUNDAY = date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 8)
THREE = (FRIDAY, SATURDAY, SUNDAY)


def at(day: date, hour: int = 18, minute: int = 0, zone: str = "UTC") -> Option:
    return Option(day, time(hour, minute), zone)


def three(hour: int = 18) -> list[Option]:
    return [at(day, hour) for day in THREE]


def propose(
    someone, now: datetime, *, purpose="talk", options=None, title="Us two", minutes=60, **words
) -> Appointment:
    given = {"place": "", "checklist": [], "note": ""} | words
    return actions.propose(
        by=someone.seat,
        purpose=purpose,
        title=title,
        options=three() if options is None else options,
        minutes=minutes,
        now=now,
        **given,
    )


def agreed(world, now: datetime, **given) -> Appointment:
    """Mara suggested, Jonas took the first time."""
    made = propose(world.owner, now, **given)
    return actions.accept(by=world.partner.seat, number=made.number, seen=1, position=1, now=now)


def seen_by(someone, number: int, now: datetime) -> queries.Shown:
    shown = queries.page_of(someone.seat, number, now)
    assert shown is not None
    return shown
