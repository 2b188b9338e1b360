"""A quiet time holds what goes to somebody else because of one person: over the real delivery and a real server.

Time passes by moving all facts into the past, so the database's clock, the actions' `now` and the pages agree.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.checkins.actions import AGREED
from apps.core.errors import RuleBroken
from apps.me import actions as me
from apps.outbox import delivery, kinds
from apps.outbox.models import Letter
from apps.outbox.postbox import Postbox
from apps.plans import actions as plans
from apps.spaces import actions, letters, queries
from apps.spaces.models import AddressMail, Invitation, RefusedAddress, Seat
from tests.outbox.office import Sink
from tests.plans.helpers import begin, wording
from tests.stack import wait_for
from tests.walk import rolled_back
from tests.world import Person, alone, couple, page

pytestmark = pytest.mark.django_db

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
SOMEWHEN = date(2099, 1, 1)
FACTS: dict[Any, tuple[str, ...]] = {
    Letter: ("due_at", "created_at", "retry_at", "claimed_until", "held_until", "sent_at", "ended_at"),
    Seat: ("quiet_from", "quiet_until"),
    Invitation: ("created_at", "held_until", "used_at", "revoked_at"),
    AddressMail: ("sent_at",),
}


def now() -> datetime:
    return datetime.now(UTC)


def pass_time(delta: timedelta) -> None:
    """Everything that has happened or is to happen comes nearer by `delta`."""
    for model, columns in FACTS.items():
        model.objects.update(**{column: F(column) - delta for column in columns})


def invite(someone: Person, address: str) -> Invitation:
    return actions.invite_by_mail(by=someone.seat, address=address, shows_name=True, now=now())


def quiet(someone: Person, hours: int = 48) -> bool:
    return actions.begin_quiet(by=someone.seat, hours=hours, now=now())


def agreed(plan: Any, *, by: Person, then: Person) -> None:
    """`by` proposes and says yes; the yes of `then` makes it true."""
    newest = plan.proposals.count()
    proposal = plans.propose(
        by=by.seat,
        plan=plan,
        base=newest,
        wording=wording(follow_up_date=SOMEWHEN + timedelta(days=newest)),
        now=now(),
    )
    for someone in (by, then):
        plans.approve(by=someone.seat, plan=plan, number=proposal.number, now=now())


def addresses(sink: Sink) -> list[str]:
    return [message["To"] for message in sink.received]


@pytest.fixture
def lena(db: None) -> Person:
    return alone("Lena")


# --- an invitation


def test_an_invitation_made_in_a_quiet_time_goes_when_it_has_run_out(lena: Person, sink: Sink) -> None:
    quiet(lena)
    invite(lena, "ivo@example.org")
    delivery.send_due()
    pass_time(48 * HOUR - 60 * SECOND)
    delivery.send_due()
    assert addresses(sink) == []
    pass_time(61 * SECOND)
    delivery.send_due()
    assert addresses(sink) == ["ivo@example.org"]


def test_it_can_be_accepted_for_72_hours_from_then(lena: Person, sink: Sink) -> None:
    quiet(lena, 168)
    invitation = invite(lena, "ivo@example.org")
    ends = Seat.objects.get(pk=lena.seat.pk).quiet_until
    assert ends is not None
    assert queries.ends_at(invitation) == ends + 72 * HOUR
    assert queries.is_open(invitation, ends + 72 * HOUR - SECOND)
    assert not queries.is_open(invitation, ends + 72 * HOUR)


def test_ended_early_it_goes_at_once(lena: Person, sink: Sink) -> None:
    quiet(lena)
    invitation = invite(lena, "ivo@example.org")
    delivery.send_due()
    ended = now()
    actions.end_quiet(by=lena.seat, now=ended)
    invitation.refresh_from_db()
    assert queries.ends_at(invitation) == ended + 72 * HOUR
    delivery.send_due()
    assert addresses(sink) == ["ivo@example.org"]


def test_one_that_waits_when_a_quiet_time_begins_waits_on(lena: Person, sink: Sink) -> None:
    invitation = invite(lena, "ivo@example.org")
    quiet(lena)
    delivery.send_due()
    assert addresses(sink) == []
    invitation.refresh_from_db()
    assert invitation.held_until == lena.seat.quiet_until


def test_one_that_has_gone_stays_as_it_was(lena: Person, sink: Sink) -> None:
    invitation = invite(lena, "ivo@example.org")
    delivery.send_due()
    quiet(lena)
    invitation.refresh_from_db()
    assert (addresses(sink), invitation.held_until) == (["ivo@example.org"], None)


def test_claimed_before_it_begins_is_held_too(lena: Person, sink: Sink) -> None:
    invite(lena, "ivo@example.org")
    claim = delivery.claim_due()
    assert claim is not None
    quiet(lena)
    with Postbox() as postbox:
        delivery.deliver(claim, postbox, delivery.Run(5))
    assert addresses(sink) == []
    assert Letter.objects.get().due_at == lena.seat.quiet_until


def test_begun_again_before_a_worker_looks_it_waits_again(lena: Person, sink: Sink) -> None:
    quiet(lena, 24)
    invitation = invite(lena, "ivo@example.org")
    delivery.send_due()
    pass_time(24 * HOUR)
    assert quiet(lena, 168)
    pass_time(100 * HOUR)
    delivery.send_due()
    assert addresses(sink) == []
    pass_time(68 * HOUR)
    delivery.send_due()
    assert addresses(sink) == ["ivo@example.org"]
    invitation.refresh_from_db()
    assert queries.is_open(invitation, now() + 71 * HOUR)


def test_taken_back_while_it_waits_it_never_goes(lena: Person, sink: Sink) -> None:
    quiet(lena)
    invite(lena, "ivo@example.org")
    delivery.send_due()
    actions.revoke(by=lena.seat, now=now())
    actions.end_quiet(by=lena.seat, now=now())
    delivery.send_due()
    assert addresses(sink) == []
    assert Letter.objects.get().end_reason == "revoked"


def test_somebody_elses_quiet_time_holds_nothing_of_mine(lena: Person, sink: Sink) -> None:
    quiet(alone("Ida"))
    invite(lena, "ivo@example.org")
    delivery.send_due()
    assert addresses(sink) == ["ivo@example.org"]


def test_leaving_ends_it(lena: Person, sink: Sink) -> None:
    quiet(lena)
    me.leave(seat=lena.seat, now=now())
    actions.open_space(user=lena.user, now=now())
    invite(lena, "ivo@example.org")
    delivery.send_due()
    assert addresses(sink) == ["ivo@example.org"]


def test_it_moves_along_into_the_partners_space(lena: Person, sink: Sink) -> None:
    ivo = alone("Ivo")
    invitation = invite(lena, "ivo@example.org")
    quiet(ivo, 72)
    before = ivo.seat
    me.join(invitation=invitation, user=ivo.user, now=now())
    after = ivo.seat
    assert after.space_id == lena.seat.space_id
    assert (after.quiet_from, after.quiet_until) == (before.quiet_from, before.quiet_until)
    begin((lena, ivo), now(), up_to="agree")
    agreed(plans.open_plan(by=lena.seat, now=now()), by=lena, then=ivo)
    delivery.send_due()
    assert addresses(sink) == ["ivo@example.org"]


def test_one_that_has_run_out_does_not_move(lena: Person) -> None:
    ivo = alone("Ivo")
    quiet(ivo, 24)
    pass_time(24 * HOUR)
    me.join(invitation=invite(lena, "ivo@example.org"), user=ivo.user, now=now())
    assert (ivo.seat.quiet_from, ivo.seat.quiet_until) == (None, None)


# --- the inviter's page is the same, whether or not a mail can go


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What the pages take for the present: always its last entry."""
    times = [now().replace(second=0, microsecond=0)]
    monkeypatch.setattr("apps.core.clock.now", lambda: times[-1])
    return times


