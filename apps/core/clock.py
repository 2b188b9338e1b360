"""The clock. Views and tasks read it once and pass it down as `now`; nothing below them reads it."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return timezone.now()
