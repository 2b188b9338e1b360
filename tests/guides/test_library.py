"""Finding and reading guides, the lock of published versions, and the system check."""

import copy
import json
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.core.management import CommandError, call_command

from apps.guides import library, lock
from apps.guides.checks import check_guides
from apps.guides.schema import GuideError

BRIDGE = library.CONTENT / "bridge.v1.toml"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A copy of the content that a test may spoil."""
    return Path(shutil.copytree(library.CONTENT, tmp_path / "content"))


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def check(shelf: Path) -> list[CheckMessage]:
    """What the system check says of the one guide that is certainly published."""
    return [one for one in check_guides(folder=shelf) if BRIDGE.name in one.msg]


def test_the_newest_version_is_found_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert library.find("bridge") is library.find("bridge", 2)
    assert [(guide.slug, guide.version) for guide in library.all_guides()] == [
        ("bridge", 1),
        ("bridge", 2),
        ("rebuild", 1),
    ]


def test_the_newest_of_two_versions(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = shelf / "bridge.v10.toml"
    shutil.copy(BRIDGE, newer)
    replace(newer, "version = 1", "version = 10")
    both = tuple(library.read(path) for path in library.files(shelf))
    monkeypatch.setattr(library, "all_guides", lambda: both)
    assert library.find("bridge").version == 10
    assert library.find("bridge", 1).version == 1


@pytest.mark.parametrize(("slug", "version"), [("bridges", None), ("bridge", 99), ("bridge", 0), ("", None)])
def test_an_unknown_guide_is_an_error(slug: str, version: int | None) -> None:
    with pytest.raises(library.UnknownGuide):
        library.find(slug, version)


@pytest.mark.parametrize("name", ["bridge.toml", "Bridge.v1.toml", "bridge.v0.toml", "bridge.v1.1.toml"])
def test_a_file_says_slug_and_version_in_its_name(tmp_path: Path, name: str) -> None:
    path = Path(shutil.copy(BRIDGE, tmp_path / name))
    with pytest.raises(GuideError, match=r"a guide’s file is called <slug>\.v<version>\.toml"):
        library.read(path)


@pytest.mark.parametrize("content", [b"slug = ", b"slug = 'bridge'\nslug = 'bridge'\n", b"\xff\xfe"])
def test_what_is_not_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bridge.v1.toml"
    path.write_bytes(content)
    with pytest.raises(GuideError, match=r"^bridge\.v1\.toml: not valid TOML: "):
        library.read(path)


def test_the_library_needs_no_django() -> None:
    code = (
        "import sys; from apps.guides import library, lock; library.all_guides(); "
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=library.CONTENT.parents[2], check=False).returncode == 0


# The lock.


def test_published_versions_keep_their_shape() -> None:
    """If this fails, put the keys back or write the change as a new version of the guide."""
    locked = lock.read()
    for guide in library.all_guides():
        assert lock.changes(locked.get(lock.name(guide), lock.shape(guide)), lock.shape(guide)) == []
    not_published = {lock.name(guide) for guide in library.all_guides()} - set(locked)
    newest = {lock.name(library.find(guide.slug)) for guide in library.all_guides()}
    assert not_published - newest == set()


ASK = ("steps", 0, "exercises", 0)
CHANGES = [
    (("mistakes", 4), "why", ["/mistakes/why-trap: is gone", "/mistakes/why: is new"]),
    (
        ("preparation", 0, "fields", 1, "choices", 2),
        "warmth",
        [
            "/preparation/evening/fields/more_of/choices/touch: is gone",
            "/preparation/evening/fields/more_of/choices/warmth: is new",
        ],
    ),
    (("preparation", 0, "key"), "dawn", ["/preparation/evening: is gone", "/preparation/dawn: is new"]),
    ((*ASK, "kind"), "telling", ["/steps/ask/exercises/opening/kind: was 'statement', is 'telling'"]),
    ((*ASK, "reveal"), "mutual", ["/steps/ask/exercises/opening/reveal: was 'shared', is 'mutual'"]),
    ((*ASK, "reflected"), True, ["/steps/ask/exercises/opening/reflected: was False, is True"]),
    ((*ASK, "always_open"), True, ["/steps/ask/exercises/opening/always_open: was False, is True"]),
    ((*ASK, "items"), [0, 7], ["/steps/ask/exercises/opening/items/1: was 0, is 7"]),
    ((*ASK, "fields", 0, "at_most"), 2, ["/steps/ask/exercises/opening/fields/feeling/at_most: was 3, is 2"]),
    (
        (*ASK, "fields", 1, "kind"),
        "long_text",
        ["/steps/ask/exercises/opening/fields/feeling_words/kind: was 'text', is 'long_text'"],
    ),
    (
        (*ASK, "fields", 2, "required"),
        False,
        ["/steps/ask/exercises/opening/fields/situation/required: was True, is False"],
    ),
    (("steps", 0, "milestone"), "agreed", ["/steps/ask/milestone: was 'shared:opening', is 'agreed'"]),
]


@pytest.mark.parametrize(("path", "value", "expected"), CHANGES)
def test_each_change_of_shape_is_named(path: tuple[str | int, ...], value: object, expected: list[str]) -> None:
    now = lock.shape(library.find("bridge", 1))
    part: Any = now
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    assert lock.changes(lock.read()["bridge.v1"], now) == expected


def test_another_order_of_steps_is_a_change() -> None:
    now = copy.deepcopy(lock.read()["bridge.v1"])
    now["steps"].reverse()
    assert lock.changes(lock.read()["bridge.v1"], now) == ["/steps: another order"]


def test_wording_may_change(shelf: Path) -> None:
    path = shelf / BRIDGE.name
    replace(path, "An ordinary evening", "A normal evening")
    assert lock.changes(lock.read()["bridge.v1"], lock.shape(library.read(path))) == []
    assert check(shelf) == []


def test_the_lock_holds_no_wording() -> None:
    words = {guide.title for guide in library.all_guides()} | {"What would you like more of"}
    text = lock.LOCK.read_text(encoding="utf-8")
    assert not any(one in text for one in words)


def test_a_locked_version_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.lock.json"
    guide = library.find("bridge", 1)
    lock.write(guide, path)
    before = path.read_bytes()
    with pytest.raises(lock.AlreadyLocked):
        lock.write(guide, path)
    assert path.read_bytes() == before
    assert json.loads(before) == {"bridge.v1": lock.shape(guide)}


def test_a_new_version_is_added_to_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "keys.lock.json"
    path.write_text(json.dumps({"older.v1": {"steps": []}}), encoding="utf-8")
    lock.write(library.find("bridge", 1), path)
    assert list(lock.read(path)) == ["older.v1", "bridge.v1"]


# The command.


def test_the_command_refuses_what_is_locked() -> None:
    before = lock.LOCK.read_bytes()
    with pytest.raises(CommandError, match=r"^bridge\.v1 is locked\. .*: bridge\.v2\.toml\.$"):
        call_command("lock_guide", "bridge", "1")
    assert lock.LOCK.read_bytes() == before


def test_the_command_refuses_what_is_unknown() -> None:
    with pytest.raises(CommandError, match=r"^There is no guide bridge v99\.$"):
        call_command("lock_guide", "bridge", "99")


def test_the_command_locks_a_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(lock, "write", lambda guide: written.append(lock.name(guide)))
    out = StringIO()
    call_command("lock_guide", "bridge", "1", stdout=out)
    assert (written, out.getvalue()) == (["bridge.v1"], "bridge.v1 is locked now.\n")


# The system check.


def test_the_check_finds_nothing_in_what_we_publish() -> None:
    assert [one for one in check_guides() if one.id != "guides.W001"] == []


def test_the_check_names_a_wrong_file(shelf: Path) -> None:
    replace(shelf / BRIDGE.name, 'kind = "settling"', 'kind = "settle"')
    found = check(shelf)
    assert [one.id for one in found] == ["guides.E001"]
    assert found[0].msg.startswith("bridge.v1.toml: preparation[2].kind: must be one of 'journal', ")


def test_the_check_names_a_changed_shape(shelf: Path) -> None:
    replace(shelf / BRIDGE.name, "items_at_most = 6", "items_at_most = 9")
    found = check(shelf)
    assert [(one.id, one.msg) for one in found] == [
        ("guides.E002", "bridge.v1.toml: /steps/outside/exercises/stressors/items/1: was 6, is 9")
    ]


def test_the_check_warns_of_a_version_that_is_not_locked(shelf: Path) -> None:
    (shelf / "keys.lock.json").unlink()
    found = check(shelf)
    assert [(one.id, one.hint) for one in found] == [("guides.W001", "Publish it with: manage.py lock_guide bridge 1")]
