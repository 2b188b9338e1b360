"""A deck of small ideas: each picks in secret, and only what both picked is ever shown.

Played in rounds: the picks of a round are compared once both have finished it. Either may put ideas of their own into
the deck, for both, and both see when something that matched was last done (seed elements A.s6.novel_play,
B.s3.enjoyment).
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.guides.schema import Exercise, Idea
from apps.plans.exercises.base import NOWHERE, Around, Kind
from apps.plans.exercises.forms import DayField, ExerciseForm, SomeChoices, says_something

LENGTHS = (
    (gettext_lazy("Up to half an hour"), 0, 30),
    (gettext_lazy("About an hour"), 30, 75),
    (gettext_lazy("A longer while"), 75, 10_000),
)
ANY = ("", gettext_lazy("any"))
COSTS = [
    ("none", gettext_lazy("no money")),
    ("little", gettext_lazy("a little money")),
    ("some", gettext_lazy("some money")),
]
ENERGIES = [("low", gettext_lazy("little")), ("medium", gettext_lazy("some")), ("high", gettext_lazy("a lot"))]
NOVELTIES = [("known", gettext_lazy("something known")), ("new", gettext_lazy("something new"))]
TIMES = [("30", gettext_lazy("half an hour")), ("75", gettext_lazy("about an hour")), ("999", gettext_lazy("longer"))]
FILTERS: dict[str, tuple[Any, list[tuple[str, Any]]]] = {
    "time": (
        gettext_lazy("Time"),
        [("30", gettext_lazy("up to half an hour")), ("75", gettext_lazy("up to an hour or so"))],
    ),
    "cost": (gettext_lazy("Money"), [("none", gettext_lazy("none")), ("little", gettext_lazy("a little at most"))]),
    "energy": (gettext_lazy("Energy"), [("low", gettext_lazy("little")), ("medium", gettext_lazy("not too much"))]),
    "novelty": (gettext_lazy("New or known"), [("new", gettext_lazy("new")), ("known", gettext_lazy("known"))]),
}
OWN = "own-"
LONGEST_IDEA = 160


def fits(idea: Idea, filters: Mapping[str, str]) -> bool:
    """Does this idea pass what somebody filters by? An unset filter lets everything through."""
    at_most = {"cost": ["none", "little"], "energy": ["low", "medium"]}
    if filters.get("time") and idea.minutes > int(filters["time"]):
        return False
    for name, order in at_most.items():
        wanted = filters.get(name)
        if wanted and getattr(idea, name) not in order[: order.index(wanted) + 1]:
            return False
    return filters.get("novelty") in (None, "", idea.novelty)


class DeckForm(ExerciseForm):
    """`picks`: keys of ideas, none is an answer too; a filter for what the page shows; the round they are for."""

    def __init__(
        self,
        exercise: Exercise,
        data: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        around: Around = NOWHERE,
    ) -> None:
        super().__init__(exercise, data, body)
        self.around, kept = around, body or {}
        self.ideas = {idea.key: idea for idea in (*around.own_ideas, *exercise.deck)}
        same_round = kept.get("round", around.round) == around.round
        self.fields["picks"] = Picks(
            label=_("What would you enjoy?"),
            at_most=exercise.items_at_most,
            choices=[(key, idea.text) for key, idea in self.ideas.items()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=[key for key in kept.get("picks", []) if key in self.ideas] if same_round else [],
        )
        for name, (label, choices) in FILTERS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[ANY, *choices],
                required=False,
                initial=(kept.get("filters") or {}).get(name, ""),
            )
        self.fields["round"] = forms.IntegerField(
            required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput, initial=around.round
        )

    def filter_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in FILTERS]

    @property
    def filtered(self) -> bool:
        return any(self[name].value() for name in FILTERS)

    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The cards with their headings: what is picked already, ideas of your own, then by the time they take.

        What is picked stays on the page whatever is filtered, so that no pick is lost.
        """
        filters = {name: str(self[name].value() or "") for name in FILTERS}
        cards = [self.card(one) for one in self["picks"]]
        picked = [card for card in cards if card["picked"]]
        left = [card for card in cards if not card["picked"] and fits(card["idea"], filters)]
        own = [card for card in left if card["idea"].key.startswith(OWN)]
        found = [(_("Picked so far"), picked), (_("Ideas of your own"), own)]
        for heading, least, most in LENGTHS:
            rest = [card for card in left if card not in own and least < card["idea"].minutes <= most]
            found.append((str(heading), rest))
        return [(heading, some) for heading, some in found if some]

    def card(self, option: Any) -> dict[str, Any]:
        idea = self.ideas[str(option.data["value"])]
        return {
            "option": option,
            "idea": idea,
            "picked": option.data["selected"],
            "last_done": self.around.last_done.get(idea.key),
        }

    def body(self) -> dict[str, Any]:
        filters = {name: self.cleaned_data[name] for name in FILTERS if self.cleaned_data.get(name)}
        return self.final() | ({"filters": filters} if filters else {})

    def final(self) -> dict[str, Any]:
        """The picks alone: what one filters by is shared with nobody."""
        number = self.cleaned_data.get("round")
        return {"picks": sorted(self.cleaned_data["picks"])} | ({"round": number} if number else {})


