"""The first plan: walked mostly aloud; one agreement, one look back, then laid to rest."""

from apps.me.demo.people import Diary, agree, look_back, open_doors, words
from apps.plans import actions as plans
from apps.plans.proposals import Keep, Write
from apps.spaces.models import Seat


def walk(one: Seat, two: Seat, diary: Diary) -> None:
    plan = plans.open_plan(by=one, now=diary.ago(70))
    open_doors(one, two, plan, diary.ago(70))
    for step, day in (("ask", 69), ("listen", 66), ("outside", 64), ("missing", 62)):
        for seat in (one, two):
            plans.talked(by=seat, plan=plan, step=step, now=diary.ago(day))
    lines: list[Keep | Write] = [Write(words("A walk round the block", "after supper", "twice a week"), True)]
    agree(one, two, plan, diary, day=61, lines=lines)
    said = {one: ("well", "That you had my coat ready."), two: ("partly", "The second week was all rain.")}
    ratings = {
        one: {"clarity": 2, "dialogue": 2, "acts": 3, "safety": 4, "both_begin": 2, "talk": 3},
        two: {"clarity": 3, "dialogue": 2, "acts": 2, "safety": 4, "both_begin": 3, "talk": 2},
    }
    look_back(one, two, diary, 47, said, ratings)
    plans.close_plan(by=two, plan=plan, now=diary.ago(40))
