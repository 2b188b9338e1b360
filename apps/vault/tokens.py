"""Links that carry what they are about, readable by this house alone: sealed, so they name nothing, and bound to their
purpose, so that one kind of link is nothing to another.

Used in mails, where a mailbox may have two readers and a mail program shows the address of every link.
"""

import base64
import binascii
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from apps.vault import keys

LONGEST = 400


def make(purpose: str, values: dict[str, Any]) -> str:
    """A token of letters, digits, “-” and “_” for these values. Two for the same values are never the same."""
    ring = keys.ring()
    nonce = os.urandom(keys.NONCE_BYTES)
    text = json.dumps(values, separators=(",", ":"), sort_keys=True).encode()
    sealed = _cipher(ring.masters[ring.first]).encrypt(nonce, text, purpose.encode())
    return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()


def read(purpose: str, token: str) -> dict[str, Any] | None:
    """The values of a token that this house made for this purpose; None for everything else, without a reason.

    A master key that wraps no more still reads what it made, as long as it stands in the key ring.
    """
    if len(token) > LONGEST:
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    for master in keys.ring().masters.values():
        try:
            text = _cipher(master).decrypt(raw[: keys.NONCE_BYTES], raw[keys.NONCE_BYTES :], purpose.encode())
        except (InvalidTag, ValueError):
            continue
        found: dict[str, Any] = json.loads(text)
        return found
    return None


@lru_cache(maxsize=8)
def _cipher(master: bytes) -> AESGCM:
    """With a key of its own, derived from the master key, so that no token can pass for a wrapped key or the other way.

    Not from a data key of the database: making a link costs a mail no query.
    """
    return AESGCM(HKDF(algorithm=SHA256(), length=keys.KEY_BYTES, salt=None, info=b"halfway token").derive(master))
