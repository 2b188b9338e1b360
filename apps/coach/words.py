"""A text becomes sentences of plain words: lower case, contractions written out, common slips mended, each with its place.

Patterns are read by the same function, so that “You're”, “youre”, “U R” and “you are” are one thing to every rule.
"""

import re
import unicodedata
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
QUOTES = frozenset("\"“”„«»'")
ABBREVIATIONS = frozenset("mr mrs ms dr st vs etc eg ie e.g i.e p.m a.m am pm approx no".split())
LONGEST_WORD, LONGEST_SENTENCE, LONGEST_QUOTE = 40, 150, 60

IS = frozenset("it that this he she who what how there here where why when everything nothing something nobody everyone".split())
BEFORE_NOT = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
PARTS = {"re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am"}
# Apostrophes are left out on a telephone. Left alone: “well”, “were”, “shell”, “id”, “wed”, which are words themselves.
NO_APOSTROPHE = {
    **{f"{verb}nt": f"{verb} not" for verb in "do does did is are was were has have had would could should must need".split()},
    **{"cant": "can not", "wont": "will not", "aint": "is not", "cannot": "can not"},
    **{"im": "i am", "ive": "i have", "ill": "ill", "youre": "you are", "youve": "you have", "youll": "you will"},
    **{"youd": "you would", "theyre": "they are", "theyve": "they have", "weve": "we have", "thats": "that is"},
    **{"whats": "what is", "hows": "how is", "whos": "who is", "wheres": "where is", "theres": "there is"},
    **{"its": "its", "lets": "let us", "hes": "he is", "shes": "she is", "itll": "it will"},
}
SLIPS = {
    **{"u": "you", "r": "are", "ya": "you", "yu": "you", "yuo": "you", "yoi": "you", "yor": "your", "ur": "your", "ure": "you are"},
    **{"y": "why", "bc": "because", "cuz": "because", "cos": "because", "becuase": "because", "becasue": "because"},
    **{"pls": "please", "plz": "please", "thx": "thanks", "idk": "i do not know", "omg": "omg", "wtf": "what the hell"},
    **{"gonna": "going to", "wanna": "want to", "gotta": "have to", "dunno": "do not know", "lemme": "let me"},
    **{"gimme": "give me", "coulda": "could have", "shoulda": "should have", "woulda": "would have", "kinda": "kind of"},
    **{"alway": "always", "allways": "always", "alwas": "always", "alwyas": "always", "awlays": "always"},
    **{"alays": "always", "alwasy": "always", "allway": "always", "evry": "every", "evrey": "every"},
    **{"nevr": "never", "neevr": "never", "nver": "never", "nevre": "never", "neverr": "never", "nvr": "never"},
    **{"nevver": "never", "ignor": "ignore", "liste": "listen", "lisen": "listen", "listne": "listen"},
    **{"jsut": "just", "realy": "really", "rly": "really", "definately": "definitely", "tho": "though", "ppl": "people"},
    **{"teh": "the", "waht": "what", "wat": "what", "wich": "which", "becouse": "because", "untill": "until"},
    **{"fuckin": "fucking", "freaking": "fucking", "bloody": "fucking", "damned": "fucking", "damn": "fucking"},
    **{"im'a": "i will", "ok": "okay", "k": "okay", "somthing": "something", "anythign": "anything"},
    **{"criticize": "criticise", "apologize": "apologise", "realize": "realise", "recognize": "recognise"},
    **{"mom": "mum", "mother": "mum", "mother's": "mum's", "mom's": "mum's", "father": "dad", "father's": "dad's", "spoiled": "spoilt"},
    **{"alot": "a lot", "everytime": "every time", "nothin": "nothing", "centered": "centred"},
    # What is left of a word when its stretched letters become one.
    **{"al": "all", "wel": "well", "stil": "still", "hel": "hell", "kil": "kill", "wil": "will"},
}
# “Your so selfish” means “you are so selfish” before these; “your so-and-so” never begins so.
YOU_ARE_BEFORE = frozenset("so always never being just not too such a an the only lying".split())


