"""The people every test knows: Mara and Jonas, who share a space, and Zoe, who is no business of theirs."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from apps.accounts.models import User
from apps.spaces.models import Seat, Space

SINCE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass
class Person:
    """Somebody with an account; `seat` is their open seat, read freshly each time."""

    user: User
    client: Client

    @property
    def seat(self) -> Seat:
        return Seat.objects.get(user=self.user, left_at=None)


@dataclass
class World:
    owner: Person
    partner: Person
    outsider: Person


# All browsers of a run share one: each of their own would load the middleware anew, and the list of all static files.
HANDLER = Client().handler


def new_browser() -> Client:
    """Somebody's browser, signed in nowhere."""
    client = Client()
    client.handler = HANDLER
    return client


def person(name: str, address: str = "") -> Person:
    """Somebody signed in, with a verified address and no space."""
    user = User.objects.create_user(address or f"{name.lower()}@example.org", name=name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = new_browser()
    client.force_login(user)
    return Person(user, client)


def alone(name: str, address: str = "") -> Person:
    """Somebody alone in a space of their own."""
    someone = person(name, address)
    sit(someone, Space.objects.create(created_at=SINCE), 1)
    return someone


def couple(first: str, second: str) -> tuple[Person, Person]:
    """Two who share a space; the first one has seat 1."""
    space = Space.objects.create(created_at=SINCE)
    one, two = person(first), person(second)
    sit(one, space, 1)
    sit(two, space, 2)
    return one, two


def sit(someone: Person, space: Space, number: int) -> Seat:
    return Seat.objects.create(space=space, number=number, user=someone.user, joined_at=SINCE)


@pytest.fixture
def world(db: None) -> World:
    """Mara (seat 1) and Jonas share a space; Zoe is alone in hers."""
    owner, partner = couple("Mara", "Jonas")
    return World(owner=owner, partner=partner, outsider=alone("Zoe"))


@pytest.fixture
def lone(db: None) -> Person:
    """Lena, alone in her space."""
    return alone("Lena")


def page(response: Any) -> str:
    """The page without what differs on every answer: the CSRF token and the script nonce."""
    text = response.content.decode()
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', r'\1=""', text)
