"""An embedded database: what was written stays, whatever happens to the server. Nobody gets in without the password."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from launcher.places import state
from launcher.ports import Ports
from launcher.postgres import HASTY, Postgres, processes_in
from launcher.trouble import Trouble

pytestmark = pytest.mark.faults


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    if state(tmp_path) != tmp_path:
        shutil.rmtree(state(tmp_path))


def server(folder: Path) -> Postgres:
    return Postgres(folder, name="test", password="a-word", ports=Ports(folder / "ports.json"), settings=HASTY)


@pytest.fixture
def running(folder: Path) -> Iterator[Postgres]:
    made = server(folder)
    made.start()
    yield made
    made.child.stop()


def write(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (text text)")
        connection.execute("INSERT INTO kept VALUES ('still here')")


def read(url: str) -> list[tuple[str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT text FROM kept").fetchall()


def test_another_password_is_refused(running: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(running.url.replace("a-word", "another"))


def test_a_killed_server_comes_back_with_its_data(running: Postgres) -> None:
    write(running.url)
    running.child.kill()
    running.start()
    assert read(running.url) == [("still here",)]


def test_a_server_left_by_a_killed_launcher_is_ended_first(running: Postgres, folder: Path) -> None:
    write(running.url)
    another = server(folder)
    another.start()
    try:
        assert read(another.url) == [("still here",)]
        assert not running.child.alive()
    finally:
        another.child.stop()


def test_a_pid_file_that_names_somebody_elses_process_is_no_obstacle(running: Postgres) -> None:
    running.child.kill()
    while processes_in(running.data):
        pass
    pid_file = running.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join(["1", *lines[1:], ""]))
    running.start()
    assert running.child.alive()


def test_stopping_takes_every_backend_with_it(running: Postgres) -> None:
    with psycopg.connect(running.url):
        assert len(processes_in(running.data)) > 2
        os.kill(running.child.pid, signal.SIGINT)
        running.child.stop()
        assert processes_in(running.data) == []


def test_a_folder_without_a_server_gets_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HALFWAY_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(Trouble, match="holds no PostgreSQL 15 or newer"):
        server(tmp_path)
