"""What only Mara sees, and what only Jonas sees."""

from datetime import timedelta

from apps.checkins import actions as checkins
from apps.me.demo.people import Diary, keep, note, words
from apps.plans.models import Plan
from apps.spaces.models import Seat


def keep_for_oneself(one: Seat, two: Seat, plan: Plan, diary: Diary) -> None:
    keep(
        one,
        plan,
        "inventory",
        {"feelings": ["hopeful", "tired"], "energy": 3, "fear": "That we are polite for two weeks and then it stops."},
        diary.ago(36),
    )
    keep(one, plan, "stance", {"curious": 4, "why": "Jonas laughed at breakfast."}, diary.ago(35))
    note(
        one,
        plan,
        "observations",
        diary,
        [
            (34, "meals", "We ate one after the other.", False),
            (31, "talks", "Four minutes on the phone, about the boiler.", False),
            (27, "short-answers", "I asked about the day. “Long.” Then the shower.", False),
            (20, "meals", "Supper at two different times again.", False),
            (12, "laughed", "We both laughed about the boiler.", True),
            (5, "told-more", "I heard about the new foreman without asking.", True),
        ],
    )
    note(one, plan, "began", diary, [(4, "plan", "I put the game on the table before supper.", True)])
    keep(
        two,
        plan,
        "inventory",
        {
            "feelings": ["tired", "warm"],
            "energy": 2,
            "fear": "That I will say the wrong thing and it becomes the whole evening.",
        },
        diary.ago(35),
    )
    checkins.set_intentions(
        seat=one,
        lines=[words("Choir again", "Tuesdays", "every week")],
        local_date=(diary.ago(3) + timedelta(days=14)).date(),
        hour=19,
        rhythm="2w",
        now=diary.ago(3),
    )
