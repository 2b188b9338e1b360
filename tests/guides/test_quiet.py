"""The words for a quiet time: enough of them, easy to read, and nothing that pushes."""

import re

import pytest

from apps.guides import quiet
from apps.guides.schema import GuideError


def test_there_are_enough() -> None:
    words = quiet.quiet_words()
    assert len(words.prompts) >= 20
    assert len(words.ideas) >= 30


def test_they_push_nobody_and_fit_every_couple() -> None:
    words = quiet.quiet_words()
    pushing = r"\b(must|should|have to|he|she|him|her|his|husband|wife|boyfriend|girlfriend)\b"
    found = [
        one for one in (*words.prompts, *words.ideas) if re.search(pushing, one.replace("do not have to", ""), re.I)
    ]
    assert found == []
    assert [one for one in (*words.prompts, *words.ideas) if "'" in one or '"' in one] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prompts = ['a']", "and nothing else"),
        ("prompts = ['a']\nideas = ['b']\nmore = ['c']", "and nothing else"),
        ("prompts = []\nideas = ['b']", "prompts: each is a text"),
        ("prompts = ['a']\nideas = ['b', ' ']", "ideas: each is a text"),
        ("prompts = ['a', 'a']\nideas = ['b']", "prompts: a text is there twice"),
    ],
)
def test_a_wrong_file_names_its_place(tmp_path, monkeypatch, text, said) -> None:
    file = tmp_path / "quiet.toml"
    file.write_text(text)
    monkeypatch.setattr(quiet, "FILE", file)
    quiet.quiet_words.cache_clear()
    try:
        with pytest.raises(GuideError, match=said):
            quiet.quiet_words()
    finally:
        quiet.quiet_words.cache_clear()
