"""The second yes, cut at every point: agreed and scheduled, or neither (law 4). On the real database.

A trigger stops the transaction where a row is about to be written: it raises, or waits for a lock that the test holds
while the process that approves, or its connection, is killed.
"""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection
from launcher.ports import any_free

from apps.appointments.models import Appointment
from apps.checkins.models import CheckIn, Item
from apps.outbox.models import Letter
from apps.plans import actions
from apps.plans.models import Agreement, Approval
from tests.plans.helpers import begin, fixed_time, full_set, live_letters, snapshot, wording, write
from tests.world import couple

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
LOCK = 5_204_211
POINTS = {
    "the yes": ("plans_approval", 2),
    "the agreement": ("plans_agreement", 1),
    "the check-in": ("checkins_checkin", 1),
    "the first line": ("checkins_item", 1),
    "the second line": ("checkins_item", 2),
    "the first letter": ("outbox_letter", 1),
    "the second letter": ("outbox_letter", 2),
    "the third letter": ("outbox_letter", 3),
    "the fourth letter": ("outbox_letter", 4),
    "the fixed time": ("appointments_appointment", 1),
}
POINT = pytest.mark.parametrize("point", POINTS)


@pytest.fixture
def people():
    return couple("Mara", "Jonas")


@pytest.fixture
def proposal(people, now):
    """Three lines, of which one is a fixed time, and Mara's yes; the next yes is the second one."""
    plan = begin(people, now, up_to="agree")
    said = wording(write("Coffee"), write("Tea"), fixed_time())
    proposal = actions.propose(by=people[0].seat, plan=plan, base=0, wording=said, now=now)
    actions.approve(by=people[0].seat, plan=plan, number=1, now=now)
    return proposal


@pytest.fixture
def second_yes(people, proposal, now):
    return partial(actions.approve, by=people[1].seat, plan=proposal.plan, number=1, now=now)


@contextmanager
def at(point, do):
    """Where the row of `point` is about to be written, the database does `do`."""
    table, count = POINTS[point]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF (SELECT count(*) FROM {table}) = {count - 1} THEN {do}; END IF; RETURN NEW; END $$"""
        )
        cursor.execute(f"CREATE TRIGGER fault BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fault()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER fault ON {table}")
            cursor.execute("DROP FUNCTION fault")


@contextmanager
def at_commit(do):
    """After all is written, in the commit itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {do}; RETURN NULL; END $$"
        )
        cursor.execute(
            "CREATE CONSTRAINT TRIGGER fault AFTER INSERT ON plans_agreement DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION fault()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER fault ON plans_agreement")
            cursor.execute("DROP FUNCTION fault")


RAISE = "RAISE EXCEPTION 'cut here'"
WAIT = f"PERFORM pg_advisory_xact_lock({LOCK})"


def database_url():
    """The address of the test's own database."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


class Gate:
    """Holds the lock that WAIT waits for, on a connection of its own."""

    def __enter__(self):
        self.connection = psycopg.connect(database_url(), autocommit=True)
        self.connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        return self

    def waiting(self):
        """The database process that waits; asks until there is one."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            found = self.connection.execute(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s", [LOCK]
            ).fetchone()
            if found:
                return found[0]
            time.sleep(0.02)
        raise AssertionError("Nothing came to the point where it is to be cut.")

    def cut(self, pid):
        """Ends that database process and waits until it has gone."""
        self.connection.execute("SELECT pg_terminate_backend(%s, 20000)", [pid])

    def open_and_wait_for(self, pid):
        """Opens the gate and waits until the process of a client that is dead has come to its end."""
        self.connection.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        until = time.monotonic() + 30
        alive = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
        while self.connection.execute(alive, [pid]).fetchone():
            assert time.monotonic() < until, "It never ended."
            time.sleep(0.02)

    def __exit__(self, *_error):
        self.connection.close()


def neither(people):
    return not (
        Agreement.objects.exists()
        or CheckIn.objects.exists()
        or Item.objects.exists()
        or Letter.objects.exists()
        or Appointment.objects.exists()
        or Approval.objects.filter(seat=people[1].seat).exists()
    )


def both(people, *, times=1):
    check_in = CheckIn.objects.get()
    return (
        Appointment.objects.filter(ended_at=None).count() == times
        and Agreement.objects.count() == 1
        and Approval.objects.filter(withdrawn_at=None).count() == 2
        and Item.objects.count() == 2 + times
        and live_letters(*people) == full_set(check_in, *people)
        and Letter.objects.count() == 4
    )


