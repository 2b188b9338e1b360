"""Every element of the two written guides has its place on a page, and the page is opened here.

`covers` in a guide names the elements that a part serves (tests/guides/seed_ids.txt lists them all). For each, the page
that renders the part is asked for as the person who began the plan, and the part's own words are found on it.
"""

import html
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.guides import library
from apps.guides.schema import Answer, Exercise, Guide, Mistake
from apps.plans import actions, rules
from apps.plans.models import Plan
from tests.world import Person, World

SEED_IDS = frozenset((Path(__file__).parents[1] / "guides/seed_ids.txt").read_text(encoding="utf-8").split())
NEWEST = [library.find("bridge"), library.find("rebuild")]
Place = tuple[str, str]  # an address below /plans/1/ (or a whole one), and words that stand there


def places(guide: Guide) -> Iterator[tuple[str, Place]]:
    """Each covered id of a guide with the page that shows its part, and words of that part."""
    for exercise in guide.preparation:
        yield from of_exercise("prepare", exercise)
    for step in (*guide.alone, *guide.steps):
        for element in step.covers:
            yield element, (f"{step.key}/", step.lead)
        for exercise in step.exercises:
            yield from of_exercise(step.key, exercise)
    for mistake in guide.mistakes:
        for element in mistake.covers:
            yield element, (f"{step_with(guide, mistake)}/", mistake.instead)
    for part in (*guide.results, *guide.next_steps):
        for element in part.covers:
            yield element, ("", part.title)


def of_exercise(place: str, exercise: Exercise) -> Iterator[tuple[str, Place]]:
    for element in exercise.covers:
        # The exercise of the agreement leads to the plan's own page.
        words = (
            "One to three small things, easy to keep on a bad day." if exercise.kind == "agreement" else exercise.prompt
        )
        yield element, (f"{place}/{exercise.key}/", words.split("\n")[0])


def step_with(guide: Guide, mistake: Mistake) -> str:
    return next(step.key for step in (*guide.steps, *guide.alone) if mistake.key in step.mistakes)


def answers(guide: Guide) -> Iterator[tuple[str, Exercise, Answer]]:
    stages: tuple[Any, ...] = (*guide.alone, *guide.steps)
    for place, exercise in [("prepare", one) for one in guide.preparation] + [
        (step.key, one) for step in stages for one in step.exercises
    ]:
        for answer in exercise.answers:
            if answer.covers:
                yield place, exercise, answer


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def open_all(world: World, plan: Plan, guide: Guide, now: datetime) -> None:
    """Every joint step of the plan, which Mara began, is open."""
    for someone in (world.owner, world.partner):
        for key in [rules.DOOR, *(rules.aloud_key(step.key) for step in guide.steps[:-1])]:
            actions.give_mark(plan, someone.seat, key, now)


def shown(someone: Person, address: str) -> str:
    answer = someone.client.get(address if address.startswith("/") else f"/plans/1/{address}", follow=True)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())


def test_every_element_has_a_part() -> None:
    covered = {element for guide in NEWEST for element in library.covered_ids(guide)}
    assert SEED_IDS - covered == set()
    assert {one for one in SEED_IDS if one.startswith("A.")} - library.covered_ids(NEWEST[0]) == set()
    assert {one for one in SEED_IDS if one.startswith("B.")} - library.covered_ids(NEWEST[1]) == set()


@pytest.mark.parametrize("guide", NEWEST, ids=lambda guide: guide.slug)
def test_every_part_stands_on_its_page(world: World, guide: Guide, now: datetime) -> None:
    plan = actions.open_plan(by=world.owner.seat, guide=guide, now=now)
    found: dict[str, set[str]] = defaultdict(set)
    for part in guide.door:  # read before both have gone through it
        for element in part.covers:
            assert part.title in shown(world.owner, "door/"), element
            found[element].add("door/")
    open_all(world, plan, guide, now)
    for element, (address, words) in places(guide):
        page = shown(world.owner, address)
        assert words in page, (element, address)
        found[element].add(address)
    for _place, _exercise, answer in answers(guide):
        for element in answer.covers:
            found[element].add("an answer")
    things = {element for thing in guide.tonight for element in thing.covers}
    assert set(found) | things == library.covered_ids(guide)


@pytest.mark.parametrize("guide", NEWEST, ids=lambda guide: guide.slug)
def test_an_answer_of_a_guide_is_given(world: World, guide: Guide, now: datetime) -> None:
    open_all(world, actions.open_plan(by=world.owner.seat, guide=guide, now=now), guide, now)
    for place, exercise, answer in answers(guide):
        field = exercise.field(answer.field)
        value = answer.values[0]
        address = f"/plans/1/{place}/{exercise.key}/"
        revision = world.owner.client.get(address).context["page"].revision
        data = {answer.field: [value] if field.kind == "choices" else value, "revision": revision}
        assert world.owner.client.post(f"{address}draft/", data).status_code == 303
        assert answer.text in shown(world.owner, address), answer.text
