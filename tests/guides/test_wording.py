"""All wording of the data files goes through gettext: found for translators, and shown in their words."""

import ast
from pathlib import Path

import pytest

from apps.guides import library, quiet, schema, starters, wording

FILES = [*library.files(), starters.FILE, quiet.FILE]


def bracketed(text: str) -> str:
    return f"⟦{text}⟧"


@pytest.mark.parametrize("guide", library.all_guides(), ids=lambda guide: f"{guide.slug}.v{guide.version}")
def test_only_the_wording_is_translated(guide):
    said = library.in_language(guide, "brackets", bracketed)
    assert list(schema.wording(said)) == [bracketed(text) for text in schema.wording(guide)]
    assert schema.in_words(said, lambda text: text[1:-1]) == guide
    assert library.in_language(guide, "brackets", bracketed) is said


def test_every_text_with_a_blank_in_it_is_wording():
    """Keys, kinds and element ids hold no blanks: a field with a sentence that is not wording is a forgotten one."""
    for guide in library.all_guides():
        keys = repr(schema.in_words(guide, lambda _text: "x"))
        assert [text for text in ast_strings(keys) if " " in text] == []


def ast_strings(source: str) -> list[str]:
    return [
        one.value for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_translators_get_is_the_wording_each_text_once(path):
    calls = [node.value for node in ast.parse(wording.as_source(path)).body]
    assert {call.func.id for call in calls} == {"gettext"}
    texts = [call.args[0].value for call in calls]
    assert texts == list(wording.messages(path))
    assert len(texts) == len(set(texts)) > 20


def test_other_data_files_hold_no_wording_of_their_own():
    assert list(wording.messages(library.CONTENT / library.PARTS)) == []
    assert list(wording.messages(Path("pyproject.toml"))) == []
