"""What the clock does every quarter of an hour: close what has run out, and repair what lacks its reminders."""

import logging

from celery import shared_task
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from apps.checkins import actions
from apps.checkins.models import CheckIn
from apps.checkins.rules import QUIET_ROUNDS
from apps.checkins.schedule import REPAIRED_FOR, UNANSWERED_AFTER
from apps.core import clock
from apps.outbox.models import Letter
from apps.spaces.models import Seat

log = logging.getLogger(__name__)
AT_ONCE = 500


@shared_task(name="apps.checkins.tasks.turn_over")
def turn_over() -> None:
    """Closes the rounds whose ten days are over and creates the next. One that fails does not keep the others."""
    now = clock.now()
    over = awake().filter(due_at__lte=now - UNANSWERED_AFTER)
    for check_in in over.order_by("due_at")[:AT_ONCE]:
        try:
            actions.turn_over(check_in=check_in, now=now)
        except Exception as error:  # the next look tries again; the log says where
            log.error("A check-in could not be turned over.", exc_info=error)


@shared_task(name="apps.checkins.tasks.repair")
def repair() -> None:
    """Gives every open check-in that is still to come, or came lately, the reminders it lacks."""
    now = clock.now()
    letters = Letter.objects.filter(
        kind=actions.REMINDER, occurrence=Cast(OuterRef(OuterRef("pk")), CharField()), recipient=OuterRef("user")
    )
    without = Seat.objects.filter(~Exists(letters), space=OuterRef("space"), left_at=None)
    of_both, of_one = Q(Exists(without), seat=None), Q(Exists(without.filter(pk=OuterRef("seat"))))
    lacking = awake().filter(of_both | of_one, due_at__gt=now - REPAIRED_FOR)
    for check_in in lacking.order_by("due_at")[:AT_ONCE]:
        try:
            actions.repair(check_in=check_in, now=now)
        except Exception as error:  # the next look tries again; the log says where
            log.error("A check-in could not be repaired.", exc_info=error)


def awake() -> QuerySet[CheckIn]:
    """The open check-ins that do not rest."""
    open_ones = CheckIn.objects.filter(closed_at=None, space__closed_at=None)
    return open_ones.filter(paused_at=None, quiet_rounds__lt=QUIET_ROUNDS).select_related("space", "seat")
