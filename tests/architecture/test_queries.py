"""No page asks the database more than twelve times, and none asks more because more was written."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from apps.appointments.models import Appointment
from apps.checkins import actions as checkins
from apps.checkins.models import CheckIn, Measure
from apps.me import actions as me
from apps.plans import actions as plans
from apps.plans import exercises
from apps.spaces.models import Space
from apps.vault import keys
from tests.addresses import readable
from tests.walk import GUIDE, Walk, again, due_today, filled, in_the_afternoon
from tests.world import SINCE, Person, couple, sit

pytestmark = pytest.mark.usefixtures("db")

# What the second of two is asked for, in the middle of the way, and how many queries it takes, of which three find the
# session, the person and the seat.
QUERIES = {
    "/": 12,
    "/plans/1/": 6,
    "/plans/1/prepare/": 6,
    "/plans/1/prepare/evening/": 6,
    "/plans/1/listen/": 6,
    "/plans/1/ask/opening/": 9,
    "/plans/1/listen/telling/": 8,
    "/plans/1/missing/needs/": 9,
    "/plans/1/play/memories/": 7,
    "/plans/1/play/deck/": 9,
    "/plans/1/prepare/observations/": 6,
    "/plans/1/door/": 5,
    "/plans/1/focus/": 4,
    "/plans/1/rest/": 4,
    "/plans/1/agreement/": 10,
    "/plans/1/agreement/propose/": 10,
    "/plans/1/agreement/end/": 4,
    "/plans/1/agreement/less/": 5,
    "/plans/1/summary/": 9,
    "/plans/first/": 5,
    "/plans/first/tonight/": 5,
    "/care/": 3,
    "/noticed/": 5,
    "/progress/": 7,
    "/check-ins/": 9,
    "/check-ins/1/": 10,
    "/check-ins/{open}/": 9,
    "/mine/": 9,
    "/mine/1/": 10,
    "/times/": 5,
    "/times/new/": 3,
    "/times/hours/": 4,
    "/times/1/": 6,
    "/times/1/other/": 6,
    "/times/2/start/": 6,
    "/invitation/no-more/": 3,
    "/invite/": 3,
    "/quiet/": 3,
    "/settings/": 5,
    "/my-time/": 4,
    "/leave/": 3,
    "/past/": 4,
    "/past/1/": 9,
    "/past/1/look-backs/": 10,
    "/help/": 3,
    "/not-today/": 3,
}


# These draw no page of ours, or none that depends on what was written.
NOT_COUNTED = {
    "spaces:invitation",
    "welcome",
    "exit",
    "healthz",
    "soup",
    "spaces:arrive",
    "spaces:arrive_no_more",
    "plans:next_round",
    "plans:start",  # not there for two; tests/plans/test_start.py counts
    "checkins:due",
    "plans:settle",
    "appointments:file",
    "appointments:feed",
    "checkins:snooze",
    "stop_mail",
}
# The first page after a start also fetches the keys that it needs: the reader's, the other's.
COLD = 2
MOST = 12


@dataclass(frozen=True)
class Much:
    """How much there is of everything."""

    lines: int
    things: int
    rounds: int


LITTLE, PLENTY = Much(lines=1, things=1, rounds=1), Much(lines=5, things=30, rounds=4)


def story(much: Much, first: str, second: str) -> Person:
    """Two on the way, with something of everything; the second one comes back."""
    one, two = couple(first, second)
    in_the_afternoon(one, two)
    for _number in range(much.rounds):
        Walk(one, two).first().open_all().agree(lines=much.lines)
        me.leave(seat=one.seat, now=SINCE)
        space = Space.objects.create(created_at=SINCE)
        sit(one, space, 1)
        sit(two, space, 2)
    walk = Walk(one, two).first().open_all()
    for number in range(much.things):
        write(walk, number)
    walk.agree(lines=much.lines, in_days=0)
    walk.intend(two)
    for number in range(1, much.rounds + 1):
        walk.look_back(number, lines=much.lines)
        due_today(CheckIn.objects.get(seat=None, space=space, closed_at=None))
        due_today(CheckIn.objects.get(seat=two.seat, closed_at=None))
        walk.post(two, f"/mine/{number}/share/", walk.answers())
    mark(walk, much)
    walk.propose(one, base=1, lines=much.lines)
    for purpose in ("talk", "play", "moment", "other")[: 2 * much.rounds]:
        walk.suggest(one, purpose, title="Us two", place="The bench", note="If you like")
    for number in range(2, Appointment.objects.filter(space=space).count() + 1):
        walk.take(two, number)
    return two


def mark(walk: Walk, much: Much) -> None:
    """Both have kept every line and noticed something, week after week; one rates each round."""
    open_one = CheckIn.objects.get(seat=None, space=walk.two.seat.space, closed_at=None)
    for week in range(much.rounds):
        then = datetime.now(UTC) - timedelta(weeks=week)
        for someone in walk.both:
            for item in open_one.items.all():
                checkins.mark(seat=someone.seat, lineage=item.lineage, now=then)
            checkins.mark(seat=someone.seat, moment="laugh", words="At the sink", now=then)
    for check_in in CheckIn.objects.filter(seat=None, space=walk.two.seat.space):
        Measure.objects.create(check_in=check_in, seat=walk.two.seat, ratings={"talk": 2}, saved_at=datetime.now(UTC))


def write(walk: Walk, number: int) -> None:
    """One more version, memory and try to say back."""
    now, plan = datetime.now(UTC) - timedelta(days=30 - number), walk.plan(walk.one)
    for someone in walk.both:
        given = {"by": someone.seat, "plan": plan, "now": now}
        for key in ("opening", "needs", "ideas"):
            plans.share(exercise=key, body=body(key, f"Version {number}"), **given)
        plans.add_entry(exercise="memories", body=body("memories", f"Memory {number}"), **given)
    if number == 0:
        plans.share(by=walk.one.seat, plan=plan, exercise="telling", body=body("telling", "For me"), now=now)
        walk.share(walk.two, "play", "deck")
        walk.share(walk.one, "play", "deck")
    plans.reflect(by=walk.two.seat, plan=plan, exercise="telling", text="What I hear", now=now)
    answer = {"verdict": "almost", "missed": "A little", "number": number + 1}
    plans.answer_reflection(by=walk.one.seat, plan=plan, exercise="telling", now=now, **answer)


def body(key: str, text: str) -> dict[str, Any]:
    exercise = GUIDE.exercise(key)
    form = exercises.kind(exercise).form(exercise, filled(exercise, lambda _key: text))
    assert form.is_valid()
    return form.body()


@pytest.fixture(scope="module")
def readers(house: None) -> dict[Much, Person]:
    """One who has little to read and one who has plenty."""
    return {LITTLE: story(LITTLE, "Mara", "Jonas"), PLENTY: story(PLENTY, "Ada", "Ben")}


def asked(someone: Person, address: str, *, cold: bool = False) -> list[str]:
    """The queries of one page, without the savepoints that the test's own transaction adds."""
    client = again(someone)
    assert client.get(address).status_code == 200
    if cold:
        keys.remembered.clear()
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return [one["sql"] for one in found if "SAVEPOINT" not in one["sql"]]


@pytest.mark.parametrize(("address", "number"), QUERIES.items(), ids=QUERIES)
def test_a_page_takes_as_many_queries_for_plenty_as_for_little(readers, address, number):
    assert [len(asked(readers[much], address.format(open=much.rounds + 1))) for much in (LITTLE, PLENTY)] == [
        number,
        number,
    ]
    assert len(asked(readers[PLENTY], address.format(open=PLENTY.rounds + 1), cold=True)) <= number + COLD
    assert number <= MOST


def test_every_page_stands_in_the_table():
    """Pages that only differ in their step or exercise stand for each other."""
    missing = {name for name in readable() if not name.startswith("account_")} - NOT_COUNTED
    assert missing == {resolve(address.format(open=2)).view_name for address in QUERIES}