def test_a_quiet_time_does_not_tell_whether_an_address_takes_mail(sink: Sink, hands: list[datetime]) -> None:
    RefusedAddress.objects.create(address_digest=queries.mailbox_digest("ines@example.org"), refused_at=hands[0])
    people = {"ines@example.org": alone("Lena"), "olga@example.org": alone("Lena", "lena2@example.org")}
    for each in seen_by_both(people):
        first, second = each
        assert first == second
    assert addresses(sink) == ["olga@example.org"]
    assert Letter.objects.get(sent_at=None).end_reason == "may not be sent"


def seen_by_both(people: dict[str, Person]) -> Iterator[list[str]]:
    """What the two inviters see after each press, with the address they invited blanked."""
    presses = [
        ("/quiet/begin/", {"hours": "48"}, True),
        ("/invite/mail/", {"shows_name": "yes"}, True),
        ("/quiet/end/", {}, False),  # no worker looks between the end and the next beginning
        ("/quiet/begin/", {"hours": "24"}, True),
        ("/quiet/end/", {}, True),
        ("/quiet/begin/", {"hours": "120"}, True),
    ]
    for path, data, works in presses:
        for address, someone in people.items():
            assert someone.client.post(path, {**data, "address": address}).status_code == 303
        if works:
            delivery.send_due()
        for where in ("/invite/", "/quiet/", "/"):
            yield [
                page(someone.client.get(where)).replace(address, "…").replace(f"lena{'2' if number else ''}@", "…")
                for number, (address, someone) in enumerate(people.items())
            ]


