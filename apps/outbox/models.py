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
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
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
            models.Index(
                fields=["caused_by"],
                condition=Q(ended_at__isnull=True, held_until__isnull=False),
                name="outbox_letter_held",
            ),
            models.Index(fields=["due_at"], condition=Q(ended_at__isnull=True), name="outbox_letter_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
