"""Model fields whose text is sealed before it reaches the database and opened when it is read.

    class Draft(SealedModel):
        seat = models.ForeignKey("spaces.Seat", on_delete=models.CASCADE)
        body = SealedTextField(owner="seat.user_id", blank=True, default="")

`owner` is the way from the row to the id of the person whose key seals it, or a fixed id such as keys.HOUSE. It is
walked when the text is read, too: load what lies on it (`select_related("seat")`) or pay one query a row.

A sealed value is bound to table, column, row and owner: copied anywhere else it cannot be opened (CannotOpen), and
renaming the table or the column means sealing anew. A row whose text was not touched keeps the bytes it has.
`values()` gives envelopes and never text. There is no lookup but `isnull`, and no `update()` but to None.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django import forms
from django.core import checks
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from apps.vault import keys
from apps.vault.errors import CannotOpen

FORMAT = b"\x01"
HEADER_BYTES = len(FORMAT) + 16 + keys.NONCE_BYTES
TAG_BYTES = 16

_Set = TypeVar("_Set", contravariant=True)
_Get = TypeVar("_Get", covariant=True)

if TYPE_CHECKING:

    class _Field(models.Field[_Set, _Get]): ...

else:

    class _Field(models.Field):
        def __class_getitem__(cls, types: object) -> type:
            """Django's fields take type arguments in their stubs only."""
            return cls


_as_stored: ContextVar[bool] = ContextVar("sealed values are handed over as stored", default=False)


@contextmanager
def handing_over() -> Iterator[None]:
    """Within it, reading a sealed attribute gives its envelope instead of opening it."""
    token = _as_stored.set(True)
    try:
        yield
    finally:
        _as_stored.reset(token)


class Envelope:
    """What a row's attribute holds between the database and a reader: sealed bytes, the open value, or both."""

    __slots__ = ("bytes", "opened", "value")

    def __init__(self, sealed: bytes | None = None, *, value: Any = None) -> None:
        self.bytes = sealed
        self.value = value
        self.opened = sealed is None

    def __repr__(self) -> str:
        return "<sealed>"


class Ciphertext(bytes):
    """Bytes that `pre_save` made: nothing else may be written into a sealed column."""


class SealedAttribute(DeferredAttribute):
    """Opens a sealed value when it is first read, and keeps what is assigned out of the way of printers."""

    field: "SealedField[Any, Any]"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        envelope = super().__get__(instance, cls)
        if envelope is None or _as_stored.get():
            return envelope
        if not envelope.opened:
            envelope.value = self.field.unpack(self.field.open(instance, envelope.bytes))
            envelope.opened = True
        return envelope.value

    def __set__(self, instance: models.Model, value: Any) -> None:
        kept = value if value is None or isinstance(value, Envelope) else Envelope(value=value)
        instance.__dict__[self.field.attname] = kept


