"""After a backup was restored: what becomes of the mail that was due before, and may have been sent."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.outbox import restored, tasks
from apps.outbox.models import Letter
from apps.outbox.status import Total


class Command(BaseCommand):
    help = (
        "After a restore: shows how many letters wait; --send or --drop says what becomes of them; --hold holds more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--send", action="store_true", help="They were not sent: send them.")
        choice.add_argument("--drop", action="store_true", help="They were sent, or need not be: end them.")
        choice.add_argument("--hold", action="store_true", help="Hold all that is due now, as after a restored disk.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints totals only."""
        restored.recognise()
        if options["hold"]:
            restored.doubt()
        waiting = Total("waiting", Letter.objects.filter(doubtful=True, ended_at__isnull=True).count())
        if options["send"]:
            restored.send()
            tasks.nudge()
        elif options["drop"]:
            restored.drop()
        done = "sent soon" if options["send"] else "ended" if options["drop"] else "waiting for --send or --drop"
        self.stdout.write(f"Letters that were due before a restore: {waiting}, {done}.")
