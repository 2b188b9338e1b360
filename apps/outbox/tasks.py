"""What Celery runs for the outbox: an argument-less “send what is due”, from the clock or from a nudge."""

import logging

from celery import shared_task
from django.db import transaction

log = logging.getLogger(__name__)

NUDGE_EXPIRES = 25


@shared_task(name="apps.outbox.tasks.send_due")
def send_due() -> None:
    """Sends what is due until nothing is, or until its time is up."""
    from apps.outbox import delivery

    delivery.send_due()


def nudge() -> None:
    """After commit: asks a worker to look at once. Without a broker nothing is lost, the clock looks again anyway."""
    transaction.on_commit(ask_worker, robust=True)


def ask_worker() -> None:
    try:
        send_due.apply_async(retry=False, expires=NUDGE_EXPIRES)
    except Exception as error:  # whatever the broker has, the letter is safe and the page must answer
        log.warning("No worker could be nudged (%s); the clock will find the letter.", type(error).__name__)
