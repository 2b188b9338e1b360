"""What the person at the terminal sees: each step with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_began = time.monotonic()


def say(text: str = "", end: str = "\n") -> None:
    """Prints, and goes on where nobody reads any more (a closed terminal, a pipe to head)."""
    try:
        print(text, end=end, flush=True)
    except (OSError, ValueError):
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115 - it stays open to the end


def complain(text: str) -> None:
    try:
        print(text, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        sys.stderr = open("/dev/null", "w")  # noqa: SIM115


@contextmanager
def step(text: str) -> Iterator[None]:
    """Says what is being done, since when, and how long it took."""
    started = time.monotonic()
    say(f"{started - _began:6.1f} s  {text} …")
    yield
    if time.monotonic() - started >= 1:
        say(f"{time.monotonic() - _began:6.1f} s    done, after {time.monotonic() - started:.1f} s")


class Patience:
    """Says every few seconds that a long step is still at work."""

    def __init__(self, every: float = 10.0) -> None:
        self.every = every
        self.next = time.monotonic() + every

    def tick(self) -> None:
        if time.monotonic() >= self.next:
            self.next += self.every
            say(f"{time.monotonic() - _began:6.1f} s    still at it")
