"""The people of the demo, and the few verbs with which their story is told."""

from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress

from apps.accounts.models import User
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
ALONE = ("noa@example.org", "Noa")
ZONE = "Europe/Berlin"


class Diary:
    """Days before `now`, as instants at that time of day."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def ago(self, days: float, minutes: int = 0) -> datetime:
        return self.now - timedelta(days=days) + timedelta(minutes=minutes)

    def day(self, days: float) -> date:
        """A calendar day, so many days ago (in the future where negative)."""
        return self.ago(days).date()


def person(address: str, name: str, joined: datetime) -> User:
    user = User.objects.create_user(address, password=PASSWORD, name=name, time_zone=ZONE, date_joined=joined)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def begin_alone(user: User, at: datetime, words: str, more_of: list[str], guide: Any = None) -> tuple[Seat, Plan]:
    seat = spaces.open_space(user=user, now=at)
    plan = plans.open_plan(by=seat, guide=guide, now=at)
    keep(seat, plan, "evening", {"words": words, "more_of": more_of}, at)
    return seat, plan


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


def whole_body(
    seat: Seat, plan: Plan, exercise: str, fields: dict[str, Any], items: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """A body with a place for every question of the exercise, as its form would make it."""
    definition = plan_queries.guide_of(plan, seat).exercise(exercise)
    return body({field.key: fields.get(field.key) for field in definition.fields}, items)


def keep(
    seat: Seat,
    plan: Plan,
    exercise: str,
    fields: dict[str, Any],
    at: datetime,
    items: list[dict[str, Any]] | None = None,
) -> None:
    """A draft, for oneself."""
    words, prompt = whole_body(seat, plan, exercise, fields, items), prompt_of(seat, plan, exercise)
    plans.save_draft(by=seat, plan=plan, exercise=exercise, body=words, base=0, prompt=prompt, now=at)


def note(seat: Seat, plan: Plan, exercise: str, diary: Diary, notes: list[tuple[int, str, str, bool]]) -> None:
    """Entries of a private record, each as: days ago, sign, words, was it a good one."""
    for days, sign, words, good in notes:
        item = {"on": diary.day(days).isoformat(), "sign": sign, "words": words, "good": good}
        plans.keep_item(by=seat, plan=plan, exercise=exercise, item=item, now=diary.ago(days))


def prompt_of(seat: Seat, plan: Plan, exercise: str) -> str:
    return plan_queries.guide_of(plan, seat).exercise(exercise).prompt


def share(
    seat: Seat, plan: Plan, exercise: str, at: datetime, items: list[dict[str, Any]] | None = None, **fields: Any
) -> None:
    keep(seat, plan, exercise, fields, at, items)
    plans.share(by=seat, plan=plan, exercise=exercise, body=whole_body(seat, plan, exercise, fields, items), now=at)


def pick(seat: Seat, plan: Plan, picks: list[str], at: datetime) -> None:
    plans.share(by=seat, plan=plan, exercise="deck", body={"picks": sorted(picks)}, now=at)


def reply(seat: Seat, plan: Plan, exercise: str, understood: str, words: str, at: datetime) -> None:
    answer = {"understood": understood, "words": words}
    plans.reply(by=seat, plan=plan, exercise=exercise, body=answer, now=at)


def open_doors(one: Seat, two: Seat, plan: Plan, at: datetime) -> None:
    for seat in (one, two):
        plans.choose_door(by=seat, plan=plan, now=at)


def words(
    what: str, when: str = "", how_often: str = "", how_long: str = "", how_we_know: str = "", **more: Any
) -> dict[str, Any]:
    line = {"what": what, "when": when, "how_often": how_often, "how_long": how_long, "how_we_know": how_we_know}
    return line | more


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


def look_back(
    one: Seat,
    two: Seat,
    diary: Diary,
    day: float,
    said: dict[Seat, tuple[str, str]],
    ratings: dict[Seat, dict[str, int]] | None = None,
) -> None:
    """Both answer the look back of that day; the next one follows by itself."""
    check_in = checkin_queries.open_for(one)
    assert check_in is not None
    at = max(diary.ago(day), check_in.due_at)
    for seat in (one, two):
        went, supportive = said[seat]
        lines = {str(item.pk): {"went": went, "supportive": supportive, "hard": ""} for item in check_in.items.all()}
        answers = checkins.Answers(lines, ratings=(ratings or {}).get(seat, {}))
        checkins.answer(check_in=check_in, seat=seat, answers=answers, base=0, now=at)


def letters_read(seat: Seat, diary: Diary) -> None:
    """The confirmations of weeks ago have long been read."""
    for check_in in CheckIn.objects.filter(space=seat.space):
        outbox.drop(kind=checkins.AGREED, occurrence=str(check_in.pk), reason="demo", now=diary.now)
