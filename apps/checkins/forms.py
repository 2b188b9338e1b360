"""The form of a look back, and the one for one's own intentions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.checkins import measures, moments, rules
from apps.checkins.actions import Answers
from apps.checkins.models import Review
from apps.checkins.queries import Line
from apps.checkins.schedule import HOURS, USUAL
from apps.core import dates

WENT_CHOICES = [("well", _("Went well")), ("partly", _("Partly")), ("not", _("Not yet"))]
RHYTHM_CHOICES = [
    ("once", _("Only this once")),
    ("1w", _("Every week")),
    ("2w", _("Every two weeks")),
    ("3w", _("Every three weeks")),
    ("4w", _("Every four weeks")),
    ("monthly", _("Once a month")),
]


def hour_choices() -> list[tuple[int, str]]:
    """The hours that can be chosen, as the person's locale writes them."""
    return [(hour, dates.whole_hour(hour)) for hour in HOURS]


FURTHEST = timedelta(days=366)
MOST_INTENTIONS = 3


class Writing(forms.CharField):
    """A text in one's own words, up to 10,000 characters; line ends as browsers send them are made one."""

    def __init__(self, *, one_line: bool = False, **options: Any) -> None:
        super().__init__(
            required=options.pop("required", False),
            max_length=rules.LONGEST_TEXT,
            widget=forms.TextInput() if one_line else forms.Textarea(attrs={"rows": 3}),
            **options,
        )
        # The browser would cut what is pasted, without a word; the server says it and keeps everything.
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class Tap(forms.ChoiceField):
    """One of three. Only the final answer insists on it; what is saved on the way may leave it open."""

    def __init__(self, *, final: bool, **options: Any) -> None:
        self.final = final
        super().__init__(
            choices=WENT_CHOICES,
            widget=forms.RadioSelect(attrs={"class": "chips"}),
            error_messages={"required": _("Please choose one.")},
            **options,
        )

    def validate(self, value: Any) -> None:
        if value or self.final:
            super().validate(value)


class Scale(forms.TypedChoiceField):
    """One tap from 1 to 5, between two words; may be left open, which the words above all six say once."""

    needed = True  # so that “if you like” does not stand at each

    def __init__(self, words: measures.Words, **options: Any) -> None:
        self.low, self.high = words.low, words.high
        super().__init__(
            label=words.question,  # type: ignore[arg-type]  # a lazy text, as every label is
            choices=[(value, str(value)) for value in range(rules.LOWEST, rules.HIGHEST + 1)],
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect(attrs={"class": "scale"}),
            **options,
        )


@dataclass(frozen=True)
class LineFields:
    """One line with its three fields, and what was saved of it elsewhere meanwhile."""

    line: Line
    went: forms.BoundField
    supportive: forms.BoundField
    hard: forms.BoundField
    elsewhere: dict[str, str]

    @property
    def more(self) -> bool:
        """Whether something is written (or wrong) in the two longer answers, so that they are shown at once."""
        return any(field.value() or field.errors for field in (self.supportive, self.hard))


