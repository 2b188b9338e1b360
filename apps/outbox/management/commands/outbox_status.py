"""How the outbox does, in totals: what the operator's page shows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.outbox.status import status


class Command(BaseCommand):
    help = "Shows how many letters are due, late, held, sent, failed and not wanted. Totals only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--metrics", action="store_true", help="In Prometheus' text format.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line a total, and how late the latest one in a hundred was."""
        found = status()
        if options["metrics"]:
            self.stdout.write(found.metrics(), ending="")
            return
        for total in found.totals:
            self.stdout.write(f"{total.name:>12}  {total}")
        late = "too few to say" if found.lateness is None else f"{found.lateness} s"
        self.stdout.write(f"{'p99 lateness':>12}  {late}")
