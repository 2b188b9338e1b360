from functools import cached_property
from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages

from apps.coach import wording as coach
from apps.guides import wording as guides


class BuildFile(makemessages.BuildFile):
    """One file for xgettext; a data file of wording becomes lines of Python first, as a template does."""

    @cached_property
    def is_data(self) -> bool:
        return Path(self.path).suffix == ".toml"

    def preprocess(self) -> None:
        if self.is_data:
            path = Path(self.path)
            Path(self.work_path).write_text(guides.as_source(path) + coach.as_source(path), encoding="utf-8")
        else:
            super().preprocess()


class Command(makemessages.Command):
    help = makemessages.Command.help + " The guides' and the coach's wording is among it."
    build_file_class = BuildFile

    def handle(self, *args: Any, **options: Any) -> None:
        if options["domain"] == "django" and not options["extensions"]:
            options["extensions"] = ["html", "txt", "py", "toml"]
        super().handle(*args, **options)