class Sentence(NamedTuple):
    """Words with the place of each in the text. The last is the mark that ends it, of no length where none was typed."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def plain(token: str) -> tuple[str, ...]:
    """One token as the words it stands for: "you're" is ("you", "are"). Noise of any length is one empty word."""
    if token.isascii() and token.isalpha() and len(token) <= LONGEST_WORD:
        word = token.lower()
        if STRETCHED.search(word):
            word = STRETCHED.sub(r"\1", word)
        word = SLIPS.get(word, word)
        return tuple(NO_APOSTROPHE.get(word, word).split())
    token = LEFT_OUT.sub("", token)
    if len(token) > LONGEST_WORD:
        token = STRETCHED.sub(r"\1", token[: LONGEST_WORD * 25])
        if len(token) > LONGEST_WORD:
            return ("",)
    if token[:1].isdecimal():
        unit = FIGURES.sub("", token)
        return ("#", *plain(unit)) if unit else ("#",)
    word = unicodedata.normalize("NFKC", token).lower()
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


def mark(token: str) -> str:
    """A mark in its plain form: dashes, brackets and ends of every kind are one of each."""
    if "?" in token or "？" in token:
        return "?"
    if "!" in token or "！" in token:
        return "!"
    if token in "—–-":
        return "-"
    return "." if token[0] in ".…。" else token


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text. What stands in quotation marks beside own words is somebody's words told: it is left out."""
    tokens = [(found.group(), found.start(), found.end()) for found in TOKEN.finditer(text)]
    told = quoted(text, tokens)
    made: list[Sentence] = []
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def close() -> None:
        nonlocal words, starts, ends
        if any(word and (word[0].isalnum() or word == "#") for word in words):
            if words[-1] not in ENDS:
                words.append(".")
                starts.append(ends[-1])
                ends.append(ends[-1])
            made.append(Sentence(words, starts, ends))
        words, starts, ends = [], [], []

    for number, (token, start, end) in enumerate(tokens):
        if number in told or SAME.sub("'", token) in QUOTES:
            continue
        if token == "\n":
            close()
            continue
        first = token[0]
        if first in ".!?…。？！":
            if token == "." and (words[-1:] and words[-1] in ABBREVIATIONS) and not text[end : end + 3].lstrip()[:1].isupper():
                continue
            words.append(mark(token))
            starts.append(start)
            ends.append(end)
            close()
            continue
        if not first.isalnum():
            # A hyphen inside a word joins ("wake-up"); a free one is a pause.
            if token == "-" and text[start - 1 : start].isalnum() and text[end : end + 1].isalnum():
                continue
            words.append(mark(token))
            starts.append(start)
            ends.append(end)
            continue
        for word in plain(token):
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


def quoted(text: str, tokens: list[tuple[str, int, int]]) -> frozenset[int]:
    """The numbers of the tokens between two quotation marks, unless no word stands outside them."""
    inside: list[int] = []
    opened, opened_single, words_outside, waiting = -1, False, 0, 0
    for number, (token, start, end) in enumerate(tokens):
        if SAME.sub("'", token) not in QUOTES:
            if token[0].isalnum():
                words_outside, waiting = (words_outside + 1, 0) if opened < 0 else (words_outside, waiting + 1)
            continue
        single = token in APOSTROPHES
        opens = not text[start - 1 : start].isalnum() and text[end : end + 1].isalnum() if single else True
        closes = not text[end : end + 1].isalnum() if single else True
        if opened >= 0 and single == opened_single and closes and number - opened <= LONGEST_QUOTE:
            inside.extend(range(opened, number))
            opened, waiting = -1, 0
        elif opens and (opened < 0 or number - opened > LONGEST_QUOTE):
            words_outside, waiting = words_outside + waiting, 0
            opened, opened_single = number, single
    return frozenset(inside) if words_outside + waiting else frozenset()
