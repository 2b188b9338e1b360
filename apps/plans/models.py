"""Walking a guide: what one person drafts, what is shared, what both say yes to.

Facts and their times, no states: `rules.py` computes from them what is revealed, walked or agreed.
Only `queries.py` reads the bodies of Draft and Share (law 1).
"""

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.core import dates
from apps.guides import starters
from apps.plans.rules import LONGEST_REDUCED, MY_FAMILY
from apps.spaces.models import Seat, Space
from apps.vault.fields import SealedJSONField, SealedTextField
from apps.vault.models import SealedModel


class Plan(SealedModel):
    """One walk through one version of a guide. `number` counts within the space.

    `seen_number` is how the asking seat counts (queries.seen_by): what was closed before one came is not counted.
    """

    seen_number: int  # set by the reads, never stored
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="plans")
    number = models.PositiveSmallIntegerField()
    guide = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    # What this walk is about, in one line, so that other grievances stay outside (seed element A.m.kitchen_sink).
    focus = SealedTextField(owner="focus_by.user_id", blank=True, default=None, null=True)
    focus_by = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    focus_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["space", "number"], name="plan_number_counts_within_its_space"),
            models.UniqueConstraint(fields=["space"], condition=Q(closed_at=None), name="one_open_plan_per_space"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="plan_closed_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(focus_at=None, focus_by=None) | Q(focus_at__isnull=False, focus_by__isnull=False),
                name="plan_focus_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.number}"


class Draft(SealedModel):
    """What one person is writing for one exercise. Only its author's, always (law 1)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="drafts")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    exercise = models.CharField(max_length=80)
    body = SealedJSONField(owner="seat.user_id")
    prompt = models.TextField(blank=True)  # as it was shown, since a guide's wording may change
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "seat", "exercise"], name="one_draft_per_seat_and_exercise"),
        ]

    def __str__(self) -> str:
        return f"draft of {self.exercise}"


class Share(SealedModel):
    """A published version of a draft: immutable and numbered. An undone share is deleted, since it never was read."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="shares")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    exercise = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    body = SealedJSONField(owner="seat.user_id")
    prompt = models.TextField(blank=True)
    shared_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "seat", "exercise", "version"], name="share_versions_count_within_an_exercise"
            ),
        ]

    def __str__(self) -> str:
        return f"share of {self.exercise}, version {self.version}"


class Entry(SealedModel):
    """One item of a joint record (a memory, a reply, an idea for the deck), or a mark: one tap of an answer, or one
    person's half of something that counts once both have given it (the door, "we talked about this")."""

    class Kind(models.TextChoices):
        ITEM = "item"
        MARK = "mark"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="entries")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    exercise = models.CharField(max_length=80)
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.ITEM)
    number = models.PositiveIntegerField()
    body = SealedJSONField(owner="seat.user_id")
    created_at = models.DateTimeField()
    # As with a share: what could be read stays readable, with its author's mark beside it.
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="item") | Q(taken_back_at=None), name="a_mark_is_given_or_not_there"
            ),
            models.UniqueConstraint(
                fields=["plan", "exercise", "number"], name="entry_numbers_count_within_an_exercise"
            ),
            models.UniqueConstraint(
                fields=["plan", "exercise", "seat"], condition=Q(kind="mark"), name="one_mark_per_seat"
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.number} of {self.exercise}"


