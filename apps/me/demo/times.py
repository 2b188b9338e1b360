"""Times for two: a talk that is agreed for the day after tomorrow, and a small moment that Jonas suggests to Mara.

The Saturdays on the balcony come with the agreement.
"""

from datetime import time

from apps.appointments import actions as appointments
from apps.appointments.schedule import Option
from apps.me.demo.people import ZONE, Diary
from apps.spaces.models import Seat


def arrange(one: Seat, two: Seat, diary: Diary) -> None:
    talk = appointments.propose(
        by=one,
        purpose="talk",
        title="Us two, without a list",
        options=[option(diary, 2, 19), option(diary, 3, 19)],
        minutes=60,
        place="The bench behind the library",
        checklist=["Phones and screens away", "We have both eaten"],
        note="If it rains, the café with the green door.",
        now=diary.ago(1),
    )
    appointments.accept(by=two, number=talk.number, seen=1, position=1, now=diary.ago(0.5))
    appointments.propose(
        by=two,
        purpose="moment",
        title="A walk to the bakery",
        options=[option(diary, 4, 9), option(diary, 5, 9)],
        minutes=30,
        place="",
        checklist=[],
        note="",
        now=diary.ago(0.2),
    )


def option(diary: Diary, in_days: int, hour: int) -> Option:
    return Option(diary.day(-in_days), time(hour), ZONE)
