"""Forms of the walk that no guide names: the door, the focus, listening, and the wording of a proposal."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts import coaching, review
from apps.accounts.rules import zone_names
from apps.appointments.words import REFUSED
from apps.checkins import schedule
from apps.core import dates
from apps.guides.starters import Starter, loads
from apps.plans import rules
from apps.plans.exercises.forms import LONGEST, LONGEST_LINE, says_something
from apps.plans.models import RHYTHMS, Commitment, Proposal, Reflection
from apps.plans.proposals import (
    MORE_WORDS,
    THEIR_FAMILY,
    WORDS,
    Keep,
    Wording,
    Write,
    is_about_their_family,
    may_reword,
    time_problem,
    words_of,
)
from apps.spaces.models import Seat

CHOOSE = {"required": _("Please choose one.")}


def hour_choices() -> list[tuple[int, str]]:
    """The hours at which both may look back, as the person's locale writes them."""
    return [(hour, dates.whole_hour(hour)) for hour in schedule.HOURS]


class FocusForm(forms.Form):
    focus = forms.CharField(
        label=_("What is this about for you two, in one line?"),
        help_text=_("One thing. Everything else can have its own time later."),
        max_length=LONGEST_LINE,
        error_messages={"required": _("A few words are enough.")},
    )


class StartForm(forms.Form):
    """Which way to walk. Its answer is one person's alone; `unsure` takes the one that begins alone."""

    UNSURE = "unsure"
    guide = forms.ChoiceField(
        label=_("How is it between you right now?"), widget=forms.RadioSelect, error_messages=CHOOSE
    )

    def __init__(self, *args: Any, ways: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["guide"].choices = [*ways, (self.UNSURE, _("I am not sure"))]  # type: ignore[attr-defined]


class DoorForm(forms.Form):
    """The two plain questions of the door. Nothing of it is stored; only "go on" goes further."""

    ANSWERS = [("no", _("No")), ("yes", _("Yes, or sometimes")), ("unsure", _("I would rather not say"))]

    afraid = forms.ChoiceField(
        label=_("Are you ever afraid of how your partner might react to what you say?"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    harmed = forms.ChoiceField(
        label=_("Has your partner hurt you, threatened you, or kept you from leaving or seeing people?"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    understand = forms.BooleanField(
        label=_("I want to understand how it is for my partner, even where I see it differently."),
        error_messages={
            "required": _("The steps need this from both. If it is not so today, “Not now” is a good answer.")
        },
    )

    def __init__(self, *args: Any, partner: Seat | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if partner is not None:
            self.fields["understand"].label = _(
                "I want to understand how it is for %(name)s, even where I see it differently."
            ) % {"name": partner.name}
        # One answer that is not "no" is enough to be shown where help is: nothing else is asked then.
        if {self.data.get("afraid", "no"), self.data.get("harmed", "no")} & {"yes", "unsure"}:
            for field in self.fields.values():
                field.required = False

    def may_go_on(self) -> bool:
        return self.cleaned_data["afraid"] == "no" and self.cleaned_data["harmed"] == "no"


class ReflectionForm(forms.Form):
    """`sending`: the words are needed; keeping an empty draft is fine."""

    quiet_about_optional = True
    text = forms.CharField(
        label=_("In your words"),
        help_text=_("A way to begin: “What I hear is …”"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, coaching.READ_AS: coaching.LISTENING}),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=10**8)

    def __init__(self, *args: Any, sending: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sending = sending

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if self.sending and not says_something(text):
            raise forms.ValidationError(_("Please write what you heard, in a few words of your own."))
        return text


class AnswerForm(forms.Form):
    VERDICTS = [
        (Reflection.Verdict.HEARD, _("Yes, that is it")),
        (Reflection.Verdict.ALMOST, _("Almost")),
        (Reflection.Verdict.NOT_YET, _("Not yet")),
    ]
    verdict = forms.ChoiceField(
        label=_("Is that what you meant?"), choices=VERDICTS, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    missed = forms.CharField(
        label=_("What is still missing?"),
        help_text=_("One sentence is plenty."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, coaching.READ_AS: coaching.WORDS}),
    )
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1000)


class ThoughtForm(forms.Form):
    """What the other thinks of a proposal, where its author asked (B.m.silence)."""

    quiet_about_optional = True
    text = forms.CharField(
        label=_("What I think of it"),
        help_text=_("A few words, if you like. You can change them until it is agreed."),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, coaching.READ_AS: coaching.WORDS}),
    )
    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not says_something(text):
            raise forms.ValidationError(
                _("A few words are enough; no words at all is an answer too, and needs no button.")
            )
        return text


class ReducedForm(forms.Form):
    """ "I have less to give until …": a day, and no reason (A.m.external)."""

    until = forms.DateField(
        label=_("Until which day?"),
        help_text=_("Eight weeks ahead at most. It ends by itself after that day, or earlier with one press."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Please choose a day."), "invalid": _("Please choose a day.")},
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["until"].widget.attrs |= {
            "min": today.isoformat(),
            "max": (today + rules.LONGEST_REDUCED).isoformat(),
        }

    def clean_until(self) -> datetime.date:
        until: datetime.date = self.cleaned_data["until"]
        if not rules.may_reduce(until=until, today=self.today):
            raise forms.ValidationError(_("Please choose a day from today on, within the next eight weeks."))
        return until


class ReplyForm(forms.Form):
    """A reply begins with a line that takes in what the other said, in their sense; then one's own words.

    `sending`: the first line and some words are needed; an unfinished draft is fine.
    """

    quiet_about_optional = True
    BEGINNINGS = [
        _("That sounds tiring."), _("That sounds lonely."), _("That sounds hard."), _("That sounds lovely."),
        _("I can see why you feel like that."), _("I did not know that. Thank you for telling me."),
    ]  # fmt: skip
    begin = forms.ChoiceField(
        label=_("First, that you have heard it"),
        choices=[(str(number), text) for number, text in enumerate(BEGINNINGS, start=1)],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )
    understood = forms.CharField(
        label=_("Or in your words"),
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("That sounds …"), coaching.READ_AS: coaching.LISTENING}),
    )
    words = forms.CharField(
        label=_("Then what you want to say"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, coaching.READ_AS: coaching.WORDS}),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=10**8)

    def __init__(self, *args: Any, sending: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "reply_%s", **kwargs})  # beside the exercise's own form
        self.sending = sending

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        if self.sending and not says_something(clean.get("understood")) and not clean.get("begin"):
            self.add_error("begin", _("Please begin with a line that shows that you heard it."))
        if self.sending and not says_something(clean.get("words")) and "words" not in self.errors:
            self.add_error("words", _("Please add a few words here first."))
        return clean

    def body(self) -> dict[str, str]:
        """{"understood", "words"}; while it is kept for later also the line that was chosen."""
        clean = self.cleaned_data
        if not self.sending:
            return {name: clean[name] for name in ("begin", "understood", "words")}
        chosen = [str(text) for number, text in self.fields["begin"].choices if number == clean["begin"]]  # type: ignore[attr-defined]
        return {"understood": clean["understood"] or chosen[0], "words": clean["words"]}


# --- the wording of a proposal ------------------------------------------------------------------------------------


class LineForm(forms.Form):
    """One line in one's own words. An empty "what" is no line. Each kind of line asks for what it needs; what was
    written for another kind is kept in the draft, and not proposed."""

    what = forms.CharField(
        label=_("What"),
        max_length=LONGEST_LINE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, coaching.READ_AS: coaching.COMMITMENT}),
    )
    kind = forms.ChoiceField(
        label=_("What kind of line"),
        choices=Commitment.Kind.choices,
        initial=Commitment.Kind.HABIT,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )
    who = forms.ChoiceField(
        label=_("Who does it"),
        choices=[("both", _("Both of us")), ("me", _("Only me"))],
        initial="both",
        required=False,
        widget=forms.RadioSelect(attrs={"class": "chips"}),
    )
    when = forms.CharField(label=_("When, or after what"), max_length=LONGEST_LINE, required=False)
    how_often = forms.CharField(label=_("How often"), max_length=LONGEST_LINE, required=False)
    how_long = forms.CharField(label=_("How long"), max_length=LONGEST_LINE, required=False)
    how_we_know = forms.CharField(label=_("How we will know that it happened"), max_length=LONGEST_LINE, required=False)
    stressor = forms.ChoiceField(label=_("What it is about"), required=False)
    support = forms.CharField(label=_("How we support each other with it"), max_length=LONGEST_LINE, required=False)
    days = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "chips"}),
    )
    time = forms.TimeField(
        label=_("At"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Please choose a time, such as 7:30.")},
    )
    minutes = forms.IntegerField(label=_("For how many minutes"), required=False, initial=30)
    weeks = forms.IntegerField(label=_("For how many weeks"), required=False, initial=8)
    zone = forms.CharField(required=False, widget=forms.HiddenInput)
    lineage = forms.UUIDField(required=False, widget=forms.HiddenInput)

    PLACEHOLDERS = {
        "what": _("Coffee on the balcony, without phones"),
        "when": _("Saturday at 9:30"),
        "how_often": _("every week"),
        "how_long": _("half an hour"),
        "how_we_know": _("three of four Saturdays"),
        "support": _("whoever is asked says: we will tell you tomorrow"),
    }

    def __init__(self, *args: Any, partner: str = "", zone: str = "UTC", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_zone = zone  # of whoever writes; a line that has its own keeps it
        self.said_before: frozenset[str] = frozenset()
        for name, text in self.PLACEHOLDERS.items():
            self.fields[name].widget.attrs["placeholder"] = text
        for name in ("minutes", "weeks"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        self.fields["stressor"].choices = stressor_choices(partner)  # type: ignore[attr-defined]
        for name in ("what", "kind", "who", *LineForm.NEEDED):
            self.fields[name].needed = True  # type: ignore[attr-defined]

    NEEDED = {
        "stressor": _("What is it about? Please choose one."),
        "days": _("Please choose at least one day."),
        "time": _("Please choose a time, such as 7:30."),
        "minutes": _("How many minutes?"),
        "weeks": _("For how many weeks?"),
    }

    def filled(self) -> bool:
        """Is there anything in it? What stands in it by itself (a kind, half an hour) does not count."""
        values = (self[name].value() or "" for name in (*WORDS, "stressor", "support", "days", "time"))
        return any(str(value).strip() for value in values)

    def clean_zone(self) -> str:
        """The zone the line was first written in; the writer's own where it has none."""
        zone: str = self.cleaned_data["zone"]
        return zone if zone in zone_names() else self.own_zone

    def clean_kind(self) -> str:
        return str(self.cleaned_data["kind"] or Commitment.Kind.HABIT)

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        kind = clean.get("kind", Commitment.Kind.HABIT)
        if kind not in MORE_WORDS:  # what was written for another kind is no mistake in this one
            for name in {name for names in MORE_WORDS.values() for name in names} & set(self.errors):
                del self.errors[name]
        if not self.filled():
            return clean
        if "what" not in self.errors and not says_something(clean.get("what")):
            self.add_error("what", _("What would happen? A few words are enough."))
        elif kind not in MORE_WORDS and not (clean.get("when") or clean.get("how_often")):
            self.add_error("when", _("When, or how often? A small plan has a time or a moment it follows."))
        for name in MORE_WORDS.get(kind, ()):
            if name in self.NEEDED and name not in self.errors and clean.get(name) in (None, "", []):
                self.add_error(name, self.NEEDED[name])
        if kind == Commitment.Kind.APPOINTMENT:
            self.check_length(clean)
        if is_about_their_family(kind, clean):
            self.add_error("stressor" if clean.get("stressor") == rules.YOUR_FAMILY else "what", THEIR_FAMILY)
        return clean

    def check_length(self, clean: dict[str, Any]) -> None:
        """A fixed time that is no nonsense: some minutes, some weeks, neither without end."""
        if all(clean.get(name) not in (None, "", []) for name in ("days", "minutes", "weeks")):
            problem = time_problem(Commitment.Kind.APPOINTMENT, clean)
            if problem:
                self.add_error({"end": "minutes"}.get(problem, problem), REFUSED[problem])

    def line(self) -> Write:
        clean = self.cleaned_data
        said = clean | {"time": f"{clean['time']:%H:%M}" if clean.get("time") else ""}
        return Write(
            words=words_of(clean["kind"], said),
            for_both=clean["who"] != "me",
            kind=clean["kind"],
            lineage=clean["lineage"],
        )


def stressor_choices(partner: str) -> list[tuple[str, str]]:
    """What a boundary can be about, as the guides name it. The other's family can be named, to learn who words it."""
    named = {key: gettext(label) for key, label in loads().items()}
    if partner:
        named[rules.YOUR_FAMILY] = gettext("%(name)s’s family") % {"name": partner}
    return [("", gettext("Please choose")), *named.items()]


class FollowUpForm(forms.Form):
    date = forms.DateField(
        label=_("We look back on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Please choose a day."), "invalid": _("Please choose a day.")},
    )
    hour = forms.TypedChoiceField(label=_("at"), coerce=int, choices=hour_choices, initial=18)
    rhythm = forms.ChoiceField(label=_("and then"), choices=RHYTHMS, initial="2w")
    wishes = forms.CharField(
        label=_("Is there something you would wish for from the other?"),
        help_text=_("One wish a line. It becomes a line of the plan only if they write it themselves."),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, coaching.READ_AS: coaching.WORDS}),
    )
    asks = forms.BooleanField(label=_("Add one open question: “What do you think of it?”"), required=False)
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=10**8)

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_date(self) -> datetime.date:
        chosen: datetime.date = self.cleaned_data["date"]
        if chosen <= self.today:
            raise forms.ValidationError(_("Please choose a day that is still to come."))
        if chosen > self.today + datetime.timedelta(days=92):
            raise forms.ValidationError(_("Please choose a day within the next three months."))
        return chosen


