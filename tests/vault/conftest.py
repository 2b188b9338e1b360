"""Models to seal with, in a registry of their own so that no migration ever sees them."""

import uuid
from collections.abc import Iterator

import pytest
from django.apps.registry import Apps
from django.db import connection, models

from apps.vault import keys
from apps.vault.fields import SealedJSONField, SealedTextField
from apps.vault.models import SealedModel

registry = Apps()


class Chair(models.Model):  # noqa: DJ008
    sitter_id = models.UUIDField(null=True)

    class Meta:
        apps = registry
        app_label = "sealed"


class Note(SealedModel):
    author_id = models.UUIDField(default=uuid.uuid4)
    title = models.CharField(max_length=20, default="")
    body = SealedTextField(owner="author_id", blank=True, default="")
    aside = SealedTextField(owner="author_id", null=True)
    answers = SealedJSONField(owner="author_id", default=dict)

    class Meta:
        apps = registry
        app_label = "sealed"


class Seated(SealedModel):
    chair = models.ForeignKey(Chair, on_delete=models.CASCADE)
    body = SealedTextField(owner="chair.sitter_id")

    class Meta:
        apps = registry
        app_label = "sealed"


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    keys.remembered.clear()
    yield
    keys.remembered.clear()


@pytest.fixture
def tables(db: None) -> None:
    with connection.schema_editor() as editor:
        for model in (Chair, Note, Seated):
            editor.create_model(model)


@pytest.fixture
def note_model(tables: None) -> type[Note]:
    return Note


@pytest.fixture
def seated_model(tables: None) -> type[Seated]:
    return Seated
