"""The small language of the rules: read once, matched over words, in time that grows with the text only.

    you always          these words, after contractions are written out ("You're" is "you are")
    (lazy|mean|a pig)   one of these
    [so|really]         one of these, or nothing
    {traits}            one of the list of that name in words.toml
    leave+              leave, leaves, left, leaving
    _  #                any one word, any number in figures ("7pm" is "# pm")
    *ing                any one word with this ending
    ..  ....            up to three, up to eight words of the same clause
    ~                   the rest of the clause, at least one word
    !(me|us)            not one of these next (nothing is used up)
    ^  $                a clause begins here, the sentence ends here (“$” may stand among alternatives too)
    <request: ~>        keeps these words under a name, for the rewording

No pattern can be slow on any text: what it looks at from each place is bounded by its own length.
"""

import re
from collections.abc import Iterable, KeysView, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

from apps.coach.words import ENDS, MARKS, SPELLING, Sentence, plain

PIECE = re.compile(
    r"(?P<name><\w+:)|(?P<close>>)|(?P<not>!)?(?P<open>[(\[])|(?P<nolist>!)?\{(?P<list>[^}]+)\}"
    r"|(?P<gap>\.{2,4})|(?P<sign>[~^$_])(?!\w)|\*(?P<ending>\w+)|(?P<mark>[,?;:])|(?P<word>[^\s<>()\[\]{},?;:]+)"
)
PLAIN = re.compile(r"\{[^}]+\}|[,?;:!$]|\.(?!\.)|[^\s<>()\[\]{},?;:!.~^$_|]+")
BRACKETS, NOT_PLAIN, ONE_LIST = re.compile(r"[(\[]"), re.compile(r"[^\w\s']"), re.compile(r"\{[^{}]+\}")
GAPS = {"..": 3, "....": 8}
LONGEST_REST = 24
# A clause begins at the sentence's start, after a mark, and after these.
JOINERS = frozenset([
    "and", "but", "so", "well", "look", "honestly", "seriously", "frankly", "yeah", "yes", "no", "oh", "god", "omg",
    "ugh", "listen", "yet", "then", "now", "today", "yesterday", "tonight", "again", "plus", "also", "actually",
    "basically", "sorry", "okay", "hey", "lol", "darling", "love", "honey", "babe", "dear", "please",
])  # fmt: skip
# In front of these an "and" or "so" goes on with a clause that began with "when" or "if": no new main clause begins.
OPENERS = frozenset([
    "when", "whenever", "if", "because", "after", "since", "while", "as", "that", "until", "unless", "before",
    "how", "what", "where", "although", "though",
])  # fmt: skip
# At the front of a sentence these open the main clause itself.
ASKERS = frozenset(["because", "that", "how", "what", "where", "why"])
IRREGULAR: dict[str, str] = SPELLING["verbs"]
# Words of nearly every sentence: a pattern is looked up by another of its words where it has one.
COMMON = frozenset([
    "you", "i", "is", "are", "was", "the", "to", "not", "do", "did", "that", "it", "me", "my", "of", "a", "have",
    "has", "be", "will", "would", "in", "on", "for", "and", "this", "your",
])  # fmt: skip
Kind = Literal["words", "any", "ending", "gap", "rest", "not", "start", "end", "open", "close"]


class PatternError(ValueError):
    """A pattern cannot be read; the message says which and why."""


class Node(NamedTuple):
    kind: Kind
    phrases: Mapping[str, tuple[tuple[str, ...], ...]] = {}  # first word → the whole phrases, longest first
    optional: bool = False
    most: int = 0
    name: str = ""


class Match(NamedTuple):
    """From word to word of one sentence, and what was kept under a name."""

    start: int
    end: int
    kept: dict[str, tuple[int, int]]


@cache
def in_rules(typed: str) -> tuple[str, ...]:
    """A word of a rule as a text would be read; the same few thousand stand in the rules again and again."""
    return tuple(plain(typed))


@cache
def row(typed: str) -> tuple[str, ...]:
    """A phrase of plain words of a rule as a text would be read."""
    return tuple(word for one in typed.split() for word in in_rules(one))


def forms(verb: str) -> list[str]:
    """A verb with its forms: keep → keep, keeps, kept, keeping."""
    stem = verb.removesuffix("e")
    made = [verb, *IRREGULAR.get(verb, "").split()]
    hissing = verb.endswith(("s", "x", "ch", "sh", "z"))
    soft_y = verb.endswith("y") and verb[-2:-1] not in "aeiou"
    third = verb + "es" if hissing else verb[:-1] + "ies" if soft_y else verb + "s"
    if verb != "be":
        made.append(third)
        if not any(form.endswith("ing") for form in made[1:]):
            made.append((stem if not verb.endswith("ee") else verb) + "ing")
        if verb not in IRREGULAR:
            made.append(verb[:-1] + "ied" if soft_y else stem + "ed")
    return made


