"""A text becomes sentences of plain words: lower case, contractions written out, slips mended, each with its place.

Patterns are read by the same function, so that “You're”, “youre”, “U R” and “you are” are one thing to every rule.
"""

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import NamedTuple

# What cannot be seen (zero width, bidirectional marks, soft hyphen) may stand inside a word without ending it.
UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
APOSTROPHES = "'’‘ʼ`´′"
TOKEN = re.compile(
    rf"\d+(?:[.:,]\d+)*(?:[^\W\d_]+)?|[^\W_]+(?:[{UNSEEN}{APOSTROPHES}*]+[^\W_]+)*"
    rf"|[.!?…。？！]+|[,;:()—–\-]|[\"“”„«»{APOSTROPHES}]|\n"
)
LEFT_OUT = re.compile(rf"[{UNSEEN}]")
SAME = re.compile(f"[{APOSTROPHES}]")
STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
FIGURES = re.compile(r"^[\d.:,]+")
MARKS = frozenset(",;:-()")
ENDS = frozenset(".!?")
QUOTES = frozenset('"“”„«»' + APOSTROPHES)
ABBREVIATIONS = frozenset(
    [
        "m",
        "e",
        "g",
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "vs",
        "etc",
        "eg",
        "ie",
        "e.g",
        "i.e",
        "p.m",
        "a.m",
        "am",
        "pm",
        "approx",
        "no",
    ]
)
LONGEST_WORD, LONGEST_SENTENCE, LONGEST_QUOTE = 40, 150, 60

IS = frozenset(
    [
        "it",
        "that",
        "this",
        "he",
        "she",
        "who",
        "what",
        "how",
        "there",
        "here",
        "where",
        "why",
        "when",
        "everything",
        "nothing",
        "something",
        "nobody",
        "everyone",
    ]
)
BEFORE_NOT = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
PARTS = {"re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am"}
SPELLING = tomllib.loads((Path(__file__).resolve().parent / "rules" / "spelling.toml").read_text(encoding="utf-8"))
NO_APOSTROPHE: dict[str, str] = SPELLING["no-apostrophe"]
SLIPS: dict[str, str] = SPELLING["slips"]
# “Your so selfish” means “you are so selfish” before these; “your so-and-so” never begins so.
YOU_ARE_BEFORE = frozenset(
    ["so", "always", "never", "being", "just", "not", "too", "such", "a", "an", "the", "only", "lying"]
)