class Picks(SomeChoices):
    """Keys of cards. A pick of an idea that was taken out of the deck meanwhile is no mistake of the person's."""

    def to_python(self, value: Any) -> list[str]:
        return [key for key in super().to_python(value) if self.valid_value(key) or not key.startswith(OWN)]


class OwnIdeaForm(forms.Form):
    """An idea of one's own for the deck of both."""

    text = forms.CharField(label=gettext_lazy("We could …"), max_length=LONGEST_IDEA, required=False)
    minutes = forms.ChoiceField(
        label=gettext_lazy("About how long?"),
        choices=[("20", TIMES[0][1]), ("60", TIMES[1][1]), ("120", TIMES[2][1])],
        initial="20",
    )
    cost = forms.ChoiceField(label=gettext_lazy("Money"), choices=COSTS, initial="none")
    energy = forms.ChoiceField(label=gettext_lazy("Energy"), choices=ENERGIES, initial="low")
    novelty = forms.ChoiceField(label=gettext_lazy("New or known"), choices=NOVELTIES, initial="known")
    quiet_about_optional = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "own_%s", **kwargs})  # beside the deck's own form, which asks the same

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not says_something(text):
            raise forms.ValidationError(_("Please add a few words here first."))
        return text

    def body(self) -> dict[str, Any]:
        clean = self.cleaned_data
        return {**clean, "minutes": int(clean["minutes"])}


class DoneForm(forms.Form):
    """ "We did this on …"."""

    idea = forms.CharField(max_length=80, widget=forms.HiddenInput)
    on = DayField(label=gettext_lazy("We did this on"), required=True)


def own_idea(key: str, body: Mapping[str, Any]) -> Idea:
    """An idea that one of the two put into the deck, as a card like the others."""
    return Idea(
        key=f"{OWN}{key}",
        text=body["text"],
        minutes=body["minutes"],
        cost=body["cost"],
        energy=body["energy"],
        novelty=body["novelty"],
    )


class Deck(Kind):
    name = "deck"
    joins = True
    above_template = "plans/exercises/deck_matches.html"
    below_template = "plans/exercises/deck_own.html"

    def form(
        self,
        exercise: Exercise,
        data: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        around: Around = NOWHERE,
    ) -> DeckForm:
        return DeckForm(exercise, data, body, around)

    def missing(self, exercise: Exercise, body: Any) -> str:
        return ""  # to pick nothing is a whole answer: the other learns only of what both picked

    def begun(self, body: Any) -> bool:
        return bool(body) and bool(body.get("picks"))

    def differs(self, body: Mapping[str, Any], shared: Mapping[str, Any]) -> bool:
        return body.get("picks") != shared.get("picks")

    def shown(self, exercise: Exercise, body: Any) -> dict[str, Any]:
        """The picks that the guide's deck holds; ideas of the couple's own are on the page itself."""
        known = {idea.key: idea for idea in exercise.deck}
        return {"ideas": [known[key] for key in body.get("picks", []) if key in known]}
