"""What a guide is made of, and the reader that turns a TOML table into it.

Standard library only: no Django here, so that a guide can be checked anywhere. The dataclasses are the schema: a field
without a default is a key that must be there, a key that is no field is an error. Every error names the file and the
key, such as `bridge.v1.toml: steps[2].exercises[0].fields[1].kidn: unknown key`.

All wording is plain text in English, in fields of the type `Wording`; `wording` finds it, `in_words` lays another
language over it. A paragraph break inside one text is an empty line.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, cast, get_args, get_origin, get_type_hints

Wording = Annotated[str, "wording"]  # what a person reads, and a translator translates
Reveal = Literal["private", "shared", "mutual", "matches", "joint"]
ExerciseKind = Literal[
    "journal", "inventory", "settling", "statement", "question", "telling", "stressors", "needs", "ideas", "agreement",
    "memories", "deck", "follow_up", "log", "context", "quiet", "here", "appointment",
]  # fmt: skip
FieldKind = Literal["text", "long_text", "choice", "choices", "scale", "date"]
MilestoneKind = Literal["shared", "heard", "agreed", "looked_back"]
Link = Literal["", "help", "settle", "rest", "summary", "quiet", "appointments", "intentions"]
Cost = Literal["none", "little", "some"]
Energy = Literal["low", "medium", "high"]
Novelty = Literal["known", "new"]

SCALE = ("1", "2", "3", "4", "5")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
FIELD_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
COVERED = re.compile(r"[AB]\.[a-z0-9]+\.[a-z_]+")


class GuideError(ValueError):
    """A guide's file is wrong; the message names the file, the key and what is wrong with it."""


class UnknownKey(KeyError):
    """A guide has no step or exercise of that key."""


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: Wording
    hint: Wording = ""  # of a sign: examples of what a camera could have seen


@dataclass(frozen=True, slots=True)
class Field:
    """One question of an exercise. Its key names a form field, so it has underscores where other keys have hyphens."""

    key: str
    kind: FieldKind
    label: Wording
    hint: Wording = ""
    placeholder: Wording = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    at_most: int = 0  # of `choices`: how many may be picked, 0 for as many as one likes
    low: Wording = ""  # of `scale`: what 1 means
    high: Wording = ""  # of `scale`: what 5 means

    def choice(self, key: str) -> Choice:
        """The choice of that key; raises UnknownKey."""
        return _by_key(self.choices, key)


@dataclass(frozen=True, slots=True)
class Idea:
    """One card of a deck: something two people can do together."""

    key: str
    text: Wording
    minutes: int
    cost: Cost
    energy: Energy
    novelty: Novelty


@dataclass(frozen=True, slots=True)
class Answer:
    """A gentle sentence for the author alone, shown after saving when `field` holds one of `values`."""

    field: str
    values: tuple[str, ...]
    text: Wording
    link: Link = ""
    again: tuple[str, ...] = ()  # own steps and steps on whose page its author, and nobody else, reads it once more
    covers: tuple[str, ...] = ()

    def fits(self, value: object) -> bool:
        """Whether this answers the field's saved value: a choice's key, a list of them, or a number on the scale."""
        given = value if isinstance(value, (list, tuple)) else [value]
        return any(str(one) in self.values for one in given if one is not None)


@dataclass(frozen=True, slots=True)
class Exercise:
    key: str
    kind: ExerciseKind
    reveal: Reveal
    title: Wording
    prompt: Wording
    minutes: int
    hint: Wording = ""
    always_open: bool = False
    reflected: bool = False  # what was shared is said back before one goes on
    replied: bool = False  # what was shared can be answered with words
    mistakes: tuple[str, ...] = ()  # shown right where one sends, says back or proposes
    fields: tuple[Field, ...] = ()
    item_name: Wording = ""
    item_fields: tuple[Field, ...] = ()
    items_at_least: int = 0
    items_at_most: int = 0
    deck: tuple[Idea, ...] = ()
    answers: tuple[Answer, ...] = ()
    covers: tuple[str, ...] = ()

    def field(self, key: str) -> Field:
        """The field of that key; raises UnknownKey."""
        return _by_key(self.fields, key)

    def item_field(self, key: str) -> Field:
        """The field of one item of that key; raises UnknownKey."""
        return _by_key(self.item_fields, key)

    def idea(self, key: str) -> Idea:
        """The deck's card of that key; raises UnknownKey."""
        return _by_key(self.deck, key)

    def answers_to(self, values: Mapping[str, object]) -> tuple[Answer, ...]:
        """The answers that fit what was saved in the fields (`{"fields": values}` of a Draft)."""
        return tuple(answer for answer in self.answers if answer.fits(values.get(answer.field)))


