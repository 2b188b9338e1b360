"""A mail as the bytes that go over the wire: its headers, the text, and the same as HTML (RFC 5322, 2045, 2046).

Django's message classes build any mail there is; ours has always this one shape. Written from its parts it takes a
tenth of the time, and building it was the largest single cost of a letter (docs/decisions/0013).
"""

from binascii import b2a_qp
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from uuid import uuid4

from django.core.mail.message import forbid_multi_line_headers, sanitize_address

ENCODING = "utf-8"
# What is plain ASCII in lines of this length goes as it is; everything else is quoted (RFC 5322, 2.1.1; RFC 2045, 6.7).
LONGEST_LINE = 998


@dataclass(frozen=True, slots=True)
class Message:
    """One mail that is ready to be sent: an address, headers, and two forms of the same words."""

    from_email: str
    to: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False, default_factory=dict)

    def envelope(self) -> tuple[str, str]:
        """Sender and recipient as the server is told them. Raises ValueError for an address that is none."""
        return plain(self.from_email), sanitize_address(self.to, ENCODING)

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
        pairs = (forbid_multi_line_headers(name, value, ENCODING) for name, value in headers.items())
        head = "".join(f"{name}: {value}\n" for name, value in pairs)
        body = b"".join((part("plain", self.text, boundary), part("html", self.html, boundary)))
        whole = head.encode("ascii") + b"\n" + body + f"--{boundary}--\n".encode()
        return whole.replace(b"\n", b"\r\n")


@cache
def plain(address: str) -> str:
    """The one sender's address in ASCII."""
    return sanitize_address(address, ENCODING)


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
