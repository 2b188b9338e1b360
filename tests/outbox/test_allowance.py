"""The provider's limit: shared by all workers, kept in any stretch of its length, off unless somebody sets it."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from apps.outbox import allowance, delivery
from apps.outbox.allowance import Limit
from apps.outbox.models import Allowance, Letter
from tests.outbox.office import Rules, Sink, post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("", None),
        ("500/h", Limit(500, 3600)),
        ("14/s", Limit(14, 1)),
        ("2/d", Limit(2, 86400)),
        ("90/m", Limit(90, 60)),
    ],
)
def test_what_the_setting_says(words: str, limit: Limit | None) -> None:
    assert allowance.parse(words) == limit


@pytest.mark.parametrize("odd", ["500", "500/w", "1/h", "/h", "-5/h", "many/h", "1.5/s"])
def test_what_it_may_not_say(odd: str) -> None:
    with pytest.raises(ValueError, match="MAIL_LIMIT"):
        allowance.parse(odd)


@pytest.mark.parametrize("words", ["2/d", "5/h", "100/h", "14/s", "5000/d"])
def test_never_more_than_that_in_any_stretch_of_that_length(words: str) -> None:
    limit = allowance.parse(words)
    assert limit is not None
    assert limit.most + limit.rate * limit.seconds == pytest.approx(limit.mails)
    assert limit.rate > 0


def test_off_by_default(rules: Rules, sink: Sink) -> None:
    for number in range(30):
        post(f"{number}")
    delivery.send_due()
    assert len(sink.received) == 30
    assert not Allowance.objects.exists()


def test_at_the_limit_the_rest_waits_untouched(rules: Rules, sink: Sink, settings: Any) -> None:
    settings.MAIL_LIMIT = "100/h"
    for number in range(30):
        post(f"{number}")
    assert delivery.send_due() is False
    assert delivery.send_due() is False
    assert len(sink.received) == 10
    waiting = Letter.objects.filter(ended_at=None)
    assert set(waiting.values_list("attempts", "claim_token", "retry_at")) == {(0, None, None)}
    Allowance.objects.update(counted_at=Now() - timedelta(minutes=4, seconds=1))
    delivery.send_due()
    assert len(sink.received) == 16  # 90 an hour come back: six in four minutes


def test_a_short_wait_is_waited(rules: Rules, sink: Sink, settings: Any) -> None:
    settings.MAIL_LIMIT = "30/s"
    for number in range(12):
        post(f"{number}")
    delivery.send_due()
    assert len(sink.received) == 12


def test_what_is_not_sent_takes_nothing(rules: Rules, sink: Sink, settings: Any) -> None:
    settings.MAIL_LIMIT = "100/h"
    rules.decide = lambda letter, now: delivery.Drop("mail not wanted")
    for number in range(30):
        post(f"{number}")
    delivery.send_due()
    assert not Allowance.objects.exists()
    assert not Letter.objects.filter(ended_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_many_workers_share_one_limit(settings: Any) -> None:
    settings.MAIL_LIMIT = "100/h"
    taken: list[float] = []

    def work() -> None:
        try:
            taken.extend(allowance.take() for _ in range(10))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(wait == 0 for wait in taken) == 10
    assert len(taken) == 40