# --- an agreement


@pytest.fixture
def pair(db: None) -> tuple[Person, Person]:
    return couple("Mara", "Jonas")


@pytest.fixture
def plan(pair: tuple[Person, Person]) -> Any:
    return begin(pair, now(), up_to="agree")


def test_the_confirmation_of_an_agreement_waits_for_the_other_and_not_for_oneself(
    pair: tuple[Person, Person], plan: Any, sink: Sink
) -> None:
    mara, jonas = pair
    quiet(mara)
    agreed(plan, by=jonas, then=mara)
    delivery.send_due()
    assert addresses(sink) == ["mara@example.org"]
    pass_time(48 * HOUR)
    delivery.send_due()
    assert addresses(sink) == ["mara@example.org", "jonas@example.org"]


def test_what_the_others_yes_made_true_is_not_held(pair: tuple[Person, Person], plan: Any, sink: Sink) -> None:
    mara, jonas = pair
    quiet(mara)
    agreed(plan, by=mara, then=jonas)
    delivery.send_due()
    assert sorted(addresses(sink)) == ["jonas@example.org", "mara@example.org"]


def test_held_for_weeks_it_is_not_late(pair: tuple[Person, Person], plan: Any, sink: Sink) -> None:
    mara, jonas = pair
    quiet(mara, 168)
    agreed(plan, by=jonas, then=mara)
    delivery.send_due()
    for _week in range(3):
        pass_time(168 * HOUR)
        quiet(mara, 168)
        delivery.send_due()
    assert addresses(sink) == ["mara@example.org"]
    actions.end_quiet(by=mara.seat, now=now())
    delivery.send_due()
    assert addresses(sink) == ["mara@example.org", "jonas@example.org"]


def test_a_held_letter_of_a_closed_space_is_dropped_by_its_kind(
    pair: tuple[Person, Person], plan: Any, sink: Sink
) -> None:
    mara, jonas = pair
    quiet(mara)
    agreed(plan, by=jonas, then=mara)
    delivery.send_due()
    me.leave(seat=jonas.seat, now=now())
    pass_time(48 * HOUR)
    delivery.send_due()
    assert addresses(sink) == ["mara@example.org"]
    assert Letter.objects.get(kind=AGREED, recipient=jonas.user).end_reason == "closed: left"


