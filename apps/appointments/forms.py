"""The forms of times for two: what one suggests or offers, one's own hours, and how one is right before a talk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts import coaching
from apps.appointments import rules, words
from apps.appointments.actions import Words
from apps.appointments.rules import Hours
from apps.appointments.schedule import Option
from apps.core import dates

PLACES = range(1, rules.MOST_TIMES + 1)
MARGIN = timedelta(days=2)
LONGEST_WORDS, LONGEST_NOTE = 200, 2000
MOST_OF_ONES_OWN = 10


class Writing(forms.CharField):
    """A text in one's own words. The browser would cut what is pasted, without a word; here the server says it."""

    def __init__(self, *, rows: int = 0, reading: str = "", **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        super().__init__(required=False, widget=widget, **options)
        if reading:
            coaching.reads(self, reading)
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class TimesForm(forms.Form):
    """Up to three times, a place, what to see to beforehand, a few words. `seen` is the newest offer on the page."""

    use_required_attribute = False
    quiet_about_optional = True

    seen = forms.IntegerField(min_value=0, max_value=2**15 - 1, required=False, widget=forms.HiddenInput)
    place = Writing(label=_("Where?"), max_length=LONGEST_WORDS)
    checklist = forms.MultipleChoiceField(
        label=_("What we see to beforehand"), required=False, widget=forms.CheckboxSelectMultiple
    )
    more = Writing(
        label=_("And something of my own"), help_text=_("One thing on each line."), max_length=LONGEST_NOTE, rows=2
    )
    note = Writing(label=_("A few words with it"), max_length=LONGEST_NOTE, rows=2, reading=coaching.WORDS)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        zone: str,
        now: datetime,
        minutes: int,
        on_the_list: Sequence[str] = (),
        **options: Any,
    ) -> None:
        self.zone, self.now, self.minutes = zone, now, minutes
        super().__init__(data, **options)
        for place in PLACES:
            self.fields[f"date_{place}"] = forms.DateField(
                label=_("Day"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
            self.fields[f"time_{place}"] = forms.TimeField(
                label=_("From"),
                required=False,
                widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                error_messages={"invalid": _("Please choose an hour, such as 18:30.")},
            )
        self.list: list[tuple[str, str | Promise]] = [
            (str(number), text) for number, text in enumerate(words.CHECKLIST) if str(text) not in on_the_list
        ]
        self.fields["checklist"].choices = self.list  # type: ignore[attr-defined]

    def each_time(self) -> Iterator[tuple[int, forms.BoundField, forms.BoundField, bool]]:
        """For each place: its number, the two fields, and whether it is shown unfolded."""
        for place in PLACES:
            day, hour = self[f"date_{place}"], self[f"time_{place}"]
            yield place, day, hour, place == 1 or bool(day.value() or hour.value() or day.errors or hour.errors)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.options: list[Option] = []
        for place in PLACES:
            self._clean_time(place)
        if not self.options and not self.errors:
            self.add_error("date_1", _("Choose at least one day and hour."))
        return given

    def _clean_time(self, place: int) -> None:
        day, hour = f"date_{place}", f"time_{place}"
        if day in self.errors or hour in self.errors:
            return
        chosen, at = self.cleaned_data[day], self.cleaned_data[hour]
        if chosen is None and at is None:
            return
        if chosen is None:
            self.add_error(day, _("Please choose a day."))
        elif at is None:
            self.add_error(hour, _("Please choose an hour, such as 18:30."))
        else:
            option = Option(chosen, at.replace(second=0, microsecond=0), self.zone)
            if problem := self._problem(option):
                self.add_error(day, words.REFUSED[problem])
            else:
                self.options.append(option)

    def _problem(self, option: Option) -> str:
        """The days far off are told by the calendar alone: at the ends of all time there is no instant."""
        today = self.now.date()
        if option.local_date < today - MARGIN:
            return "past"
        if option.local_date > today + rules.FURTHEST + MARGIN:
            return "far"
        return rules.time_problem(option.instant, self.now)

    def clean_more(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["more"].splitlines() if line.strip()]
        if len(lines) > MOST_OF_ONES_OWN or any(len(line) > LONGEST_WORDS for line in lines):
            raise forms.ValidationError(_("Ten short lines at most, please."))
        return lines

    def words(self) -> Words:
        """What was written beside the times."""
        chosen = [str(text) for key, text in self.list if key in self.cleaned_data["checklist"]]
        return Words(self.cleaned_data["place"], chosen + self.cleaned_data["more"], self.cleaned_data["note"])


class ProposalForm(TimesForm):
    """A new suggestion: what for, what it is called, how long."""

    purpose = forms.ChoiceField(
        label=_("What for?"),
        choices=[(one, words.TITLES[one]) for one in rules.PURPOSES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
    title = Writing(label=_("What we call it"), help_text=_("It can stay empty."), max_length=LONGEST_WORDS)
    length = forms.IntegerField(
        label=_("How many minutes?"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": words.REFUSED["minutes"], "invalid": words.REFUSED["minutes"]},
    )

    def clean_length(self) -> int:
        minutes: int = self.cleaned_data["length"]
        if problem := rules.minutes_problem(minutes):
            raise forms.ValidationError(words.REFUSED[problem])
        self.minutes = minutes
        return minutes


class HoursForm(forms.Form):
    """One's own hours. All hours are whole ones: this is a hint, no timetable."""

    use_required_attribute = False
    quiet_about_optional = True

    evening_ends = forms.TypedChoiceField(label=_("My evening ends at about"), coerce=int)
    morning_begins = forms.TypedChoiceField(label=_("My morning begins at about"), coerce=int)
    work_ends = forms.TypedChoiceField(label=_("My work ends at about"), coerce=int, empty_value=None, required=False)
    work_days = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        choices=list(WEEKDAYS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
    )

    def __init__(self, data: QueryDict | None = None, *, hours: Hours) -> None:
        super().__init__(
            data,
            initial={
                "evening_ends": hours.evening_ends,
                "morning_begins": hours.morning_begins,
                "work_ends": hours.work_ends,
                "work_days": hours.work_days,
            },
        )
        for name, among in (("evening_ends", range(17, 25)), ("morning_begins", range(4, 13))):
            self.fields[name].choices = hours_among(among)  # type: ignore[attr-defined]
        self.fields["work_ends"].choices = [("", _("No hint about work")), *hours_among(range(1, 24))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("work_ends") is not None and not given.get("work_days") and "work_days" not in self.errors:
            self.add_error("work_days", _("On which days? Choose at least one, or no hint about work."))
        return given

    def hours(self) -> Hours:
        """What was chosen; days without an hour are no hint about work."""
        given = self.cleaned_data
        days = tuple(sorted(given["work_days"])) if given["work_ends"] is not None else ()
        return Hours(given["evening_ends"], given["morning_begins"], given["work_ends"], days)


def hours_among(hours: range) -> list[tuple[int, str | Promise]]:
    """Whole hours as the person's locale writes them; the day ends at midnight."""
    return [(hour, _("midnight") if hour == 24 else dates.whole_hour(hour)) for hour in hours]


class ReadinessForm(forms.Form):
    """How am I right now? Answered alone, kept nowhere."""

    quiet_about_optional = True

    feelings = forms.MultipleChoiceField(
        label=_("Right now I am …"),
        choices=words.FEELINGS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
    )
