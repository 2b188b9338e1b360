"""The key ring: one data key a person, wrapped by a master key; rotation, forgetting, and what a wrong key does."""

import base64
import threading
import uuid
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from apps.vault import keys
from apps.vault.errors import CannotOpen
from apps.vault.management.commands import rotate_keys
from apps.vault.models import DataKey

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "key number 1 is not of the form"),
        ("abc", "key number 1 is not of the form"),
        (":" + OLD[4:], "key number 1 is not of the form"),
        ("old:abc", "key number 1 is not the base64 of 32 bytes"),
        ("old:" + base64.b64encode(b"short").decode(), "key number 1 is not the base64 of 32 bytes"),
        (f"{OLD},", "key number 2 is not of the form"),
        (f"{OLD},{OLD}", "the id of key number 2 is there twice"),
    ],
)
def test_a_ring_that_cannot_be_used_is_one_clear_sentence(text: str, sentence: str) -> None:
    with override_settings(VAULT_KEYS=text), pytest.raises(ImproperlyConfigured, match=sentence) as caught:
        keys.ring()
    assert "b2" not in str(caught.value)  # no part of a secret


def test_the_first_key_of_the_ring_wraps() -> None:
    with override_settings(VAULT_KEYS=f" {NEW} , {OLD}"):
        assert (keys.ring().first, list(keys.ring().masters)) == ("new", ["new", "old"])
        assert "n" * 32 not in repr(keys.ring())


@pytest.mark.django_db
def test_one_key_a_person() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    assert keys.key_of(one) == keys.key_of(one)
    assert keys.key_of(one).secret != keys.key_of(other).secret
    assert DataKey.objects.count() == 2
    secret = keys.key_of(one).secret
    assert all(secret not in bytes(row.wrapped) for row in DataKey.objects.all())
    assert repr(secret) not in repr(keys.key_of(one))


@pytest.mark.django_db
def test_a_wrong_master_key_is_an_error_and_loses_nothing(note_model: Any) -> None:
    with override_settings(VAULT_KEYS=OLD):
        note = note_model.objects.create(body="text")
    for ring in (NEW, "old:" + NEW.split(":")[1]):  # its id is missing; its id is another key's
        keys.remembered.clear()
        with override_settings(VAULT_KEYS=ring), pytest.raises(CannotOpen, match="Master key “old”"):
            _ = note_model.objects.get(pk=note.pk).body
    with override_settings(VAULT_KEYS=f"{NEW},{OLD}"):
        assert note_model.objects.get(pk=note.pk).body == "text"


@pytest.mark.django_db
def test_a_data_key_given_to_another_person_does_not_open() -> None:
    owner = uuid.uuid4()
    key = keys.key_of(owner)
    DataKey.objects.filter(owner=owner).update(owner=uuid.uuid4())
    with pytest.raises(CannotOpen):
        keys.key_by_id(key.id)


@pytest.mark.django_db
def test_forgetting_makes_unreadable(note_model: Any) -> None:
    note = note_model.objects.create(body="text")
    kept = note_model.objects.create(body="kept")
    assert note_model.objects.get(pk=note.pk).body == "text"
    assert keys.forget(note.author_id) is True
    assert keys.forget(note.author_id) is False
    with pytest.raises(CannotOpen, match="is gone"):
        _ = note_model.objects.get(pk=note.pk).body
    assert note_model.objects.get(pk=kept.pk).body == "kept"


@pytest.mark.django_db(transaction=True)
def test_a_creation_that_was_rolled_back_leaves_nothing_behind() -> None:
    owner = uuid.uuid4()
    with transaction.atomic():
        lost = keys.key_of(owner)
        keys.key_by_id(lost.id)  # remembered now
        transaction.set_rollback(True)
    kept = keys.key_of(owner)
    assert kept.id != lost.id
    assert keys.key_by_id(kept.id) == kept


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_the_same_key() -> None:
    owner = uuid.uuid4()
    barrier = threading.Barrier(8)
    found: list[bytes] = []

    def ask() -> None:
        barrier.wait()
        try:
            found.append(keys.key_of(owner).secret)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.django_db
def test_a_fingerprint_is_the_same_for_the_same_text_of_the_same_person() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    assert keys.fingerprint(one, "text") == keys.fingerprint(one, "text")
    assert len({keys.fingerprint(one, "text"), keys.fingerprint(one, "text "), keys.fingerprint(other, "text")}) == 3
    key_id, _, digest = keys.fingerprint(one, "text").partition(":")
    assert uuid.UUID(key_id) == keys.key_of(one).id
    assert len(digest) == 64


def test_the_memory_of_opened_keys_is_bounded_and_short(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = keys.Remembered()
    monkeypatch.setattr(keys, "REMEMBERED_KEYS", 2)
    one, two, three = (keys.DataKeyInHand(uuid.uuid4(), uuid.uuid4(), b"") for _ in range(3))
    memory.put(one)
    memory.put(two)
    assert memory.get(one.id) == one
    memory.put(three)
    assert [memory.get(key.id) for key in (one, two, three)] == [one, None, three]
    monkeypatch.setattr(keys, "REMEMBERED_SECONDS", -1)
    memory.put(two)
    assert memory.get(two.id) is None


def written(count: int) -> list[keys.DataKeyInHand]:
    with override_settings(VAULT_KEYS=OLD):
        return [keys.key_of(uuid.uuid4()) for _ in range(count)]


def rotate(*arguments: str) -> str:
    out = StringIO()
    with override_settings(VAULT_KEYS=f"{NEW},{OLD}"):
        call_command("rotate_keys", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_rotation_wraps_every_key_anew() -> None:
    before = written(7)
    assert rotate("--batch=3") == "7 data keys wrapped anew, 0 could not be opened.\n"
    assert rotate() == "0 data keys wrapped anew, 0 could not be opened.\n"
    with override_settings(VAULT_KEYS=NEW):
        assert {key.secret for key in before} == {keys.key_by_id(key.id).secret for key in before}


@pytest.mark.django_db(transaction=True)
def test_rotation_killed_half_way_resumes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = written(7)
    rewrap, calls = rotate_keys.rewrap, iter(range(100))

    def killed(row: DataKey) -> bool:
        if next(calls) == 4:
            raise SystemExit(137)
        return rewrap(row)

    with monkeypatch.context() as patch:
        patch.setattr(rotate_keys, "rewrap", killed)
        with pytest.raises(SystemExit):
            rotate("--batch=3")
    assert DataKey.objects.filter(master_key_id="new").count() == 3
    with override_settings(VAULT_KEYS=f"{NEW},{OLD}"):
        assert {key.secret for key in before} == {keys.key_by_id(key.id).secret for key in before}
    assert rotate("--batch=3") == "4 data keys wrapped anew, 0 could not be opened.\n"


@pytest.mark.django_db
def test_rotation_says_which_total_it_could_not_open() -> None:
    written(2)
    with override_settings(VAULT_KEYS="lost:" + base64.b64encode(b"l" * 32).decode()):
        keys.key_of(uuid.uuid4())
    with pytest.raises(CommandError, match="Keep the old master keys"):
        rotate("--batch=1")
    assert DataKey.objects.filter(master_key_id="new").count() == 2
