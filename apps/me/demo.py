"""The demo couple: Mara and Jonas, some weeks into their second plan, made by the app's own actions.

Only for trying out (HALFWAY_LOCAL). What they say is made up. Every instant is counted back from `now`, so the demo is
always as fresh as the day it is loaded.
"""

from datetime import datetime, time, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from apps.accounts.models import User
from apps.appointments import actions as appointments
from apps.appointments.schedule import Option
from apps.checkins import actions as checkins
from apps.checkins import queries as checkin_queries
from apps.checkins.models import CheckIn
from apps.me import actions as me
from apps.outbox import actions as outbox
from apps.plans import actions as plans
from apps.plans import queries as plan_queries
from apps.plans.models import Plan
from apps.plans.proposals import Keep, Wording, Write
from apps.spaces import actions as spaces
from apps.spaces.models import Seat

PASSWORD = "two-sides-meet"  # noqa: S105 — printed on purpose: the demo exists on loopback only
PEOPLE = (("mara@example.org", "Mara"), ("jonas@example.org", "Jonas"))
ZONE = "Europe/Berlin"


class Diary:
    """Days before `now`, as instants in the evening of that day."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def ago(self, days: float, minutes: int = 0) -> datetime:
        return self.now - timedelta(days=days) + timedelta(minutes=minutes)


@transaction.atomic
def load(now: datetime) -> None:
    """Make the couple with their history. The caller has made sure that they do not exist yet."""
    diary = Diary(now)
    mara, jonas = (person(address, name, diary.ago(75)) for address, name in PEOPLE)
    begin_alone(mara, diary.ago(74), "That one of us asks how the day was, and stays for the answer.", ["talk"])
    begin_alone(jonas, diary.ago(73), "An evening in which nobody needs anything for an hour.", ["quiet", "laughter"])
    one, two = meet(mara, jonas, diary)
    first_plan(one, two, diary)
    second_plan(one, two, diary)
    own_things(one, two, diary)
    times(one, two, diary)
    for check_in in CheckIn.objects.filter(space=one.space):
        # The confirmations of weeks ago have long been read.
        outbox.drop(kind=checkins.AGREED, occurrence=str(check_in.pk), reason="demo", now=now)


def person(address: str, name: str, joined: datetime) -> User:
    user = User.objects.create_user(address, password=PASSWORD, name=name, time_zone=ZONE, date_joined=joined)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def begin_alone(user: User, at: datetime, words: str, more_of: list[str]) -> None:
    seat = spaces.open_space(user=user, now=at)
    plan = plans.open_plan(by=seat, now=at)
    keep(seat, plan, "evening", {"words": words, "more_of": more_of}, at)


def meet(mara: User, jonas: User, diary: Diary) -> tuple[Seat, Seat]:
    one = spaces.open_space(user=mara, now=diary.ago(72))
    invitation, _token = spaces.invite_by_link(by=one, now=diary.ago(72))
    spaces.claim(invitation=invitation, user=jonas, now=diary.ago(71))
    me.confirm(by=one, now=diary.ago(71, 30))
    return seats(mara, jonas)


def seats(mara: User, jonas: User) -> tuple[Seat, Seat]:
    one, two = (Seat.objects.get(user=user, left_at=None) for user in (mara, jonas))
    one.__dict__["other"], two.__dict__["other"] = two, one
    return one, two


def body(fields: dict[str, Any], items: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"fields": fields, "items": items or []}


def keep(seat: Seat, plan: Plan, exercise: str, fields: dict[str, Any], at: datetime) -> None:
    definition = plan_queries.guide_of(plan).exercise(exercise)
    whole = body({field.key: fields.get(field.key) for field in definition.fields})
    plans.save_draft(by=seat, plan=plan, exercise=exercise, body=whole, base=0, prompt=definition.prompt, now=at)


def share(
    seat: Seat, plan: Plan, exercise: str, at: datetime, items: list[dict[str, Any]] | None = None, **fields: Any
) -> None:
    definition = plan_queries.guide_of(plan).exercise(exercise)
    whole = body({field.key: fields.get(field.key) for field in definition.fields}, items)
    plans.save_draft(by=seat, plan=plan, exercise=exercise, body=whole, base=0, prompt=definition.prompt, now=at)
    plans.share(by=seat, plan=plan, exercise=exercise, body=whole, now=at)


def open_doors(one: Seat, two: Seat, plan: Plan, at: datetime) -> None:
    for seat in (one, two):
        plans.choose_door(by=seat, plan=plan, now=at)


def words(what: str, when: str = "", how_often: str = "", how_long: str = "", how_we_know: str = "") -> dict[str, str]:
    return {"what": what, "when": when, "how_often": how_often, "how_long": how_long, "how_we_know": how_we_know}


def first_plan(one: Seat, two: Seat, diary: Diary) -> None:
    """Walked mostly aloud; one agreement, one look back, then laid to rest."""
    plan = plans.open_plan(by=one, now=diary.ago(70))
    open_doors(one, two, plan, diary.ago(70))
    for step, day in (("ask", 69), ("listen", 66), ("outside", 64), ("missing", 62)):
        for seat in (one, two):
            plans.talked(by=seat, plan=plan, step=step, now=diary.ago(day))
    agree(
        one,
        two,
        plan,
        diary,
        day=61,
        lines=[Write(words("A walk round the block", "after supper", "twice a week"), True)],
    )
    look_back(
        one,
        two,
        diary,
        47,
        {one: ("well", "That you had my coat ready."), two: ("partly", "The second week was all rain.")},
    )
    plans.close_plan(by=two, plan=plan, now=diary.ago(40))


def second_plan(one: Seat, two: Seat, diary: Diary) -> None:
    """Five steps together, an agreement that holds, and a look back ahead."""
    plan = plans.open_plan(by=one, now=diary.ago(36))
    open_doors(one, two, plan, diary.ago(36))
    plans.set_focus(by=one, plan=plan, text="Evenings in which we find each other again", now=diary.ago(36))
    talk(one, two, plan, diary)
    weigh(one, two, plan, diary)
    agree(one, two, plan, diary, day=9, lines=small_things(), theirs=call_from_the_car())
    for seat, text in (
        (one, "The night the tent blew away, and we laughed until we were warm."),
        (two, "You asleep on the ferry."),
    ):
        plans.add_entry(by=seat, plan=plan, exercise="memories", body=body({"words": text}), now=diary.ago(4))


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
        times="Thursday after eight, or Sunday morning",
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
        times="Sunday at ten",
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
    hear(
        one,
        two,
        plan,
        diary.ago(32),
        [
            ("You are tired and want to be left alone.", "almost", "Not alone. Just slowly."),
            ("The site follows you home, and going quiet is not about me. You miss us too.", "heard", ""),
        ],
    )
    hear(
        two,
        one,
        plan,
        diary.ago(32, 40),
        [("You stopped telling me things to spare me, and now the way back feels long.", "heard", "")],
    )


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


def weigh(one: Seat, two: Seat, plan: Plan, diary: Diary) -> None:
    share(
        one,
        plan,
        "stressors",
        diary.ago(29),
        [
            {
                "kind": "my-family",
                "what": "My mother’s hip, and who drives her",
                "weight": 4,
                "since": "March",
                "until": "",
                "effect": "I am on the phone when we could be talking.",
            }
        ],
    )
    share(
        two,
        plan,
        "stressors",
        diary.ago(28),
        [
            {
                "kind": "work",
                "what": "Two sites at once, one of them late",
                "weight": 5,
                "since": "August",
                "until": "the end of the year",
                "effect": "I am home, and not here.",
            },
            {
                "kind": "health",
                "what": "Bad sleep",
                "weight": 3,
                "since": "",
                "until": "",
                "effect": "Short answers before ten.",
            },
        ],
    )
    share(
        one,
        plan,
        "needs",
        diary.ago(24),
        [
            {
                "need": "heard",
                "picture": "Ten minutes at the table, phones in the hall, and you ask one question more.",
            },
            {"need": "touch", "picture": "A hand on my back while I cook."},
        ],
        wonder="I wonder whether going quiet is how you rest.",
    )
    share(
        two,
        plan,
        "needs",
        diary.ago(23),
        [
            {"need": "rest", "picture": "A quarter of an hour in the car before I come in, and nobody minds."},
            {"need": "play", "picture": "A game on the kitchen table on a Friday."},
        ],
        distance="rest",
    )
    share(
        one,
        plan,
        "ideas",
        diary.ago(19),
        [{"idea": "Coffee on the balcony on Saturdays"}, {"idea": "Phones in the hall at supper"}],
    )
    share(
        two,
        plan,
        "ideas",
        diary.ago(18),
        [{"idea": "I call from the car before I come in"}, {"idea": "Friday is game night"}],
    )


def small_things() -> list[Keep | Write]:
    coffee = words("Coffee on the balcony, without phones", "Saturdays at 9:30", "every week", "half an hour")
    ask = words("I ask once, then leave it for the evening", "when you are quiet")
    return [Write(coffee | {"how_we_know": "three of four Saturdays"}, True), Write(ask, False)]


def call_from_the_car() -> Write:
    return Write(words("I call from the car before I come in", "workdays", "every workday", "five minutes"), False)


def agree(
    one: Seat, two: Seat, plan: Plan, diary: Diary, *, day: int, lines: list[Keep | Write], theirs: Write | None = None
) -> None:
    """`one` proposes; where `two` adds a line of their own that is the second version; both say yes."""
    at = diary.ago(day)
    look_back_on = (at + timedelta(days=14)).date()

    def wording(lines: list[Keep | Write]) -> Wording:
        return Wording(lines=lines, follow_up_date=look_back_on, follow_up_hour=18, follow_up_zone=ZONE, rhythm="2w")

    newest = plans.propose(by=one, plan=plan, base=0, wording=wording(lines), now=at)
    if theirs is not None:
        kept: list[Keep | Write] = [Keep(line.lineage) for line in newest.commitments.all()]
        newest = plans.propose(by=two, plan=plan, base=newest.number, wording=wording([*kept, theirs]), now=at)
    for seat in (two, one):
        plans.approve(by=seat, plan=plan, number=newest.number, now=at + timedelta(hours=1))


def look_back(one: Seat, two: Seat, diary: Diary, day: float, said: dict[Seat, tuple[str, str]]) -> None:
    """Both answer the look back of that day; the next one follows by itself."""
    check_in = checkin_queries.open_for(one)
    assert check_in is not None
    at = max(diary.ago(day), check_in.due_at)
    for seat in (one, two):
        went, supportive = said[seat]
        lines = {str(item.pk): {"went": went, "supportive": supportive, "hard": ""} for item in check_in.items.all()}
        checkins.answer(check_in=check_in, seat=seat, answers=checkins.Answers(lines), base=0, now=at)


def times(one: Seat, two: Seat, diary: Diary) -> None:
    """A talk that is agreed for the day after tomorrow, and a small moment that Jonas suggests to Mara."""
    today = diary.now.astimezone(one.user.zone).date()

    def evening(days: int, hour: int) -> Option:
        return Option(today + timedelta(days=days), time(hour), ZONE)

    talk = appointments.propose(
        by=one,
        purpose="talk",
        title="Us two, without a list",
        options=[evening(2, 19), evening(3, 19)],
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
        options=[evening(4, 9), evening(5, 9)],
        minutes=30,
        place="",
        checklist=[],
        note="",
        now=diary.ago(0.2),
    )


def own_things(one: Seat, two: Seat, diary: Diary) -> None:
    """What only Mara sees, and what only Jonas sees."""
    plan = plan_queries.open_plan(one)
    assert plan is not None
    keep(
        one,
        plan,
        "inventory",
        {"feelings": ["hopeful", "tired"], "energy": 3, "fear": "That we are polite for two weeks and then it stops."},
        diary.ago(36),
    )
    keep(one, plan, "stance", {"curious": 4, "why": "He laughed at breakfast."}, diary.ago(35))
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
