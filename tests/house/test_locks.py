"""The lock files: no address in them, a hash for everything, and the larger ones agree with the smaller."""

import re

import pytest
from launcher.environment import HOLDS, LOCKS

NAMES = ["bench.txt", "local.txt", "production.txt", "test.txt", "uv.txt"]


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.\[\]-]+)==([^\s;]+)", (LOCKS / name).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", NAMES)
def test_names_no_address_and_hashes_everything(name: str) -> None:
    text = (LOCKS / name).read_text()
    assert "://" not in text
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize(
    ("larger", "smaller"), [("bench.txt", "local.txt"), ("test.txt", "local.txt"), ("local.txt", "production.txt")]
)
def test_a_larger_lock_holds_the_smaller_one(larger: str, smaller: str) -> None:
    assert pins(smaller).items() <= pins(larger).items()


def test_what_bin_test_installs_serves_bin_up_as_well() -> None:
    assert set(HOLDS["local.txt"]) <= set(HOLDS["test.txt"])


def test_what_is_measured_against_is_never_installed_to_run() -> None:
    assert "django-post-office" in pins("bench.txt")
    for name in ("local.txt", "production.txt", "test.txt"):
        assert "django-post-office" not in pins(name)
