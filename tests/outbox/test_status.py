"""Totals for the operator, who may be somebody's partner: no row, no recipient, no single letter more or less."""

from datetime import timedelta
from importlib import reload
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from django.test import Client
from django.urls import clear_url_caches
from django.utils import timezone

from apps.accounts.models import User
from apps.outbox import actions, status
from apps.outbox.models import Letter
from apps.outbox.status import Total
from tests.outbox.office import Rules, post

pytestmark = pytest.mark.django_db
PAGE = "aLongRandomWordOfTheOperator"


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "fewer than 5"), (4, "fewer than 5"), (5, "about 5"), (9, "about 5"), (10, "about 10"), (1004, "about 1000")],
)
def test_one_more_or_less_is_not_seen(count: int, words: str) -> None:
    assert str(Total("due", count)) == words


def fill() -> None:
    for number in range(7):
        post(f"due {number}")
    for number in range(6):
        late = post(f"late {number}")
        Letter.objects.filter(pk=late.pk).update(due_at=Now() - timedelta(hours=1))
    for number in range(8):
        post(f"later {number}", due_in=timedelta(days=3))
    for reason, count in (("refused", 5), ("given up", 6), ("mail not wanted", 4), ("answered", 4), ("left", 3)):
        for number in range(count):
            post(f"{reason} {number}")
            actions.drop(kind="test", occurrence=f"{reason} {number}", reason=reason, now=timezone.now())
    for number in range(30):
        sent = post(f"sent {number}")
        Letter.objects.filter(pk=sent.pk).update(
            due_at=Now() - timedelta(seconds=62),
            sent_at=Now(),
            ended_at=Now(),
            end_reason="sent",
            payload=None,
            address=None,
        )


def test_the_totals(rules: Rules) -> None:
    fill()
    found = status.status()
    assert {total.name: total.count for total in found.totals} == {
        "due": 13,
        "late": 6,
        "held": 0,
        "sent": 30,
        "failed": 11,
        "not wanted": 11,
    }
    assert found.lateness == 60


def test_the_command_says_rounded_totals_and_nothing_else(rules: Rules) -> None:
    fill()
    words, metrics = StringIO(), StringIO()
    call_command("outbox_status", stdout=words)
    call_command("outbox_status", "--metrics", stdout=metrics)
    assert words.getvalue().split("\n") == [
        "         due  about 10",
        "        late  about 5",
        "        held  fewer than 5",
        "        sent  about 30",
        "      failed  about 10",
        "  not wanted  about 10",
        "p99 lateness  60 s",
        "",
    ]
    assert metrics.getvalue().splitlines() == [
        'outbox_letters{is="due"} 10',
        'outbox_letters{is="late"} 5',
        'outbox_letters{is="held"} 0',
        'outbox_letters{is="sent"} 30',
        'outbox_letters{is="failed"} 10',
        'outbox_letters{is="not wanted"} 10',
        "outbox_lateness_p99_seconds 60",
    ]


def test_of_few_letters_nothing_is_said(rules: Rules) -> None:
    before = status.status()
    for number in range(4):
        post(f"{number}")
    assert [str(total) for total in status.status().totals] == [str(total) for total in before.totals]
    assert status.status().lateness is None


@pytest.fixture
def operator(settings: Any) -> Any:
    from config import urls

    settings.OPERATOR_PAGE = PAGE
    reload(urls)
    clear_url_caches()
    yield f"/operator/{PAGE}/"
    settings.OPERATOR_PAGE = ""
    reload(urls)
    clear_url_caches()


def test_the_page_is_for_staff_and_is_not_there_for_others(operator: str, client: Client, people: list[User]) -> None:
    User.objects.filter(pk__in=[person.pk for person in people]).update(name="Somebody")
    User.objects.filter(pk=people[0].pk).update(is_staff=True)
    nowhere = client.get("/operator/elsewhere/")
    assert (client.get(operator).status_code, client.get(operator).content) == (404, nowhere.content)
    client.force_login(people[1])
    assert client.get(operator).status_code == 404
    client.force_login(people[0])
    page = client.get(operator)
    assert page.status_code == 200
    assert "fewer than 5" in page.content.decode()
    for person in people:
        assert person.email not in page.content.decode()
    assert client.post(operator).status_code == 405


def test_without_the_setting_there_is_no_page(client: Client, people: list[User]) -> None:
    User.objects.filter(pk=people[0].pk).update(is_staff=True, name="Somebody")
    client.force_login(people[0])
    assert client.get(f"/operator/{PAGE}/").status_code == 404
