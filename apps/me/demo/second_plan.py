"""The second plan: five steps together, an agreement that holds, and a look back ahead."""

from datetime import datetime, timedelta
from typing import Any

from apps.checkins import actions as checkins
from apps.me.demo.people import ZONE, Diary, agree, body, open_doors, pick, reply, share, words
from apps.plans import actions as plans
from apps.plans import queries as plan_queries
from apps.plans.models import Commitment, Plan
from apps.plans.proposals import Keep, Write
from apps.spaces.models import Seat

Kind = Commitment.Kind


def walk(one: Seat, two: Seat, diary: Diary) -> Plan:
    plan = plans.open_plan(by=one, now=diary.ago(36))
    open_doors(one, two, plan, diary.ago(36))
    plans.set_focus(by=one, plan=plan, text="Evenings in which we find each other again", now=diary.ago(36))
    talk(one, two, plan, diary)
    weigh(one, two, plan, diary)
    miss(one, two, plan, diary)
    agree(one, two, plan, diary, day=9, lines=small_things(), theirs=call_from_the_car())
    keep_up(one, two, plan, diary)
    play(one, two, plan, diary)
    plans.reduce(by=two, until=diary.day(-10), now=diary.ago(2))
    summarize(one, two, plan, diary.ago(1))
    return plan


def talk(one: Seat, two: Seat, plan: Plan, diary: Diary) -> None:
    share(
        one,
        plan,
        "opening",
        diary.ago(35),
        feeling=["lonely"],
        situation="we sit in two rooms after supper and I hear your screen through the wall",
        need="knowing how you are",
        request="to sit down with you for an hour this week",
    )
    share(
        two,
        plan,
        "opening",
        diary.ago(34),
        feeling=["tired", "hopeful"],
        situation="I come in from the site and the day is still loud in my head",
        need="a slow start",
        request="to talk with you on Sunday, after breakfast",
    )
    reply(one, plan, "opening", "That sounds like a long day that does not end.", "Sunday suits me.", diary.ago(34, 90))
    share(
        one,
        plan,
        "question",
        diary.ago(33, -30),
        card="first-hour",
        words="What is the first hour at home like for you, on a day with two sites?",
    )
    reply(
        two,
        plan,
        "question",
        "I can see why you ask.",
        "Like still being on the phone with somebody. After an hour it gets quiet in there.",
        diary.ago(33, -10),
    )
    share(
        one,
        plan,
        "telling",
        diary.ago(33),
        words="I tell my day to the cat. I stopped telling it to you some time in spring, because you looked so worn, "
        "and now I do not know how to start again.",
    )
    share(
        two,
        plan,
        "telling",
        diary.ago(33, 20),
        words="When I come home from the site I am so full of it that I go quiet. I miss us too. "
        "I just don’t know how to switch over.",
    )
    first_try = ("You are tired and want to be left alone.", "almost", "Not alone. Just slowly.")
    second_try = ("The site follows you home, and going quiet is not about me. You miss us too.", "heard", "")
    hear(one, two, plan, diary.ago(32), [first_try, second_try])
    heard = ("You stopped telling me things to spare me, and now the way back feels long.", "heard", "")
    hear(two, one, plan, diary.ago(32, 40), [heard])


def hear(listener: Seat, speaker: Seat, plan: Plan, at: datetime, tries: list[tuple[str, str, str]]) -> None:
    for number, (text, verdict, missed) in enumerate(tries, start=1):
        plans.reflect(by=listener, plan=plan, exercise="telling", text=text, now=at)
        plans.answer_reflection(
            by=speaker,
            plan=plan,
            exercise="telling",
            verdict=verdict,
            missed=missed,
            number=number,
            now=at + timedelta(minutes=5),
        )


def load(kind: str, what: str, weight: int, effect: str, *, since: Any = "", until: Any = "") -> dict[str, Any]:
    return {"kind": kind, "what": what, "weight": weight, "since": since, "until": until, "effect": effect}


def weigh(one: Seat, two: Seat, plan: Plan, diary: Diary) -> None:
    share(
        two,
        plan,
        "pressure-question",
        diary.ago(30),
        card="my-side",
        words="How is it for you when my sister calls at supper?",
    )
    since, until = (lambda days: diary.day(days).isoformat()), (lambda days: diary.day(-days).isoformat())
    hip = load("my-family", "My mother’s hip, and who drives her", 4, "I am on the phone when we could be talking.")
    share(one, plan, "stressors", diary.ago(29), [hip | {"since": since(240)}])
    sites = load("work", "Two sites at once, one of them late", 5, "I am home, and not here.")
    sleep = load("health", "Bad sleep", 3, "Short answers before ten.")
    both_loads = [sites | {"since": since(90), "until": until(40)}, sleep | {"since": since(30)}]
    share(two, plan, "stressors", diary.ago(28), both_loads)


