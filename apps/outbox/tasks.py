"""What Celery runs for the outbox: an argument-less “send what is due”, from the clock or from a nudge."""

import logging
import time
from typing import Any

from celery import current_app, shared_task
from celery.signals import worker_shutting_down
from django.db import InterfaceError, OperationalError, transaction
from psycopg_pool import PoolTimeout

log = logging.getLogger(__name__)

NUDGE_EXPIRES = 25
# A page waits for the broker no longer than this, and after a failure the next pages do not wait at all for a while.
NUDGE_TRANSPORT = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 0.5,
    "connect_retries_timeout": 0.5,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
SILENCE_SECONDS = 10.0


@worker_shutting_down.connect
def stop_soon(**_: Any) -> None:
    """A worker of threads is told to stop: the letters in hand end, no other is begun.

    The processes of a forking worker do not hear of it; their run ends by itself (delivery.RUN_SECONDS).
    """
    from apps.outbox import delivery

    delivery.stopping.set()


@shared_task(name="apps.outbox.tasks.send_due")
def send_due() -> None:
    """Sends what is due until nothing is; where its time is up first, asks for another run."""
    from apps.outbox import delivery

    try:
        more = delivery.send_due()
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        log.error("The database did not answer (%s). Letters wait; the clock looks again.", type(error).__name__)
    else:
        if more:
            ask_worker()


@shared_task(name="apps.outbox.tasks.purge")
def purge() -> None:
    """Purges letters that ended long ago; what is not done now is done tomorrow."""
    from apps.outbox import purge as purging

    log.info("Purged %s letters.", purging.purge())


def nudge() -> None:
    """After commit: asks a worker to look at once. Without a broker nothing is lost, the clock looks again anyway."""
    transaction.on_commit(ask_worker, robust=True)


class Silence:
    """Until when no worker is asked, because the broker did not answer a moment ago."""

    def __init__(self) -> None:
        self.until = 0.0

    def __bool__(self) -> bool:
        return time.monotonic() < self.until

    def begin(self) -> None:
        self.until = time.monotonic() + SILENCE_SECONDS


silence = Silence()


def ask_worker() -> None:
    """Puts one send_due into the queue; gives up within about a second, and never raises."""
    if silence:
        return
    try:
        with current_app.connection_for_write(transport_options=NUDGE_TRANSPORT) as connection:
            send_due.apply_async(
                connection=connection,  # type: ignore[call-arg]  # missing in its stub
                retry=False,
                expires=NUDGE_EXPIRES,
            )
    except Exception as error:  # whatever the broker has, the letter is safe and the page must answer
        silence.begin()
        log.warning("No worker could be nudged (%s); the clock will find the letter.", type(error).__name__)
