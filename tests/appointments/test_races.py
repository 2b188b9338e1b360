"""Two people at the same instant on the real database. RACE_ROUNDS sets how often."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.appointments import actions
from apps.appointments.models import Appointment, Offer, OfferedTime
from apps.core.errors import RuleBroken
from apps.me import actions as me
from tests.appointments.helpers import agreed, at, propose, seen_by, three
from tests.world import World, alone, couple

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]
ROUNDS = max(int(os.environ.get("RACE_ROUNDS", "60")) // 6, 5)


@pytest.fixture
def pair() -> World:
    owner, partner = couple("Mara", "Jonas")
    return World(owner=owner, partner=partner, outsider=alone("Zoe"))


@pytest.fixture
def together():
    """Runs works on threads that start at the same instant; a rule that says no is an answer."""
    with ThreadPoolExecutor(4) as pool:
        yield lambda *works: race(pool, works)
        list(pool.map(lambda _: connection.close(), range(4)))


def race(pool: ThreadPoolExecutor, works: tuple[Callable[[], Any], ...]) -> list[Any]:
    start = Barrier(len(works), timeout=20)

    def run(work: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return work()
        except RuleBroken as broken:
            return broken
        finally:
            connection.close()

    return list(pool.map(run, works))


def refusals(answers: list[Any]) -> int:
    return len([answer for answer in answers if isinstance(answer, RuleBroken)])


def test_both_suggest_the_same_kind_at_once(pair, now, together):
    for number in range(ROUNDS):
        later = now + number * timedelta(days=4)
        options = [at(later.date() + timedelta(days=2))]
        answers = together(
            *[
                lambda one=one, later=later, options=options: propose(one, later, options=options)
                for one in (pair.owner, pair.partner)
            ]
        )
        assert refusals(answers) == 1
    assert Appointment.objects.count() == ROUNDS


def test_both_move_it_at_once(pair, now, together):
    for number in range(1, ROUNDS + 1):
        purpose, day = f"{'talk' if number % 2 else 'play'}", date(2026, 3, 6)
        made = agreed(pair, now, purpose=purpose, options=[at(day)])
        answers = together(
            *[
                lambda one=one, made=made, hour=hour: actions.offer_times(
                    by=one.seat, number=made.number, seen=1, options=three(hour), now=now
                )
                for one, hour in ((pair.owner, 19), (pair.partner, 20))
            ]
        )
        assert refusals(answers) == 1
        assert Offer.objects.filter(appointment=made).count() == 2
        newest = seen_by(pair.owner, made.number, now)
        mover = pair.owner if newest.newest_is_mine else pair.partner
        actions.end(by=mover.seat, number=made.number, seen=2, now=now)


def test_taking_one_against_taking_it_back(pair, now, together):
    for number in range(1, ROUNDS + 1):
        later = now + number * timedelta(days=4)
        made = propose(pair.owner, later, options=[at(later.date() + timedelta(days=2))])
        answers = together(
            lambda made=made, later=later: actions.accept(
                by=pair.partner.seat, number=made.number, seen=1, position=1, now=later
            ),
            lambda made=made, later=later: actions.end(by=pair.owner.seat, number=made.number, seen=1, now=later),
        )
        taken = OfferedTime.objects.get(offer__appointment=made).accepted_at is not None
        state = seen_by(pair.owner, made.number, later).state
        # Taken first: it is called off by the other press. Taken back first: there is nothing to take.
        assert (state, taken, refusals(answers)) in {("called-off", True, 0), ("taken-back", False, 1)}


def test_two_presses_of_one_person_take_one_time(pair, now, together):
    for number in range(1, ROUNDS + 1):
        later = now + number * timedelta(days=4)
        options = [at(later.date() + timedelta(days=days)) for days in (1, 2)]
        made = propose(pair.owner, later, options=options)
        together(
            *[
                lambda made=made, later=later, position=position: actions.accept(
                    by=pair.partner.seat, number=made.number, seen=1, position=position, now=later
                )
                for position in (1, 2, 1)
            ]
        )
        assert OfferedTime.objects.filter(offer__appointment=made, accepted_at__isnull=False).count() == 1
        assert Appointment.objects.get(pk=made.pk).sequence == 1
        actions.end(by=pair.owner.seat, number=made.number, seen=1, now=later)


def test_leaving_against_taking(now, together):
    for number in range(ROUNDS):
        owner, partner = couple(f"Mara{number}", f"Jonas{number}")
        world = World(owner=owner, partner=partner, outsider=owner)
        made = propose(world.owner, now)
        mine, theirs = owner.seat, partner.seat
        together(
            lambda made=made, theirs=theirs: actions.accept(by=theirs, number=made.number, seen=1, position=1, now=now),
            lambda mine=mine: me.leave(seat=mine, now=now),
        )
        assert Appointment.objects.get(pk=made.pk).ended_at == now