@dataclass(frozen=True, slots=True)
class Milestone:
    """What both must have done before the next step opens; `exercise` is empty for agreed and looked_back."""

    kind: MilestoneKind
    exercise: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    title: Wording
    lead: Wording
    text: tuple[Wording, ...]
    minutes: int
    milestone: Milestone
    exercises: tuple[Exercise, ...]
    mistakes: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    number: int = dataclasses.field(default=0, metadata={"computed": True})  # its place in the guide, from 1


@dataclass(frozen=True, slots=True)
class OwnStep:
    """A step for the person who began, alone. It has no number and no milestone; for the other it does not exist."""

    key: str
    title: Wording
    lead: Wording
    text: tuple[Wording, ...]
    minutes: int
    exercises: tuple[Exercise, ...]
    mistakes: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SmallThing:
    """Something small for tonight; `goes_with` names choices of the field `more_of` of the exercise `evening`."""

    key: str
    text: Wording
    goes_with: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    key: str
    title: Wording
    text: Wording
    instead: Wording
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to expect, one next step, or what stands at the door."""

    key: str
    title: Wording
    text: Wording
    link: Link = ""
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    slug: str
    version: int
    name: Wording
    title: Wording
    lead: Wording
    tonight: tuple[SmallThing, ...]
    preparation: tuple[Exercise, ...]
    steps: tuple[Step, ...]
    mistakes: tuple[Mistake, ...]
    results: tuple[Part, ...]
    next_steps: tuple[Part, ...]
    door: tuple[Part, ...] = ()  # read before both choose the steps together
    alone: tuple[OwnStep, ...] = ()  # for the person who began; between the preparation and the steps
    lead_alone: Wording = ""  # the lead, for the person who began, while they are alone

    def exercises(self) -> tuple[Exercise, ...]:
        """All exercises in order: the preparation, the own steps, the steps."""
        stages: tuple[Step | OwnStep, ...] = (*self.alone, *self.steps)
        return self.preparation + tuple(exercise for step in stages for exercise in step.exercises)

    def for_both(self) -> "Guide":
        """The guide as it is for somebody who did not begin: without the own steps, as if there never were any."""
        return _for_both(self)

    def exercise(self, key: str) -> Exercise:
        """The exercise of that key; raises UnknownKey."""
        return _by_key(self.exercises(), key)

    def step(self, key: str) -> Step:
        """The step of that key; raises UnknownKey."""
        return _by_key(self.steps, key)

    def own_step(self, key: str) -> OwnStep:
        """The own step of that key; raises UnknownKey."""
        return _by_key(self.alone, key)

    def step_of(self, exercise_key: str) -> Step | None:
        """The joint step an exercise belongs to, None for the preparation and the own steps; raises UnknownKey."""
        self.exercise(exercise_key)
        return next((step for step in self.steps if _holds(step, exercise_key)), None)

    def place_of(self, exercise_key: str) -> Step | OwnStep | None:
        """The step or own step an exercise belongs to, None for the preparation; raises UnknownKey."""
        return self.step_of(exercise_key) or next((one for one in self.alone if _holds(one, exercise_key)), None)

    def mistake(self, key: str) -> Mistake:
        """The mistake of that key; raises UnknownKey."""
        return _by_key(self.mistakes, key)


@cache
def _for_both(guide: Guide) -> Guide:
    return dataclasses.replace(guide, name=guide.title, alone=(), lead_alone="")


def _holds(step: Step | OwnStep, exercise_key: str) -> bool:
    return any(exercise.key == exercise_key for exercise in step.exercises)


def _by_key(parts: Iterable[Any], key: str) -> Any:
    for part in parts:
        if part.key == key:
            return part
    raise UnknownKey(key)


def parse(file: str, slug: str, version: int, table: Mapping[str, Any]) -> Guide:
    """The guide in a TOML document.

    In: the file's name (for messages), the slug and version that the name says, the document as tomllib reads it.
    Raises GuideError at the first key that is unknown, missing, of a wrong type, or that refers to nothing.
    """
    guide = cast(Guide, _Reader(file).record(Guide, table, ""))
    steps = tuple(dataclasses.replace(step, number=number) for number, step in enumerate(guide.steps, start=1))
    guide = dataclasses.replace(guide, steps=steps)
    for path, problem in _problems(guide, slug, version):
        raise GuideError(f"{file}: {path}: {problem}")
    return guide


def resolved(file: str, table: Any, parts: Mapping[str, Any], path: str = "", trail: tuple[str, ...] = ()) -> Any:
    """The document with every `use = "exercise.deck"` replaced by that part of `parts`, a TOML document as well.

    A table with `use` starts as a copy of the part; the keys beside `use` replace the part's. Parts may use parts.
    Raises GuideError where there is no such part, or where parts use each other in a ring.
    """
    if isinstance(table, list):
        return [resolved(file, one, parts, f"{path}[{index}]", trail) for index, one in enumerate(table)]
    if not isinstance(table, Mapping):
        return table
    inside = f"{path}." if path else ""
    made: dict[str, Any] = {}
    if "use" in table:
        name = table["use"]
        kind, _, key = name.partition(".") if isinstance(name, str) else ("", "", "")
        part = parts.get(kind, {}).get(key)
        if part is None or name in trail:
            raise GuideError(f"{file}: {inside}use: " + (f"{name!r} uses itself" if part else f"there is no {name!r}"))
        made = dict(resolved(file, part, parts, path, (*trail, name)))
    return made | {
        key: resolved(file, value, parts, inside + key, trail) for key, value in table.items() if key != "use"
    }


class _Reader:
    """Reads tables into dataclasses by the dataclasses' own types."""

    def __init__(self, file: str) -> None:
        self.file = file

    def wrong(self, path: str, problem: str) -> GuideError:
        return GuideError(f"{self.file}: {path}: {problem}")

    def record(self, kind: type, table: object, path: str) -> object:
        if not isinstance(table, dict):
            raise self.wrong(path, "must be a table")
        types = get_type_hints(kind)
        known = {f.name: f for f in dataclasses.fields(kind) if not f.metadata.get("computed")}
        inside = f"{path}." if path else ""
        for name in table:
            if name not in known:
                raise self.wrong(inside + name, "unknown key")
        for name, f in known.items():
            if f.default is dataclasses.MISSING and name not in table:
                raise self.wrong(inside + name, "missing")
        given = {name: self.value(types[name], raw, inside + name) for name, raw in table.items()}
        for name, f in known.items():
            if f.default is dataclasses.MISSING and given[name] in ("", ()):
                raise self.wrong(inside + name, "must not be empty")
        return kind(**given)

    def value(self, kind: Any, raw: object, path: str) -> object:
        if get_origin(kind) is tuple:
            return self.list_of(get_args(kind)[0], raw, path)
        if get_origin(kind) is Literal:
            return self.one_of(get_args(kind), raw, path)
        if dataclasses.is_dataclass(kind) and not isinstance(kind, UnionType):
            return self.record(cast(type, kind), raw, path)
        return self.plain(kind, raw, path)

    def list_of(self, kind: Any, raw: object, path: str) -> object:
        if not isinstance(raw, list):
            raise self.wrong(path, "must be a list")
        return tuple(self.value(kind, one, f"{path}[{index}]") for index, one in enumerate(raw))

    def one_of(self, allowed: tuple[str, ...], raw: object, path: str) -> object:
        if raw not in allowed:
            raise self.wrong(path, f"must be one of {', '.join(repr(one) for one in allowed)}")
        return raw

    def plain(self, kind: type, raw: object, path: str) -> object:
        # `type(…) is`, because True is an int to isinstance and no number of minutes.
        if type(raw) is not kind:
            names = {str: "text", int: "a whole number", bool: "true or false"}
            raise self.wrong(path, f"must be {names[kind]}")
        if isinstance(raw, str) and raw != raw.strip():
            raise self.wrong(path, "must not begin or end with white space")
        return raw


