"""The demo: Mara and Jonas, some weeks into their second plan, and Noa, who has begun alone.

All of it is made by the app's own actions, and only for trying out (HALFWAY_LOCAL). What they say is made up. Every
instant is counted back from `now`, so the demo is always as fresh as the day it is loaded.
"""

from datetime import datetime

from django.db import transaction

from apps.me.demo import alone, first_plan, own, second_plan, times
from apps.me.demo.people import ALONE, PASSWORD, PEOPLE, Diary, begin_alone, letters_read, meet, person

__all__ = ["ALONE", "PASSWORD", "PEOPLE", "load"]


@transaction.atomic
def load(now: datetime) -> None:
    """Make everybody with their history. The caller has made sure that they do not exist yet."""
    diary = Diary(now)
    mara, jonas = (person(address, name, diary.ago(75)) for address, name in PEOPLE)
    begin_alone(mara, diary.ago(74), "That one of us asks how the day was, and stays for the answer.", ["talk"])
    begin_alone(jonas, diary.ago(73), "An evening in which nobody needs anything for an hour.", ["quiet", "laughter"])
    one, two = meet(mara, jonas, diary)
    first_plan.walk(one, two, diary)
    plan = second_plan.walk(one, two, diary)
    own.keep_for_oneself(one, two, plan, diary)
    times.arrange(one, two, diary)
    letters_read(one, diary)
    alone.begin(diary)
