"""Verbs that write a look back. Each is atomic, locks the Space row first, and is harmless when repeated.

`now` is the instant of the click. RuleBroken carries a sentence for the person; Stale is a RuleBroken for a text that
was changed elsewhere meanwhile. Nothing is changed when one is raised. A look back and its letters are one transaction
(law 4).
"""

from apps.checkins.actions.answering import answer, later, not_later, save_review, skip
from apps.checkins.actions.common import AGAIN, AGREED, REMINDER, SNOOZED, Answers, ItemFacts
from apps.checkins.actions.marking import mark, unmark
from apps.checkins.actions.own import move_private, set_intentions
from apps.checkins.actions.reminding import move_reminders, post_second_reminders, repair, snooze, wake
from apps.checkins.actions.rounds import close, close_all, pause, rest_item, return_, schedule, turn_over

__all__ = [
    "AGAIN",
    "AGREED",
    "REMINDER",
    "SNOOZED",
    "Answers",
    "ItemFacts",
    "answer",
    "close",
    "close_all",
    "later",
    "mark",
    "move_private",
    "move_reminders",
    "not_later",
    "pause",
    "post_second_reminders",
    "repair",
    "rest_item",
    "return_",
    "save_review",
    "schedule",
    "set_intentions",
    "skip",
    "snooze",
    "turn_over",
    "unmark",
    "wake",
]