def test_a_reminder_that_both_agreed_to_is_nobodys(pair: tuple[Person, Person], plan: Any) -> None:
    mara, jonas = pair
    quiet(mara)
    agreed(plan, by=jonas, then=mara)
    reminders = Letter.objects.filter(kind="checkins.reminder")
    assert [kinds.held_until(letter, now()) for letter in reminders] == [None, None]
    confirmations = Letter.objects.filter(kind=AGREED).order_by("recipient__name")
    assert [kinds.held_until(letter, now()) for letter in confirmations] == [mara.seat.quiet_until, None]


def test_what_is_due_later_by_itself_is_not_brought_forward(lena: Person, sink: Sink) -> None:
    later = now() + 72 * HOUR
    facts = {"address": "ivo@example.org", "payload": {"token": "t"}, "caused_by": lena.user}
    Letter.objects.create(kind=actions.LETTER, occurrence="1", due_at=later, created_at=now(), **facts)
    quiet(lena)
    actions.end_quiet(by=lena.seat, now=now())
    assert Letter.objects.get().due_at == later


def test_a_hold_has_one_name() -> None:
    kinds.register_hold("spaces.quiet", letters.hold_while_quiet)
    with pytest.raises(ValueError, match="another hold"):
        kinds.register_hold("spaces.quiet", lambda letter, now: None)


# --- at the same instant


def in_a_thread(work: Any) -> threading.Thread:
    def go() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=go)
    thread.start()
    return thread


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_ended_while_a_worker_decides_it_goes_at_once(sink: Sink) -> None:
    """The worker has read that it runs; it waits for the space, reads again, and holds nothing."""
    lena = alone("Lena")
    quiet(lena)
    invite(lena, "ivo@example.org")
    with transaction.atomic():
        actions.end_quiet(by=lena.seat, now=now())
        worker = in_a_thread(delivery.send_due)
        wait_for(somebody_waits_for_a_lock, 10, lambda: "no worker came to the lock")
    worker.join()
    assert addresses(sink) == ["ivo@example.org"]
    assert Letter.objects.get().held_until is None


@pytest.mark.django_db(transaction=True)
def test_six_presses_at_once_begin_one(sink: Sink) -> None:
    lena = alone("Lena")
    seat, answers, start = lena.seat, [], threading.Barrier(6)

    def press(hours: int) -> None:
        start.wait()
        answers.append(actions.begin_quiet(by=seat, hours=hours, now=now()))

    presses = [in_a_thread(partial(press, hours)) for hours in (24, 48, 72, 120, 168, 24)]
    for one in presses:
        one.join()
    assert sorted(answers) == [False] * 5 + [True]


# --- any history


STEPS = st.one_of(
    st.tuples(st.just("begin"), st.sampled_from([0, 1]), st.sampled_from([24, 48, 72, 120, 168])),
    st.tuples(st.just("end"), st.sampled_from([0, 1])),
    st.tuples(st.just("act"), st.sampled_from([0, 1])),
    st.tuples(st.just("wait"), st.sampled_from([1, 12, 24, 30])),
    st.tuples(st.just("run_out"), st.sampled_from([0, 1])),
    st.tuples(st.just("work")),
    st.tuples(st.just("claimed_then_begin"), st.sampled_from([0, 1]), st.sampled_from([24, 168])),
)
HISTORIES = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Awaited:
    """One mail that is to arrive: whose doing it is, to whom it goes, and whether it has come."""

    causer: int
    address: str
    come: int = 0


