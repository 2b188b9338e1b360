"""What a sealed field promises: it comes back the same, and it opens nowhere else."""

import pickle
import uuid
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps

from apps.vault import keys
from apps.vault.errors import CannotOpen
from apps.vault.fields import SealedTextField
from apps.vault.keys import HOUSE

CANARY = "the sea at Dahme, “and you”"


def column(model: Any, row: Any, name: str) -> bytes:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table} WHERE id = %s", [row.pk])
        return bytes(cursor.fetchone()[0])


def put(model: Any, row: Any, name: str, data: bytes) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {name} = %s WHERE id = %s", [data, row.pk])


def copy_column(model: Any, *, source: Any, target: Any, name: str = "body", into: str = "body") -> None:
    put(model, target, into, column(model, source, name))


@pytest.mark.parametrize("text", ["", "a", CANARY, "\0", "😀" * 10_000, "line\r\nline", " lead and trail "])
def test_a_text_comes_back_as_it_was(note_model: Any, text: str) -> None:
    note = note_model.objects.create(body=text, aside=text)
    found = note_model.objects.get(pk=note.pk)
    assert (found.body, found.aside) == (text, text)


def test_half_of_a_surrogate_pair_cannot_break_a_save(note_model: Any) -> None:
    note = note_model.objects.create(body="a\ud800b")
    assert note_model.objects.get(pk=note.pk).body == "a?b"


@pytest.mark.parametrize("value", [{}, {"a": [1, None, "ü"]}, [], "text", 0, False])
def test_json_comes_back_as_it_was(note_model: Any, value: Any) -> None:
    note = note_model.objects.create(answers=value)
    assert note_model.objects.get(pk=note.pk).answers == value


def test_defaults_and_null(note_model: Any) -> None:
    note = note_model.objects.create()
    found = note_model.objects.get(pk=note.pk)
    assert (found.body, found.aside, found.answers) == ("", None, {})
    assert list(note_model.objects.filter(aside__isnull=True)) == [note]
    assert not note_model.objects.filter(body__isnull=True).exists()


def test_null_where_it_is_not_allowed_is_refused_by_the_database(note_model: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        note_model.objects.create(body=None)


def test_bulk_create_seals(note_model: Any) -> None:
    note_model.objects.bulk_create([note_model(body=f"{CANARY} {number}") for number in range(3)])
    assert sorted(note.body for note in note_model.objects.all()) == [f"{CANARY} {number}" for number in range(3)]


def test_no_plaintext_in_the_table(note_model: Any) -> None:
    note = note_model.objects.create(body=CANARY, aside=CANARY, answers={"canary": CANARY})
    stored = b"".join(column(note_model, note, name) for name in ("body", "aside", "answers"))
    assert CANARY.encode() not in stored
    assert b"canary" not in stored
    assert b"Dahme" not in stored


def test_the_same_text_never_looks_the_same(note_model: Any) -> None:
    author = uuid.uuid4()
    first, second = (note_model.objects.create(author_id=author, body=CANARY) for _ in range(2))
    assert column(note_model, first, "body") != column(note_model, second, "body")


@pytest.mark.parametrize("position", [0, 1, 16, 17, 28, 29, -1])
def test_an_altered_byte_is_noticed(note_model: Any, position: int) -> None:
    note = note_model.objects.create(body=CANARY)
    data = bytearray(column(note_model, note, "body"))
    data[position] ^= 1
    put(note_model, note, "body", bytes(data))
    with pytest.raises(CannotOpen) as caught:
        _ = note_model.objects.get(pk=note.pk).body
    assert "Dahme" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"\x01", CANARY.encode(), b"\x01" * 44])
def test_what_was_never_sealed_is_noticed(note_model: Any, data: bytes) -> None:
    note = note_model.objects.create(body=CANARY)
    put(note_model, note, "body", data)
    with pytest.raises(CannotOpen):
        _ = note_model.objects.get(pk=note.pk).body


