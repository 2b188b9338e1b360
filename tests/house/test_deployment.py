"""The deployment, as far as it can be tried without containers: the compose file, and each service's own command."""

import base64
import http.client
import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from launcher.places import PYTHON, ROOT
from launcher.ports import any_free
from launcher.processes import Child, tail
from psycopg import sql

from apps.guides import library, lock
from tests.stack import wait_for, with_path

APP = ("migrate", "web", "worker", "beat")
HOST = "halfway.test"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text().replace("\\\n", "")


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a deployment, with a database of its own."""
    name = f"deployment_{os.environ.get('PYTEST_DB', 'halfway')}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield {
        "PATH": f"{PYTHON.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path_factory.mktemp("home")),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        "BASE_URL": f"https://{HOST}",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "VAULT_KEYS": "one:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "DATABASE_URL": with_path(server, f"/{name}"),
        "REDIS_URL": with_path(os.environ["REDIS_URL"], "/9"),
        "EMAIL_URL": f"smtp://127.0.0.1:{any_free()}",
        "MAIL_FROM": f"Halfway <halfway@{HOST}>",
        "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
    }
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def command(compose: dict[str, Any], dockerfile: str, name: str) -> list[str]:
    """What the container of this service runs: its own command, or the image's."""
    own = compose["services"][name].get("command")
    return own or yaml.safe_load(re.findall(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)[-1])


def here(words: list[str]) -> list[str]:
    """The same command with this environment's Python, wherever the checkout was moved to."""
    modules = {"celery": [str(PYTHON), "-m", "celery"], "uvicorn": [str(PYTHON), "-m", "uvicorn"]}
    return [*modules.get(words[0], [words[0]]), *words[1:]]


def manage(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PYTHON, "manage.py", *words], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("name", APP)
def test_each_service_of_the_app_runs_without_privileges(compose: dict[str, Any], dockerfile: str, name: str) -> None:
    service = compose["services"][name]
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert dockerfile.rindex("\nUSER halfway") > dockerfile.rindex("\nRUN ")


def test_every_service_has_a_restart_policy_and_what_it_needs(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        assert service["restart"] == ("no" if name == "migrate" else "unless-stopped"), name
        assert set(service.get("depends_on", {})) <= set(services)
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["depends_on"]["database"]["condition"] == "service_healthy"
    for name in ("worker", "beat", "database", "broker", "mailcatcher"):
        assert services[name]["healthcheck"]["test"], name
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()


def test_no_secret_stands_in_the_file_and_each_missing_one_gets_a_sentence(compose: dict[str, Any]) -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    needed = {"BASE_URL", "SECRET_KEY", "VAULT_KEYS", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "EMAIL_URL", "MAIL_FROM"}
    assert set(re.findall(r"\$\{(\w+):\?\1 is missing\.", text)) == needed
    assert not re.search(r"\$\{(?:SECRET|VAULT|POSTGRES_P|REDIS_P)\w+:-", text)


def test_every_variable_is_in_the_operators_guide(compose: dict[str, Any]) -> None:
    guide = (ROOT / "docs" / "operating.md").read_text()
    settings = (ROOT / "config" / "settings.py").read_text()
    names = set(re.findall(r"env\.\w+\(\s*\"(\w+)\"", settings)) | set(compose["services"]["web"]["environment"])
    assert names
    assert {name for name in names if f"`{name}`" not in guide} == set()


@pytest.mark.parametrize("name", ["SECRET_KEY", "VAULT_KEYS", "BASE_URL"])
def test_it_refuses_to_start_without(production: dict[str, str], name: str) -> None:
    answer = manage({key: value for key, value in production.items() if key != name}, "check")
    assert answer.returncode != 0
    assert f"{name} is missing" in answer.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": "change-me-change-me-change-me-change-me"}, "SECRET_KEY is a well-known value"),
        ({"VAULT_KEYS": "demo:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}, "VAULT_KEYS is a well-known value"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is missing or too short"),
        ({"DEBUG": "1"}, "DEBUG shows private text"),
        ({"BASE_URL": "http://halfway.test"}, "must begin with https://"),
    ],
)
def test_it_refuses_to_start_with(production: dict[str, str], changes: dict[str, str], sentence: str) -> None:
    answer = manage(production | changes, "check")
    assert answer.returncode != 0
    assert sentence in answer.stderr


def test_a_deployment_passes_djangos_checks_for_deployments(production: dict[str, str]) -> None:
    # A guide that is not published yet is a warning; a deployment of it is not refused while it is being written.
    published = lock.read().keys() >= {lock.name(guide) for guide in library.all_guides()}
    answer = manage(production, "check", "--deploy", "--fail-level", "WARNING" if published else "ERROR")
    assert answer.returncode == 0, answer.stderr


@pytest.fixture(scope="module")
def migrated(production: dict[str, str], compose: dict[str, Any], dockerfile: str) -> dict[str, str]:
    """The image's own step for static files and the command of the one-shot service, run for real."""
    collect = manage(production, "collectstatic", "--noinput", "--verbosity", "0")
    assert collect.returncode == 0, collect.stderr
    done = subprocess.run(
        command(compose, dockerfile, "migrate"), cwd=ROOT, env=production, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return production


def ask(port: int, path: str, **headers: str) -> tuple[int, Message]:
    """The status and the headers of an answer; 0 where there is none."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path, headers={"Host": HOST, "Connection": "close", **headers})
        with line.getresponse() as answer:
            return answer.status, answer.headers
    except OSError:
        return 0, Message()
    finally:
        line.close()


@pytest.mark.faults
def test_the_web_service_runs_and_its_health_check_is_content(
    migrated: dict[str, str], compose: dict[str, Any], dockerfile: str, tmp_path: Path
) -> None:
    port = any_free()
    words = [
        {"8000": str(port), "0.0.0.0": "127.0.0.1"}.get(word, word) for word in command(compose, dockerfile, "web")
    ]
    web = Child("web", here(words), logs=tmp_path, env=migrated)
    web.start()
    try:
        wait_for(lambda: ask(port, "/healthz")[0], 40, lambda: tail(web.log))
        check = yaml.safe_load(re.search(r"^HEALTHCHECK .* CMD (\[.*\])$", dockerfile, re.MULTILINE)[1])  # type: ignore[index]
        healthy = subprocess.run(
            [PYTHON, "-c", check[2].replace(":8000", f":{port}")],
            env=migrated,
            capture_output=True,
            text=True,
            check=False,
        )
        assert healthy.returncode == 0, healthy.stderr
        status, headers = ask(port, "/")
        assert (status, headers["Location"]) == (301, f"https://{HOST}/")
        through_the_proxy = {"X-Forwarded-Proto": "https"}
        status, headers = ask(port, "/", **through_the_proxy)
        assert status == 200
        assert headers["Strict-Transport-Security"]
        assert ask(port, "/", Host="somebody-else.test")[0] == 400
        assert ask(port, "/dev/mailbox/", **through_the_proxy)[0] == 404
    finally:
        web.stop()


@pytest.mark.faults
@pytest.mark.parametrize(("name", "word"), [("worker", "ready."), ("beat", "beat: Starting...")])
def test_worker_and_beat_run(
    migrated: dict[str, str], compose: dict[str, Any], dockerfile: str, tmp_path: Path, name: str, word: str
) -> None:
    child = Child(name, here(command(compose, dockerfile, name)), logs=tmp_path, env=migrated)
    child.start()
    try:
        wait_for(lambda: word in tail(child.log, lines=200), 40, lambda: tail(child.log, lines=200))
    finally:
        child.stop()
    assert child.process
    assert child.process.returncode == 0
