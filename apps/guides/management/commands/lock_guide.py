from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.guides import library, lock


class Command(BaseCommand):
    help = "Publish a guide's version: write its keys and kinds to the lock. A locked version is never overwritten."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("version", type=int)

    def handle(self, *args: Any, slug: str, version: int, **options: Any) -> None:
        try:
            guide = library.find(slug, version)
            lock.write(guide)
        except library.UnknownGuide as error:
            raise CommandError(f"There is no guide {slug} v{version}.") from error
        except lock.AlreadyLocked as error:
            raise CommandError(
                f"{lock.name(guide)} is locked. Another structure is a new version: {slug}.v{version + 1}.toml."
            ) from error
        self.stdout.write(f"{lock.name(guide)} is locked now.")
