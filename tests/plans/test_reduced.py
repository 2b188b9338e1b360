"""Less to give for a while: a fact that both read, with its day and no reason."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.core import clock
from apps.core.errors import RuleBroken
from apps.outbox.models import Letter
from apps.plans import actions, queries, rules
from apps.plans.models import ReducedCapacity
from tests.plans.helpers import agreed, begin, pair, standing_of, write
from tests.world import page


def reduced_of(someone, plan, now):
    return queries.reduced(standing_of(someone, plan), now)


REST = "For these days, “the least we keep” is enough."


@pytest.fixture
def plan(world, now):
    plan = begin(pair(world), now, up_to="agree")
    agreed(world, now, plan, write("Coffee"), write("A hug", kind="minimum"), follow_up_date=now.date() + timedelta(9))
    return plan


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (56, True), (57, False)])
def test_from_today_on_and_for_eight_weeks_at_most(world, plan, now, days, may):
    until = now.date() + timedelta(days=days)
    assert rules.may_reduce(until=until, today=now.date()) is may
    if may:
        assert actions.reduce(by=world.owner.seat, until=until, now=now).until == until
    else:
        with pytest.raises(RuleBroken, match="next eight weeks"):
            actions.reduce(by=world.owner.seat, until=until, now=now)


@pytest.mark.parametrize(("days", "runs"), [(-3, True), (0, True), (1, False)])
def test_it_runs_to_the_end_of_its_last_day(now, days, runs):
    assert rules.is_reduced(until=now.date(), today=now.date() + timedelta(days=days)) is runs


def test_it_ends_on_the_wall_of_whoever_said_it_for_both_at_once(world, plan):
    world.owner.user.time_zone = "Pacific/Auckland"
    world.owner.user.save()
    evening = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # 23:00 in Auckland
    actions.reduce(by=world.owner.seat, until=evening.date(), now=evening)
    for someone in pair(world):
        assert [one.seat for one in reduced_of(someone, plan, evening)] == [world.owner.seat]
        assert reduced_of(someone, plan, evening + timedelta(hours=1)) == []


def test_one_presses_again_changes_the_day_and_ends_it(world, plan, now):
    seat, until = world.owner.seat, now.date() + timedelta(days=9)
    first = actions.reduce(by=seat, until=until, now=now)
    assert actions.reduce(by=seat, until=until, now=now) == first
    actions.reduce(by=seat, until=until + timedelta(days=1), now=now)
    assert [one.until for one in reduced_of(world.partner, plan, now)] == [until + timedelta(days=1)]
    for _time in range(2):
        actions.end_reduced(by=seat, now=now)
    assert reduced_of(world.partner, plan, now) == []
    assert ReducedCapacity.objects.filter(ended_at=None).count() == 0


def test_nobody_ends_it_for_the_other(world, plan, now):
    actions.reduce(by=world.owner.seat, until=now.date(), now=now)
    actions.end_reduced(by=world.partner.seat, now=now)
    assert len(reduced_of(world.partner, plan, now)) == 1


def test_one_alone_has_nobody_to_say_it_to(lone, now):
    with pytest.raises(RuleBroken):
        actions.reduce(by=lone.seat, until=now.date(), now=now)
    plan = actions.open_plan(by=lone.seat, now=now)
    assert reduced_of(lone, plan, now) == []


def test_both_read_the_same_and_the_least_comes_first(world, plan):
    before = [page(someone.client.get("/plans/1/agreement/")) for someone in pair(world)]
    assert all(one.index("Coffee") < one.index("A hug") for one in before)
    assert not any("less to give until" in one for one in before)
    letters = Letter.objects.count()
    until = clock.now().date() + timedelta(days=20)
    answer = world.owner.client.post("/plans/1/agreement/less/", {"until": until.isoformat()})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/plans/1/agreement/")
    for someone in pair(world):
        for address in ("/plans/1/agreement/", "/"):
            shown = page(someone.client.get(address))
            assert "Mara has less to give until" in shown
            assert REST in shown
            assert shown.index("A hug") < shown.index("Coffee")
    assert Letter.objects.count() == letters
    assert "It is over for me" not in page(world.partner.client.get("/"))
    assert world.owner.client.post("/plans/1/agreement/less/over/").status_code == 303
    for someone, was in zip(pair(world), before, strict=True):
        assert page(someone.client.get("/plans/1/agreement/")) == was


def test_a_day_that_cannot_be_is_refused_beside_the_field(world, plan):
    for typed in ("", "tomorrow", "2026-02-30", "1999-01-01"):
        answer = world.owner.client.post("/plans/1/agreement/less/", {"until": typed})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["until"])
    assert ReducedCapacity.objects.count() == 0
