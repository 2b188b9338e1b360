"""Letters that ended long ago go; their keys stay, and nothing is ever posted twice."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from apps.accounts.models import User
from apps.outbox import actions, delivery, purge
from apps.outbox.models import Letter, Posted
from tests.outbox.office import Rules, Sink, post

pytestmark = pytest.mark.django_db


def ended_long_ago(letter: Letter, *, days: int = 31) -> None:
    Letter.objects.filter(pk=letter.pk, sent_at=None).update(
        ended_at=Now() - timedelta(days=days), end_reason="left", payload=None, address=None
    )


def test_only_what_ended_more_than_thirty_days_ago_goes(rules: Rules, people: list[User]) -> None:
    old, fresh, open_one = (post(name, recipient=people[0]) for name in ("old", "fresh", "open"))
    ended_long_ago(old)
    ended_long_ago(fresh, days=29)
    Letter.objects.filter(pk=open_one.pk).update(due_at=Now() - timedelta(days=90), created_at=Now() - timedelta(90))
    assert purge.purge() == 1
    assert set(Letter.objects.all()) == {fresh, open_one}
    assert purge.purge() == 0


def test_what_was_purged_is_never_posted_again(rules: Rules, sink: Sink, people: list[User]) -> None:
    ended_long_ago(post("1", recipient=people[0]))
    ended_long_ago(post("2", address="a@example.org"))
    purge.purge()
    assert post("1", recipient=people[0]) is None
    assert post("2", address="b@example.org") is None
    other = post("1", recipient=people[1])
    delivery.send_due()
    assert list(Letter.objects.all()) == [other]
    assert [message["To"] for message in sink.received] == [people[1].email]


def test_the_key_tells_no_word_and_goes_with_its_person(rules: Rules, people: list[User]) -> None:
    ended_long_ago(post("the sea at Dahme", recipient=people[0]))
    purge.purge()
    kept = Posted.objects.get()
    assert (kept.kind, kept.recipient, len(bytes(kept.occurrence_digest))) == ("test", people[0], 32)
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM outbox_posted p")
        assert "Dahme" not in cursor.fetchone()[0]
    people[0].delete()
    assert not Posted.objects.exists()


def test_more_than_fit_into_one_transaction(rules: Rules, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "AT_ONCE", 3)
    for number in range(10):
        ended_long_ago(post(f"{number}"))
    assert purge.purge() == 10
    assert Posted.objects.count() == 10


@pytest.mark.django_db(transaction=True)
def test_posted_in_the_moment_of_the_purge(rules: Rules) -> None:
    """The purge has written the key and taken the row, and has not committed: the one who posts waits, and finds it."""
    ended_long_ago(post("1"))
    found: list[Any] = []

    def go() -> None:
        found.append(post("1"))
        connection.close()

    poster = threading.Thread(target=go)
    with transaction.atomic():
        purge.purge_some()
        poster.start()
        poster.join(0.5)
        assert poster.is_alive()
    poster.join(10)
    assert found == [None]
    assert not Letter.objects.exists()


def test_dropping_what_was_purged_is_harmless(rules: Rules, now: Any) -> None:
    ended_long_ago(post("1"))
    purge.purge()
    assert actions.drop(kind="test", occurrence="1", reason="left", now=now) == 0