@dataclass
class History:
    """Two people and what they have pressed; knows from that alone which mails may arrive, and which have to."""

    people: tuple[Person, Person]
    sink: Sink
    plan: Any = None
    until: list[datetime | None] = field(default_factory=lambda: [None, None])
    awaited: list[Awaited] = field(default_factory=list)
    breaches: list[str] = field(default_factory=list)
    since_work: timedelta = timedelta(0)
    made: int = 0

    def __post_init__(self) -> None:
        self.sink.on_data = self.arrives

    def runs(self, who: int) -> bool:
        until = self.until[who]
        return until is not None and now() < until

    def arrives(self, message: EmailMessage) -> None:
        """In the server's thread: what comes has to be awaited, once, and not while its causer has a quiet time."""
        found = next((one for one in self.awaited if one.address == message["To"]), None)
        if found is None or found.come:
            self.breaches.append(f"{message['To']}: {message['Subject']} was not to come")
            return
        found.come += 1
        if message["To"] != self.people[found.causer].user.email and self.runs(found.causer):
            self.breaches.append(f"{message['To']}: {message['Subject']} came in a quiet time")

    # steps

    def begin(self, who: int, hours: int = 48) -> None:
        begun = quiet(self.people[who], hours)
        assert begun is not self.runs(who)
        if begun:
            self.until[who] = self.people[who].seat.quiet_until

    def end(self, who: int) -> None:
        actions.end_quiet(by=self.people[who].seat, now=now())
        self.until[who] = None

    def act(self, who: int) -> None:
        """Something new gives way to the older: an invitation, or an agreement."""
        self.made += 1
        if self.plan is None:
            with suppress(RuleBroken):  # enough invitations for today
                invite(self.people[who], f"invited{who}.{self.made}@example.org")
                self.awaited = [one for one in self.awaited if one.causer != who or one.come]
                self.awaited.append(Awaited(who, f"invited{who}.{self.made}@example.org"))
            return
        agreed(self.plan, by=self.people[1 - who], then=self.people[who])
        self.awaited = [Awaited(who, someone.user.email) for someone in self.people]

    def wait(self, hours: float) -> None:
        """Never three days without any worker: that loses an invitation with and without a quiet time."""
        delta = hours * HOUR
        if self.since_work + delta > 60 * HOUR:
            self.work()
        self.since_work += delta
        pass_time(delta)
        self.until = [until and until - delta for until in self.until]

    def run_out(self, who: int) -> None:
        until = self.until[who]
        if until is not None and self.runs(who):
            self.wait((until - now() + SECOND) / HOUR)

    def work(self) -> None:
        delivery.send_due()
        self.since_work = timedelta(0)
        self.check()

    def claimed_then_begin(self, who: int, hours: int) -> None:
        claim = delivery.claim_due()
        self.begin(who, hours)
        if claim is not None:
            with Postbox() as postbox:
                delivery.deliver(claim, postbox, delivery.Run(5))
        self.work()

    def check(self) -> None:
        """After each round: all that may go has come, and nothing else."""
        assert self.breaches == []
        for one in self.awaited:
            held = one.address != self.people[one.causer].user.email and self.runs(one.causer)
            assert one.come == 1 or held, f"{one.address} has not come"
        if self.plan is None:
            for one in self.awaited:
                assert one.come or queries.offered(self.people[one.causer].seat.space, now()) is not None

    def live(self, steps: list[tuple[Any, ...]]) -> None:
        for name, *values in steps:
            getattr(self, name)(*values)
        for who in (0, 1):
            self.run_out(who)
        self.work()
        assert [one.come for one in self.awaited] == [1] * len(self.awaited)


@HISTORIES
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_no_invitation_leaves_in_a_quiet_time_and_none_is_lost(sink: Sink, steps: list[tuple[Any, ...]]) -> None:
    with rolled_back():
        History((alone("Mara"), alone("Jonas")), sink).live(steps)


@HISTORIES
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_no_confirmation_leaves_in_a_quiet_time_and_none_is_lost(sink: Sink, steps: list[tuple[Any, ...]]) -> None:
    with rolled_back():
        people = couple("Mara", "Jonas")
        History(people, sink, plan=begin(people, now(), up_to="agree")).live(steps)
