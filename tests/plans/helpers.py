"""How tests walk a plan: the shortest way to an open step, a wording to propose, and what stands afterwards."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

from django.db import connection

from apps.checkins.actions import AGREED, REMINDER
from apps.checkins.models import CheckIn
from apps.core.errors import RuleBroken
from apps.outbox.models import Letter
from apps.plans import actions, queries, rules
from apps.plans.models import Agreement, Plan
from apps.plans.proposals import Keep, Wording, Write

WHAT = "Coffee on the balcony, without phones"
DAY = date(2026, 3, 17)  # two weeks after the `now` of the tests


def opening(text: str = "We sit apart in the evening") -> dict[str, Any]:
    return {"fields": {"situation": text, "request": "Sit with me for a while"}, "items": []}


def words(text: str) -> dict[str, Any]:
    return {"fields": {"words": text}, "items": []}


def stressors(text: str = "The move") -> dict[str, Any]:
    return {"fields": {}, "items": [{"kind": "work", "what": text, "weight": 4, "effect": "I go quiet"}]}


def needs(wonder: str = "") -> dict[str, Any]:
    """One need with its picture, and a guess about the other."""
    item = {"need": "rest", "picture": "Half an hour on the balcony"}
    return {"fields": {"distance": "", "wonder": wonder}, "items": [item]}


def begin(people: tuple[Any, Any], now: datetime, *, up_to: str = "") -> Plan:
    """An open plan whose door both have opened, with every step before `up_to` talked about ("": none)."""
    plan = actions.open_plan(by=people[0].seat, now=now)
    steps = [step.key for step in queries.guide_of(plan).steps]
    done = steps[: steps.index(up_to)] if up_to else []
    for someone in people:
        seat = someone.seat
        for key in [rules.DOOR, *map(rules.aloud_key, done)]:
            actions.give_mark(plan, seat, key, now)
    return plan


def pair(world: Any) -> tuple[Any, Any]:
    return world.owner, world.partner


def write(what: str = WHAT, *, both: bool = True, lineage: Any = None, kind: str = "habit") -> Write:
    texts = {"what": what, "when": "Sunday morning", "how_often": "weekly", "how_long": "", "how_we_know": ""}
    return Write(words=texts, for_both=both, kind=kind, lineage=lineage)


def fixed_time(**words: Any) -> Write:
    """A line that comes again and again."""
    unsaid = dict.fromkeys(("when", "how_often", "how_long", "how_we_know"), "")
    usual = {"what": "A walk", "days": [0, 3], "time": "18:30", "zone": "UTC", "minutes": 40, "weeks": 10}
    return Write(words=unsaid | usual | words, for_both=True, kind="appointment")


def wording(*lines: Keep | Write, **changes: Any) -> Wording:
    """A wording with one line for both, where none are given."""
    usual: dict[str, Any] = {
        "lines": lines or [write()],
        "follow_up_date": DAY,
        "follow_up_hour": 18,
        "follow_up_zone": "UTC",
        "rhythm": "2w",
    }
    return Wording(**usual | changes)


def agreed(world: Any, now: datetime, plan: Plan, *lines: Keep | Write, base: int = 0, **changes: Any) -> Agreement:
    """Mara proposes on top of `base`, each version on a day of its own (five are enough for one); both say yes."""
    said, day = wording(*lines, **changes), now + timedelta(days=base)
    proposal = actions.propose(by=world.owner.seat, plan=plan, base=base, wording=said, now=day)
    actions.approve(by=world.owner.seat, plan=plan, number=proposal.number, now=now)
    agreement = actions.approve(by=world.partner.seat, plan=plan, number=proposal.number, now=now)
    assert agreement is not None
    return agreement


def page_of(someone: Any, plan: Plan, key: str, now: datetime) -> queries.ExercisePage:
    plan = Plan.objects.get(pk=plan.pk)
    standing = queries.standing(plan, someone.seat)
    return queries.exercise_page(standing, standing.guide.exercise(key), now=now)


def standing_of(someone: Any, plan: Plan) -> queries.Standing:
    return queries.standing(Plan.objects.get(pk=plan.pk), someone.seat)


def live_letters(*people: Any) -> set[tuple[str, str, str]]:
    """(kind, check-in, address) of every letter to these people that is still to be sent."""
    waiting = Letter.objects.filter(recipient__in=[someone.user for someone in people], ended_at=None)
    return set(waiting.values_list("kind", "occurrence", "recipient__email"))


def full_set(check_in: CheckIn, *people: Any) -> set[tuple[str, str, str]]:
    """The letters that a fresh agreement has: a confirmation and a reminder for each."""
    return {(kind, str(check_in.pk), someone.user.email) for kind in (AGREED, REMINDER) for someone in people}


def open_check_in(space_id: Any) -> CheckIn | None:
    return CheckIn.objects.filter(space=space_id, seat=None, closed_at=None).first()


PLANS = "(SELECT id FROM plans_plan WHERE space_id = %(space)s)"
PROPOSALS = f"(SELECT id FROM plans_proposal WHERE plan_id IN {PLANS})"
ROUNDS = "(SELECT id FROM checkins_checkin WHERE space_id = %(space)s)"
OF_A_COUPLE = {
    "spaces_space": "id = %(space)s",
    "spaces_seat": "space_id = %(space)s",
    "plans_plan": "space_id = %(space)s",
    "plans_draft": f"plan_id IN {PLANS}",
    "plans_share": f"plan_id IN {PLANS}",
    "plans_entry": f"plan_id IN {PLANS}",
    "plans_reflection": f"share_id IN (SELECT id FROM plans_share WHERE plan_id IN {PLANS})",
    "plans_proposal": f"plan_id IN {PLANS}",
    "plans_commitment": f"proposal_id IN {PROPOSALS}",
    "plans_approval": f"proposal_id IN {PROPOSALS}",
    "plans_agreement": f"plan_id IN {PLANS}",
    "plans_release": f"agreement_id IN (SELECT id FROM plans_agreement WHERE plan_id IN {PLANS})",
    "plans_reducedcapacity": "seat_id IN (SELECT id FROM spaces_seat WHERE space_id = %(space)s)",
    "appointments_appointment": "space_id = %(space)s",
    "checkins_checkin": "space_id = %(space)s",
    "checkins_item": f"check_in_id IN {ROUNDS}",
    "checkins_review": f"check_in_id IN {ROUNDS}",
    "outbox_letter": "recipient_id IN (SELECT user_id FROM spaces_seat WHERE space_id = %(space)s)",
}


def snapshot(space_id: Any) -> dict[str, str]:
    """Every row of a couple, sealed as it is, to see that something changed nothing."""
    rows = ", ".join(
        f"(SELECT string_agg(r::text, chr(10) ORDER BY r::text) FROM {table} AS r WHERE {condition})"
        for table, condition in OF_A_COUPLE.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {rows}", {"space": space_id})
        return dict(zip(OF_A_COUPLE, cursor.fetchone(), strict=True))


def together(*works: Callable[[], Any]) -> list[Any]:
    """Runs the works on threads that start at the same instant; a rule that says no is an answer."""
    start = Barrier(len(works), timeout=20)

    def run(work: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return work()
        except RuleBroken as broken:
            return broken
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))
