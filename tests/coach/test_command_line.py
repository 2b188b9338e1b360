"""`python -m apps.coach`: a line in, a JSON object out, at once, whatever the line holds."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BARE = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}


def run(given: bytes, *arguments: str) -> list[dict]:
    command = [sys.executable, "-m", "apps.coach", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, cwd=ROOT, env=BARE, timeout=60, check=True)
    assert done.stderr == b""
    assert done.stdout.isascii()
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_each_line_gets_one_object_blank_ones_too() -> None:
    given = "You’re so selfish.\n\nI feel sad today.\r\nA\u2028B\x0bC\x85D\x1cE\nlast without an end".encode()
    made = run(given)
    assert [one["text"] for one in made] == [
        "You’re so selfish.", "", "I feel sad today.\r", "A\u2028B\x0bC\x85D\x1cE", "last without an end",
    ]  # fmt: skip
    assert [list(one) for one in made] == [["text", "labels", "why", "instead"]] * 5
    assert [one["labels"] for one in made] == [["accusation", "contempt"], [], ["clean_i"], [], []]
    assert made[1] == {"text": "", "labels": [], "why": [], "instead": None}


def test_commitments() -> None:
    assert run(b"I'll cook on Friday at six.\n\n", "--commitment") == [
        {
            "text": "I'll cook on Friday at six.",
            "labels": ["concrete_commitment"],
            "missing": ["how_often", "how_long", "how_we_know"],
        },
        {
            "text": "",
            "labels": ["vague_commitment"],
            "missing": ["who", "what", "when", "how_often", "how_long", "how_we_know"],
        },
    ]


def test_noise_is_answered() -> None:
    given = b"\xff\xfe\x00\x01\n" + bytes(range(11, 256)) + b"\n" + b"\x00" * 1000 + b"\n" + b"\xed\xa0\x80\n"
    assert [one["labels"] for one in run(given)] == [[], [], [], []]
    assert run(b"\xff you never call\n")[0]["text"] == "\ufffd you never call"


def test_an_answer_comes_before_the_next_line() -> None:
    command = [sys.executable, "-m", "apps.coach"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=BARE) as running:
        for line in (b"You never call.\n", b"\n", b"Hi\n"):
            running.stdin.write(line)
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["text"] == line.decode().rstrip("\n")
        running.stdin.close()
        assert running.wait(20) == 0


def test_an_unknown_argument_is_an_error() -> None:
    command = [sys.executable, "-m", "apps.coach", "--loud"]
    done = subprocess.run(command, input=b"", capture_output=True, cwd=ROOT, env=BARE, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"usage" in done.stderr


def test_it_needs_no_django() -> None:
    code = "import sys, apps.coach; apps.coach.judge('You never call.'); print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, env=BARE, timeout=60, check=True)
    assert done.stdout == b"False\n"
