"""One SMTP connection for many letters, and what the server's answers mean for a letter and for its neighbours."""

import re
import smtplib
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import get_connection

from apps.outbox.wire import Message

CLOSING = 421


class NotSent(Exception):
    """Base of the ways in which a letter is not sent. `code` is a number or a class name, never the server's text."""

    def __init__(self, code: int | str) -> None:
        super().__init__(str(code))
        self.code = str(code)


class Refused(NotSent):
    """The server will never take this letter; the next one may go."""


class NotNow(NotSent):
    """The server did not take this letter, or we do not know whether it did. It has been left; the next may try."""


class Away(NotSent):
    """There is no server to talk to. No letter is to blame."""


class Postbox:
    """Opens a connection when it is first needed, keeps it, and opens a new one after a failure."""

    def __init__(self) -> None:
        self._connection: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Says good-bye where there is still somebody to say it to."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.close()
        except (OSError, smtplib.SMTPException):
            connection.connection = None

    def send(self, message: Message) -> None:
        """Sends one message. Returns once the server has taken it; raises one of the classes above otherwise.

        A message that cannot be written at all (a line break in a header) raises ValueError.
        """
        self.open()
        try:
            sender, recipient = message.envelope()
            hand_over(self._connection.connection, sender, recipient, message.as_bytes())
        except ValueError:
            self.close()  # half of a message may have been announced
            raise
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            if permanent(code) and not is_about_us(words):
                raise Refused(code) from None  # the session goes on: it has been reset
            self.close()
            raise NotNow(code) from None
        except Exception as error:
            self.close()
            raise meaning(error) from None

    def open(self) -> None:
        """Connects where there is no connection yet, which may take seconds. Raises Away."""
        if self._connection is not None:
            return
        connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
        try:
            connection.open()
        except smtplib.SMTPResponseException as error:
            raise Away(error.smtp_code) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Away(type(error).__name__) from None
        self._connection = connection


def hand_over(server: smtplib.SMTP, sender: str, recipient: str, data: bytes) -> None:
    """One message in as few rounds as the server allows: sender, recipient and DATA at once (RFC 2920).

    Sender and recipient stand in angle brackets. A round to a real server takes longer than all our work on a letter.
    Raises what smtplib's sendmail raises.
    """
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("pipelining"):
        server.sendmail(sender, [recipient], data)
        return
    size = f" SIZE={len(data)}" if server.has_extn("size") else ""
    server.send(f"MAIL FROM:{sender}{size}\r\nRCPT TO:{recipient}\r\nDATA\r\n".encode("ascii"))
    sender_code, sender_words = server.getreply()
    if sender_code == CLOSING:
        raise smtplib.SMTPSenderRefused(sender_code, sender_words, sender)
    recipient_code, recipient_words = server.getreply()
    if recipient_code == CLOSING:
        raise smtplib.SMTPRecipientsRefused({recipient: (recipient_code, recipient_words)})
    data_code, data_words = server.getreply()
    taken = sender_code == 250 and recipient_code in (250, 251)
    if data_code == 354:
        server.send(re.sub(rb"(?m)^\.", b"..", data) + b".\r\n" if taken else b".\r\n")
        data_code, data_words = server.getreply()
    if taken and data_code == 250:
        return
    if data_code != CLOSING:
        server.rset()
    if sender_code != 250:
        raise smtplib.SMTPSenderRefused(sender_code, sender_words, sender)
    if not taken:
        raise smtplib.SMTPRecipientsRefused({recipient: (recipient_code, recipient_words)})
    raise smtplib.SMTPDataError(data_code, data_words)


def permanent(code: int) -> bool:
    return 500 <= code < 600


def is_about_us(words: bytes) -> bool:
    """Whether a refusal of the recipient speaks of our standing or of a full mailbox (RFC 3463: x.7.x, x.2.2).

    Neither says that there is nobody, so it is tried again for a while, and nobody is told that their address is wrong.
    """
    return re.match(rb"5\.(7\.\d+|2\.2)\b", words) is not None


def meaning(error: Exception) -> NotSent:
    """What went wrong other than with the recipient.

    A refused sender and a refusal after DATA may be about us (a signature missing, a limit reached) and would then hit
    every letter, so even a permanent one is tried again for a while before it is final.
    """
    if isinstance(error, smtplib.SMTPResponseException):
        return NotNow(error.smtp_code)
    return NotNow(type(error).__name__)
