"""A time for two: what somebody suggests, the times they offer, the one that was taken; and times that come regularly.

Facts only. Where a time stands is computed in `rules.py`. Knows nothing of plans.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.appointments import schedule
from apps.appointments.rules import LONGEST, MOST_TIMES, MOST_WEEKS, PURPOSES, REGULAR, SHORTEST
from apps.spaces.models import Seat, Space
from apps.vault.fields import SealedJSONField, SealedTextField
from apps.vault.models import SealedModel

ONCE = Q(~Q(purpose=REGULAR), source=None, first=None, days="", at=None, zone="", weeks=None)
REGULARLY = Q(
    ~Q(days=""),
    ~Q(zone=""),
    purpose=REGULAR,
    source__isnull=False,
    first__isnull=False,
    at__isnull=False,
    weeks__isnull=False,
    weeks__gte=1,
    weeks__lte=MOST_WEEKS,
)


class Appointment(SealedModel):
    """One time for two, or one that comes regularly from a line both agreed on (`source` is that line's lineage).

    `number` counts within the space: everything that takes a number is seen by both. Its id is the UID of its calendar
    file. Who called it off is not kept: either may, and both read the same.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="appointments")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=7, choices=[(word, word) for word in (*PURPOSES, REGULAR)])
    title = SealedTextField(owner="author.user_id", blank=True, default="")
    minutes = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # For calendars: how often what stands in them has changed, and when last (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    # A regular one: on these weekdays (“05” is Monday and Saturday) at this hour, for so many weeks.
    source = models.UUIDField(null=True, blank=True)
    first = models.DateField(null=True, blank=True)
    days = models.CharField(max_length=7, blank=True, default="")
    at = models.TimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, blank=True, default="")
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="appointment_number_once", fields=["space", "number"]),
            models.UniqueConstraint(name="appointment_source_once", fields=["space", "source"]),
            models.CheckConstraint(name="appointment_purpose_known", condition=Q(purpose__in=(*PURPOSES, REGULAR))),
            models.CheckConstraint(
                name="appointment_minutes_sane", condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST)
            ),
            models.CheckConstraint(name="appointment_once_or_regular", condition=ONCE | REGULARLY),
        ]

    def __str__(self) -> str:
        return f"Appointment {self.number} of {self.space_id}"


class Offer(SealedModel):
    """Up to three times that one person puts before the other. A newer offer takes the place of the older one."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="offers")
    number = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    place = SealedTextField(owner="seat.user_id", blank=True, default="")
    checklist = SealedJSONField(owner="seat.user_id")  # [text]
    note = SealedTextField(owner="seat.user_id", blank=True, default="")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(name="offer_number_once", fields=["appointment", "number"])]

    def __str__(self) -> str:
        return f"Offer {self.number} of {self.appointment_id}"


class OfferedTime(models.Model):
    """One of the times of an offer, as it was typed, and the instant derived from it. `accepted_at`: it was taken."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="times")
    position = models.PositiveSmallIntegerField()
    local_date = models.DateField()
    at = models.TimeField()
    zone = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="offered_position_once", fields=["offer", "position"]),
            models.UniqueConstraint(name="offered_instant_once", fields=["offer", "starts_at"]),
            models.UniqueConstraint(name="one_accepted_time", fields=["offer"], condition=Q(accepted_at__isnull=False)),
            models.CheckConstraint(name="at_most_three_times", condition=Q(position__gte=1, position__lte=MOST_TIMES)),
            models.CheckConstraint(
                name="accepted_before_it_begins", condition=Q(accepted_at=None) | Q(accepted_at__lt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"Time {self.position} of {self.offer_id}"

    @property
    def is_skipped(self) -> bool:
        """Whether the clocks skip the time as it was typed, so that it begins later."""
        return schedule.is_skipped(self.local_date, self.at, self.zone)

    @property
    def local(self) -> datetime:
        """What the clock shows when it begins, where it was typed."""
        return schedule.wall(self.starts_at, self.zone)


class PutAside(models.Model):
    """“Not now”: hides an offer on the pages of whoever pressed it. Read for that person alone (law 3)."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="+")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    put_aside_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="put_aside_once", fields=["offer", "seat"])]

    def __str__(self) -> str:
        return f"Put aside by seat {self.seat_id}"


class OwnHours(models.Model):
    """When one person's evening ends, their morning begins and their work is over. Read for that person alone."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    evening_ends = models.PositiveSmallIntegerField()
    morning_begins = models.PositiveSmallIntegerField()
    work_ends = models.PositiveSmallIntegerField(null=True, blank=True)
    work_days = models.CharField(max_length=7, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="own_hours_of_a_day",
                condition=Q(evening_ends__gte=17, evening_ends__lte=24, morning_begins__gte=4, morning_begins__lte=12),
            ),
            models.CheckConstraint(
                name="own_work_paired",
                condition=Q(work_ends=None, work_days="")
                | Q(~Q(work_days=""), work_ends__isnull=False, work_ends__gte=1, work_ends__lte=23),
            ),
        ]

    def __str__(self) -> str:
        return f"Hours of {self.user_id}"


class Feed(models.Model):
    """The private address under which one person's calendar program reads their times. Only its hash is stored."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Feed of {self.user_id}"
