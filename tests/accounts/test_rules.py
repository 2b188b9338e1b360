"""What a name and a time zone may be."""

from zoneinfo import ZoneInfo

import pytest

from apps.accounts import rules


@pytest.mark.parametrize("name", ["Mara", "Ana María", "O’Brien", "李", "محمد", "Zoë", "🦊", "👩🏽‍🚀 Jo", "म‍न", "J."])
def test_ordinary_names_of_the_world_are_names(name: str) -> None:
    assert rules.may_be_a_name(rules.tidy_name(name))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "\u200d",
        "Ma\x00ra",
        "Ma\r\nBcc: x@example.org",
        "Ma\u2028ra",
        "\u202eeraM",
        "Ma\u2066ra",
        "a" * 61,
        "\ufeff",
    ],
)
def test_what_breaks_the_line_or_cannot_be_read_is_no_name(name: str) -> None:
    assert not rules.may_be_a_name(rules.tidy_name(name))


def test_spaces_around_and_between_are_tidied() -> None:
    assert rules.tidy_name("  Ana   María ") == "Ana María"


def test_an_unknown_zone_is_utc() -> None:
    assert rules.zone_named("Mars/Olympus") == ZoneInfo("UTC")
    assert rules.zone_named("../../etc/passwd") == ZoneInfo("UTC")
    assert rules.zone_named("Europe/Berlin") == ZoneInfo("Europe/Berlin")


def test_the_zones_offered_can_all_be_loaded() -> None:
    names = rules.zone_names()
    assert names[0] == "UTC"
    assert {"Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Calcutta"} <= set(names)
    assert all(rules.zone_named(name).key == name for name in names)
