"""The sentence judge: what stands in a text and where, why it lands badly, how it could be said (A.s1.i_statement)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from apps.coach import rewording
from apps.coach.patterns import Match, clause_starts
from apps.coach.rules import Book, Rule, book
from apps.coach.words import Sentence, sentences

Read = list[tuple[Sentence, list[bool]]]
MOST_OF_ONE_RULE = 3  # a rule that has spoken three times has said it
MOST_SENTENCES = 2_000  # of a longer text the first are judged; harm is looked for in all of it


@dataclass(frozen=True, slots=True)
class Finding:
    """One pattern at one place. `rule` is the key that “not helpful” silences; `also` are further labels of it."""

    rule: str
    label: str
    start: int
    end: int
    why: str
    instead: str | None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the coach has to say. Nothing, where it is not sure or where somebody tells of harm or fear."""

    findings: tuple[Finding, ...] = ()
    harm_told: bool = False  # somebody tells of harm or fear: nobody says anything about such a text

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label once, in the order found."""
        return tuple(dict.fromkeys(label for one in self.findings for label in (one.label, *one.also)))


class Found(NamedTuple):
    rule: Rule
    sentence: Sentence
    match: Match

    @property
    def span(self) -> tuple[int, int]:
        return self.sentence.starts[self.match.start], self.sentence.ends[self.match.end - 1]


def harm_told(text: str) -> bool:
    """Whether somebody tells of harm, fear, threat, stalking or control here: then nobody says anything to the text."""
    return tells_of_harm(clauses(text))


def judge(
    text: str,
    *,
    listening: bool = False,
    silenced: frozenset[str] = frozenset(),
    translate: Callable[[str], str] = str,
) -> Judgement:
    """What a person is about to send, judged; while `listening`, advice, rebuttal and “but” are named too.

    `silenced` are keys of rules that this person does not want; `translate` turns a reason, or the frame of a
    rewording, into the reader's language. Silent for the whole text where harm, fear, threat, stalking or control is
    told: a person who tells that is never corrected.
    """
    read = clauses(text)
    if tells_of_harm(read):
        return Judgement(harm_told=True)
    found = [one for one in spoken(read, listening) if one.rule.shown_as not in silenced]
    found = heard_once(piled(found, silenced))
    feeling = rewording.feeling(read) if found else None
    made = []
    for one in found:
        start, end = one.span
        offers = rewording.offers(text, one.rule.instead, one.sentence, one.match, feeling)
        fair = (translate(frame).format(**own) for frame, own in offers if is_fair(frame.format(**own)))
        instead = next(fair, None)
        made.append(
            Finding(one.rule.shown_as, one.rule.label, start, end, translate(one.rule.why), instead, one.rule.also)
        )
    return Judgement(tuple(made))


def is_fair(wording: str) -> bool:
    """Whether a wording can be offered: it is none that we would flag, and it orders, compares and judges nothing."""
    read = clauses(wording)
    return not any(any(findings(read, book(name))) for name in ("harm", "rewording"))


def clauses(text: str) -> Read:
    """The sentences of a text, each with where a main clause may begin."""
    return [(sentence, clause_starts(sentence.words)) for sentence in sentences(text)]


def spoken(read: Read, listening: bool = False) -> list[Found]:
    """Every rule that has something to say about a text in which no harm is told."""
    found = list(findings(read, book("harm"), listening))
    if found and all(one.rule.mild for one in found) and feels_beside(read, found):
        found = []
    return found + list(findings(read, book("listening"), listening)) if listening else found


def feels_beside(read: Read, found: list[Found]) -> bool:
    """Whether the person goes on to tell a feeling of their own, or asks for help (“You forgot. I felt sad.”)."""
    named = [one.sentence for one in found]
    last = max(place for place, (sentence, _) in enumerate(read) if any(sentence is one for one in named))
    told = max(one.match.start for one in found if one.sentence is read[last][0])
    frames = book("frames")
    return any(
        frame.beside and (number or match.start > told)
        for number, (sentence, begins) in enumerate(read[last:])
        for frame, match in frames.matches(sentence, begins)
    )


def heard_once(found: list[Found]) -> list[Found]:
    """In the text's order, and of two with the same label at one place only the first rule's."""
    kept: list[Found] = []
    for one in found:
        start, end = one.span
        if not any(
            one.rule.label == other.rule.label and start < other.span[1] and other.span[0] < end for other in kept
        ):
            kept.append(one)
    return sorted(kept, key=lambda one: one.span)


def praise(text: str) -> tuple[str, ...]:
    """The good labels of a text without harm: for tests and the command line, never for a page."""
    read = clauses(text)
    if tells_of_harm(read) or any(findings(read, book("harm"))):
        return ()
    return tuple(dict.fromkeys(one.rule.label for one in findings(read, book("praise"))))


def tells_of_harm(read: Read) -> bool:
    """Whether a person tells of harm, fear, threat, stalking or control done to somebody."""
    silence = book("silence")
    return any(silence.matches(sentence, begins) for sentence, begins in read)


def findings(read: Read, rules: Book, listening: bool = False) -> Iterator[Found]:
    """Every rule's first match in every sentence, less what a frame around it makes harmless, and up to three times."""
    frames, spoken, spent = book("frames"), dict[str, int](), set[str]()
    for sentence, begins in read[:MOST_SENTENCES]:
        matches = rules.matches(sentence, begins, spent)
        around = frames.matches(sentence, begins) if matches else []
        for rule, match in matches:
            if any(
                (rule.label in frame.mutes or rule.key in frame.mutes)
                and (listening or not frame.listening)
                and covers(sentence, place, match)
                for frame, place in around
            ):
                continue
            spoken[rule.key] = spoken.get(rule.key, 0) + 1
            if spoken[rule.key] >= MOST_OF_ONE_RULE:
                spent.add(rule.key)
            yield Found(rule, sentence, match)


def covers(sentence: Sentence, frame: Match, match: Match) -> bool:
    """Whether a frame (“I love that …”) holds what comes after it: up to a “but”."""
    between = sentence.words[frame.end : match.start]
    return match.start >= frame.start and "but" not in between and "yet" not in between


def piled(found: list[Found], silenced: frozenset[str]) -> list[Found]:
    """With the rule that speaks of many things at once (A.m.kitchen_sink), where there are so many."""
    kept = found
    places = sorted({one.span for one in found})
    separate, reach = 0, -1
    for start, end in places:
        if start >= reach:
            separate, reach = separate + 1, end
    last = max(found, key=lambda one: one.span[1], default=None)
    for rule in book("harm").rules:
        if last and rule.piled_up and separate >= rule.piled_up and rule.shown_as not in silenced:
            kept = [*kept, Found(rule, last.sentence, last.match)]
    return kept