class Sentence(NamedTuple):
    """Words with the place of each in the text. The last is the mark that ends it, without length if none was typed."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def plain(typed: str) -> tuple[str, ...]:
    """One typed as the words it stands for: "you're" is ("you", "are"). Noise of any length is one empty word."""
    if typed.isascii() and typed.isalpha() and len(typed) <= LONGEST_WORD:
        word = typed.lower()
        if STRETCHED.search(word):
            word = STRETCHED.sub(r"\1", word)
        word = SLIPS.get(word, word)
        return tuple(NO_APOSTROPHE.get(word, word).split())
    typed = LEFT_OUT.sub("", typed)
    if len(typed) > LONGEST_WORD:
        typed = STRETCHED.sub(r"\1", typed[: LONGEST_WORD * 25])
        if len(typed) > LONGEST_WORD:
            return ("",)
    if typed[:1].isdecimal():
        unit = FIGURES.sub("", typed)
        return ("#", *plain(unit)) if unit else ("#",)
    word = unicodedata.normalize("NFKC", typed).lower()
    word = SAME.sub("'", word)
    if not word[:1].isalnum():
        return (word,)
    word = STRETCHED.sub(r"\1", word) if STRETCHED.search(word) and not word.startswith("www") else word
    if word in SLIPS:
        word = SLIPS[word]
    if word in NO_APOSTROPHE:
        word = NO_APOSTROPHE[word]
    if "'" in word:
        stem, _, part = word.rpartition("'")
        if part == "t" and stem.endswith("n"):
            stem = stem[:-1]
            return (*BEFORE_NOT.get(stem, stem).split(), "not")
        if part in PARTS:
            return (*plain(stem), PARTS[part])
        if part == "s":
            if stem in IS:
                return (stem, "is")
            if stem == "let":
                return ("let", "us")
            return (word,)
        if not part:
            return plain(stem)
    return tuple(word.split())


def mark(typed: str) -> str:
    """A mark in its plain form: dashes, brackets and ends of every kind are one of each."""
    if "?" in typed or "？" in typed:
        return "?"
    if "!" in typed or "！" in typed:
        return "!"
    if typed in "—–-":
        return "-"
    return "." if typed[0] in ".…。" else typed


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text. What stands in quotation marks beside own words is told: it is left out."""
    pieces = [(found.group(), found.start(), found.end()) for found in TOKEN.finditer(text)]
    told = quoted(text, pieces)
    made: list[Sentence] = []
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    met: dict[str, tuple[str, ...]] = {}  # what was typed before in this text, already plain

    def close() -> None:
        nonlocal words, starts, ends
        if any(word and (word[0].isalnum() or word == "#") for word in words):
            if words[-1] not in ENDS:
                words.append(".")
                starts.append(ends[-1])
                ends.append(ends[-1])
            made.append(Sentence(words, starts, ends))
        words, starts, ends = [], [], []

    for number, (typed, start, end) in enumerate(pieces):
        if number in told or typed in QUOTES:
            continue
        if typed == "\n":
            close()
            continue
        first = typed[0]
        if first in ".!?…。？！":
            inside = text[start - 1 : start].isalnum() and text[end : end + 1].isalnum()  # example.org, p.m
            short = words[-1:] and words[-1] in ABBREVIATIONS and not text[end : end + 3].lstrip()[:1].isupper()
            if typed == "." and (inside or short):
                continue
            words.append(mark(typed))
            starts.append(start)
            ends.append(end)
            close()
            continue
        if not first.isalnum():
            # A hyphen inside a word joins ("wake-up"); a free one is a pause.
            if typed == "-" and text[start - 1 : start].isalnum() and text[end : end + 1].isalnum():
                continue
            words.append(mark(typed))
            starts.append(start)
            ends.append(end)
            continue
        if typed not in met:
            met[typed] = plain(typed)
        for word in met[typed]:
            if words and words[-1] in ("your", "ur") and word in YOU_ARE_BEFORE:
                words[-1:] = ["you", "are"]
                starts.append(starts[-1])
                ends.append(ends[-1])
            words.append(word)
            starts.append(start)
            ends.append(end)
        if len(words) >= LONGEST_SENTENCE:
            close()
    close()
    return made


def quoted(text: str, pieces: list[tuple[str, int, int]]) -> frozenset[int]:
    """The numbers of the pieces between two quotation marks, unless no word stands outside them."""
    inside: list[int] = []
    opened, opened_single, words_outside, waiting = -1, False, 0, 0
    for number, (typed, start, end) in enumerate(pieces):
        if typed not in QUOTES:
            if typed[0].isalnum():
                words_outside, waiting = (words_outside + 1, 0) if opened < 0 else (words_outside, waiting + 1)
            continue
        single = typed in APOSTROPHES
        opens = not text[start - 1 : start].isalnum() and text[end : end + 1].isalnum() if single else True
        closes = not text[end : end + 1].isalnum() if single else True
        if opened >= 0 and single == opened_single and closes and number - opened <= LONGEST_QUOTE:
            inside.extend(range(opened, number))
            opened, waiting = -1, 0
        elif opens and (opened < 0 or number - opened > LONGEST_QUOTE):
            words_outside, waiting = words_outside + waiting, 0
            opened, opened_single = number, single
    return frozenset(inside) if words_outside + waiting else frozenset()
