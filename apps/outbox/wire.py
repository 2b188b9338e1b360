"""A mail as the bytes that go over the wire: its headers, the text, and the same as HTML (RFC 5322, 2045, 2046).

Django's message classes build any mail there is; ours has always this one shape. Written from its parts it takes a
tenth of the time, and building it was the largest single cost of a letter (docs/decisions/0013).
"""

import re
from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from smtplib import quoteaddr
from uuid import uuid4

from django.core.mail.message import forbid_multi_line_headers, sanitize_address

ENCODING = "utf-8"
# What is plain ASCII in lines of this length goes as it is; everything else is quoted (RFC 5322, 2.1.1; RFC 2045, 6.7).
LONGEST_LINE = 998
# A header that needs neither folding nor encoding (RFC 5322, 2.1.1 and 2.2.3).
LONGEST_HEADER = 74
# A dot-atom and a host's name (RFC 5321, 4.1.2): nearly every address there is.
USUAL_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Message:
    """One mail that is ready to be sent: an address, headers, and two forms of the same words."""

    from_email: str
    to: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)

    def envelope(self) -> tuple[str, str]:
        """Sender and recipient as a server is told them, in angle brackets. Raises ValueError for no address."""
        return own_path(self.from_email), path(self.to)

    def as_bytes(self) -> bytes:
        """The whole mail. Raises ValueError for a header with a line break, or an address that is none."""
        boundary = f"=_{uuid4().hex[:24]}"
        headers = {
            **self.headers,
            "From": self.from_email,
            "To": self.to,
            "Date": format_datetime(datetime.now(UTC)),
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative; boundary="{boundary}"',
        }
        head = "".join(header(name, value) for name, value in headers.items())
        body = b"".join((part("plain", self.text, boundary), part("html", self.html, boundary)))
        whole = head.encode("ascii") + b"\n" + body + f"--{boundary}--\n".encode()
        return whole.replace(b"\n", b"\r\n")


def path(address: str) -> str:
    """An address in ASCII and angle brackets (RFC 5321, 4.1.2). Raises ValueError where it is none."""
    return f"<{address}>" if USUAL_ADDRESS.fullmatch(address) else quoteaddr(sanitize_address(address, ENCODING))


own_path = cache(path)


def header(name: str, value: str) -> str:
    """One line of the head, folded and encoded where it has to be. Raises ValueError for a line break in it."""
    if value.isascii() and value.isprintable() and len(name) + len(value) <= LONGEST_HEADER:
        return f"{name}: {value}\n"
    return "{}: {}\n".format(*forbid_multi_line_headers(name, value, ENCODING))


def part(kind: str, words: str, boundary: str) -> bytes:
    """One form of the words, in lines of ASCII that every server passes on as they are."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    as_it_is = lines.isascii() and "\0" not in lines and max(map(len, lines.split("\n"))) <= LONGEST_LINE
    head = (
        f"--{boundary}\n"
        f'Content-Type: text/{kind}; charset="{ENCODING}"\n'
        f"Content-Transfer-Encoding: {'7bit' if as_it_is else 'quoted-printable'}\n\n"
    )
    encoded = lines.encode(ENCODING)
    return head.encode() + (encoded if as_it_is else b2a_qp(encoded)) + b"\n"
