"""Two people, or a person and the clock, at the same instant on the real database. RACE_ROUNDS sets how often."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.checkins import actions, queries
from apps.checkins.models import CheckIn, Review
from apps.core.errors import RuleBroken, Stale
from apps.outbox.models import Letter
from tests.checkins.helpers import agree, answer, fresh, letters, newest, waiting, written
from tests.world import World, alone, couple

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]
ROUNDS = int(os.environ.get("RACE_ROUNDS", "60"))
FEWER = max(ROUNDS // 5, 5)


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


def test_both_answer_at_once(pair, now, together):
    """Revealed once, never stuck, one next round with one reminder each."""
    check_in = agree(pair, now)
    seats = (pair.owner.seat, pair.partner.seat)
    for _round in range(ROUNDS):
        moment, answers = check_in.due_at + timedelta(hours=1), written(check_in)
        together(
            *[
                lambda seat=seat, check_in=check_in, moment=moment, answers=answers: actions.answer(
                    check_in=check_in, seat=seat, answers=answers, base=0, now=moment
                )
                for seat in seats
            ]
        )
        assert fresh(check_in).closed_as == "held"
        follower = newest(check_in)
        assert follower.number == check_in.number + 1
        assert waiting(follower).count() == 2 and not waiting(check_in).exists()
        check_in = follower
    assert Review.objects.filter(answered_at=None).count() == 0
    assert len(queries.rounds(seats[0], now)) == ROUNDS + 1


def test_the_second_answer_against_the_clock(pair, now, together):
    """Either it was held or it passed; what one wrote is never open to the other unless it was held."""
    check_in = agree(pair, now)
    for _round in range(FEWER):
        answer(check_in, pair.owner, hard="mine")
        over = check_in.due_at + timedelta(days=10)
        together(
            lambda check_in=check_in, over=over: answer(check_in, pair.partner, now=over),
            lambda check_in=check_in, over=over: actions.turn_over(check_in=check_in, now=over),
        )
        closed = fresh(check_in)
        theirs = Review.objects.filter(check_in=check_in, seat__user=pair.partner.user).exclude(answered_at=None)
        assert (closed.closed_as, theirs.exists()) in {("held", True), ("unanswered", False)}
        assert CheckIn.objects.filter(closed_at=None).count() == 1
        follower = newest(check_in)
        if follower.quiet_rounds >= 2:
            follower = actions.return_(check_in=follower, seat=pair.owner.seat, now=over)
        check_in = follower


def test_the_clock_twice_at_once(pair, now, together):
    check_in = agree(pair, now)
    over = check_in.due_at + timedelta(days=10)
    turned = together(*[lambda: actions.turn_over(check_in=check_in, now=over)] * 4)
    assert sorted(turned) == [False, False, False, True]
    assert CheckIn.objects.count() == 2


def test_both_begin_again_at_once(pair, now, together):
    check_in = agree(pair, now)
    for _round in range(FEWER):
        actions.pause(check_in=check_in, seat=pair.owner.seat, now=now)
        begun = together(
            *[
                lambda seat=seat, check_in=check_in: actions.return_(check_in=check_in, seat=seat, now=now).pk
                for seat in (pair.owner.seat, pair.partner.seat)
            ]
        )
        assert len(set(begun)) == 1
        check_in = newest(check_in)
        assert waiting(check_in).count() == 2


def test_a_new_agreement_against_the_last_answer(pair, now, together):
    """One open look back afterwards, with the reminders of that one only."""
    for _round in range(FEWER):
        check_in = agree(pair, now)
        answer(check_in, pair.owner)
        together(
            lambda check_in=check_in: answer(check_in, pair.partner),
            lambda: agree(pair, now, count=2),
        )
        open_one = CheckIn.objects.get(closed_at=None)
        assert open_one == newest(check_in)
        assert Letter.objects.filter(ended_at=None, kind=actions.REMINDER).count() == 2 == waiting(open_one).count()
        actions.close(check_in=open_one, as_="ended", now=now)


def test_leaving_against_the_last_answer(now, together):
    for number in range(FEWER):
        owner, partner = couple(f"Mara{number}", f"Jonas{number}")
        world = World(owner=owner, partner=partner, outsider=owner)
        check_in = agree(world, now)
        answer(check_in, owner)
        together(
            lambda check_in=check_in, partner=partner: answer(check_in, partner),
            lambda check_in=check_in: actions.close_all(space=check_in.space, now=now),
        )
        assert not CheckIn.objects.filter(space=check_in.space, closed_at=None).exists()
    assert not Letter.objects.filter(ended_at=None).exists()


def test_two_pages_of_one_person_save_at_once(pair, now, together):
    check_in = agree(pair, now)
    for base in range(FEWER):
        saved = together(
            *[
                lambda text=text, base=base: actions.save_review(
                    check_in=check_in,
                    seat=pair.owner.seat,
                    answers=written(check_in, hard=f"{text}{base}"),
                    base=base,
                    now=now,
                )
                for text in ("one", "two")
            ]
        )
        assert len([answer for answer in saved if isinstance(answer, Stale)]) == 1
        assert Review.objects.get().revision == base + 1


def test_agreeing_against_a_repair_posts_no_letter_twice(pair, now, together):
    check_in = agree(pair, now)
    letters(check_in).delete()
    together(*[lambda: actions.repair(check_in=check_in, now=now)] * 4)
    assert waiting(check_in).count() == 2
