"""Letters: one row a mail to one person, written in the transaction that makes it due."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.vault.fields import SealedJSONField, SealedTextField
from apps.vault.keys import HOUSE
from apps.vault.models import SealedModel

SENT = "sent"
REFUSED = "refused"
NOT_MADE = "could not be made"
GIVEN_UP = "given up"
NO_ADDRESS = "no address"
ADDRESS_REFUSED = "address refused"


class Letter(SealedModel):
    """One mail to one person. Once it has ended it holds neither text nor address.

    To a person with an account it goes to the address they have when it is sent; `address` is for everybody else,
    and wins where both are given (a code for an address that is not yet anybody's).
    """

    kind = models.CharField(max_length=60)
    occurrence = models.CharField(max_length=200)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="letters"
    )
    # Whose doing it is that this letter goes out, where it is one person's; a hold may ask (kinds.register_hold).
    caused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    address = SealedTextField(owner=HOUSE, null=True)
    # Null only once the letter has ended, which the kinds never see: to them it is always a dict.
    payload: "models.Field[dict[str, Any] | None, dict[str, Any]]" = SealedJSONField(  # type: ignore[misc]
        owner=HOUSE, null=True
    )
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    # After a failure: not before this instant. `due_at` stays what it was, so that a kind can tell how late it is.
    retry_at = models.DateTimeField(null=True)
    # Where a hold has moved `due_at`: until when. What ends a hold early finds its letters by it.
    held_until = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)
    # It was due before the database came out of a backup, so it may have been sent: a person says what becomes of it.
    doubtful = models.BooleanField(default=False, db_default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "occurrence", "recipient"], nulls_distinct=False, name="outbox_letter_once"
            ),
            models.CheckConstraint(
                condition=Q(claimed_until__isnull=True, claim_token__isnull=True)
                | Q(claimed_until__isnull=False, claim_token__isnull=False),
                name="outbox_letter_claim_is_paired",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="outbox_letter_end_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) & ~Q(end_reason=SENT)
                | Q(sent_at__isnull=False, sent_at=F("ended_at"), end_reason=SENT),
                name="outbox_letter_sent_is_ended",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, payload__isnull=False)
                | Q(ended_at__isnull=False, payload__isnull=True, address__isnull=True, claim_token__isnull=True),
                name="outbox_letter_ended_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(recipient__isnull=False) | Q(address__isnull=False),
                name="outbox_letter_open_has_a_way",
            ),
        ]
        indexes = [
            # For the foreign key. Reminders are nobody's doing, so that marking one does not touch it.
            models.Index(fields=["caused_by"], condition=Q(caused_by__isnull=False), name="outbox_letter_caused"),
            models.Index(
                fields=["caused_by"],
                condition=Q(ended_at__isnull=True, held_until__isnull=False),
                name="outbox_letter_held",
            ),
            models.Index(fields=["due_at"], condition=Q(ended_at__isnull=True), name="outbox_letter_due"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="outbox_letter_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Posted(models.Model):
    """What is kept of a letter when its row is purged: that there was one. It is never posted a second time."""

    kind = models.CharField(max_length=60)
    occurrence_digest = models.BinaryField(max_length=32)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "occurrence_digest", "recipient"], nulls_distinct=False, name="outbox_posted_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Single(models.Model):
    """A table of one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(condition=Q(id=1), name="outbox_%(class)s_is_one")]

    def __str__(self) -> str:
        return type(self).__name__


class Place(Single):
    """Where this database was when letters were last sent from it (apps/outbox/restored.py)."""

    mark = models.CharField(max_length=120)


class Allowance(Single):
    """How many mails the provider takes from us at the moment; every worker draws from the same row."""

    mails = models.FloatField()
    counted_at = models.DateTimeField()
