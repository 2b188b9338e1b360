"""A text as plain words: what people really type comes out as one thing, and every word knows its place."""

import pytest

from apps.coach.patterns import clause_starts, forms, read
from apps.coach.rules import lists
from apps.coach.words import sentences


def words(text):
    return [sentence.words for sentence in sentences(text)]


@pytest.mark.parametrize(
    "typed",
    [
        "You're never late.",
        "You’re never late.",
        "youre never late.",
        "YOU ARE NEVER LATE.",
        "u r nevr late.",
        "your never late.",
        "You`re neeeever late.",
        "y\u200bou\u2019re ne\u00adver \u202elate\u202c.",
        "Ｙou're never late.",
    ],
)
def test_many_spellings_are_one(typed) -> None:
    assert words(typed) == [["you", "are", "never", "late", "."]]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("I can't. You won't!", [["i", "can", "not", "."], ["you", "will", "not", "!"]]),
        ("At 7.30 p.m. we eat.", [["at", "#", "p", "m", "we", "eat", "."]]),
        ("No full stop\nNext line", [["no", "full", "stop", "."], ["next", "line", "."]]),
        ("What?! Really…", [["what", "?"], ["really", "."]]),
        ("my mum's wake-up call - late", [["my", "mum's", "wake", "up", "call", "-", "late", "."]]),
        ("😀 🎉", []),
        ("", []),
    ],
)
def test_sentences(text, made) -> None:
    assert words(text) == made


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I stopped saying “you never listen” aloud.", [["i", "stopped", "saying", "aloud", "."]]),
        ('The song "You always hurt" is old.', [["the", "song", "is", "old", "."]]),
        ("She said 'you are late' to me.", [["she", "said", "to", "me", "."]]),
        ("“You never listen.”", [["you", "never", "listen", "."]]),
        ("My parents' house isn't far.", [["my", "parents", "house", "is", "not", "far", "."]]),
        ('5" is small', [["#", "is", "small", "."]]),
    ],
)
def test_what_is_told_in_quotation_marks_is_left_out(text, left) -> None:
    assert words(text) == left


def test_each_word_knows_its_place() -> None:
    text = "Well… you’re  late!"
    second = sentences(text)[1]
    assert [text[start:end] for start, end in zip(second.starts, second.ends, strict=True)] == [
        "you’re", "you’re", "late", "!",
    ]  # fmt: skip


def test_a_main_clause_begins_after_a_mark_but_not_inside_a_when() -> None:
    def starts(text):
        sentence = sentences(text)[0]
        return [word for word, begins in zip(sentence.words, clause_starts(sentence.words), strict=True) if begins]

    assert starts("When I cook, you read.") == ["when", "you"]
    assert starts("I felt sad when you left and you ignored me.") == ["i"]
    assert starts("You read and you sing.") == ["you", "you"]


def test_forms_of_a_verb() -> None:
    assert forms("ruin") == ["ruin", "ruins", "ruining", "ruined"]
    assert forms("criticise") == ["criticise", "criticises", "criticising", "criticised"]
    assert forms("worry") == ["worry", "worries", "worrying", "worried"]
    assert set(forms("leave")) == {"leave", "left", "leaves", "leaving"}


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("you always", "you always win", "always you"),
        ("you [really] (sing|hum)", "you really hum", "you really cook"),
        ("^ you sing", "today, you sing", "when you sing"),
        ("you sing $", "you sing!", "you sing well"),
        ("you .. late", "you came home late", "you came home so very much late"),
        ("you _ late", "you came late", "you late"),
        ("you !(not|never) _", "you sing", "you never sing"),
        ("you (are [so] (kind|nice))", "you are so nice", "you are so bad"),
        ("at # pm", "at 7 pm", "at seven pm"),
        ("you sing+", "you sang, you singing", "you song"),
    ],
)
def test_the_small_language(pattern, yes, no) -> None:
    made = read(pattern, lists())

    def found(text):
        return any(made.find(one, clause_starts(one.words)) for one in sentences(text))

    assert (found(yes), found(no)) == (True, False)
