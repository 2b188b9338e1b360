"""Delivery over real SMTP: each letter once, whatever the server, a kind or another worker does."""

import logging
import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.test import override_settings
from django.utils import timezone

from apps.accounts.models import User
from apps.outbox import actions, claims, delivery, kinds, tasks
from apps.outbox.kinds import Decision, Drop, Hold, Kind, Mail, Send
from apps.outbox.models import Letter
from apps.outbox.postbox import Postbox
from apps.vault import keys
from tests.outbox.office import CUT, Rules, Sink, again, lease_runs_out, post

CANARY = "the sea at Dahme"

pytestmark = pytest.mark.django_db


def state(letter: Letter) -> tuple[str, int]:
    found = Letter.objects.get(pk=letter.pk)
    assert found.claim_token is None
    return found.end_reason, found.attempts


def test_a_due_letter_is_sent_once(rules: Rules, sink: Sink, people: list[User]) -> None:
    letter = post("1", recipient=people[0], payload={"code": "4711"})
    assert delivery.send_due() is False
    delivery.send_due()
    (message,) = sink.received
    assert message["To"] == "person0@example.org"
    assert message["Subject"] == "Something for you"
    assert message["Message-ID"] == f"<{letter.pk}@127.0.0.1>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().strip() == "Text 4711"
    assert message.get_body(("html",)).get_content().strip() == "<p>HTML</p>"
    assert not list(message.iter_attachments())
    sent = Letter.objects.get(pk=letter.pk)
    assert sent.sent_at == sent.ended_at is not None
    assert (sent.end_reason, sent.attempts, sent.payload, sent.address) == ("sent", 1, None, None)


def test_a_kind_that_can_be_switched_off_says_where(rules: Rules, sink: Sink) -> None:
    address = f"http://127.0.0.1:8000/unsubscribe/{'k' * 120}/"
    kinds.register(
        Kind(
            "weekly",
            lambda letter, now: Send(),
            lambda letter, now: Mail("Subject", "text", "<p>html</p>"),
            unsubscribe=lambda letter: address if letter.occurrence == "with" else "",
        )
    )
    now = timezone.now()
    for occurrence in ("with", "without"):
        to = f"{occurrence}@example.org"
        actions.post(kind="weekly", occurrence=occurrence, due_at=now, now=now, address=to)
    post("plain")
    delivery.send_due()
    (told,) = sink.to("with@example.org")
    assert told["List-Unsubscribe"].strip() == f"<{address}>"  # a long header begins on the next line
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for message in (*sink.to("without@example.org"), *sink.to("plain@example.org")):
        assert message["List-Unsubscribe"] is message["List-Unsubscribe-Post"] is None
    assert len(sink.received) == 3


def test_lines_that_begin_with_a_dot_stay_as_they_are(rules: Rules, sink: Sink) -> None:
    text = ".\n..\n.one\nRSET\n"
    rules.render = lambda letter, now: Mail("Subject", text, f"<pre>{text}</pre>")
    post("1")
    post("2")
    delivery.send_due()
    for message in sink.received:
        assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == text
    assert len(sink.received) == 2


def test_what_is_not_due_waits(rules: Rules, sink: Sink) -> None:
    post("1", due_in=timedelta(hours=1))
    delivery.send_due()
    assert not sink.received


