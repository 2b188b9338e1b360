"""A mail as bytes: what a mail program reads out of them is what was written, and nothing can add a header."""

import email
import email.policy
import re
import smtplib
from email.utils import parsedate_to_datetime

import pytest
from django.core.mail.message import forbid_multi_line_headers, sanitize_address
from hypothesis import given
from hypothesis import strategies as st

from apps.outbox.wire import USUAL_ADDRESS, Message, header, path


def made(**values: object) -> Message:
    usual = {
        "from_email": "Halfway <halfway@example.org>",
        "to": "somebody@example.org",
        "text": "Text\n",
        "html": "<p>HTML</p>",
        "headers": {"Subject": "A note", "Message-ID": "<1@example.org>"},
    }
    return Message(**(usual | values))  # type: ignore[arg-type]


def read(message: Message) -> email.message.EmailMessage:
    found = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    assert not found.defects
    return found


def test_both_parts_and_the_headers() -> None:
    found = read(made(text="Grüße ‘ü’\n.\n", html="<p>Hello</p>\n.", headers={"Subject": "Schön, “so”"}))
    assert found["Subject"] == "Schön, “so”"
    assert found["From"] == "Halfway <halfway@example.org>"
    assert found["To"] == "somebody@example.org"
    assert parsedate_to_datetime(str(found["Date"])).tzinfo is not None
    assert found.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    plain, html = found.iter_parts()
    assert (plain["Content-Transfer-Encoding"], html["Content-Transfer-Encoding"]) == ("quoted-printable", "7bit")
    assert [part.get_content() for part in (plain, html)] == ["Grüße ‘ü’\r\n.\r\n", "<p>Hello</p>\r\n."]


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=400))
def test_any_words_arrive_as_they_were_written(words: str) -> None:
    message = made(text=words, html=words)
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    for part in read(message).iter_parts():
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        assert payload.decode().replace("\r\n", "\n") == lines


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])) | st.text("ab \n", min_size=900, max_size=1200))
def test_only_lines_of_ascii_go_over_the_wire(words: str) -> None:
    wire = made(text=words, html=words).as_bytes()
    wire.decode("ascii")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", wire)
    assert max(len(line) for line in wire.split(b"\r\n")) <= 998
    assert b"\0" not in wire


@pytest.mark.parametrize("odd", ["a\nBcc: x@example.org", "a\r\nBcc: x@example.org", "a\rb"])
def test_a_line_break_in_a_header_is_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="newlines"):
        made(headers={"Subject": odd}).as_bytes()
    with pytest.raises(ValueError, match=r"newlines|nvalid"):
        made(to=f"{odd}@example.org").as_bytes()


@pytest.mark.parametrize("odd", ["", "@", "a@example.org, b@example.org"])
def test_what_is_no_address_is_refused(odd: str) -> None:
    with pytest.raises(ValueError, match="nvalid"):
        made(to=odd).envelope()


def test_the_envelope_holds_addresses_alone() -> None:
    assert made().envelope() == ("<halfway@example.org>", "<somebody@example.org>")
    assert made(to="someone@bücher.example").envelope()[1] == "<someone@xn--bcher-kva.example>"


@given(st.from_regex(USUAL_ADDRESS, fullmatch=True))
def test_a_usual_address_is_what_a_parser_makes_of_it(address: str) -> None:
    assert path(address) == smtplib.quoteaddr(sanitize_address(address, "utf-8"))


@given(
    st.sampled_from(["Subject", "To", "List-Unsubscribe"]),
    st.text(st.characters(max_codepoint=0x250)) | st.text("ab ", min_size=60, max_size=120),
)
def test_a_header_is_what_django_makes_of_it(name: str, value: str) -> None:
    try:
        expected = "{}: {}\n".format(*forbid_multi_line_headers(name, value, "utf-8"))
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            header(name, value)
    else:
        assert header(name, value) == expected
