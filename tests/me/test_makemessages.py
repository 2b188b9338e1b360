"""What translators get: the pages, and the wording of the data files of guides and coach."""

import ast
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.commands import makemessages as djangos

from apps.coach import judge, judge_commitment
from apps.coach import wording as coach
from apps.coach.rules import FOLDER, book, files
from apps.guides import library, starters, wording
from apps.me.management.commands.makemessages import BuildFile


def test_makemessages_reads_a_guide_as_it_reads_a_template(tmp_path):
    copy = Path(shutil.copytree(library.CONTENT, tmp_path / "content")) / "rebuild.v1.toml"
    part = BuildFile(djangos.Command(), "django", djangos.TranslatableFile(str(copy.parent), copy.name, None))
    assert (part.is_data, part.is_templatized) == (True, True)
    part.preprocess()
    assert Path(part.work_path).read_text(encoding="utf-8") == wording.as_source(copy)


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="the tools of gettext are not on this machine")
def test_a_catalog_holds_the_guides_the_coach_and_the_pages(tmp_path, monkeypatch, settings):
    root = tmp_path / "app"
    for name in ("apps/guides", "apps/coach", "templates/plans"):
        shutil.copytree(library.CONTENT.parents[2] / name, root / name)
    (root / "locale").mkdir()
    monkeypatch.chdir(root)
    settings.LOCALE_PATHS = [root / "locale"]
    call_command("makemessages", locale=["xx"], verbosity=0)
    catalog = (root / "locale/xx/LC_MESSAGES/django.po").read_text(encoding="utf-8").replace('"\n"', "")
    step = library.find("rebuild").step("moment")
    for text in (
        step.title,
        "Where would you like to begin?",
        starters.starters()[0].what,
        book("listening").rules[0].why,
    ):
        assert f'{text}"' in catalog


FILES = [*files("harm"), "listening.toml", "commitments.toml"]


@pytest.mark.parametrize("file", FILES)
def test_what_translators_get_of_the_coach_is_each_text_once(file):
    path = FOLDER / file
    texts = [node.value.args[0].value for node in ast.parse(coach.as_source(path)).body]
    assert texts == list(coach.messages(path))
    assert len(texts) == len(set(texts)) > 0


@pytest.mark.parametrize("name", ["frames", "silence", "praise", "rewording", "spelling", "words"])
def test_what_is_never_shown_is_not_translated(name):
    assert list(coach.messages(FOLDER / f"{name}.toml")) == []


def test_all_that_the_coach_says_goes_through_a_translator():
    known = {text for file in FILES for text in coach.messages(FOLDER / file)}
    asked = []

    def translate(text: str) -> str:
        asked.append(text)
        return text

    for text in ("You never call me.", "You always leave your cups, I am so tired.", "Do you even care?"):
        assert judge(text, translate=translate).findings
    assert judge("You should just rest more.", listening=True, translate=translate).findings
    for text in ("Coffee on the balcony", "I will be more patient", "We will be nicer"):
        assert judge_commitment(text, translate=translate).start_from
    assert asked
    assert set(asked) - known == set()
