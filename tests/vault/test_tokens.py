"""Sealed links: readable by the house for one purpose, and by nobody for anything else."""

import base64

import pytest

from apps.vault import tokens

pytestmark = pytest.mark.django_db
VALUES = {"user": "0f" * 16, "wish": "mail_reminders", "on": "2026-03-03"}


def test_what_was_made_can_be_read():
    token = tokens.make("a", VALUES)
    assert tokens.read("a", token) == VALUES
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    assert len(token) <= tokens.LONGEST


def test_it_names_nothing_and_is_never_the_same():
    one, other = tokens.make("a", VALUES), tokens.make("a", VALUES)
    assert one != other
    raw = base64.urlsafe_b64decode(one + "=" * (-len(one) % 4))
    assert not [word for word in VALUES.values() if word.encode() in raw]


@pytest.mark.parametrize("place", range(0, 140, 7))
def test_one_changed_letter_makes_it_nothing(place):
    token = tokens.make("a", VALUES)
    other = "A" if token[place] != "A" else "B"
    assert tokens.read("a", token[:place] + other + token[place + 1 :]) is None


@pytest.mark.parametrize("token", ["", "t" * 43, "…", "A" * 401, "A" * 400, "a b", "AAAA", "=" * 60])
def test_what_is_no_token(token):
    assert tokens.read("a", token) is None


def test_it_is_bound_to_its_purpose():
    assert tokens.read("b", tokens.make("a", VALUES)) is None


def ring(*letters: str) -> str:
    return ",".join(f"key-{letter}:{base64.b64encode(letter.encode() * 32).decode()}" for letter in letters)


def test_another_house_reads_nothing_and_an_older_key_still_does(settings):
    settings.VAULT_KEYS = ring("a")
    token = tokens.make("a", VALUES)
    settings.VAULT_KEYS = ring("b")
    assert tokens.read("a", token) is None
    settings.VAULT_KEYS = ring("b", "a")
    assert tokens.read("a", token) == VALUES


def test_it_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert tokens.read("a", tokens.make("a", VALUES)) == VALUES