def test_swapped_between_rows_of_one_person(note_model: Any) -> None:
    author = uuid.uuid4()
    mine = note_model.objects.create(author_id=author, body=CANARY)
    other = note_model.objects.create(author_id=author, body="other")
    copy_column(note_model, source=mine, target=other)
    with pytest.raises(CannotOpen):
        _ = note_model.objects.get(pk=other.pk).body


def test_swapped_between_fields_of_one_row(note_model: Any) -> None:
    note = note_model.objects.create(body=CANARY, aside="aside")
    copy_column(note_model, source=note, target=note, into="aside")
    with pytest.raises(CannotOpen):
        _ = note_model.objects.get(pk=note.pk).aside


def test_a_row_given_to_another_person(note_model: Any) -> None:
    note = note_model.objects.create(body=CANARY)
    note_model.objects.filter(pk=note.pk).update(author_id=uuid.uuid4())
    with pytest.raises(CannotOpen):
        _ = note_model.objects.get(pk=note.pk).body


def test_a_row_without_an_owner(seated_model: Any) -> None:
    chairs = seated_model._meta.get_field("chair").related_model.objects
    chair = chairs.create(sitter_id=uuid.uuid4())
    row = seated_model.objects.create(chair=chair, body=CANARY)
    chairs.update(sitter_id=None)
    with pytest.raises(CannotOpen):
        _ = seated_model.objects.get(pk=row.pk).body
    with pytest.raises(ValueError, match="nobody"):
        seated_model.objects.create(chair=chairs.get(), body="text")


def test_one_reads_the_owner_along_the_way(seated_model: Any, django_assert_num_queries: Any) -> None:
    chair = seated_model._meta.get_field("chair").related_model.objects.create(sitter_id=uuid.uuid4())
    for number in range(5):
        seated_model.objects.create(chair=chair, body=f"{number}")
    keys.remembered.clear()
    with django_assert_num_queries(2):  # the rows with their chairs, and one data key
        rows = seated_model.objects.select_related("chair")
        assert sorted(row.body for row in rows) == ["0", "1", "2", "3", "4"]


def test_untouched_text_keeps_its_bytes_and_needs_no_key(note_model: Any) -> None:
    note = note_model.objects.create(body=CANARY, answers={"kept": True})
    before = column(note_model, note, "body"), column(note_model, note, "answers")
    keys.forget(note.author_id)
    found = note_model.objects.get(pk=note.pk)
    found.title = "touched"
    found.save()
    assert (column(note_model, note, "body"), column(note_model, note, "answers")) == before


def test_text_that_was_only_read_keeps_its_bytes(note_model: Any) -> None:
    note = note_model.objects.create(body=CANARY, answers={"kept": True})
    before = column(note_model, note, "body"), column(note_model, note, "answers")
    found = note_model.objects.get(pk=note.pk)
    assert found.body == CANARY and found.answers == {"kept": True}
    found.save()
    assert (column(note_model, note, "body"), column(note_model, note, "answers")) == before


def test_json_changed_in_place_is_saved(note_model: Any) -> None:
    note = note_model.objects.create(answers={"kept": [1]})
    found = note_model.objects.get(pk=note.pk)
    found.answers["kept"].append(2)
    found.save()
    assert note_model.objects.get(pk=note.pk).answers == {"kept": [1, 2]}


def test_assigning_and_saving_again(note_model: Any) -> None:
    note = note_model.objects.create(body="first")
    note.body = "second"
    note.save(update_fields=["body"])
    note.save()
    assert note_model.objects.get(pk=note.pk).body == "second"


def test_update_with_text_is_refused(note_model: Any) -> None:
    note = note_model.objects.create(body=CANARY)
    with pytest.raises(TypeError, match="sealed"), transaction.atomic():
        note_model.objects.filter(pk=note.pk).update(body="plain")
    note.body = "plain"
    with pytest.raises(TypeError, match="sealed"), transaction.atomic():
        note_model.objects.bulk_update([note], ["body"])
    assert note_model.objects.get(pk=note.pk).body == CANARY


