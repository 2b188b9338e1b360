"""What the clock does: write the reminders of the coming day, for who asked for them."""

import logging

from celery import shared_task

from apps.accounts.models import User
from apps.appointments import letters
from apps.core import clock

log = logging.getLogger(__name__)


@shared_task(name="apps.appointments.tasks.remind")
def remind() -> None:
    """Looks at each person who wants reminders of times for two. One that fails does not keep the others."""
    now = clock.now()
    for user in User.objects.filter(mail_appointments=True, mail_nothing=False).iterator():
        try:
            letters.post_reminders(user=user, now=now)
        except Exception as error:  # the next look tries again; the log says where
            log.error("The reminders of a person's times could not be written.", exc_info=error)