class Reflection(SealedModel):
    """The listener's own words for a Share, and what the speaker says to them."""

    class Verdict(models.TextChoices):
        HEARD = "heard"
        ALMOST = "almost"
        NOT_YET = "not-yet"

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="reflections")
    number = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    body = SealedTextField(owner="seat.user_id")
    sent_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True, default="")
    missed = SealedTextField(owner="share.seat.user_id", blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    # "Leave it here for today": either may, after the second reflection; the step then counts as walked.
    rested_at = models.DateTimeField(null=True, blank=True)
    rested_by = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share", "number"], name="reflections_count_within_a_share"),
            models.UniqueConstraint(
                fields=["share"], condition=Q(answered_at=None, rested_at=None), name="one_open_reflection_per_share"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, verdict="") | (Q(answered_at__isnull=False) & ~Q(verdict="")),
                name="reflection_verdict_and_time_together",
            ),
            models.CheckConstraint(
                condition=Q(rested_at=None, rested_by=None) | Q(rested_at__isnull=False, rested_by__isnull=False),
                name="reflection_rested_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return f"reflection {self.number}"


RHYTHMS = [
    ("1w", _("every week")),
    ("2w", _("every two weeks")),
    ("3w", _("every three weeks")),
    ("4w", _("every four weeks")),
    ("monthly", _("every month")),
    ("once", _("just this once")),
]


class Proposal(SealedModel):
    """An immutable, numbered wording of what both would do, with the time to look back. Any edit is a new one."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField()
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    follow_up_date = models.DateField()
    follow_up_hour = models.PositiveSmallIntegerField()
    follow_up_zone = models.CharField(max_length=64)
    rhythm = models.CharField(max_length=8)
    asks = models.BooleanField(default=False)  # "what do you think of it?": from the first minute, once, no mail
    # What the other thinks of it, where its author asked (B.m.silence); no part of what a yes is given to.
    answer = SealedTextField(owner="answered_by.user_id", blank=True, default=None, null=True)
    answered_by = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # What the author would like the other to do: a wish, no line (law 9).
    wishes = SealedJSONField(owner="seat.user_id")
    fingerprint = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="proposal_numbers_count_within_a_plan"),
            models.CheckConstraint(
                condition=Q(follow_up_hour__gte=9, follow_up_hour__lte=19), name="follow_up_hour_between_9_and_19"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(asks=True, answered_at__isnull=False, answered_by__isnull=False),
                name="proposal_answered_at_and_by_together_where_it_asks",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=F("seat")), name="nobody_answers_their_own_question"
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.number}"

    @property
    def rhythm_in_words(self) -> str:
        return str(dict(RHYTHMS)[self.rhythm])

    @property
    def look_back(self) -> tuple[Any, ...]:
        """When both look back: a yes is given to this as well as to the lines."""
        return self.follow_up_date, self.follow_up_hour, self.follow_up_zone, self.rhythm


class Commitment(SealedModel):
    """One line of a proposal. `seat` wrote it; `for_seat` does it, or both where it is empty (law 9)."""

    class Kind(models.TextChoices):
        HABIT = "habit", _("a habit")
        GESTURE = "gesture", _("a gesture")
        APPOINTMENT = "appointment", _("a fixed time")
        BOUNDARY = "boundary", _("a boundary")
        PLAY = "play", _("play")
        MINIMUM = "minimum", _("the least we keep")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="commitments")
    position = models.PositiveSmallIntegerField()
    lineage = models.UUIDField(default=uuid4)  # the same line through all revisions
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    for_seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.HABIT)
    # {"what", "when", "how_often", "how_long", "how_we_know"}: texts. A boundary has also "stressor" (a key of the
    # guides' loads) and "support"; a fixed time "days" (Monday is 0), "time" ("18:30"), "zone", "minutes" and
    # "weeks".
    words = SealedJSONField(owner="seat.user_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "position"], name="one_line_per_position"),
            models.UniqueConstraint(fields=["proposal", "lineage"], name="one_line_per_lineage_in_a_proposal"),
            models.CheckConstraint(condition=Q(position__gte=1, position__lte=5), name="five_lines_at_most"),
            models.CheckConstraint(condition=Q(for_seat=None) | Q(for_seat=F("seat")), name="one_writes_ones_own_part"),
        ]

    def __str__(self) -> str:
        return f"line {self.position}"

    @property
    def kind_in_words(self) -> str:
        """What kind of line it is; empty for a habit, which is the usual one."""
        return "" if self.kind == self.Kind.HABIT else str(self.Kind(self.kind).label)

    @property
    def about(self) -> str:
        """What a boundary is about, the same for whoever reads it: a family is called by whose it is."""
        stressor = self.words.get("stressor")
        if stressor == MY_FAMILY:
            return gettext("%(name)s’s family") % {"name": self.seat.name}
        return gettext(starters.loads()[stressor]) if stressor in starters.loads() else ""

    @property
    def details(self) -> list[str]:
        """When, how often and how long, as they stand beside "what"."""
        words = self.words
        if words.get("days"):
            elsewhere = words["zone"] != timezone.get_current_timezone_name()
            return [
                dates.weekly(words["days"], words["time"]),
                *([dates.place(words["zone"])] if elsewhere else []),
                ngettext("%(count)s minute", "%(count)s minutes", words["minutes"]) % {"count": words["minutes"]},
                ngettext("for %(count)s week", "for %(count)s weeks", words["weeks"]) % {"count": words["weeks"]},
            ]
        return [words[name] for name in ("when", "how_often", "how_long") if words.get(name)]


class Approval(models.Model):
    """One person's yes to one proposal. Sealed until both have given it; can be taken back until then."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="approvals")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "seat"], condition=Q(withdrawn_at=None), name="one_standing_yes_per_seat"
            ),
        ]

    def __str__(self) -> str:
        return "approval"


class Agreement(models.Model):
    """Both said yes to the same, newest proposal. Ended by one of them, or replaced by a newer one."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="agreements")
    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="agreement")
    agreed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    superseded_by = models.OneToOneField(
        "self", on_delete=models.CASCADE, related_name="supersedes", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(ended_at=None), name="one_open_agreement_per_plan"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="agreement_ended_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by=None) | Q(ended_at__isnull=False), name="a_superseded_agreement_has_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"agreement on {self.proposal_id}"


class Release(models.Model):
    """One person lets one agreed line rest: at once, without a reason (law 6)."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="releases")
    lineage = models.UUIDField()
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    released_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "lineage"], name="a_line_rests_once"),
        ]

    def __str__(self) -> str:
        return f"release of {self.lineage}"


class ReducedCapacity(models.Model):
    """ "I have less to give until …" (seed element A.m.external): a fact that both see, without a reason.

    It ends by itself after its last day, or earlier with one press.
    """

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="reduced")
    since = models.DateField()
    until = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "reduced capacities"
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(ended_at=None), name="one_reduced_capacity_per_seat"),
            models.CheckConstraint(
                condition=Q(until__gte=F("since"), until__lte=F("since") + LONGEST_REDUCED),
                name="reduced_capacity_for_eight_weeks_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"less to give until {self.until}"
