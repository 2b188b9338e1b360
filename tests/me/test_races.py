"""Many at the same instant, on the real database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.core.errors import RuleBroken
from apps.me import actions
from apps.spaces import actions as spaces
from apps.spaces.models import Invitation, Seat, Space
from tests.world import alone, person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]
AT_ONCE = 8


def together(*works: Any) -> list[Any]:
    """Runs all works on threads that start at the same instant (eight at once, as many as the pool has connections)."""
    start = Barrier(min(AT_ONCE, len(works)))

    def run(number: int) -> Any:
        if number < start.parties:
            start.wait()
        try:
            return works[number]()
        except RuleBroken as broken:
            return broken
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(len(works))))


def fresh(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_related("space", "seat").get(pk=invitation.pk)


def test_fifty_accepts_by_the_invited_person_seat_them_once(now):
    lena, ines = alone("Lena"), alone("Ines")
    invitation = spaces.invite_by_mail(by=lena.seat, address="ines@example.org", shows_name=True, now=now)

    def accept():
        return actions.join(invitation=fresh(invitation), user=ines.user, now=now).pk

    assert len(set(together(*[accept] * 50))) == 1
    assert Seat.objects.filter(space=lena.seat.space).count() == 2


def test_fifty_people_with_one_link_make_exactly_one_partner(now):
    lena = alone("Lena")
    people = [person(f"Person{number}") for number in range(50)]
    invitation, _ = spaces.invite_by_link(by=lena.seat, now=now)

    def claim_by(user):
        return lambda: spaces.claim(invitation=fresh(invitation), user=user, now=now)

    answers = together(*[claim_by(someone.user) for someone in people])
    assert len([answer for answer in answers if answer is None]) == 1

    def confirm():
        return actions.confirm(by=lena.seat, now=now).pk

    seats = together(*[confirm] * 16)
    assert len(set(seats)) == 1
    assert Seat.objects.filter(space=lena.seat.space, left_at=None).count() == 2


def test_two_who_accept_each_other_at_once_end_up_together(now):
    for round in range(10):
        one, two = alone(f"One{round}"), alone(f"Two{round}")
        first = spaces.invite_by_mail(by=one.seat, address=two.user.email, shows_name=True, now=now)
        second = spaces.invite_by_mail(by=two.seat, address=one.user.email, shows_name=True, now=now)
        together(
            lambda first=first, two=two: actions.join(invitation=fresh(first), user=two.user, now=now),
            lambda second=second, one=one: actions.join(invitation=fresh(second), user=one.user, now=now),
        )
        assert one.seat.space_id == two.seat.space_id


def test_leaving_against_joining_leaves_no_half_couple(now):
    for round in range(10):
        one, two = alone(f"One{round}"), alone(f"Two{round}")
        invitation = spaces.invite_by_mail(by=one.seat, address=two.user.email, shows_name=True, now=now)
        seat = one.seat
        together(
            lambda invitation=invitation, two=two: actions.join(invitation=fresh(invitation), user=two.user, now=now),
            lambda seat=seat: actions.leave(seat=seat, now=now),
        )
        assert not Seat.objects.filter(space=seat.space, left_at=None).exists()


def test_a_first_space_is_opened_once(now):
    ines = person("Ines")
    seats = together(*[lambda: spaces.open_space(user=ines.user, now=now).pk] * 20)
    assert len(set(seats)) == 1
    assert Space.objects.count() == 1


def test_two_accounts_that_mail_one_address_at_once_share_its_two_mails(now):
    from apps.outbox.models import Letter

    people = [alone(f"Person{number}") for number in range(8)]

    def invite(someone):
        seat = someone.seat
        return lambda: spaces.invite_by_mail(by=seat, address="ines@example.org", shows_name=True, now=now)

    answers = together(*[invite(someone) for someone in people])
    assert all(isinstance(answer, Invitation) for answer in answers)
    letters = Letter.objects.filter(kind=spaces.LETTER, ended_at=None)
    assert sorted(letter.payload["goes"] for letter in letters) == [False] * 6 + [True] * 2