def miss(one: Seat, two: Seat, plan: Plan, diary: Diary) -> None:
    at_the_table = "Ten minutes at the table, phones in the hall, and you ask one question more."
    share(
        one,
        plan,
        "needs",
        diary.ago(24),
        [{"need": "heard", "picture": at_the_table}, {"need": "touch", "picture": "A hand on my back while I cook."}],
        wonder="I wonder whether going quiet is how you rest.",
    )
    in_the_car = "A quarter of an hour in the car before I come in, and nobody minds."
    share(
        two,
        plan,
        "needs",
        diary.ago(23),
        [
            {"need": "rest", "picture": in_the_car},
            {"need": "play", "picture": "A game on the kitchen table on a Friday."},
        ],
        distance="rest",
    )
    plans.answer_guess(by=two, plan=plan, exercise="needs", answer="close", now=diary.ago(22))
    ideas_one = [{"idea": "Coffee on the balcony on Saturdays"}, {"idea": "Phones in the hall at supper"}]
    ideas_two = [{"idea": "I call from the car before I come in"}, {"idea": "Friday is game night"}]
    share(one, plan, "ideas", diary.ago(19), ideas_one)
    share(two, plan, "ideas", diary.ago(18), ideas_two)


def small_things() -> list[Keep | Write]:
    """A fixed time, a habit, what to do about a load, and the least for thin weeks: one line of each sort."""
    saturdays: dict[str, Any] = {"days": [5], "time": "09:30", "zone": ZONE, "minutes": 30, "weeks": 12}
    coffee = words("Coffee on the balcony, without phones", how_we_know="three of four Saturdays", **saturdays)
    ask = words("I ask once, then leave it for the evening", "when you are quiet")
    drives = words(
        "My brother and I share out Mum’s drives on Sunday evening, for the whole week",
        how_often="every week",
        stressor="my-family",
        support="you keep supper warm when I come late",
    )
    night = words("A good-night by name", "when the first of us goes to bed", "every day")
    return [
        Write(coffee, True, kind=Kind.APPOINTMENT),
        Write(ask, False),
        Write(drives, False, kind=Kind.BOUNDARY),
        Write(night, True, kind=Kind.MINIMUM),
    ]


def call_from_the_car() -> Write:
    call = words("I call from the car before I come in", "workdays", "every workday", "five minutes")
    return Write(call, False, kind=Kind.GESTURE)


def keep_up(one: Seat, two: Seat, plan: Plan, diary: Diary) -> None:
    """What each saw being kept; what both saw shows to both."""
    lines = {shown.line.kind: shown.line.lineage for shown in plan_queries.open_lines(plan)}
    for days in (8, 7, 3, 1):
        checkins.mark(seat=one, lineage=lines[Kind.MINIMUM], now=diary.ago(days))
    for days in (7, 3):
        checkins.mark(seat=two, lineage=lines[Kind.MINIMUM], now=diary.ago(days))
    checkins.mark(seat=two, moment="laugh", words="The ladder and the cat", now=diary.ago(3))
    checkins.mark(seat=one, moment="laugh", words="The cat on the ladder", now=diary.ago(3))


def play(one: Seat, two: Seat, plan: Plan, diary: Diary) -> None:
    tent = "The night the tent blew away, and we laughed until we were warm."
    for seat, text in ((one, tent), (two, "You asleep on the ferry.")):
        plans.add_entry(by=seat, plan=plan, exercise="memories", body=body({"words": text}), now=diary.ago(6))
    pick(one, plan, ["board-game", "kitchen-dance", "favourite-meal", "market", "tea-outside"], diary.ago(6))
    pick(two, plan, ["board-game", "swim", "favourite-meal", "do-nothing", "old-photos"], diary.ago(5))
    plans.did(
        by=one,
        plan=plan,
        exercise="deck",
        idea="board-game",
        on=diary.day(4),
        today=diary.day(4),
        now=diary.ago(4),
    )
    plans.add_entry(by=two, plan=plan, exercise="here", body=body({"words": "own-time"}), now=diary.ago(2))


def summarize(one: Seat, two: Seat, plan: Plan, at: datetime) -> None:
    """Something on paper to take along, which both have agreed to."""
    for seat in (one, two):
        parts = plan_queries.summary(plan_queries.standing(plan, seat)).parts
        plans.agree_to_summary(by=seat, plan=plan, digests=[part.digest for part in parts], now=at)
