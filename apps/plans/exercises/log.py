"""A private record of what happened, an entry a day: for oneself, never shared and never printed.

Seed elements A.prep.observations, B.s1.recurring and B.s1.signs. Whereabouts, phone and company of the other do not
belong in it; where words name them, their writer alone reads a hint, and nothing is refused.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import dates
from apps.guides.schema import Exercise
from apps.plans.exercises.base import NOWHERE, Around, Kind, Part, Shown, read, text_of
from apps.plans.exercises.forms import DayField, ExerciseForm, day_of
from apps.plans.exercises.pictures import Noticed, recurrence

BACK = timedelta(days=60)
MOST = 400  # entries: more than a year of days
# Words that mostly speak of where somebody was, their phone, or whom they were with. A hint follows, never a refusal.
THEIRS = re.compile(
    r"\b(((his|her|their|your|\w+[’']s) (phone|mobile|screen|chats?|messages?|texts?|e-?mails?|inbox|mail|bag|pockets?|"
    r"account|laptop|tablet|computer|password|passcode|code|location|calendar|receipts?|whereabouts))"
    r"|whatsapp|instagram|facebook|snapchat|tinder|gps|tracked|tracking|search history|bank statement|mileage|"
    r"followed (him|her|them)|where (he|she|they) (was|were|went)|who (he|she|they) (was|were|met)|who with|with whom|"
    r"drove past)\b",
    re.IGNORECASE,
)


def names_what_is_theirs(words: str) -> bool:
    """Do these words speak of whereabouts, a phone, or company? A plain list: it may be wrong either way."""
    return bool(THEIRS.search(words))


class LogForm(ExerciseForm):
    """One entry: its day, the guide's questions, and whether it was a good one."""

    def __init__(
        self, exercise: Exercise, data: Mapping[str, Any] | None, body: Mapping[str, Any], around: Around
    ) -> None:
        typing = body.get("typing") or {}
        super().__init__(exercise, data, {"fields": typing})
        self.before, self.today, self.entries = body, around.today, body.get("entries") or []
        own = {
            "on": DayField(
                label=_("On which day?"),
                help_text=_("Today, or a day of the last two months. One entry a day is enough."),
                required=False,
                initial=typing.get("on") or around.today,
            ),
            "good": forms.BooleanField(label=_("It was a good one"), required=False, initial=bool(typing.get("good"))),
        }
        own["on"].needed = True  # type: ignore[attr-defined]
        asked = {key: field for key, field in self.fields.items() if key not in own}
        self.fields = {"on": own["on"], **asked, "good": self.fields.get("good") or own["good"]}

    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields]

    def body(self) -> dict[str, Any]:
        """What is being typed; the entries are not the form's to change."""
        return {"typing": self.final()}

    def final(self) -> dict[str, Any]:
        """The entry."""
        on = self.cleaned_data.get("on")
        fields = super().body()["fields"]
        return {**fields, "on": on.isoformat() if on else "", "good": self.cleaned_data["good"]}

    @property
    def replaces(self) -> dict[str, Any] | None:
        """The entry that stands for the chosen day already, while its author has not said that it may go."""
        chosen = str(self["on"].data or "") if self.is_bound else ""
        if self.data.get("replace") == chosen:
            return None
        return next((entry for entry in self.entries if entry["on"] == chosen), None)

    @property
    def replaces_day(self) -> date | None:
        return day_of(self.replaces["on"]) if self.replaces else None

    @property
    def replaces_shown(self) -> list[Shown]:
        return read(self.exercise.fields, self.replaces or {})

    def require(self) -> bool:
        super().require()
        on = self.cleaned_data.get("on")
        if not on:
            self.add_error("on", _("Please choose a day."))
        elif on > self.today:
            self.add_error("on", _("Please choose today or a day before it."))
        elif on < self.today - BACK:
            self.add_error("on", _("Please choose a day of the last two months."))
        elif self.replaces:
            words = {"day": dates.day(on)}
            self.add_error(
                "on", _("There is an entry for %(day)s already. You can let this one take its place.") % words
            )
        return self.is_valid()


class Log(Kind):
    name = "log"
    record = True
    below_template = "plans/exercises/log_record.html"
    add_label = gettext_lazy("Note it")

    def form(
        self,
        exercise: Exercise,
        data: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        around: Around = NOWHERE,
    ) -> LogForm:
        return LogForm(exercise, data, body or {}, around)

    def drafted(self, body: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        return {"entries": before.get("entries") or [], "typing": body["typing"]}

    def added(self, body: Mapping[str, Any], item: dict[str, Any]) -> dict[str, Any]:
        """With the entry in the place of its day; nothing is left in the form."""
        others = [entry for entry in body.get("entries") or [] if entry["on"] != item["on"]]
        return {"entries": sorted([*others, item], key=lambda entry: str(entry["on"]))[-MOST:], "typing": {}}

    def removed(self, body: Mapping[str, Any], item: str) -> dict[str, Any]:
        """Without the entry of that day."""
        kept = [entry for entry in body.get("entries") or [] if entry["on"] != item]
        return {"entries": kept, "typing": body.get("typing") or {}}

    def begun(self, body: Any) -> bool:
        typing = (body or {}).get("typing") or {}
        return bool((body or {}).get("entries")) or any(value for key, value in typing.items() if key != "on")

    def shown(self, exercise: Exercise, body: Any) -> dict[str, Any]:
        """Adds "entries", the newest first, and "typing", what is still in the form."""
        entries = [
            {
                "on": entry["on"],
                "day": day_of(entry["on"]),
                "answers": read(exercise.fields, entry),
                "good": bool(entry.get("good")),
                "theirs": names_what_is_theirs(" ".join(str(value) for value in entry.values())),
            }
            for entry in reversed(body.get("entries") or [])
        ]
        typing = read(exercise.fields, body.get("typing") or {})
        return {"answers": typing, "items": [], "entries": entries}

    def picture(self, exercise: Exercise, parts: list[Part], today: date) -> Any:
        """How what was noted comes back over the weeks; None where nothing is noted."""
        sign = next((field for field in exercise.fields if field.kind == "choice"), None)
        noticed = [
            Noticed(
                on=day,
                sign=text_of(sign, entry[sign.key]) if sign and entry.get(sign.key) else _("In my own words"),
                good=bool(entry.get("good")),
            )
            for part in parts
            for entry in part.body.get("entries") or []
            if (day := day_of(entry["on"])) is not None
        ]
        return recurrence(noticed, today) if noticed else None
