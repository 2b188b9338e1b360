"""Calendar files (RFC 5545), written by the package `icalendar`.

A calendar on a shared screen or at work is read by others: it says “Time set aside” and when, and names neither the two
nor anything they wrote. No attendee and no organizer, so no program answers by mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import icalendar

from apps.appointments.queries import Event
from apps.appointments.words import NEUTRAL

PRODUCT = "-//Halfway//Times for two//EN"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def file_of(event: Event) -> bytes:
    """One time as a file. Read again after a change it takes the place of the older one, by UID and SEQUENCE."""
    return _written([event], method="CANCEL" if event.cancelled else "PUBLISH")


def feed_of(events: Sequence[Event]) -> bytes:
    """All times of one person, for a program that subscribes to them."""
    return _written(events, method="PUBLISH", name=str(NEUTRAL))


def _written(events: Sequence[Event], *, method: str, name: str = "") -> bytes:
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(_component(event))
    if events:
        years = [event.starts_at.year for event in events]
        # A zone's rules from the first time to beyond the last: a regular one runs for half a year at most.
        calendar.add_missing_timezones(first_date=date(min(years) - 1, 1, 1), last_date=date(max(years) + 2, 1, 1))
    return bytes(calendar.to_ical())


def _component(event: Event) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", f"{event.uid}@halfway")
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.changed_at)
    component.add("last-modified", event.changed_at)
    component.add("dtstart", event.starts_at.astimezone(ZoneInfo(event.zone)))
    component.add("duration", timedelta(minutes=event.minutes))
    component.add("summary", str(NEUTRAL))
    component.add("class", "PRIVATE")
    component.add("transp", "OPAQUE")
    component.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    if event.days:
        component.add("rrule", {"freq": "weekly", "byday": [WEEKDAYS[day] for day in event.days], "count": event.count})
    return component