@POINT
def test_an_error_where_it_is_written_leaves_nothing(people, proposal, second_yes, point):
    before = snapshot(proposal.plan.space_id)
    with at(point, RAISE), pytest.raises(DatabaseError, match="cut here"):
        second_yes()
    assert snapshot(proposal.plan.space_id) == before
    assert neither(people)
    second_yes()
    assert both(people)


def test_an_error_in_the_commit_leaves_nothing(people, second_yes):
    with at_commit(RAISE), pytest.raises(DatabaseError, match="cut here"):
        second_yes()
    assert neither(people)
    second_yes()
    assert both(people)


def in_a_thread(work):
    """The pool of the work, and its answer to come."""

    def run():
        try:
            return work()
        finally:
            connection.close()

    pool = ThreadPoolExecutor(1)
    return pool, pool.submit(run)


@pytest.mark.parametrize("point", ["the agreement", "the check-in", "the first letter", "the fixed time", "commit"])
def test_a_connection_that_is_cut_leaves_nothing(people, second_yes, point):
    fault = at_commit(WAIT) if point == "commit" else at(point, WAIT)
    with fault, Gate() as gate:
        pool, answer = in_a_thread(second_yes)
        gate.cut(gate.waiting())
        with pytest.raises(OperationalError):
            answer.result(timeout=30)
        pool.shutdown()
    assert neither(people)
    second_yes()
    assert both(people)


APPROVE = """
import sys
from datetime import datetime
import django
django.setup()
from apps.plans import actions, queries
from apps.spaces.models import Seat
seat, now = Seat.objects.get(pk=sys.argv[1]), datetime.fromisoformat(sys.argv[2])
actions.approve(by=seat, plan=queries.open_plan(seat), number=1, now=now)
print("agreed")
"""


def process(code, *arguments, **environment):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=os.environ | {"DATABASE_URL": database_url()} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("point", ["the agreement", "the second line", "the fixed time", "commit"])
def test_a_process_that_is_killed_leaves_both_or_neither(people, second_yes, now, point):
    fault = at_commit(WAIT) if point == "commit" else at(point, WAIT)
    with fault, Gate() as gate:
        child = process(APPROVE, people[1].seat.pk, now.isoformat())
        waits = gate.waiting()
        child.send_signal(signal.SIGKILL)
        out, _err = child.communicate(timeout=30)
        gate.open_and_wait_for(waits)
    assert (out, child.returncode) == ("", -signal.SIGKILL)
    # Killed in its commit, the transaction may stand: then it stands whole.
    assert neither(people) or (point == "commit" and both(people))
    second_yes()
    assert both(people)


PRESS = """
import json, sys, time
import django
django.setup()
from django.test import Client
from django.test.utils import setup_test_environment
from apps.accounts.models import User
setup_test_environment()
client = Client()
client.force_login(User.objects.get(email=sys.argv[1]))
began = time.monotonic()
answer = client.post("/plans/1/agreement/yes/", {"number": "1"})
took = time.monotonic() - began
print(json.dumps({"status": answer.status_code, "to": answer.headers.get("Location"), "took": took}))
"""


def test_without_broker_and_mail_server_the_page_answers_and_the_letters_stand(people, now):
    """Nothing listens where the environment says that broker and mail server are."""
    plan = begin(people, now, up_to="agree")
    said = wording(write("Coffee"), write("Tea"), follow_up_date=date.today() + timedelta(days=14))
    actions.propose(by=people[0].seat, plan=plan, base=0, wording=said, now=now)
    actions.approve(by=people[0].seat, plan=plan, number=1, now=now)
    nothing = any_free()
    child = process(
        PRESS,
        people[1].user.email,
        REDIS_URL=f"redis://127.0.0.1:{nothing}/0",
        EMAIL_URL=f"smtp://127.0.0.1:{nothing}",
    )
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err
    answer = json.loads(out)
    assert (answer["status"], answer["to"]) == (303, "/plans/1/agreement/")
    assert answer["took"] < 5
    assert "No worker could be nudged" in err
    assert both(people, times=0)
    assert set(Letter.objects.values_list("sent_at", "attempts")) == {(None, 0)}


def test_the_yes_that_was_cut_off_can_still_be_taken_back(people, proposal, second_yes, now):
    with at("the fourth letter", RAISE), pytest.raises(DatabaseError, match="cut here"):
        second_yes()
    actions.withdraw(by=people[0].seat, plan=proposal.plan, number=1, now=now)
    assert second_yes() is None
    assert not Agreement.objects.exists()