Problems = Iterator[tuple[str, str]]


def _problems(guide: Guide, slug: str, version: int) -> Problems:
    """What the types alone cannot see: references, doubles, and parts that do not fit each other."""
    if guide.slug != slug:
        yield "slug", f"must be {slug!r} as in the file’s name"
    if guide.version != version:
        yield "version", f"must be {version} as in the file’s name"
    yield from _doubles("tonight", guide.tonight)
    yield from _doubles("preparation", guide.preparation)
    yield from _doubles("alone", guide.alone)
    yield from _doubles("steps", guide.steps)
    yield from _doubles("mistakes", guide.mistakes)
    yield from _doubles("results", guide.results)
    yield from _doubles("next_steps", guide.next_steps)
    yield from _doubles("door", guide.door)
    yield from _place_doubles(guide)
    yield from _exercise_doubles(guide)
    for index, exercise in enumerate(guide.preparation):
        path = f"preparation[{index}]"
        if exercise.reveal != "private":
            yield f"{path}.reveal", "must be 'private': one prepares alone"
        yield from _exercise_problems(path, exercise)
    for index, own in enumerate(guide.alone):
        yield from _own_step_problems(f"alone[{index}]", own, guide)
    for index, step in enumerate(guide.steps):
        yield from _step_problems(f"steps[{index}]", step, guide)
    for path, exercise in _located(guide):
        yield from _mistake_problems(path, exercise, guide)
    yield from _small_thing_problems(guide)
    yield from _link_problems(guide)
    yield from _covers_problems(guide)