def test_only_the_database_s_clock_counts(rules: Rules, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    post("1", due_in=timedelta(hours=1))
    asked: list[datetime] = []
    rules.decide = lambda letter, now: asked.append(now) or Send()
    late = timezone.now() + timedelta(days=30)
    monkeypatch.setattr(timezone, "now", lambda: late)
    delivery.send_due()
    assert not sink.received
    Letter.objects.update(due_at=Now() - timedelta(seconds=1))
    delivery.send_due()
    assert len(sink.received) == 1
    assert asked[0] < late - timedelta(days=29)
    assert asked[0].tzinfo is not None


def test_many_go_over_one_connection(rules: Rules, sink: Sink) -> None:
    for number in range(50):
        post(f"{number}")
    delivery.send_due()
    assert len(sink.received) == 50
    assert sink.sessions == 1


def test_it_goes_to_the_address_somebody_has_now(rules: Rules, sink: Sink, people: list[User]) -> None:
    post("1", recipient=people[0])
    User.objects.filter(pk=people[0].pk).update(email="new@example.org")
    delivery.send_due()
    assert [message["To"] for message in sink.received] == ["new@example.org"]


def test_an_address_of_its_own_wins(rules: Rules, sink: Sink, people: list[User]) -> None:
    post("1", recipient=people[0], address="unverified@example.org")
    delivery.send_due()
    assert [message["To"] for message in sink.received] == ["unverified@example.org"]


def test_somebody_without_an_address(rules: Rules, sink: Sink, people: list[User]) -> None:
    User.objects.filter(pk=people[0].pk).update(email="")
    letter = post("1", recipient=people[0])
    delivery.send_due()
    assert state(letter) == ("no address", 0)


def test_holding_moves_the_letter(rules: Rules, sink: Sink) -> None:
    letter = post("1", payload={"code": "kept"})
    until = timezone.now() + timedelta(days=1)
    rules.decide = lambda letter, now: Hold(until)
    delivery.send_due()
    held = Letter.objects.get(pk=letter.pk)
    assert (held.due_at, held.claim_token, held.attempts, held.ended_at) == (until, None, 0, None)
    assert held.payload == {"code": "kept"}
    assert not sink.received


def test_holding_until_the_past_does_not_spin(rules: Rules, sink: Sink) -> None:
    post("1")
    asked: list[datetime] = []

    def decide(letter: Letter, now: datetime) -> Decision:
        asked.append(now)
        return Hold(now - timedelta(days=1))

    rules.decide = decide
    delivery.send_due()
    assert len(asked) == 1


def test_dropping_ends_with_a_reason(rules: Rules, sink: Sink) -> None:
    letter = post("1", payload={"code": CANARY})
    rules.decide = lambda letter, now: Drop("mail not wanted")
    delivery.send_due()
    ended = Letter.objects.get(pk=letter.pk)
    assert (ended.end_reason, ended.payload, ended.sent_at) == ("mail not wanted", None, None)
    assert not sink.received


def test_a_refused_address_ends_that_letter_alone(rules: Rules, sink: Sink) -> None:
    sink.answers["1@example.org"] = "550 no such person"
    refused, fine = post("1"), post("2")
    delivery.send_due()
    assert state(refused) == ("refused", 1)
    assert Letter.objects.get(pk=refused.pk).last_error == "550"
    assert state(fine) == ("sent", 1)
    assert sink.sessions == 1


@pytest.mark.parametrize("answer", ["450 busy", "451 try later", "421 closing"])
def test_a_temporary_answer_backs_off(rules: Rules, sink: Sink, answer: str) -> None:
    sink.answers["1@example.org"] = answer
    late, fine = post("1"), post("2")
    delivery.send_due()
    delivery.send_due()
    assert sink.asked["1@example.org"] == 1
    assert state(late) == ("", 1)
    assert state(fine) == ("sent", 1)
    waiting = Letter.objects.get(pk=late.pk)
    assert waiting.last_error == answer[:3]
    assert timedelta(seconds=55) < waiting.retry_at - timezone.now() < timedelta(seconds=75)
    assert waiting.due_at == late.due_at
    sink.answers.clear()
    again(late)
    delivery.send_due()
    assert state(late) == ("sent", 2)


def test_a_server_that_takes_nothing_is_not_stormed(rules: Rules, sink: Sink) -> None:
    letters = [post(f"{number}") for number in range(30)]
    for number in range(30):
        sink.answers[f"{number}@example.org"] = "451 later"
    delivery.send_due()
    assert sum(sink.asked.values()) == 3
    assert sorted(state(letter)[1] for letter in letters) == [0] * 27 + [1] * 3
    sink.answers.clear()
    delivery.send_due()
    assert len(sink.received) == 27


def test_a_refused_sender_is_not_the_letters_fault(rules: Rules, sink: Sink) -> None:
    sink.sender_answer = "550 who are you"
    letters = [post(f"{number}") for number in range(10)]
    delivery.send_due()
    assert sum(state(letter)[1] for letter in letters) == 3
    assert {state(letter)[0] for letter in letters} == {""}


def test_a_refusal_after_the_text_is_tried_again_before_it_is_final(rules: Rules, sink: Sink) -> None:
    letter = post("1")
    sink.after_data["1@example.org"] = "554 not like this"
    delivery.send_due()
    assert state(letter) == ("", 1)
    again(letter)
    delivery.send_due()
    assert state(letter) == ("sent", 2)


def test_after_the_last_attempt_it_is_given_up(rules: Rules, sink: Sink) -> None:
    sink.answers["1@example.org"] = "450 never"
    letter = post("1")
    for _ in range(delivery.ATTEMPTS + 2):
        delivery.send_due()
        again(letter)
    assert state(letter) == ("given up", delivery.ATTEMPTS)
    assert sink.asked["1@example.org"] == delivery.ATTEMPTS


def test_nobody_there_costs_no_attempt(rules: Rules, sink: Sink, settings: Any) -> None:
    letters = [post(f"{number}") for number in range(3)]
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    delivery.send_due()
    assert {state(letter) for letter in letters} == {("", 0)}
    settings.EMAIL_PORT = port
    delivery.send_due()
    assert len(sink.received) == 3


def test_a_cut_line_repeats_that_letter_with_the_same_id(rules: Rules, sink: Sink) -> None:
    letters = [post(f"{number}") for number in range(5)]
    sink.after_data["2@example.org"] = CUT
    delivery.send_due()
    again(letters[2])
    delivery.send_due()
    assert {state(letter)[0] for letter in letters} == {"sent"}
    twice = sink.to("2@example.org")
    assert len(twice) == 2
    assert len({message["Message-ID"] for message in twice}) == 1
    assert len(sink.received) == 6


def test_a_server_that_hangs_is_left(rules: Rules, sink: Sink, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    slow = threading.Event()
    sink.on_data = lambda message: slow.wait(1) and None
    letter = post("1")
    delivery.send_due()
    assert state(letter) == ("", 1)
    assert Letter.objects.get(pk=letter.pk).last_error in ("TimeoutError", "SMTPServerDisconnected")


def test_a_poison_letter_is_alone(rules: Rules, sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    letters = [post(f"{number}", payload={"code": CANARY}) for number in range(5)]

    def render(letter: Letter, now: datetime) -> Mail:
        if letter.occurrence == "2":
            raise KeyError(letter.payload["code"])
        return Mail("Subject", "text", "<p>html</p>")

    rules.render = render
    delivery.send_due()
    assert [state(letter)[0] for letter in letters] == ["sent", "sent", "", "sent", "sent"]
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "could not be made: KeyError" in record.getMessage()
    assert "Dahme" not in caplog.text
    for _ in range(delivery.ATTEMPTS):
        again(letters[2])
        delivery.send_due()
    assert state(letters[2]) == ("could not be made", delivery.ATTEMPTS)


@pytest.mark.parametrize(
    ("mail", "address"),
    [
        (Mail("Two\nlines", "text", "html"), "1@example.org"),
        (Mail("Subject", "text", "html"), "1@example.org\r\nBcc: x@example.org"),
    ],
)
def test_what_cannot_be_written_is_alone(rules: Rules, sink: Sink, mail: Mail, address: str) -> None:
    odd, fine = post("odd", address=address), post("fine")
    rules.render = lambda letter, now: mail if letter == odd else Mail("Subject", "text", "html")
    delivery.send_due()
    assert [message["To"] for message in sink.received] == ["fine@example.org"]
    assert state(odd)[0] in ("", "refused")
    assert state(fine)[0] == "sent"


def test_a_payload_that_cannot_be_opened_waits_for_its_key(
    rules: Rules, sink: Sink, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    letter = post("1", payload={"code": CANARY})
    keys.remembered.clear()
    with override_settings(VAULT_KEYS="other:" + "A" * 43 + "="):
        delivery.send_due()
    keys.remembered.clear()
    assert state(letter) == ("", 1)
    assert "CannotOpen" in caplog.text
    again(letter)
    delivery.send_due()
    assert len(sink.received) == 1


def test_an_unknown_kind_waits(rules: Rules, sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    kinds.register(Kind("younger", lambda letter, now: Send(), lambda letter, now: Mail("Subject", "text", "html")))
    now = timezone.now()
    letter = actions.post(kind="younger", occurrence="1", due_at=now, now=now, address="1@example.org")
    younger = kinds._kinds.pop("younger")
    delivery.send_due()
    assert state(letter) == ("", 0)
    assert "younger" in caplog.text
    kinds.register(younger)
    delivery.send_due()
    assert state(letter) == ("sent", 1)


def test_dropped_while_claimed_is_not_sent(rules: Rules, sink: Sink, now: datetime) -> None:
    first, second = post("1"), post("2")

    def decide(letter: Letter, when: datetime) -> Decision:
        actions.drop(kind="test", occurrence="2", reason="left", now=now)
        return Send()

    rules.decide = decide
    delivery.send_due()
    assert [message["To"] for message in sink.received] == ["1@example.org"]
    assert (state(first)[0], state(second)[0]) == ("sent", "left")


def test_a_lease_that_ran_out_is_taken_over_and_the_late_mark_refused(
    rules: Rules, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    letter = post("1")
    asleep = delivery.claim_due()
    assert asleep is not None
    assert delivery.claim_due() is None
    lease_runs_out(letter)
    delivery.send_due()
    assert len(sink.received) == 1
    before = Letter.objects.values().get(pk=letter.pk)
    asleep.end(letter, "late")
    assert "no longer ours" in caplog.text
    after = Letter.objects.values().get(pk=letter.pk)
    assert {key: after[key] for key in ("end_reason", "sent_at")} == {
        key: before[key] for key in ("end_reason", "sent_at")
    }


def test_a_worker_that_slept_through_its_lease_sends_nothing_of_it(rules: Rules, sink: Sink) -> None:
    letters = [post("1"), post("2")]
    asleep = delivery.claim_due()
    assert asleep is not None
    lease_runs_out(*letters)
    taken = delivery.claim_due()
    assert taken is not None
    with Postbox() as postbox:
        delivery.deliver(asleep, postbox, delivery.Run(60))
        assert not sink.received
        delivery.deliver(taken, postbox, delivery.Run(60))
    assert len(sink.received) == 2


def test_killed_between_the_server_s_yes_and_the_mark(rules: Rules, sink: Sink) -> None:
    """What a killed worker leaves behind: the mail is out, the letter claimed, its lease runs out."""
    letter = post("1")
    claim = delivery.claim_due()
    assert claim is not None
    found = Letter.objects.get(pk=letter.pk)
    with Postbox() as postbox:
        made = delivery.decide(found, timezone.now())
        assert not isinstance(made, Hold | Drop)
        postbox.send(made)
    lease_runs_out(letter)
    delivery.send_due()
    assert state(letter) == ("sent", 1)
    assert len(sink.received) == 2
    assert len({message["Message-ID"] for message in sink.received}) == 1


def test_a_claim_is_small_and_leased_for_a_minute(rules: Rules) -> None:
    for number in range(25):
        post(f"{number}")
    claim = delivery.claim_due()
    assert claim is not None
    assert len(claim.waiting) == 20
    leased = Letter.objects.filter(claim_token=claim.token)
    assert leased.count() == 20
    until = leased.values_list("claimed_until", flat=True)[0] - timezone.now()
    assert timedelta(seconds=50) < until <= timedelta(seconds=60)


def test_the_lease_of_the_rest_is_renewed_while_it_takes_long(
    rules: Rules, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "RENEW_AFTER", 0.0)
    letters = [post("1"), post("2")]
    seen: list[timedelta] = []

    def decide(letter: Letter, now: datetime) -> Decision:
        rest = Letter.objects.filter(claim_token__isnull=False).values_list("claimed_until", flat=True)
        seen.extend(until - now for until in rest)
        Letter.objects.filter(claim_token__isnull=False).update(claimed_until=Now() + timedelta(seconds=1))
        return Send()

    rules.decide = decide
    delivery.send_due()
    assert len(seen) == 3
    assert all(left > timedelta(seconds=50) for left in seen)
    assert {state(letter)[0] for letter in letters} == {"sent"}


@pytest.mark.parametrize(
    ("values", "is_due"),
    [
        ({}, True),
        ({"due_at": Now() + timedelta(minutes=1)}, False),
        ({"retry_at": Now() + timedelta(minutes=1)}, False),
        ({"retry_at": Now() - timedelta(minutes=1)}, True),
        ({"claimed_until": Now() + timedelta(minutes=1), "claim_token": uuid.uuid4()}, False),
        ({"claimed_until": Now() - timedelta(minutes=1), "claim_token": uuid.uuid4()}, True),
        ({"doubtful": True}, False),
        ({"ended_at": Now(), "end_reason": "left", "payload": None, "address": None}, False),
        ({"kind": "unknown"}, False),
    ],
)
def test_what_is_claimed_is_what_is_due(rules: Rules, values: dict[str, Any], is_due: bool) -> None:
    letter = post("1")
    Letter.objects.filter(pk=letter.pk).update(**values)
    if "kind" not in values:
        assert claims.due().exists() == is_due
    claim = delivery.claim_due()
    assert (claim.waiting if claim else []) == ([letter.pk] if is_due else [])


def test_the_oldest_are_claimed_first(rules: Rules) -> None:
    letters = [post(f"{number}", due_in=timedelta(minutes=-((number * 7) % 30))) for number in range(30)]
    claim = delivery.claim_due()
    assert claim is not None
    oldest = sorted(letters, key=lambda letter: letter.due_at)[:20]
    assert claim.waiting == [letter.pk for letter in oldest]


def test_a_run_ends_in_time_and_gives_back_the_rest(rules: Rules, sink: Sink) -> None:
    letters = [post(f"{number}") for number in range(5)]
    assert delivery.send_due(seconds=0) is True
    assert not sink.received
    claim = delivery.claim_due()
    assert claim is not None
    with Postbox() as postbox:
        delivery.deliver(claim, postbox, delivery.Run(0))
    assert {state(letter) for letter in letters} == {("", 0)}
    assert delivery.send_due() is False
    assert len(sink.received) == 5


@pytest.mark.parametrize(
    ("code", "minutes"),
    [
        *((code, 1) for code in ("421", "450", "451", "452", "TimeoutError", "SMTPServerDisconnected")),
        ("454", 5),
        ("550", 15),
        ("554", 15),
    ],
)
def test_how_long_a_letter_waits_goes_by_what_the_server_said(code: str, minutes: int) -> None:
    assert delivery.first_wait(code) == timedelta(minutes=minutes)


def test_a_server_that_is_closing_is_left_alone(rules: Rules, sink: Sink) -> None:
    letters = [post(f"{number}") for number in range(5)]
    for number in range(5):
        sink.answers[f"{number}@example.org"] = "421 closing"
    assert delivery.send_due() is False
    assert sum(sink.asked.values()) == 1
    assert sorted(state(letter)[1] for letter in letters) == [0, 0, 0, 0, 1]


def test_told_to_stop_the_letter_in_hand_is_marked_and_the_rest_given_back(rules: Rules, sink: Sink) -> None:
    letters = [post(f"{number}") for number in range(5)]
    sink.on_data = lambda message: tasks.stop_soon()
    try:
        assert delivery.send_due() is False
    finally:
        delivery.stopping.clear()
    assert len(sink.received) == 1
    assert sorted(state(letter) for letter in letters) == [("", 0)] * 4 + [("sent", 1)]


@pytest.mark.parametrize("attempts", range(1, 21))
def test_waiting_grows_to_six_hours(attempts: int) -> None:
    assert timedelta(minutes=1) <= delivery.wait(attempts) <= timedelta(hours=7, minutes=12)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_never_double(rules: Rules, sink: Sink) -> None:
    for number in range(200):
        post(f"{number}")
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        try:
            delivery.send_due()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(message["To"] for message in sink.received) == sorted(
        f"{number}@example.org" for number in range(200)
    )
    assert sink.sessions == 4
    assert not Letter.objects.exclude(end_reason="sent").exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_open_while_a_letter_is_sent(rules: Rules, sink: Sink) -> None:
    post("1")
    seen: list[bool] = []
    rules.decide = lambda letter, now: seen.append(connection.in_atomic_block) or Send()
    sink.on_data = lambda message: seen.append(connection.in_atomic_block)
    delivery.send_due()
    assert seen == [False, False]


@pytest.mark.django_db(transaction=True)
def test_two_who_post_the_same_at_once_post_one(rules: Rules) -> None:
    barrier = threading.Barrier(6)
    found: list[uuid.UUID] = []

    def go() -> None:
        barrier.wait()
        try:
            found.append(post("1").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mark_is_written_after_the_database_was_away(
    rules: Rules, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """The connections are cut while the mail is on its way, as a restart of the server does."""
    wanted = ("host", "port", "user", "password", "dbname")
    params = {name: value for name, value in connection.get_connection_params().items() if name in wanted}
    letter = post("1")

    def cut(message: object) -> None:
        with psycopg.connect(**params, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    sink.on_data = cut
    delivery.send_due()
    assert "once more" in caplog.text
    assert state(letter) == ("sent", 1)
    assert len(sink.received) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("times", [2, 99])
def test_a_full_disk_never_says_sent(rules: Rules, sink: Sink, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """The mark cannot be written. It is tried again; where it stays so, the letter is not sent in any book."""
    monkeypatch.setattr(claims, "MARK_AGAIN_AFTER", (0.0,) * 4)
    letter = post("1")
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE fault_count")
        cursor.execute(
            f"""CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF NEW.end_reason = 'sent' AND nextval('fault_count') <= {times} THEN
            RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END IF; RETURN NEW; END $$"""
        )
        cursor.execute("CREATE TRIGGER fault BEFORE UPDATE ON outbox_letter FOR EACH ROW EXECUTE FUNCTION fault()")
    try:
        if times == 2:
            delivery.send_due()
            assert state(letter) == ("sent", 1)
        else:
            with pytest.raises(OperationalError):
                delivery.send_due()
            assert Letter.objects.get(pk=letter.pk).end_reason == ""
        assert len(sink.received) == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER fault ON outbox_letter")
            cursor.execute("DROP FUNCTION fault")
            cursor.execute("DROP SEQUENCE fault_count")


def test_a_process_of_the_version_before_posts_into_the_new_table(rules: Rules, sink: Sink) -> None:
    """While a deployment goes on, its rows have none of the newer columns."""
    with connection.cursor() as cursor:
        letter = post("1")
        columns = """kind, address, payload, due_at, created_at, attempts, last_error, end_reason"""
        cursor.execute(
            f"""INSERT INTO outbox_letter (id, occurrence, {columns})
                SELECT gen_random_uuid(), 'older', {columns} FROM outbox_letter WHERE id = %s""",
            [letter.pk],
        )
    assert Letter.objects.filter(doubtful=False, held_until=None).count() == 2