class Editor:
    """The whole page on which one words a proposal: lines of one's own, the other's lines to keep, the look back.

    `newest`: the proposal this one follows. `dropped`: lineages to leave out, from the last look back. `raw`: what was
    typed before and kept as a draft. `data`: what was just posted. `start`: a small thing for the first empty line.
    """

    def __init__(
        self,
        *,
        seat: Seat,
        today: datetime.date,
        newest: Proposal | None,
        data: Mapping[str, Any] | None = None,
        raw: Mapping[str, str] | None = None,
        dropped: frozenset[UUID] = frozenset(),
        start: Starter | None = None,
    ) -> None:
        self.seat, self.newest = seat, newest
        before = list(newest.commitments.all()) if newest else []
        mine = [line for line in before if may_reword(line, seat)]
        theirs = [line for line in before if line not in mine]
        kept = [line for line in mine if line.lineage not in dropped]
        self.lines = [
            self.line_form(slot, data, self.line_initial(slot, kept, raw)) for slot in range(rules.MOST_LINES)
        ]
        for form in self.lines:  # the coach has nothing to say to what stands in the newest version already
            form.said_before = frozenset(line.words["what"] for line in before)
        if start is not None:
            self.begin_with(start)
        self.theirs = [(line, self.keeps(line, data, raw, dropped)) for line in theirs]
        base = newest.number if newest else 0
        self.follow_up = FollowUpForm(data, today=today, initial=self.follow_up_initial(today, raw) | {"base": base})
        self.problem = ""

    def line_form(self, slot: int, data: Mapping[str, Any] | None, initial: dict[str, Any]) -> LineForm:
        partner = self.seat.other.name if self.seat.other else ""
        zone = self.seat.user.time_zone
        return LineForm(data, prefix=f"line-{slot}", initial=initial, partner=partner, zone=zone)

    def begin_with(self, start: Starter) -> None:
        """Put a small thing to start from into the first empty line; nowhere where all are in use."""
        empty = next((slot for slot, form in enumerate(self.lines) if not form.filled()), None)
        if empty is not None:
            more = set(MORE_WORDS.get(start.kind, ())) - {"zone"}  # type: ignore[call-overload]
            initial = {name: getattr(start, name) for name in ("kind", "who", *more)}
            initial |= {name: gettext(getattr(start, name)) for name in (*WORDS, "support") if getattr(start, name)}
            self.lines[empty] = self.line_form(empty, None, initial)

    @staticmethod
    def line_initial(slot: int, kept: list[Commitment], raw: Mapping[str, str] | None) -> dict[str, Any]:
        if raw is not None:
            typed = {name: raw.get(f"line-{slot}-{name}") for name in LineForm.base_fields}
            initial: dict[str, Any] = {name: text for name, text in typed.items() if text}
            return initial | ({"days": initial["days"].split(",")} if "days" in initial else {})
        if slot >= len(kept):
            return {}
        line = kept[slot]
        who = "me" if line.for_seat_id else "both"
        return {**line.words, "kind": line.kind, "who": who, "lineage": line.lineage}

    @staticmethod
    def keeps(
        line: Commitment, data: Mapping[str, Any] | None, raw: Mapping[str, str] | None, dropped: frozenset[UUID]
    ) -> bool:
        name = keep_name(line.lineage)
        if data is not None:
            return name in data
        if raw is not None:
            return name in raw
        return line.lineage not in dropped

    def follow_up_initial(self, today: datetime.date, raw: Mapping[str, str] | None) -> dict[str, Any]:
        names = ("date", "hour", "rhythm", "wishes", "asks")
        if raw is not None:
            return {name: raw[name] for name in names if name in raw}
        initial: dict[str, Any] = {"date": today + datetime.timedelta(days=14)}
        if self.newest is not None:
            initial |= {"hour": self.newest.follow_up_hour, "rhythm": self.newest.rhythm}
            if self.newest.follow_up_date > today + datetime.timedelta(days=1):
                initial["date"] = self.newest.follow_up_date
            if self.newest.seat_id == self.seat.pk:
                initial["wishes"] = "\n".join(self.newest.wishes)
        return initial

    def slots(self) -> Iterator[dict[str, Any]]:
        """The lines for the page; the empty ones after the first are folded away."""
        for number, form in enumerate(self.lines, start=1):
            yield {"number": number, "form": form, "folded": number > 1 and not form.filled() and not form.errors}

    @property
    def forms(self) -> list[forms.Form]:
        """All that is filled in on the page."""
        return [*self.lines, self.follow_up]

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in self.forms]  # each is asked, so that each says what is wrong with it
        return all(valid)

    @property
    def errors(self) -> bool:
        return bool(self.problem) or any(form.errors for form in self.forms)

    def wording(self) -> Wording:
        """What is proposed; only after `is_valid()`."""
        clean = self.follow_up.cleaned_data
        own = [form.line() for form in self.lines if form.filled()]
        kept = [Keep(line.lineage) for line, keep in self.theirs if keep]
        return Wording(
            lines=[*own, *kept],
            follow_up_date=clean["date"],
            follow_up_hour=clean["hour"],
            follow_up_zone=self.seat.user.time_zone,
            rhythm=clean["rhythm"],
            wishes=[wish.strip() for wish in clean["wishes"].splitlines() if wish.strip()][:5],
            asks=clean["asks"],
        )


def keep_name(lineage: UUID) -> str:
    return f"keep-{lineage}"


NOT_TYPED = {"csrfmiddlewaretoken", "revision", "base", "start", "show", "show-kind", "show-need"}
NOT_TYPED |= {review.SEEN, review.NOT_HELPFUL}


def raw_of(data: QueryDict) -> dict[str, str]:
    """What was typed, as it was typed, to be kept as a draft: every field but the token and the numbers behind it."""
    return {
        key: ",".join(data.getlist(key))[:LONGEST] for key in data if key not in NOT_TYPED and any(data.getlist(key))
    }
