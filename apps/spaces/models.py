"""The couple: a space, the two seats in it, and the offer of the seat that is still free.

Facts only: what happened and when. Whether an invitation is open is computed in `rules.py`.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.spaces.rules import QUIET_LONGEST
from apps.vault.fields import SealedTextField
from apps.vault.models import SealedModel


class Space(models.Model):
    """One couple. Its row is the lock that every action of the couple takes first."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # Kept only so that whoever was left cannot write to whoever left (invitations); shown to nobody.
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="space_closed_paired",
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Space {self.pk}"


class SeatManager(models.Manager["Seat"]):
    def get_queryset(self) -> models.QuerySet[Seat]:
        return super().get_queryset().select_related("space", "user")


class Seat(models.Model):
    """One person's place in a space. The seat is the permission: every look-up starts at `request.seat`."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    # What this person was called when they left: a name they take later is not for whoever stayed behind.
    called = models.CharField(max_length=60, blank=True, default="")
    # Where all of this person's words went when they joined their partner; such a seat is no past to look back at.
    moved_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # A quiet time of this person's own (B.s2.space), for nobody else to read; ended early, both are empty again.
    quiet_from = models.DateTimeField(null=True, blank=True)
    quiet_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[SeatManager] = SeatManager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="seat_number_one_or_two", condition=Q(number__in=(1, 2))),
            models.UniqueConstraint(name="seat_number_once_in_space", fields=["space", "number"]),
            models.UniqueConstraint(name="one_open_seat_per_user", fields=["user"], condition=Q(left_at=None)),
            models.CheckConstraint(
                name="only_a_left_seat_moved", condition=Q(moved_to=None) | Q(left_at__isnull=False)
            ),
            models.CheckConstraint(
                name="seat_quiet_paired_and_short",
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(
                    quiet_from__isnull=False,
                    quiet_until__isnull=False,
                    quiet_until__gt=F("quiet_from"),
                    quiet_until__lte=F("quiet_from") + timedelta(hours=QUIET_LONGEST),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Seat {self.number} of {self.space_id}"

    @property
    def hue(self) -> str:
        """The colour of this place, by its number and by nothing about the person."""
        return "one" if self.number == 1 else "two"

    @property
    def name(self) -> str:
        """What this person is called by; in a past space what they were called by then."""
        return self.user.name if self.left_at is None else self.called or self.user.name

    @cached_property
    def other(self) -> Seat | None:
        """The other open seat of this space, or None while one is alone. Asked once; the middleware fills it in."""
        found = Seat.objects.filter(space=self.space_id, left_at=None).exclude(pk=self.pk).first()
        if found is not None:
            found.__dict__["other"] = self
        return found


class Invitation(SealedModel):
    """An offer of the other seat, by mail (bound to one address) or as a link to hand over.

    The token itself is stored nowhere; declining writes a fact that only the invited person's page reads.
    """

    MAIL, LINK = "mail", "link"

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="invitations")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="invitations")
    method = models.CharField(max_length=4, choices=[(MAIL, MAIL), (LINK, LINK)])
    token_digest = models.CharField(max_length=64, unique=True)
    address = SealedTextField(owner="seat.user_id", blank=True, default="")
    address_digest = models.CharField(max_length=200, blank=True, default="")
    shows_name = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    # Its mail goes no sooner than this: the end of the inviter's quiet time. The 72 hours begin then.
    held_until = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_offer_per_space", fields=["space"], condition=Q(used_at=None, revoked_at=None)
            ),
            models.CheckConstraint(name="invitation_ends_once", condition=Q(used_at=None) | Q(revoked_at=None)),
            models.CheckConstraint(
                name="invitation_claim_paired",
                condition=Q(claimed_by=None, claimed_at=None) | Q(claimed_by__isnull=False, claimed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_by_mail_has_address",
                condition=(Q(method="mail") & ~Q(address_digest="") & Q(claimed_by=None))
                | Q(method="link", address_digest=""),
            ),
            models.CheckConstraint(
                name="only_a_mail_is_held", condition=Q(held_until=None) | Q(method="mail", held_until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"


class AddressMail(models.Model):
    """An invitation mail for this address: the log behind "at most two in 30 days, over all accounts".

    One that may not go is written down in the same way and not counted, so that both take the same work (law 3).
    """

    address_digest = models.CharField(max_length=200)
    sent_at = models.DateTimeField()
    goes = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(name="address_mail_lookup", fields=["address_digest", "-sent_at"])]

    def __str__(self) -> str:
        return f"Mail at {self.sent_at:%Y-%m-%d}"


class RefusedAddress(models.Model):
    """Somebody at this address asked for no more invitations. Honoured silently."""

    address_digest = models.CharField(max_length=200, unique=True)
    refused_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Refused at {self.refused_at:%Y-%m-%d}"
