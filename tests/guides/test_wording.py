"""All wording of the data files goes through gettext: found for translators, and shown in their words."""

import ast
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.commands import makemessages as djangos

from apps.guides import library, quiet, schema, starters, wording
from apps.guides.management.commands.makemessages import BuildFile

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


def test_makemessages_reads_a_guide_as_it_reads_a_template(tmp_path):
    copy = Path(shutil.copytree(library.CONTENT, tmp_path / "content")) / "rebuild.v1.toml"
    part = BuildFile(djangos.Command(), "django", djangos.TranslatableFile(str(copy.parent), copy.name, None))
    assert (part.is_data, part.is_templatized) == (True, True)
    part.preprocess()
    assert Path(part.work_path).read_text(encoding="utf-8") == wording.as_source(copy)


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="the tools of gettext are not on this machine")
def test_a_catalog_holds_the_guides_and_the_pages(tmp_path, monkeypatch, settings):
    root = tmp_path / "app"
    for name in ("apps/guides", "templates/plans"):
        shutil.copytree(library.CONTENT.parents[2] / name, root / name)
    (root / "locale").mkdir()
    monkeypatch.chdir(root)
    settings.LOCALE_PATHS = [root / "locale"]
    call_command("makemessages", locale=["xx"], verbosity=0)
    catalog = (root / "locale/xx/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    step = library.find("rebuild").step("moment")
    for text in (step.title, "Where would you like to begin?", starters.starters()[0].what):
        assert f'msgid "{text}"' in catalog
