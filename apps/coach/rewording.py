"""Another wording from the person's own words, only where their grammar lets us be sure; otherwise none.

What of their words goes into it, and what never does, stands in `rules/rewording.toml`.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from apps.coach.patterns import Match
from apps.coach.rules import book, lists, load
from apps.coach.words import MARKS, Sentence

MOST_WORDS = 16
PARTS = ("request", "act", "feeling", "situation")
Rows = Mapping[str, tuple[tuple[str, ...], ...]]  # by first word, the longest first
SaidAs = tuple[tuple[Rows, str], ...]


def feeling(read: list[tuple[Sentence, list[bool]]]) -> str | None:
    """The feeling that the person names themselves (“I am so tired”), if they do."""
    for sentence, begins in read:
        for rule, match in book("frames").matches(sentence, begins):
            if rule.key == "own-feeling" and "feeling" in match.kept:
                start, end = match.kept["feeling"]
                return " ".join(sentence.words[start:end])
    return None


def offers(
    text: str, templates: Sequence[str], sentence: Sentence, match: Match, named: str | None
) -> Iterator[tuple[str, dict[str, str | None]]]:
    """Each template whose every part the person's own words fill, with those parts."""
    own = {name: words(text, sentence, *place, tables(name)) for name, place in match.kept.items()}
    if named:
        own.setdefault("feeling", named)
    for template in templates:
        filled = {part: own.get(part) for part in PARTS if "{" + part + "}" in template}
        if all(filled.values()) and fits(filled):
            yield template, filled


def fits(parts: dict[str, str | None]) -> bool:
    """A request begins with a verb as it stands after “could you”; nothing is very long."""
    request = parts.get("request")
    if request is not None and first(request) not in base_verbs():
        return False
    return all(value is not None and len(value.split()) <= MOST_WORDS for value in parts.values())


def first(text: str) -> str:
    return text.split()[0].lower()


def base_verbs() -> frozenset[str]:
    return frozenset(lists().items["base-verbs"])


def words(text: str, sentence: Sentence, start: int, end: int, otherwise: SaidAs) -> str | None:
    """Own words as typed, until another thought begins, without what only sharpens; None where nothing is left."""
    end = whole(sentence.words, start, end)
    kept = " ".join(" ".join(said(text, sentence, start, end, otherwise)).split())
    if kept.isupper() and len(kept) > 1:
        kept = kept.lower().replace(" i ", " I ")
    return kept or None


def whole(words: Sequence[str], start: int, end: int) -> int:
    """Where the own words that begin at `start` end at the latest."""
    end = next((place for place in range(start, end) if size(rows("ends_before"), words, place)), end)
    last = end + 1
    while end < last:
        last = end
        end = next((place for place in range(start, last) if sharpens(words, place, last)), last)
    return end


def sharpens(words: Sequence[str], place: int, end: int) -> bool:
    """Whether what stands between the two places can be left away."""
    if words[place] in MARKS:
        return place == end - 1
    return place + size(rows("left_away_at_the_end"), words, place) == end


def said(text: str, sentence: Sentence, start: int, end: int, otherwise: SaidAs) -> Iterator[str]:
    """The words as typed, in runs between those that are said otherwise."""
    begun = place = start
    while place < end:
        many, instead = replaced(sentence.words, place, end, otherwise)
        if many:
            yield typed(text, sentence, begun, place)
            yield instead
            begun = place + many
        place += many or 1
    yield typed(text, sentence, begun, end)


def replaced(words: Sequence[str], place: int, end: int, otherwise: SaidAs) -> tuple[int, str]:
    """How many words at this place are said otherwise, and how; 0 where they stand as they are."""
    for table, instead in otherwise:
        if (many := size(table, words, place)) and place + many <= end:
            return many, instead
    return 0, ""


def typed(text: str, sentence: Sentence, start: int, end: int) -> str:
    return text[sentence.starts[start] : sentence.ends[end - 1]] if start < end else ""


def size(table: Rows, words: Sequence[str], place: int) -> int:
    """How many words of the longest row of a table stand at a place; 0 where none does."""
    found = (row for row in table.get(words[place], ()) if tuple(words[place : place + len(row)]) == row)
    return len(next(found, ()))


@cache
def shaping() -> dict[str, Any]:
    return load("rewording.toml")


@cache
def rows(name: str) -> Rows:
    return lists().group("|".join(shaping()[name]))


@cache
def tables(part: str) -> SaidAs:
    """What is said otherwise in a part of a rewording, each with how; the first that fits is taken."""
    chosen = shaping()["said_as"] | (shaping()["in_a_wish"] if part == "request" else {})
    return tuple((lists().group(row), instead) for row, instead in chosen.items())
