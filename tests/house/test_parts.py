"""The launcher's small parts: ports, secrets, waiting, the sink."""

import email
import email.policy
import json
import smtplib
import socket
import stat
from pathlib import Path

import pytest
from launcher import local_secrets, ports, services
from launcher.ports import Ports, any_free, for_web, is_free
from launcher.processes import Child, run, tail
from launcher.trouble import Trouble

from tests.stack import wait_for


@pytest.fixture
def taken() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_that_somebody_listens_at_is_not_free(taken: int) -> None:
    assert not is_free(taken)
    assert is_free(any_free())


def test_a_port_is_remembered_and_given_up_where_it_is_taken(tmp_path: Path, taken: int) -> None:
    file = tmp_path / "ports.json"
    chosen = Ports(file).choose("database")
    assert Ports(file).choose("database") == chosen
    file.write_text(json.dumps({"database": taken}))
    assert Ports(file).choose("database") != taken


def test_a_damaged_file_of_ports_is_no_obstacle(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    file.write_text("{")
    assert Ports(file).choose("database")


@pytest.mark.parametrize("given", ["eighty", "0", "65536", "-1", "８０００", "80.5"])
def test_a_port_that_is_none_gets_one_sentence(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PORT", given)
    with pytest.raises(Trouble, match="not a port"):
        for_web()


def test_a_given_port_that_is_taken_gets_one_sentence(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    monkeypatch.setenv("PORT", str(taken))
    with pytest.raises(Trouble, match=f"Port {taken} is already taken"):
        for_web()


def test_the_usual_port_taken_means_another_and_a_remark(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setattr(ports, "USUAL", taken)
    port, remark = for_web()
    assert port > taken
    assert f"Port {taken} is taken" in remark


def test_secrets_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    made = local_secrets.load(file)
    assert local_secrets.load(file) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert made["VAULT_KEYS"].startswith("local1:")


@pytest.mark.parametrize("content", ["", "[]", '{"SECRET_KEY": "x"}'])
def test_damaged_secrets_are_never_replaced(tmp_path: Path, content: str) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(content)
    with pytest.raises(Trouble, match="Put the old file back"):
        local_secrets.load(file)
    assert file.read_text() == content


def test_a_given_server_that_does_not_answer_gets_one_sentence(tmp_path: Path) -> None:
    port = any_free()
    given = {"DATABASE_URL": f"postgres://somebody:word@127.0.0.1:{port}/app"}
    with pytest.raises(Trouble, match=f"DATABASE_URL is set, but nothing answers at 127.0.0.1, port {port}"):
        services.Services(tmp_path, given=given).start()


def test_a_command_that_does_not_exist_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="cannot be started"):
        run([tmp_path / "nothing"], log=tmp_path / "log")


def test_a_child_that_does_not_listen_is_ended(tmp_path: Path) -> None:
    deaf = "trap '' TERM; echo ready; sleep 60 & wait; sleep 60"
    child = Child("deaf", ["/bin/sh", "-c", deaf], logs=tmp_path, patience=0.3)
    child.start()
    wait_for(lambda: "ready" in tail(child.log), 10, lambda: "it did not start")
    child.stop()
    assert not child.alive()


def test_the_sink_keeps_every_message_as_it_came(tmp_path: Path) -> None:
    sink, port = services.sink(tmp_path, Ports(tmp_path / "ports.json"))
    sink.start()
    try:
        wait_for(lambda: not is_free(port), 10, sink.tail)
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as line:
            for number in range(3):
                line.sendmail(
                    "from@example.org", ["a@example.org", "b@example.org"], f"Subject: {number}\r\n\r\n.dot\r\n"
                )
        files = sorted((tmp_path / "mailbox").glob("*.eml"))
        mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
        assert [mail["Subject"] for mail in mails] == ["0", "1", "2"]
        assert mails[0]["X-MailFrom"] == "from@example.org"
        assert mails[0]["X-RcptTo"] == "a@example.org, b@example.org"
        assert mails[0].get_content().splitlines() == [".dot"]
        assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    finally:
        sink.stop()
