from datetime import timedelta
from typing import Any

import pytest

from apps.spaces import rules


def facts(now: Any, **given: Any) -> dict[str, Any]:
    return {"created_at": now, "used_at": None, "revoked_at": None, **given}


def test_an_invitation_lasts_72_hours(now):
    assert rules.ends_at(now) - now == timedelta(hours=72)
    assert rules.looks_open(**facts(now), now=now + timedelta(hours=72) - timedelta(microseconds=1))
    assert not rules.looks_open(**facts(now), now=now + timedelta(hours=72))


@pytest.mark.parametrize("fact", ["used_at", "revoked_at"])
def test_used_or_revoked_is_not_open_for_the_inviter(now, fact):
    assert not rules.looks_open(**facts(now, **{fact: now}), now=now)


@pytest.mark.parametrize("fact", ["used_at", "revoked_at", "declined_at", "space_closed_at"])
def test_what_ends_an_invitation_for_the_invited(now, fact):
    given = {"declined_at": None, "space_closed_at": None}
    assert rules.is_open(**facts(now, **given), now=now)
    assert not rules.is_open(**facts(now, **{**given, fact: now}), now=now)


@pytest.mark.parametrize(
    ("lately", "refused", "blocked", "goes"),
    [
        (0, False, False, True),
        (1, False, False, True),
        (2, False, False, False),
        (0, True, False, False),
        (0, False, True, False),
    ],
)
def test_whether_a_mail_really_goes(lately, refused, blocked, goes):
    assert rules.may_mail(sent_lately=lately, refused=refused, blocked=blocked) is goes


@pytest.mark.parametrize(("taken", "free"), [(set(), 1), ({1}, 2), ({2}, 1), ({1, 2}, None)])
def test_the_free_seat(taken, free):
    assert rules.free_number(taken) == free


@pytest.mark.parametrize(("name", "first"), [("Mara", "Mara"), ("Mara Lind", "Mara"), ("", ""), ("  ", "")])
def test_a_mail_says_at_most_the_first_word_of_a_name(name, first):
    assert rules.first_name(name) == first
