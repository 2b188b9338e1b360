"""A real SMTP server whose answers a test can choose, and the letters that these tests post."""

import email
import email.policy
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from apps.outbox import actions
from apps.outbox.kinds import Decision, Mail, Send
from apps.outbox.models import Letter

CUT = "cut the line after the final dot"


class Sink:
    """Takes mail like a server; `answers` to RCPT and what to do `after_data` can be chosen for each address."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.after_data: dict[str, str] = {}
        self.sender_answer = ""
        self.pipelining = True
        self.asked: dict[str, int] = defaultdict(int)
        self.sessions = 0
        self.on_data: Callable[[EmailMessage], None] = lambda message: None

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: Any) -> Any:
        self.sessions += 1
        session.host_name = hostname
        more = ["250-PIPELINING"] if self.pipelining else []
        return [*responses[:-1], *more, responses[-1]]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.asked[address] += 1
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.on_data(message)
        todo = self.after_data.pop(envelope.rcpt_tos[0], "")
        if todo and todo != CUT:
            return todo
        self.received.append(message)
        if todo == CUT:
            server.transport.close()
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.received if message["To"] == address]


class Rules:
    """What the test's kind decides and renders; a test replaces either."""

    def __init__(self) -> None:
        self.decide: Callable[[Letter, Any], Decision] = lambda letter, now: Send()
        self.render: Callable[[Letter, Any], Mail] = lambda letter, now: Mail(
            "Something for you", f"Text {letter.payload.get('code', '')}\n", "<p>HTML</p>"
        )


def post(occurrence: str = "1", *, due_in: timedelta = timedelta(0), **values: Any) -> Letter:
    now = timezone.now()
    if "recipient" not in values:
        values.setdefault("address", f"{occurrence}@example.org")
    return actions.post(
        kind="test", occurrence=occurrence, due_at=now + due_in - timedelta(seconds=1), now=now, **values
    )


def again(letter: Letter) -> Letter:
    """The letter as it is now, its next attempt brought forward to this instant."""
    Letter.objects.filter(pk=letter.pk, retry_at__isnull=False).update(retry_at=Now() - timedelta(seconds=1))
    return Letter.objects.get(pk=letter.pk)


def lease_runs_out(*letters: Letter) -> None:
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(claimed_until=Now() - timedelta(seconds=1))
