"""Small things to start a line from: what was typed stays, and the first empty line is filled."""

import pytest

from tests.plans.helpers import begin


@pytest.fixture
def address(world, now) -> str:
    plan = begin((world.owner, world.partner), now, up_to="agree")
    return f"/plans/{plan.number}/agreement/propose/"


def test_taking_one_keeps_what_was_typed_and_fills_the_first_empty_line(world, address):
    typed = {"base": "0", "revision": "0", "line-0-what": "Tea on the stairs", "line-0-when": "Sundays"}
    taken = world.owner.client.post(f"{address}draft/", typed | {"start": "game-night"})
    assert (taken.status_code, taken.headers["Location"]) == (303, f"{address}?start=game-night#lines")
    editor = world.owner.client.get(f"{address}?start=game-night").context["editor"]
    assert [form["what"].value() for form in editor.lines[:3]] == [
        "Tea on the stairs",
        "A game on the kitchen table",
        None,
    ]
    assert editor.lines[1]["who"].value() == "both"


def test_an_unknown_one_changes_nothing(world, address):
    editor = world.owner.client.get(f"{address}?start=nothing-of-this-name").context["editor"]
    assert [form["what"].value() for form in editor.lines] == [None] * 5


def test_the_order_comes_from_ones_own_needs_only(world, address):
    needs = address.replace("agreement/propose/", "missing/needs/draft/")
    world.owner.client.post(needs, {"item-0-need": "play", "item-0-picture": "A game on a Friday", "revision": "0"})
    mine = [one.key for one in world.owner.client.get(address).context["starters"]]
    theirs = [one.key for one in world.partner.client.get(address).context["starters"]]
    assert mine[0] == "game-night"
    assert theirs[0] == "saturday-coffee"