def group(text: str, place: int) -> int:
    """Where the bracket that opens at this place closes."""
    depth = 0
    for here in range(place, len(text)):
        depth += (text[here] in "([") - (text[here] in ")]")
        if not depth:
            return here
    raise PatternError("a bracket is not closed")


def alternatives(text: str) -> list[str]:
    """What stands between the bars of a group, not of a group inside it."""
    if not BRACKETS.search(text):
        return [part.strip() for part in text.split("|")]
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if letter == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def phrases(text: str, lists: "Lists") -> Iterable[tuple[str, ...]]:
    """Every row of words that a group stands for. Groups and lists may stand in groups; gaps may not."""
    for part in alternatives(text):
        if not NOT_PLAIN.search(part):
            if part:
                yield row(part)
            continue
        if ONE_LIST.fullmatch(part):
            yield from lists.rows(part[1:-1])
            continue
        grown: list[tuple[str, ...]] = [()]
        place = 0
        while place < len(part):
            if part[place].isspace():
                place += 1
                continue
            if part[place] in "([":
                end = group(part, place)
                choices = list(phrases(part[place + 1 : end], lists)) + ([()] if part[place] == "[" else [])
                place = end + 1
            else:
                typed = PLAIN.match(part, place)
                if not typed:
                    raise PatternError(f"“{part[place:]}” cannot stand in a group")
                choices = list(choice(typed.group(), lists))
                place = typed.end()
            grown = [(*start, *one) for start in grown for one in choices]
        yield from (one for one in grown if one)


def choice(typed: str, lists: "Lists") -> Iterable[tuple[str, ...]]:
    """What one word, one “word+” or one “{list}” stands for."""
    if typed.startswith("{"):
        return lists.rows(typed[1:-1])
    if typed == "$":
        return [(mark,) for mark in sorted(ENDS)]
    if typed.endswith("+"):
        return [in_rules(form) for form in forms(typed[:-1])]
    return [tuple(word for piece in typed.split("-") for word in in_rules(piece))]


class Lists:
    """The word lists by name, each read once; and the groups that were read with them."""

    def __init__(self, items: Mapping[str, Sequence[str]]) -> None:
        self.items = items
        self.read: dict[str, list[tuple[str, ...]]] = {}
        self.groups: dict[str, Mapping[str, tuple[tuple[str, ...], ...]]] = {}

    def rows(self, name: str) -> list[tuple[str, ...]]:
        """Every row of words of a list. Raises PatternError where there is none of that name."""
        if name not in self.items:
            raise PatternError(f"there is no list “{name}”")
        if name not in self.read:
            self.read[name] = [row for item in self.items[name] for row in phrases(item, self)]
        return self.read[name]

    def group(self, text: str) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """A group's rows by their first word, the longest first."""
        if text not in self.groups:
            found: dict[str, list[tuple[str, ...]]] = {}
            for one in dict.fromkeys(phrases(text, self)):
                found.setdefault(one[0], []).append(one)
            if not found:
                raise PatternError(f"“{text}” has no words")
            for many in found.values():
                if len(many) > 1:
                    many.sort(key=len, reverse=True)
            self.groups[text] = {first: tuple(many) for first, many in found.items()}
        return self.groups[text]


