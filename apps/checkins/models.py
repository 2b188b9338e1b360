"""Coming back: a time to look back, the lines as they were agreed, and what each person answers.

Facts only. Whether something is answerable, resting or revealed is computed in `rules.py`. Knows nothing of plans.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from apps.checkins.rules import MOMENTS
from apps.checkins.schedule import FIRST_HOUR, LAST_HOUR, MONTHLY, RHYTHMS, UNANSWERED_AFTER
from apps.spaces.models import Seat, Space
from apps.vault.fields import SealedJSONField, SealedTextField
from apps.vault.models import SealedModel

CLOSED_AS = ("held", "skipped", "unanswered", "superseded", "ended", "left")


class CheckIn(SealedModel):
    """A time to look back: of both (no seat), or of one person alone (their seat).

    `number` counts within the space for both and within the seat for one, so that nobody can tell from a gap that the
    other keeps something of their own.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="check_ins")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="own_check_ins")
    number = models.PositiveIntegerField()
    local_date = models.DateField()
    hour = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=64)
    due_at = models.DateTimeField()  # derived from the three above, for the claim by the database's clock
    rhythm = models.CharField(max_length=7, choices=[(rhythm, rhythm) for rhythm in RHYTHMS])
    # The day of the month on which a monthly rhythm began, so that a short month does not draw later ones to its end.
    month_day = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    # The rhythm rests. Who pressed it is not kept: either may, and both read the same.
    paused_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_as = models.CharField(max_length=10, choices=[(word, word) for word in CLOSED_AS], blank=True, default="")
    # Rounds in a row before this one that not everybody answered.
    quiet_rounds = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="check_in_number_once", fields=["space", "seat", "number"], nulls_distinct=False
            ),
            models.UniqueConstraint(
                name="one_open_check_in", fields=["space", "seat"], condition=Q(closed_at=None), nulls_distinct=False
            ),
            models.CheckConstraint(
                name="check_in_closed_paired",
                condition=Q(closed_at=None, closed_as="") | (Q(closed_at__isnull=False) & ~Q(closed_as="")),
            ),
            models.CheckConstraint(name="check_in_closed_as_known", condition=Q(closed_as__in=("", *CLOSED_AS))),
            models.CheckConstraint(name="check_in_hour_by_day", condition=Q(hour__gte=FIRST_HOUR, hour__lte=LAST_HOUR)),
            models.CheckConstraint(name="check_in_rhythm_known", condition=Q(rhythm__in=RHYTHMS)),
            models.CheckConstraint(
                name="check_in_month_day",
                condition=Q(month_day=None) | Q(rhythm=MONTHLY, month_day__gte=1, month_day__lte=31),
            ),
        ]
        indexes = [
            models.Index(name="check_in_open_by_due", fields=["due_at"], condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return f"Check-in {self.number} of {self.space_id}"

    @property
    def closes_on(self) -> date:
        """The day on which it closes by itself where not everybody has answered."""
        return self.local_date + UNANSWERED_AFTER


class Item(SealedModel):
    """One line to look back on, with its words as they were agreed, sealed under the key of whoever wrote it."""

    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    lineage = models.UUIDField()  # follows one line over revisions and rounds
    author = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    for_seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = SealedJSONField(owner="author.user_id")
    rested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="item_position_once", fields=["check_in", "position"]),
            models.UniqueConstraint(name="item_lineage_once", fields=["check_in", "lineage"]),
        ]

    def __str__(self) -> str:
        return f"Line {self.position} of {self.check_in_id}"


class Review(SealedModel):
    """What one person answers. Only theirs, until both have answered (`queries.py` alone reads somebody else's)."""

    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="reviews")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    # {item id: {"went": "well" | "partly" | "not" | "", "supportive": text, "hard": text}}
    answers = SealedJSONField(owner="seat.user_id")
    good_moment = SealedTextField(owner="seat.user_id", blank=True, default="")
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    # "Not this time": a fact of this person alone; the other sees no difference.
    skipped_at = models.DateTimeField(null=True, blank=True)
    # "A week later": this person's half. The round moves once both have given theirs.
    later_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_review_per_seat", fields=["check_in", "seat"]),
            models.CheckConstraint(
                name="review_answered_skipped_or_later",
                condition=Q(skipped_at=None, later_at=None)
                | Q(answered_at=None, later_at=None)
                | Q(answered_at=None, skipped_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"Review of {self.check_in_id} by seat {self.seat_id}"


class Measure(SealedModel):
    """One person's six private ratings of one round. Only ever its author's: nothing shows them to anybody else."""

    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="measures")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    # {name of rules.MEASURES: 1 to 5}
    ratings = SealedJSONField(owner="seat.user_id")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_measure_per_seat", fields=["check_in", "seat"]),
        ]

    def __str__(self) -> str:
        return f"Measure of {self.check_in_id} by seat {self.seat_id}"


class Snooze(models.Model):
    """“Remind me again on that day”: one person's own, seen by nobody else. `until` is empty once it was taken back."""

    check_in = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="snoozes")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()  # each is a letter of its own
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_snooze_per_seat", fields=["check_in", "seat"]),
        ]

    def __str__(self) -> str:
        return f"Snooze of {self.check_in_id} by seat {self.seat_id}"

    @property
    def occurrence(self) -> str:
        """What its letter is called in the outbox."""
        return f"{self.check_in_id}:{self.seat_id}:{self.number}"


class Mark(SealedModel):
    """“We did it” for one agreed line, or a small moment that somebody noticed: on one day, of one person.

    Its author's alone. That both marked the same thing in the same week is computed (rules.both_marked), and is all
    that anybody else ever learns of it.
    """

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()  # on their own wall
    lineage = models.UUIDField(null=True, blank=True)
    moment = models.CharField(max_length=10, choices=[(name, name) for name in MOMENTS], blank=True, default="")
    words = SealedTextField(owner="seat.user_id", blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="mark_once_a_day", fields=["seat", "on", "lineage", "moment"], nulls_distinct=False
            ),
            models.CheckConstraint(
                name="mark_of_a_line_or_a_moment",
                condition=Q(lineage__isnull=False, moment="") | Q(lineage=None, moment__in=MOMENTS),
            ),
        ]
        indexes = [models.Index(name="mark_by_day", fields=["seat", "on"])]

    def __str__(self) -> str:
        return f"Mark of seat {self.seat_id} on {self.on}"

    @property
    def thing(self) -> str:
        """What was marked: the line's lineage, or the name of the moment."""
        return str(self.lineage) if self.lineage else self.moment