class ReviewForm(forms.Form):
    """How it went: a good moment first, then one tap a line. With `final` every line wants its tap."""

    use_required_attribute = False

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    good_moment = Writing(
        label=_("A good moment in these days"),
        help_text=_("If one comes to mind. It may be very small."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        lines: Sequence[Line],
        review: Review | None,
        rated: Mapping[str, int],
        final: bool = False,
        elsewhere: bool = False,
    ) -> None:
        self.lines, self.review, self.rated, self.elsewhere = lines, review, rated, elsewhere
        saved = review.answers if review else {}
        first = {"revision": review.revision if review else 0, "good_moment": review.good_moment if review else ""}
        super().__init__(data, initial=first)
        for line in lines:
            kept = saved.get(str(line.id), {})
            self.fields[f"went-{line.position}"] = Tap(
                final=final, label=_("How did it go?"), initial=kept.get("went", "")
            )
            for name, label in (("supportive", _("What felt supportive?")), ("hard", _("What was hard?"))):
                self.fields[f"{name}-{line.position}"] = Writing(label=label, initial=kept.get(name, ""))
        for words in measures.ALL:
            self.fields[f"rate-{words.name}"] = Scale(words, initial=rated.get(words.name))

    def each_measure(self) -> Iterator[forms.BoundField]:
        """The six private ratings."""
        for words in measures.ALL:
            yield self[f"rate-{words.name}"]

    def each_line(self) -> Iterator[LineFields]:
        """The lines with their fields, in order."""
        saved = self.review.answers if self.review and self.elsewhere else {}
        for line in self.lines:
            yield LineFields(
                line,
                self[f"went-{line.position}"],
                self[f"supportive-{line.position}"],
                self[f"hard-{line.position}"],
                self._differences(line, saved.get(str(line.id), {})),
            )

    def _differences(self, line: Line, saved: dict[str, str]) -> dict[str, str]:
        return {name: text for name, text in saved.items() if text and self[f"{name}-{line.position}"].value() != text}

    def good_moment_elsewhere(self) -> str:
        """The good moment that was saved on another page meanwhile, where it is another one."""
        if self.review is None or not self.elsewhere or self["good_moment"].value() == self.review.good_moment:
            return ""
        return self.review.good_moment

    def answers(self) -> Answers:
        """What was written. Answers to lines that rest by now are kept as they were."""
        lines = dict(self.review.answers) if self.review else {}
        for line in self.lines:
            lines[str(line.id)] = {
                name: self.cleaned_data[f"{name}-{line.position}"] for name in ("went", "supportive", "hard")
            }
        given = {name: self.cleaned_data[f"rate-{name}"] for name in rules.MEASURES}
        # A tap cannot be taken back in a browser, only changed; so what is not sent (an older page) stays as it was.
        ratings = {name: value or self.rated.get(name) for name, value in given.items()}
        return Answers(
            lines=lines,
            good_moment=self.cleaned_data["good_moment"],
            ratings={name: value for name, value in ratings.items() if value},
        )


class IntentionsForm(forms.Form):
    """One to three things for oneself, and when to look back."""

    use_required_attribute = False

    local_date = forms.DateField(
        label=_("Look back on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hour = forms.TypedChoiceField(label=_("At about"), choices=hour_choices, coerce=int)
    rhythm = forms.ChoiceField(label=_("And then"), choices=RHYTHM_CHOICES)

    def __init__(self, data: QueryDict | None = None, *, today: date, lines: Sequence[Line] = (), **first: Any) -> None:
        self.today = today
        super().__init__(data, initial={"local_date": today + timedelta(days=14), "hour": 19, "rhythm": USUAL, **first})
        for number in range(1, MOST_INTENTIONS + 1):
            words = lines[number - 1].words if number <= len(lines) else {}
            self.fields[f"what-{number}"] = Writing(
                label=_("What would you like to do?") if number == 1 else _("And something else?"),
                help_text=_("Small enough to do on a tired day.") if number == 1 else _("Only if you like."),
                required=number == 1,
                initial=words.get("what", ""),
                error_messages={"required": _("Write at least one thing that you would like to do.")},
            )
            self.fields[f"when-{number}"] = Writing(
                label=_("When would be a good moment for it?"), one_line=True, initial=words.get("when", "")
            )

    def clean_local_date(self) -> date:
        chosen: date = self.cleaned_data["local_date"]
        if not self.today < chosen <= self.today + FURTHEST:
            raise forms.ValidationError(_("Choose a day from tomorrow on, within a year."))
        return chosen

    def each_intention(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The pairs of fields, in order."""
        for number in range(1, MOST_INTENTIONS + 1):
            yield self[f"what-{number}"], self[f"when-{number}"]

    def intentions(self) -> list[dict[str, str]]:
        """The lines that have words."""
        found = [
            {name: self.cleaned_data[f"{name}-{number}"] for name in ("what", "when")}
            for number in range(1, MOST_INTENTIONS + 1)
        ]
        return [words for words in found if words["what"]]


class NoticedForm(forms.Form):
    """A small moment: one tap, and a few words of one's own where one likes."""

    use_required_attribute = False

    moment = forms.ChoiceField(
        label=_("What was it?"),
        choices=[*moments.WORDS.items()],
        widget=forms.RadioSelect(attrs={"class": "chips"}),
        error_messages={"required": _("Please choose one."), "invalid_choice": _("Please choose one.")},
    )
    words = Writing(label=_("A few words, so that you find it again"), one_line=True)


class UnmarkForm(forms.Form):
    """Which of my marks goes away."""

    on = forms.DateField()
    moment = forms.ChoiceField(choices=[(name, name) for name in rules.MOMENTS], required=False)


class SnoozeForm(forms.Form):
    """In how many days to be reminded again; each is a button."""

    WORDS = {1: _("Tomorrow"), 3: _("In three days"), 7: _("In a week")}

    days = forms.TypedChoiceField(coerce=int)

    def __init__(self, data: QueryDict | None = None, *, days: Sequence[int]) -> None:
        super().__init__(data)
        self.fields["days"].choices = [(one, self.WORDS[one]) for one in days]  # type: ignore[attr-defined]
