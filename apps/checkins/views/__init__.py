"""The pages of coming back, by subject."""

from apps.checkins.views.keeping import kept, not_kept, not_noticed, noticed, progress
from apps.checkins.views.looking_back import (
    afraid,
    awake,
    care,
    check_ins,
    come_back,
    due,
    intentions,
    later,
    look_back,
    not_later,
    rest,
    save,
    share,
    skip,
    stop,
)
from apps.checkins.views.snoozing import snooze

__all__ = [
    "afraid",
    "awake",
    "care",
    "check_ins",
    "come_back",
    "due",
    "intentions",
    "kept",
    "later",
    "look_back",
    "not_kept",
    "not_later",
    "not_noticed",
    "noticed",
    "progress",
    "rest",
    "save",
    "share",
    "skip",
    "snooze",
    "stop",
]
