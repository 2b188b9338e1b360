"""Another wording from the person's own words, only where their grammar lets us be sure; otherwise none."""

from collections.abc import Callable, Sequence

from apps.coach.patterns import Match
from apps.coach.rules import book, lists
from apps.coach.words import MARKS, Sentence

MOST_WORDS = 16
AT_THE_END = frozenset(
    ["ever", "anymore", "either", "again", "at", "all", "too", "though", "lol", "please", "for", "once", "even", "once"]
)
ANY = {"anything": "something", "anyone": "someone", "anybody": "somebody", "any": "some", "anywhere": "somewhere"}
PARTS = ("request", "act", "feeling", "situation")


def feeling(read: list[tuple[Sentence, list[bool]]]) -> str | None:
    """The feeling that the person names themselves (“I am so tired”), if they do."""
    for sentence, begins in read:
        for rule, match in book("frames").matches(sentence, begins):
            if rule.key == "own-feeling" and "feeling" in match.kept:
                start, end = match.kept["feeling"]
                return " ".join(sentence.words[start:end])
    return None


def offer(
    text: str,
    templates: Sequence[str],
    sentence: Sentence,
    match: Match,
    named: str | None,
    translate: Callable[[str], str],
) -> str | None:
    """The first template whose every part the person's own words fill."""
    own = {name: words(text, sentence, *place) for name, place in match.kept.items()}
    if named:
        own.setdefault("feeling", named)
    for template in templates:
        needed = [part for part in PARTS if "{" + part + "}" in template]
        filled = {part: own.get(part) for part in needed}
        if all(filled.values()) and fits(filled):
            return translate(template).format(**filled)
    return None


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


def words(text: str, sentence: Sentence, start: int, end: int) -> str | None:
    """Own words as typed, without what only sharpens them at the end; None where too little is left."""
    while end > start and sentence.words[end - 1] in AT_THE_END | MARKS:
        end -= 1
    if end <= start:
        return None
    typed = text[sentence.starts[start] : sentence.ends[end - 1]]
    if typed.isupper() and len(typed) > 1:
        typed = typed.lower().replace(" i ", " I ")
    return " ".join(ANY.get(word.lower(), word) for word in typed.split()) or None
