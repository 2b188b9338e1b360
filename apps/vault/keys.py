"""The key ring: master keys from the settings wrap one data key a person; data keys seal text.

A data key is looked up in the database whenever something is sealed, so that a creation that was rolled back cannot
leave anything behind. Opened data keys are remembered for a short while by their own id, never by their owner.
"""

import base64
import binascii
import hashlib
import hmac
import os
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from apps.vault.errors import CannotOpen

# The owner of what belongs to no person: addresses and payloads of mails, for example.
HOUSE = UUID("00000000-0000-4000-8000-000000000001")

KEY_BYTES = 32
NONCE_BYTES = 12
REMEMBERED_KEYS = 1000
REMEMBERED_SECONDS = 300


@dataclass(frozen=True, slots=True)
class DataKeyInHand:
    """An opened data key."""

    id: UUID
    owner: UUID
    secret: bytes

    def __repr__(self) -> str:
        return f"<data key {self.id}>"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The master keys by their id; the first one wraps, each of them can still unwrap."""

    first: str
    masters: dict[str, bytes]

    def __repr__(self) -> str:
        return f"<key ring {', '.join(self.masters)}>"


class Remembered:
    """A bounded memory of opened data keys, shared by the threads of this process; each is forgotten after a while."""

    def __init__(self) -> None:
        self._keys: OrderedDict[UUID, tuple[float, DataKeyInHand]] = OrderedDict()
        self._lock = Lock()

    def get(self, key_id: UUID) -> DataKeyInHand | None:
        with self._lock:
            until, key = self._keys.get(key_id, (0.0, None))
            if key is None or until < time.monotonic():
                self._keys.pop(key_id, None)
                return None
            self._keys.move_to_end(key_id)
            return key

    def put(self, key: DataKeyInHand) -> None:
        with self._lock:
            self._keys[key.id] = (time.monotonic() + REMEMBERED_SECONDS, key)
            while len(self._keys) > REMEMBERED_KEYS:
                self._keys.popitem(last=False)

    def drop(self, key_id: UUID) -> None:
        with self._lock:
            self._keys.pop(key_id, None)

    def clear(self) -> None:
        with self._lock:
            self._keys.clear()


remembered = Remembered()


def ring() -> KeyRing:
    """The key ring of the settings. Raises ImproperlyConfigured, saying which part of VAULT_KEYS is wrong."""
    return _parse(settings.VAULT_KEYS)


@lru_cache(maxsize=4)
def _parse(text: str) -> KeyRing:
    masters: dict[str, bytes] = {}
    for number, part in enumerate(text.split(","), start=1):
        master_id, colon, encoded = part.strip().partition(":")
        if not colon or not master_id or len(master_id) > 40:
            raise ImproperlyConfigured(f"VAULT_KEYS: key number {number} is not of the form “id:base64 of 32 bytes”.")
        if master_id in masters:
            raise ImproperlyConfigured(f"VAULT_KEYS: the id of key number {number} is there twice.")
        masters[master_id] = _decoded(encoded, number)
    return KeyRing(first=next(iter(masters)), masters=masters)


def _decoded(encoded: str, number: int) -> bytes:
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise ImproperlyConfigured(f"VAULT_KEYS: key number {number} is not the base64 of 32 bytes.")
    return secret


def wrap(key_id: UUID, owner: UUID, secret: bytes) -> tuple[str, bytes]:
    """`secret` wrapped by the first master key: that key's id, and the bytes to keep."""
    current = ring()
    nonce = os.urandom(NONCE_BYTES)
    place = _wrapping_place(key_id, owner, current.first)
    return current.first, nonce + AESGCM(current.masters[current.first]).encrypt(nonce, secret, place)


def unwrap(key_id: UUID, owner: UUID, master_key_id: str, wrapped: bytes) -> DataKeyInHand:
    """The data key of a DataKey row. Raises CannotOpen where its master key is missing or is another one."""
    master = ring().masters.get(master_key_id)
    if master is None:
        raise CannotOpen(f"Master key “{master_key_id}” is not in VAULT_KEYS.")
    place = _wrapping_place(key_id, owner, master_key_id)
    try:
        secret = AESGCM(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], place)
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"Master key “{master_key_id}” does not open data key {key_id}.") from error
    return DataKeyInHand(id=key_id, owner=owner, secret=secret)


def _wrapping_place(key_id: UUID, owner: UUID, master_key_id: str) -> bytes:
    return f"halfway data key\0{key_id.hex}\0{owner.hex}\0{master_key_id}".encode()


def key_of(owner: UUID) -> DataKeyInHand:
    """The data key that seals `owner`'s text now, made where there is none yet. Two at once get the same one."""
    from apps.vault.models import DataKey

    row = DataKey.objects.filter(owner=owner).first()
    if row is None:
        key_id = _fresh_id()
        master_key_id, wrapped = wrap(key_id, owner, os.urandom(KEY_BYTES))
        fresh = DataKey(id=key_id, owner=owner, wrapped=wrapped, master_key_id=master_key_id)
        DataKey.objects.bulk_create([fresh], ignore_conflicts=True)
        row = DataKey.objects.get(owner=owner)
    return remembered.get(row.pk) or unwrap(row.pk, row.owner, row.master_key_id, bytes(row.wrapped))


def _fresh_id() -> UUID:
    return UUID(bytes=os.urandom(16), version=4)


def key_by_id(key_id: UUID) -> DataKeyInHand:
    """The data key with this id. Raises CannotOpen where it is gone (forgotten) or cannot be unwrapped."""
    from apps.vault.models import DataKey

    key = remembered.get(key_id)
    if key is None:
        row = DataKey.objects.filter(pk=key_id).first()
        if row is None:
            raise CannotOpen(f"Data key {key_id} is gone.")
        key = unwrap(row.pk, row.owner, row.master_key_id, bytes(row.wrapped))
        remembered.put(key)
    return key


def fingerprint(owner: UUID, text: str) -> str:
    """A keyed hash of `text` under `owner`'s data key: the same text gives the same; without the key nobody can try."""
    key = key_of(owner)
    derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"halfway fingerprint").derive(key.secret)
    return f"{key.id.hex}:{hmac.new(derived, text.encode('utf-8', 'replace'), hashlib.sha256).hexdigest()}"


def forget(owner: UUID) -> bool:
    """Deletes `owner`'s data key, and with it the meaning of all that it sealed. True where there was one.

    Other processes may still remember the opened key for REMEMBERED_SECONDS; so delete the rows as well.
    """
    from apps.vault.models import DataKey

    row = DataKey.objects.filter(owner=owner).first()
    if row is None:
        return False
    key_id = row.pk
    row.delete()
    remembered.drop(key_id)
    transaction.on_commit(lambda: remembered.drop(key_id))
    return True