def test_update_to_null_wipes(note_model: Any) -> None:
    note = note_model.objects.create(aside=CANARY)
    note_model.objects.filter(pk=note.pk).update(aside=None)
    assert note_model.objects.get(pk=note.pk).aside is None


@pytest.mark.parametrize("lookup", ["", "__exact", "__contains", "__in", "__gt", "__startswith", "__length"])
def test_no_lookup_but_isnull(note_model: Any, lookup: str) -> None:
    with pytest.raises(FieldError):
        note_model.objects.filter(**{f"body{lookup}": "a"})


def test_what_is_no_text_is_refused_before_it_is_written(note_model: Any) -> None:
    with pytest.raises(TypeError, match="takes text, not int"), transaction.atomic():
        note_model.objects.create(body=5)
    with pytest.raises(TypeError), transaction.atomic():
        note_model.objects.create(answers={"when": object()})


def test_deferred_and_refreshed(note_model: Any) -> None:
    note = note_model.objects.create(body=CANARY, aside="aside")
    assert note_model.objects.defer("body").get(pk=note.pk).body == CANARY
    assert note_model.objects.only("title").get(pk=note.pk).aside == "aside"
    other = note_model.objects.get(pk=note.pk)
    other.body = "changed"
    other.save()
    note.refresh_from_db()
    assert note.body == "changed"
    note.body = "never saved"
    note.refresh_from_db(fields=["body"])
    assert note.body == "changed"


def test_refreshing_opens_nothing(note_model: Any) -> None:
    note = note_model.objects.create(body=CANARY)
    keys.forget(note.author_id)
    found = note_model.objects.get(pk=note.pk)
    found.refresh_from_db()
    with pytest.raises(CannotOpen):
        _ = found.body


def test_nothing_prints_the_text(note_model: Any) -> None:
    note = note_model.objects.create(body=CANARY, answers={"canary": CANARY})
    _ = note.body
    printed = f"{note!r} {note} {note.__dict__} {list(note_model.objects.values())}"
    assert "Dahme" not in printed
    assert "canary" not in printed


def test_a_dump_leaves_sealed_fields_out(note_model: Any) -> None:
    note_model.objects.create(title="t", body=CANARY)
    dumped = serializers.serialize("json", note_model.objects.all())
    assert "Dahme" not in dumped and '"title": "t"' in dumped and "body" not in dumped


def test_a_query_never_carries_the_text(note_model: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        note_model.objects.create(body="Dahme", answers={"a": "Dahme"})
    assert all("Dahme" not in query["sql"] for query in queries)


def test_copying_a_row_is_loud(note_model: Any) -> None:
    note = note_model.objects.create(body=CANARY)
    copy = note_model.objects.get(pk=note.pk)
    copy.pk = uuid.uuid4()
    copy._state.adding = True
    with pytest.raises(CannotOpen), transaction.atomic():
        copy.save()
    copy.body, copy.answers = CANARY, {}
    copy.save()
    assert note_model.objects.get(pk=copy.pk).body == CANARY


def test_an_instance_survives_pickling(note_model: Any) -> None:
    envelope = note_model.objects.create(body=CANARY).__dict__["body"]
    assert pickle.loads(pickle.dumps(envelope)).value == CANARY


def test_the_field_describes_itself_for_migrations(note_model: Any) -> None:
    field = note_model._meta.get_field("body")
    _, path, args, options = field.deconstruct()
    assert (path, args, options) == (
        "apps.vault.fields.SealedTextField",
        [],
        {"owner": "author_id", "blank": True, "default": ""},
    )
    assert field.clone().owner == "author_id"
    assert SealedTextField(owner=HOUSE).deconstruct()[3] == {"owner": HOUSE}


@isolate_apps("apps.vault")
def test_a_model_without_an_id_of_its_own_is_refused() -> None:
    class Loose(models.Model):  # noqa: DJ008
        body = SealedTextField(owner=HOUSE)

        class Meta:
            app_label = "vault"

    assert [problem.id for problem in Loose._meta.get_field("body").check()] == ["vault.E001"]
