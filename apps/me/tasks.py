"""What the clock does for one person alone."""

import logging

from celery import shared_task

from apps.accounts.models import OwnTime
from apps.core import clock
from apps.me import own_time

log = logging.getLogger(__name__)


@shared_task(name="apps.me.tasks.own_times")
def own_times() -> None:
    """Writes the letters of everybody's own time that come within a day. One that fails does not keep the others."""
    now = clock.now()
    for one in OwnTime.objects.filter(stopped_at=None, user__mail_nothing=False).iterator():
        try:
            own_time.post_next(own_time=one, now=now)
        except Exception as error:  # the next look tries again; the log says where
            log.error("An own time could not be written.", exc_info=error)
