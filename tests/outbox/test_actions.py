"""Posting and dropping letters, and what the database itself refuses about them."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.outbox import actions
from apps.outbox.models import Letter
from tests.outbox.office import Rules, post

CANARY = "the sea at Dahme"


def test_posting_twice_is_posting_once(rules: Rules, people: list[User]) -> None:
    first = post("1", recipient=people[0], payload={"code": "first"})
    second = post("1", recipient=people[0], payload={"code": "second"}, due_in=timedelta(days=1))
    assert first == second
    assert second.payload == {"code": "first"}
    assert Letter.objects.count() == 1


def test_without_a_recipient_the_occurrence_alone_is_the_key(rules: Rules, db: None) -> None:
    assert post("1", address="one@example.org") == post("1", address="other@example.org")
    assert post("2", address="one@example.org") != post("1")
    assert Letter.objects.count() == 2


def test_each_recipient_has_a_letter(rules: Rules, people: list[User]) -> None:
    assert len({post("1", recipient=person).pk for person in people}) == 5


def test_a_kind_that_nobody_registered_is_refused(rules: Rules, db: None) -> None:
    with pytest.raises(LookupError):
        actions.post(kind="typo", occurrence="1", due_at=timezone.now(), now=timezone.now(), address="a@example.org")


def test_a_letter_to_nobody_is_refused(rules: Rules, db: None) -> None:
    with pytest.raises(ValueError, match="recipient or an address"):
        actions.post(kind="test", occurrence="1", due_at=timezone.now(), now=timezone.now())


def test_dropping_ends_and_wipes(rules: Rules, people: list[User], now: Any) -> None:
    letters = [post("1", recipient=person, payload={"code": CANARY}) for person in people]
    other = post("2", recipient=people[0])
    dropped = actions.drop(kind="test", occurrence="1", reason="left", now=now, recipient=people[0])
    rest = actions.drop(kind="test", occurrence="1", reason="space closed", now=now)
    assert (dropped, rest) == (1, 4)
    assert actions.drop(kind="test", occurrence="1", reason="again", now=now) == 0
    ended = Letter.objects.get(pk=letters[0].pk)
    assert (ended.end_reason, ended.ended_at, ended.payload, ended.address) == ("left", now, None, None)
    assert Letter.objects.get(ended_at=None) == other


def test_all_of_a_thing_that_comes_again_and_again_are_dropped(rules: Rules, people: list[User], now: Any) -> None:
    for occurrence in ("a:1", "a:2", "ab:1", "b:a:1"):
        post(occurrence, recipient=people[0])
    sent = post("a:0", recipient=people[0])
    Letter.objects.filter(pk=sent.pk).update(sent_at=now, ended_at=now, end_reason="sent", payload=None)
    assert actions.drop_all(kind="test", beginning="a:", reason="left", now=now) == 2
    assert actions.drop_all(kind="other", beginning="b:", reason="left", now=now) == 0
    left = Letter.objects.filter(end_reason="left").values_list("occurrence", flat=True)
    assert sorted(left) == ["a:1", "a:2"]


def test_a_letter_that_ended_is_not_posted_again(rules: Rules, people: list[User], now: Any) -> None:
    post("1", recipient=people[0])
    actions.drop(kind="test", occurrence="1", reason="left", now=now)
    assert post("1", recipient=people[0]).end_reason == "left"


def test_no_text_and_no_address_in_the_table(rules: Rules, db: None) -> None:
    letter = post("1", address="somebody@example.org", payload={"code": CANARY})
    with connection.cursor() as cursor:
        cursor.execute("SELECT l::text, l.address, l.payload FROM outbox_letter l WHERE id = %s", [letter.pk])
        row, address, payload = cursor.fetchone()
    for stored in (row.encode(), bytes(address), bytes(payload)):
        assert b"Dahme" not in stored
        assert b"somebody" not in stored
        assert b"Dahme".hex().encode() not in stored
        assert b"somebody".hex().encode() not in stored
    assert "Dahme" not in f"{letter} {letter!r} {letter.__dict__}"


def test_what_is_rolled_back_was_never_posted(rules: Rules, db: None) -> None:
    with transaction.atomic():
        post("1")
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"claim_token": uuid.uuid4()},
        {"claimed_until": timezone.now()},
        {"ended_at": timezone.now(), "payload": None, "address": None},
        {"end_reason": "sent"},
        {"ended_at": timezone.now(), "end_reason": "sent", "payload": None, "address": None},
        {"sent_at": timezone.now()},
        {"ended_at": timezone.now(), "end_reason": "left"},
        {"ended_at": timezone.now(), "end_reason": "left", "payload": None},
        {"payload": None},
        {"address": None},
    ],
)
def test_the_database_refuses_half_a_fact(rules: Rules, db: None, values: dict[str, Any]) -> None:
    letter = post("1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**values)


def test_who_leaves_takes_their_letters_along(rules: Rules, people: list[User]) -> None:
    post("1", recipient=people[0])
    people[0].delete()
    assert not Letter.objects.exists()
