"""INT, TERM and HUP ask us to stop. The handler only takes a note, so that nothing is interrupted half-way."""

import signal
import time

from .trouble import Stopped

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_noted: list[int] = []


def take_over() -> None:
    """Installs our handlers, also where the signals were inherited as ignored (nohup) or blocked."""
    for number in ENDING:
        signal.signal(number, lambda number, frame: _noted.append(number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def check() -> None:
    """Raises Stopped once a signal has come."""
    if _noted:
        raise Stopped(_noted[0])


def pause(seconds: float) -> None:
    """Sleeps, and raises Stopped as soon as a signal has come."""
    end = time.monotonic() + seconds
    while True:
        check()
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, 0.1))
