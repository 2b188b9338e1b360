"""Who joins sees the plan from their own joining on, byte for byte the same whatever came before.

Lena walked the gentle way alone: two private steps or five, a quiet time or none, one guide or back and forth. Paul
joins. Compared is everything that he can open, press and receive.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from apps.guides import library
from apps.me import actions as me
from apps.plans import actions as plans
from apps.plans import queries
from apps.spaces import actions as spaces
from apps.spaces.models import Invitation
from tests.privacy.eyes import Answer, answer, differences, sight
from tests.walk import GO_ON, again, filled, in_the_afternoon, rolled_back
from tests.world import Person, alone

pytestmark = pytest.mark.usefixtures("db")

GUIDE = library.find("rebuild")
OWN = [(step.key, exercise) for step in GUIDE.alone for exercise in step.exercises]


def write(someone: Person, *keys: str) -> None:
    """These exercises of one's own, as their pages would keep them."""
    for place, exercise in OWN:
        if exercise.key in keys:
            data = filled(exercise, lambda _key: "CANARY of Lena") | {"revision": 0, "on": "2026-02-01"}
            answered = someone.client.post(f"/plans/1/{place}/{exercise.key}/draft/", data)
            assert answered.status_code == 303, (exercise.key, answered.status_code)


def two_steps(lena: Person) -> None:
    write(lena, "onset", "reaction")


def five_steps(lena: Person) -> None:
    write(lena, "onset", "reaction", "observations", "context")
    lena.client.post("/plans/1/talk/opening/draft/", {"situation": "CANARY", "revision": 0})


def with_a_quiet_time(lena: Person) -> None:
    five_steps(lena)
    assert lena.client.post("/quiet/begin/", {"hours": "168"}).status_code == 303


def with_an_ended_quiet_time(lena: Person) -> None:
    with_a_quiet_time(lena)
    assert lena.client.post("/quiet/end/").status_code == 303


def back_and_forth(lena: Person) -> None:
    for guide in ("bridge", "rebuild", "bridge", "unsure"):
        assert lena.client.post("/plans/start/", {"guide": guide}).status_code == 303
        if guide == "bridge":
            lena.client.post("/plans/1/ask/opening/draft/", {"situation": "CANARY", "revision": 0})


def all_of_it(lena: Person) -> None:
    back_and_forth(lena)
    with_an_ended_quiet_time(lena)


BEFORE = {
    "five steps, and a quiet time that runs": with_a_quiet_time,
    "five steps, a quiet time that was ended, and another guide in between": all_of_it,
}


@pytest.fixture(scope="module")
def inviting(house: None) -> tuple[Person, Person, Invitation]:
    """Lena is alone on the gentle way and has invited Paul, who is alone too."""
    lena, paul = alone("Lena"), alone("Paul")
    in_the_afternoon(lena, paul)
    lena.client.post("/plans/first/", {"words": "A quiet hour"})
    lena.client.post("/plans/start/", {"guide": "unsure"})
    paul.client.post("/plans/first/", {"words": "Music in the kitchen"})
    link = spaces.invite_by_mail(by=lena.seat, address=paul.user.email, shows_name=True, now=datetime.now(UTC))
    return lena, paul, link


def joined(inviting: tuple[Person, Person, Invitation], before: Callable[[Person], None]) -> dict[str, Any]:
    """What Paul sees after he joined, at the first moment and after he has gone through the door with Lena."""
    lena, paul, invitation = inviting
    with rolled_back():
        before(lena)
        me.join(invitation=Invitation.objects.get(pk=invitation.pk), user=paul.user, now=datetime.now(UTC))
        found = {f"first {address}": one for address, one in {**sight(paul), **presses(paul)}.items()}
        plan = queries.open_plan(paul.seat)
        assert plan is not None
        for someone in (lena, paul):
            plans.choose_door(by=someone.seat, plan=plan, now=datetime.now(UTC))
        return found | {f"then {address}": one for address, one in sight(paul).items()}


def presses(someone: Person) -> dict[str, Answer]:
    """The buttons of the steps, and everything one could press if one knew the addresses of somebody else's own."""
    exercises = [(step.key, exercise) for step in GUIDE.steps for exercise in step.exercises]
    verbs = ("draft", "share", "add", "undo", "take-back", "say-back", "answer")
    wanted = [*product(exercises, ("draft",)), *product(OWN, verbs)]
    asked: list[tuple[str, dict[str, Any]]] = [
        (f"/plans/1/{place}/{exercise.key}/{verb}/", filled(exercise, lambda _key: "Mine") | {"revision": 0})
        for (place, exercise), verb in wanted
    ]
    asked += [(f"/plans/1/{place}/talked/", {}) for place in (*(step.key for step in GUIDE.steps), "signs", "space")]
    asked += [("/plans/1/door/", GO_ON), ("/plans/start/", {"guide": "bridge"}), ("/plans/1/rest/", {})]
    found = {}
    for (address, data), htmx in product(asked, (False, True)):
        with rolled_back():
            posted = again(someone).post(address, data, headers={"HX-Request": "true"} if htmx else {})
            found[f"POST {address} {htmx}"] = answer(posted)  # type: ignore[arg-type]
    for place, exercise in OWN:
        for address in (f"/plans/1/{place}/", f"/plans/1/{place}/{exercise.key}/"):
            found[f"GET {address}"] = answer(again(someone).get(address))  # type: ignore[arg-type]
    return found


@pytest.fixture(scope="module")
def after_two_steps(inviting: tuple[Person, Person, Invitation]) -> dict[str, Any]:
    return joined(inviting, two_steps)


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_what_came_before_is_nowhere_for_who_joins(inviting, after_two_steps, before):
    assert not differences(after_two_steps, joined(inviting, before))


def test_an_own_step_is_missing_like_what_never_was(after_two_steps, inviting):
    own = [one for address, one in after_two_steps.items() if "GET /plans/1/s" in address]
    assert {one.status for one in own} == {404}
    assert len({one.body for one in own}) == 1


def test_nobody_who_joins_reads_of_a_choice_or_of_another_way(after_two_steps):
    words = [step.lead for step in GUIDE.alone] + [GUIDE.name, GUIDE.lead_alone, "CANARY", "Choose another way"]
    pages = {address: one.body for address, one in after_two_steps.items() if isinstance(one, Answer)}
    assert [(address, word) for address, body in pages.items() for word in words if word in body] == []
    assert {one.status for address, one in after_two_steps.items() if address.endswith(" /plans/start/")} == {404}
