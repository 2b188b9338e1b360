"""The demo tells its whole story by the app's own actions, and shows what there is to see."""

from datetime import datetime

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.me import demo
from apps.plans import exercises
from apps.plans import queries as plans
from apps.spaces import queries as spaces
from tests.world import new_browser


@pytest.fixture
def loaded(db: None) -> datetime:
    now = timezone.now()
    demo.load(now)
    return now


def seat_of(address: str):
    return spaces.seat_of(User.objects.get(email=address))


@pytest.mark.parametrize("address", [address for address, _name in (*demo.PEOPLE, demo.ALONE)])
def test_every_page_of_the_plan_opens_and_holds_something(loaded, address):
    client = new_browser()
    client.force_login(User.objects.get(email=address))
    seat = seat_of(address)
    plan = plans.open_plan(seat)
    standing = plans.standing(plan, seat)
    for exercise in standing.guide.exercises():
        place = standing.guide.place_of(exercise.key)
        path = f"/plans/{plan.seen_number}/{place.key if place else 'prepare'}/{exercise.key}/"
        assert client.get(path, follow=True).status_code == 200, path
    for path in ("/", "/quiet/", "/times/", "/check-ins/", "/mine/", f"/plans/{plan.seen_number}/summary/"):
        assert client.get(path).status_code == 200, path


def test_each_kind_of_exercise_is_in_use(loaded):
    used = set()
    for address in (demo.PEOPLE[0][0], demo.ALONE[0]):
        seat = seat_of(address)
        standing = plans.standing(plans.open_plan(seat), seat)
        for exercise in standing.guide.exercises():
            page = plans.exercise_page(standing, exercise, now=loaded)
            if page.mine or page.entries or page.theirs or page.matches or page.kind.begun(page.body):
                used.add(exercise.kind)
    written = {name for name, kind in exercises.KINDS.items() if kind.writes}
    assert written - used == set()