def word_node(text: str, lists: Lists, optional: bool = False, kind: Kind = "words") -> Node:
    return Node(kind, lists.group(text), optional)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a rule, ready to be matched."""

    text: str
    nodes: tuple[Node, ...] = field(repr=False)
    needs: tuple[KeysView[str], ...] = field(repr=False)  # of each of these one word is there, or there is no match
    firsts: frozenset[str] | None = field(repr=False)  # a match begins with one of these; None where any word may

    def may_match(self, words: frozenset[str]) -> bool:
        """Whether the words that it cannot do without are there at all."""
        return not any(needed.isdisjoint(words) for needed in self.needs)

    def find(self, sentence: Sentence, begins: Sequence[bool], frm: int = 0) -> Match | None:
        """The first match at or after a word, or None."""
        words, nodes, firsts = sentence.words, self.nodes, self.firsts
        at_start = nodes[0].kind == "start"
        for position in range(frm, len(words)):
            if (firsts is not None and words[position] not in firsts) or (at_start and not begins[position]):
                continue
            kept: dict[str, tuple[int, int]] = {}
            end = walk(nodes, 0, words, position, begins, kept)
            if end > position:
                return Match(position, end, kept)
        return None


def walk(
    nodes: Sequence[Node], at: int, words: Sequence[str], position: int, begins: Sequence[bool], kept: dict
) -> int:
    """Where the match ends, or -1. Tries the longest phrase and the shortest gap first."""
    while at < len(nodes):
        node = nodes[at]
        kind = node.kind
        at += 1
        if kind == "words":
            options = node.phrases.get(words[position], ()) if position < len(words) else ()
            if len(options) == 1 and not node.optional and len(options[0]) == 1:
                position += 1
                continue
            for option in options:
                size = len(option)
                if size == 1 or tuple(words[position : position + size]) == option:
                    end = walk(nodes, at, words, position + size, begins, kept)
                    if end >= 0:
                        return end
            if not node.optional:
                return -1
        elif kind == "gap":
            for size in range(node.most + 1):
                end = walk(nodes, at, words, position + size, begins, kept)
                if end >= 0:
                    return end
                if position + size >= len(words) or words[position + size] in MARKS or words[position + size] in ENDS:
                    return -1
            return -1
        elif kind == "any":
            if position >= len(words) or words[position] in MARKS or words[position] in ENDS:
                return -1
            position += 1
        elif kind == "ending":
            if position >= len(words) or not words[position].endswith(node.name):
                return -1
            position += 1
        elif kind == "rest":
            end = position
            while (
                end < len(words)
                and words[end] not in MARKS
                and words[end] not in ENDS
                and end - position < LONGEST_REST
            ):
                end += 1
            if end == position:
                return -1
            position = end
        elif kind == "not":
            options = node.phrases.get(words[position], ()) if position < len(words) else ()
            if any(tuple(words[position : position + len(option)]) == option for option in options):
                return -1
        elif kind == "start":
            if position >= len(begins) or not begins[position]:
                return -1
        elif kind == "end":
            if position < len(words) and words[position] not in ENDS:
                return -1
        elif kind == "open":
            kept[node.name] = (position, position)
        else:
            kept[node.name] = (kept[node.name][0], position)
    return position


def clause_starts(words: Sequence[str]) -> list[bool]:
    """For each word, whether a main clause may begin there."""
    begins, subordinate, fresh = [], False, True
    for word in words:
        begins.append(fresh and not subordinate)
        if word in MARKS or word in ENDS:
            subordinate, fresh = False, True
        elif word in OPENERS:
            subordinate, fresh = not (fresh and word in ASKERS), False
        else:
            fresh = word in JOINERS
    return begins


def read(text: str, lists: Lists) -> Pattern:
    """A pattern from its text. Raises PatternError where it cannot be read."""
    nodes: list[Node] = []
    names: list[str] = []
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        found = PIECE.match(text, place)
        if not found:
            raise PatternError(f"“{text}”: cannot be read from “{text[place:]}” on")
        place = found.end()
        part = found.groupdict()
        try:
            if part["name"]:
                names.append(part["name"][1:-1])
                nodes.append(Node("open", name=names[-1]))
            elif part["close"]:
                nodes.append(Node("close", name=names.pop()))
            elif part["open"]:
                end = group(text, place - 1)
                inner, place = text[place:end], end + 1
                nodes.append(word_node(inner, lists, part["open"] == "[", "not" if part["not"] else "words"))
            elif part["list"]:
                nodes.append(word_node("{" + part["list"] + "}", lists, False, "not" if part["nolist"] else "words"))
            elif part["gap"]:
                nodes.append(Node("gap", most=GAPS[part["gap"]]))
            elif part["sign"]:
                kind: Kind = {"~": "rest", "^": "start", "$": "end", "_": "any"}[part["sign"]]  # type: ignore[assignment]
                nodes.append(Node(kind))
            elif part["ending"]:
                nodes.append(Node("ending", name=part["ending"]))
            elif part["mark"]:
                nodes.append(Node("words", {part["mark"]: ((part["mark"],),)}))
            else:
                if part["word"].endswith("+"):
                    nodes.append(word_node(part["word"], lists))
                else:
                    for piece in part["word"].split("-"):
                        nodes.extend(Node("words", {word: ((word,),)}) for word in in_rules(piece))
        except (PatternError, KeyError, IndexError) as error:
            raise PatternError(f"“{text}”: {error}") from error
    if names or not any(node.kind == "words" and not node.optional for node in nodes):
        raise PatternError(f"“{text}”: a name is not closed, or there is no word in it")
    required = [node.phrases for node in nodes if node.kind == "words" and not node.optional]
    rarest_first = sorted(required, key=lambda one: (not COMMON.isdisjoint(one), len(one)))
    return Pattern(text, tuple(nodes), tuple(one.keys() for one in rarest_first), first_words(nodes))


def first_words(nodes: Iterable[Node]) -> frozenset[str] | None:
    """What a match can begin with: words up to the first that must be there. None where that is anything."""
    firsts: set[str] = set()
    for node in nodes:
        if node.kind == "words":
            firsts.update(node.phrases)
            if not node.optional:
                return frozenset(firsts)
        elif node.kind not in ("start", "open"):
            return None
    return None