def _doubles(path: str, parts: Iterable[Any], pattern: re.Pattern[str] = KEY) -> Problems:
    seen: set[str] = set()
    for index, part in enumerate(parts):
        if not pattern.fullmatch(part.key):
            yield f"{path}[{index}].key", f"{part.key!r} is no key: lower-case words only"
        if part.key in seen:
            yield f"{path}[{index}].key", f"{part.key!r} is there twice"
        seen.add(part.key)


def _located(guide: Guide) -> Iterator[tuple[str, Exercise]]:
    for index, exercise in enumerate(guide.preparation):
        yield f"preparation[{index}]", exercise
    stages: list[tuple[str, Step | OwnStep]] = [(f"alone[{at}]", step) for at, step in enumerate(guide.alone)]
    stages += [(f"steps[{at}]", step) for at, step in enumerate(guide.steps)]
    for path, step in stages:
        for index, exercise in enumerate(step.exercises):
            yield f"{path}.exercises[{index}]", exercise


def _exercise_doubles(guide: Guide) -> Problems:
    seen: set[str] = set()
    for path, exercise in _located(guide):
        if exercise.key in seen:
            yield f"{path}.key", f"{exercise.key!r} is there twice"
        seen.add(exercise.key)


def _place_doubles(guide: Guide) -> Problems:
    """An own step and a step stand in the same place of an address, where “prepare” stands as well."""
    taken = {"prepare"} | {step.key for step in guide.steps}
    for index, own in enumerate(guide.alone):
        if own.key in taken:
            yield f"alone[{index}].key", f"{own.key!r} is there twice"


def _step_problems(path: str, step: Step, guide: Guide) -> Problems:
    yield from _stage_problems(path, step, guide)
    yield from _milestone_problems(f"{path}.milestone", step)


def _own_step_problems(path: str, step: OwnStep, guide: Guide) -> Problems:
    yield from _stage_problems(path, step, guide)
    for index, exercise in enumerate(step.exercises):
        if exercise.reveal != "private":
            yield f"{path}.exercises[{index}].reveal", "must be 'private': an own step is one person’s alone"


