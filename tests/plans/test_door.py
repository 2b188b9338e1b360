"""The door to the joint steps: two plain questions, one of which is enough."""

import pytest

from apps.core import clock
from apps.plans import actions
from apps.plans.models import Entry


@pytest.mark.parametrize("given", [{"afraid": "yes"}, {"harmed": "unsure"}, {"afraid": "no", "harmed": "yes"}])
def test_one_answer_that_is_not_no_shows_where_help_is_and_keeps_nothing(world, given):
    actions.open_plan(by=world.owner.seat, now=clock.now())
    answered = world.owner.client.post("/plans/1/door/", given)
    assert answered.status_code == 200
    assert "Somebody to talk to" in answered.content.decode()
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("given", [{}, {"afraid": "no"}, {"afraid": "no", "harmed": "no"}])
def test_an_unfinished_answer_is_asked_for_and_opens_nothing(world, given):
    actions.open_plan(by=world.owner.seat, now=clock.now())
    assert world.owner.client.post("/plans/1/door/", given).status_code == 422
    assert Entry.objects.count() == 0
