"""Verbs that write a plan. Each is atomic, locks the Space row first, and is harmless when repeated.

`by` is the seat that acts, `now` the instant of the click. RuleBroken carries a sentence for the person; Stale is a
RuleBroken for something that is no longer the newest. Nothing is changed when one is raised.
"""

from apps.plans.actions.agreeing import (
    approve,
    end_agreement,
    end_reduced,
    propose,
    reduce,
    release,
    say_thought,
    withdraw,
)
from apps.plans.actions.common import CLOSED, GENTLE, GUIDE, NOT_OPEN
from apps.plans.actions.listening import answer_reflection, leave_for_today, reflect
from apps.plans.actions.records import (
    add_entry,
    add_idea,
    answer_guess,
    correct_entry,
    did,
    drop_guess,
    keep_item,
    remove_item,
    reply,
    take_entry_back,
    undo_entry,
)
from apps.plans.actions.summarizing import agree_to_summary, leave_summary
from apps.plans.actions.walking import (
    choose_door,
    choose_guide,
    close_all,
    close_plan,
    give_mark,
    leave_door,
    move_private,
    open_plan,
    set_focus,
    talked,
    untalked,
)
from apps.plans.actions.writing import clear_draft, save_draft, share, take_back, undo_share

__all__ = [
    "CLOSED",
    "GENTLE",
    "GUIDE",
    "NOT_OPEN",
    "add_entry",
    "add_idea",
    "agree_to_summary",
    "answer_guess",
    "answer_reflection",
    "approve",
    "choose_door",
    "choose_guide",
    "clear_draft",
    "close_all",
    "close_plan",
    "correct_entry",
    "did",
    "drop_guess",
    "end_agreement",
    "end_reduced",
    "give_mark",
    "keep_item",
    "leave_door",
    "leave_for_today",
    "leave_summary",
    "move_private",
    "open_plan",
    "propose",
    "reduce",
    "reflect",
    "release",
    "remove_item",
    "reply",
    "save_draft",
    "say_thought",
    "set_focus",
    "share",
    "take_back",
    "take_entry_back",
    "talked",
    "undo_entry",
    "undo_share",
    "untalked",
    "withdraw",
]
