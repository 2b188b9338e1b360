"""The keys that seal each person's text, and the base of every model that keeps sealed text."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models

from apps.vault.fields import handing_over


class DataKey(models.Model):
    """One person's data key, wrapped by a master key. Deleting the row makes all that it sealed unreadable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.UUIDField(unique=True)
    wrapped = models.BinaryField()
    master_key_id = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"data key {self.pk}"


class SealedModel(models.Model):
    """Base of models with sealed fields: its id is made in Python, since the text is bound to it before it is saved."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: models.QuerySet[Any] | None = None,
    ) -> None:
        """As Django's; sealed values are taken over as they are stored, and opened only when they are read."""
        with handing_over():
            super().refresh_from_db(using, fields, from_queryset)