class SealedField(_Field[_Set, _Get]):
    """Base of the sealed fields: `pack` and `unpack` say how a value becomes bytes and comes back."""

    descriptor_class = SealedAttribute

    def __init__(self, verbose_name: str | None = None, *, owner: str | UUID, **options: Any) -> None:
        self.owner = owner
        options["serialize"] = False  # a dump of the database must not open what is sealed
        super().__init__(verbose_name, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, options = super().deconstruct()
        options.pop("serialize", None)
        return name, path, args, {**options, "owner": self.owner}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **options: Any) -> list[checks.CheckMessage]:
        return [*super().check(**options), *self._check_primary_key()]

    def _check_primary_key(self) -> list[checks.CheckMessage]:
        key = self.model._meta.pk
        if isinstance(key, models.UUIDField) and key.has_default():
            return []
        return [checks.Error("A model with sealed fields must be a SealedModel.", obj=self, id="vault.E001")]

    def pack(self, value: Any) -> bytes:
        """The bytes of `value`. Raises TypeError where it is nothing this field can keep."""
        raise NotImplementedError

    def unpack(self, data: bytes) -> Any:
        raise NotImplementedError

    def seal(self, instance: models.Model, value: Any) -> Ciphertext:
        """`value` sealed for its place: this row, this field, its owner."""
        owner = self.owner_of(instance)
        if owner is None:
            raise ValueError(
                f"{self.model._meta.label}.{self.name}: there is nobody under whose key it could be sealed."
            )
        key = keys.key_of(owner)
        nonce = os.urandom(keys.NONCE_BYTES)
        header = FORMAT + key.id.bytes + nonce
        return Ciphertext(header + AESGCM(key.secret).encrypt(nonce, self.pack(value), self._place(instance, owner)))

    def open(self, instance: models.Model, sealed: bytes) -> bytes:
        """What was sealed for this place. Raises CannotOpen where key, row, field or owner is another one."""
        if len(sealed) < HEADER_BYTES + TAG_BYTES or sealed[:1] != FORMAT:
            raise CannotOpen(f"{self._where(instance)} does not hold sealed text.")
        key = keys.key_by_id(UUID(bytes=sealed[1:17]))
        owner = self.owner_of(instance)
        if owner != key.owner:
            raise CannotOpen(f"{self._where(instance)} was sealed for another person.")
        try:
            return AESGCM(key.secret).decrypt(
                sealed[17:HEADER_BYTES], sealed[HEADER_BYTES:], self._place(instance, key.owner)
            )
        except InvalidTag as error:
            raise CannotOpen(f"{self._where(instance)} was altered, or moved here from another place.") from error

    def owner_of(self, instance: models.Model) -> UUID | None:
        """The person whose key seals this field of this row."""
        if isinstance(self.owner, UUID):
            return self.owner
        found: Any = instance
        for step in self.owner.split("."):
            found = getattr(found, step, None)
        return found if found is None or isinstance(found, UUID) else UUID(str(found))

    def _place(self, instance: models.Model, owner: UUID) -> bytes:
        row = instance.pk if isinstance(instance.pk, UUID) else UUID(str(instance.pk))
        return f"{self.model._meta.db_table}\0{self.column}\0{row.hex}\0{owner.hex}".encode()

    def _where(self, instance: models.Model) -> str:
        return f"{self.model._meta.label}.{self.name} of {instance.pk}"

    def from_db_value(self, value: Any, *_: Any) -> Envelope | None:
        return None if value is None else Envelope(bytes(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Ciphertext | None:
        """The bytes to write: those that were read where nothing has changed, freshly sealed ones otherwise."""
        envelope = model_instance.__dict__.get(self.attname)
        if envelope is None:
            return None
        if envelope.bytes is None or (envelope.opened and self.changed(model_instance, envelope)):
            return self.seal(model_instance, envelope.value)
        if add:  # a loaded row is inserted as another one: only what opens in its new place may be written there
            self.open(model_instance, envelope.bytes)
        return Ciphertext(envelope.bytes)

    def changed(self, instance: models.Model, envelope: Envelope) -> bool:
        """Whether an opened value was changed in place; text cannot be."""
        return False

    def get_prep_value(self, value: Any) -> Ciphertext | None:
        if value is None or isinstance(value, Ciphertext):
            return value
        raise TypeError(f"{self.name} is sealed: assign it and save the row; update() and lookups cannot seal.")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = self.get_prep_value(value)
        return None if sealed is None else connection.Database.Binary(bytes(sealed))

    def get_lookup(self, lookup_name: str) -> Any:
        """Sealed text cannot be searched: `isnull` is the only lookup, all others are a FieldError."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> Any:
        return None


class SealedTextField(SealedField[_Set, _Get]):
    """A text. `""` is sealed like any other, so that an empty one looks like a written one."""

    _pyi_private_set_type: str
    _pyi_private_get_type: str
    _pyi_lookup_exact_type: None

    def pack(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise TypeError(f"{self.name} takes text, not {type(value).__name__}.")
        return value.encode("utf-8", "replace")

    def unpack(self, data: bytes) -> str:
        return data.decode()

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else str(value)

    def formfield(self, **options: Any) -> forms.Field | None:
        widget = {} if self.choices is not None else {"widget": forms.Textarea}
        return super().formfield(**{"max_length": self.max_length, **widget, **options})


class SealedJSONField(SealedField[_Set, _Get]):
    """Anything JSON can hold. What is changed in place (`row.answers["kept"] = True`) is saved as well."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    _pyi_lookup_exact_type: None

    empty_strings_allowed = False

    def pack(self, value: Any) -> bytes:
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

    def unpack(self, data: bytes) -> Any:
        return json.loads(data)

    def changed(self, instance: models.Model, envelope: Envelope) -> bool:
        sealed: bytes = envelope.bytes or b""
        return self.unpack(self.open(instance, sealed)) != json.loads(self.pack(envelope.value))