def _stage_problems(path: str, step: Step | OwnStep, guide: Guide) -> Problems:
    if step.minutes < 1:
        yield f"{path}.minutes", "must be at least 1"
    yield from _doubles(f"{path}.exercises", step.exercises)
    for index, exercise in enumerate(step.exercises):
        yield from _exercise_problems(f"{path}.exercises[{index}]", exercise)
    yield from _mistake_problems(path, step, guide)


def _mistake_problems(path: str, part: Step | OwnStep | Exercise, guide: Guide) -> Problems:
    known = {mistake.key for mistake in guide.mistakes}
    for index, key in enumerate(part.mistakes):
        if key not in known:
            yield f"{path}.mistakes[{index}]", f"there is no mistake {key!r}"


def _milestone_problems(path: str, step: Step) -> Problems:
    milestone = step.milestone
    if milestone.kind in ("agreed", "looked_back"):
        if milestone.exercise:
            yield f"{path}.exercise", f"must be empty for {milestone.kind!r}"
        return
    exercise = next((one for one in step.exercises if one.key == milestone.exercise), None)
    if exercise is None:
        yield f"{path}.exercise", f"this step has no exercise {milestone.exercise!r}"
    elif milestone.kind == "heard" and not exercise.reflected:
        yield f"{path}.exercise", f"{exercise.key!r} is not reflected, so it can never be heard"
    elif exercise.reveal in ("private", "joint"):
        yield f"{path}.exercise", f"{exercise.key!r} is {exercise.reveal}, so it can never be shared"


def _exercise_problems(path: str, exercise: Exercise) -> Problems:
    if exercise.minutes < 1:
        yield f"{path}.minutes", "must be at least 1"
    if exercise.reflected and exercise.reveal != "shared":
        yield f"{path}.reflected", "only a shared exercise can be reflected"
    if exercise.replied and exercise.reveal != "shared":
        yield f"{path}.replied", "only a shared exercise can be answered"
    yield from _doubles(f"{path}.fields", exercise.fields, FIELD_KEY)
    yield from _doubles(f"{path}.item_fields", exercise.item_fields, FIELD_KEY)
    for index, field in enumerate(exercise.fields):
        yield from _field_problems(f"{path}.fields[{index}]", field)
    for index, field in enumerate(exercise.item_fields):
        yield from _field_problems(f"{path}.item_fields[{index}]", field)
    for index, answer in enumerate(exercise.answers):
        yield from _answer_problems(f"{path}.answers[{index}]", answer, exercise)
    yield from _deck_problems(path, exercise)
    yield from _item_problems(path, exercise)
    needed = [field for field in exercise.fields + exercise.item_fields if field.required]
    if exercise.reveal == "mutual" and not needed:
        yield f"{path}.fields", "a mutual exercise needs a required field, or an empty share would open the other’s"


def _deck_problems(path: str, exercise: Exercise) -> Problems:
    yield from _doubles(f"{path}.deck", exercise.deck)
    if bool(exercise.deck) != (exercise.kind == "deck"):
        yield f"{path}.deck", "cards belong to the kind 'deck', and only to it"
    for index, idea in enumerate(exercise.deck):
        if idea.minutes < 1:
            yield f"{path}.deck[{index}].minutes", "must be at least 1"


def _item_problems(path: str, exercise: Exercise) -> Problems:
    has_items = bool(exercise.item_fields)
    if has_items != bool(exercise.item_name):
        yield f"{path}.item_name", "items need a name and fields, or neither"
    if (has_items or bool(exercise.deck)) != (exercise.items_at_most > 0):
        yield f"{path}.items_at_most", "must be at least 1 where there are items, and 0 where there are none"
    if not 0 <= exercise.items_at_least <= exercise.items_at_most:
        yield f"{path}.items_at_least", "must lie between 0 and items_at_most"


def _field_problems(path: str, field: Field) -> Problems:
    yield from _doubles(f"{path}.choices", field.choices)
    if field.kind in ("choice", "choices"):
        if len(field.choices) < 2:
            yield f"{path}.choices", "needs at least two choices"
    elif field.choices:
        yield f"{path}.choices", f"a {field.kind} field has no choices"
    if field.at_most and field.kind != "choices":
        yield f"{path}.at_most", f"a {field.kind} field has no at_most"
    if field.at_most and not 1 <= field.at_most <= len(field.choices):
        yield f"{path}.at_most", "must lie between 1 and the number of choices"
    ends = [end for end in (field.low, field.high) if end]
    if len(ends) != (2 if field.kind == "scale" else 0):
        yield f"{path}.low", "a scale names both ends, low and high; nothing else has them"


def _answer_problems(path: str, answer: Answer, exercise: Exercise) -> Problems:
    field = next((one for one in exercise.fields if one.key == answer.field), None)
    if field is None:
        yield f"{path}.field", f"there is no field {answer.field!r}"
        return
    allowed = SCALE if field.kind == "scale" else tuple(choice.key for choice in field.choices)
    for index, value in enumerate(answer.values):
        if value not in allowed:
            yield f"{path}.values[{index}]", f"{answer.field!r} can never be {value!r}"


def _small_thing_problems(guide: Guide) -> Problems:
    fields = [field for exercise in guide.preparation if exercise.key == "evening" for field in exercise.fields]
    allowed = {choice.key for field in fields if field.key == "more_of" for choice in field.choices}
    for index, thing in enumerate(guide.tonight):
        for place, key in enumerate(thing.goes_with):
            if key not in allowed:
                yield f"tonight[{index}].goes_with[{place}]", f"there is no choice {key!r} in evening’s more_of"


def _link_problems(guide: Guide) -> Problems:
    known = {exercise.key for exercise in guide.exercises()}
    places = {step.key for step in guide.alone} | {step.key for step in guide.steps}
    for path, exercise in _located(guide):
        for index, answer in enumerate(exercise.answers):
            for key in answer.again:
                if key not in places:
                    yield f"{path}.answers[{index}].again", f"there is no step {key!r}"
            if answer.link == "settle" and "settle" not in known:
                yield f"{path}.answers[{index}].link", "there is no exercise 'settle'"


def _covers_problems(guide: Guide) -> Problems:
    for path, element in covers(guide):
        if not COVERED.fullmatch(element):
            yield path, f"{element!r} is no id of a guide’s element"


def covers(guide: Guide) -> Iterator[tuple[str, str]]:
    """Where every element of the written guides is served: pairs of the place (`steps[0].covers[1]`) and the id."""
    yield from _covers_in("", guide)


def _covers_in(path: str, part: Any) -> Iterator[tuple[str, str]]:
    for f in dataclasses.fields(part):
        here, value = f"{path}.{f.name}".lstrip("."), getattr(part, f.name)
        for index, one in enumerate(value if isinstance(value, tuple) else ()):
            if f.name == "covers":
                yield f"{here}[{index}]", one
            elif dataclasses.is_dataclass(one):
                yield from _covers_in(f"{here}[{index}]", one)


# Wording.


def _wording_fields(part: Any) -> frozenset[str]:
    hints = get_type_hints(type(part), include_extras=True)
    return frozenset(name for name, hint in hints.items() if hint in (Wording, tuple[Wording, ...]))


def wording(part: Any) -> Iterator[str]:
    """Everything in a guide (or a part of one) that a person reads, in its order."""
    wordings = _wording_fields(part)
    for f in dataclasses.fields(part):
        value = getattr(part, f.name)
        for one in value if isinstance(value, tuple) else (value,):
            if dataclasses.is_dataclass(one):
                yield from wording(one)
            elif one and f.name in wordings:
                yield one


def in_words(part: Any, translate: Callable[[str], str]) -> Any:
    """The same part with its wording as `translate` says it; keys, kinds and numbers stay."""
    wordings = _wording_fields(part)

    def said(name: str, one: Any) -> Any:
        if dataclasses.is_dataclass(one):
            return in_words(one, translate)
        return translate(one) if one and name in wordings else one

    changed: dict[str, Any] = {}
    for f in dataclasses.fields(part):
        value = getattr(part, f.name)
        changed[f.name] = tuple(said(f.name, one) for one in value) if isinstance(value, tuple) else said(f.name, value)
    return type(part)(**changed)
