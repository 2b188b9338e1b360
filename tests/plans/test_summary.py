"""A summary to take to a counsellor: only what both may read, only what both put in, word for word."""

import pytest

from apps.core.errors import RuleBroken, Stale
from apps.plans import actions, queries
from apps.plans.models import Entry, Plan
from tests.plans.helpers import agreed, begin, pair, standing_of, stressors, words, write
from tests.world import page

SEALED = "Your half is in. This opens when you have both chosen it."


def needs(text):
    return {"fields": {}, "items": [{"need": "time", "picture": text, "guess": "CANARY-guess"}]}


@pytest.fixture
def plan(world, now):
    """A focus, four steps walked, both lists open, an agreement of two lines of which one rests."""
    plan = begin(pair(world), now, up_to="agree")
    actions.set_focus(by=world.owner.seat, plan=plan, text="Our evenings", now=now)
    exam = stressors("The exam")
    exam["items"][0] |= {"since": "2026-01-05", "until": "2026-06-30"}
    for someone, load in ((world.owner, stressors("The move")), (world.partner, exam)):
        given = {"by": someone.seat, "plan": plan, "now": now}
        actions.share(exercise="stressors", body=load, **given)
        actions.share(exercise="needs", body=needs(f"An hour, says {someone.user.name}"), **given)
        actions.save_draft(exercise="evening", body=words("CANARY-draft"), base=0, **given)
    agreement = agreed(world, now, plan, write("Coffee"), write("CANARY-rests"))
    rests = agreement.proposal.commitments.get(position=2)
    actions.release(by=world.partner.seat, plan=plan, lineage=rests.lineage, now=now)
    return plan


def summary_of(someone, plan):
    return queries.summary(standing_of(someone, plan))


def keys(parts):
    return [part.key for part in parts]


def agree(someone, plan, now, *wanted):
    parts = summary_of(someone, plan).parts
    digests = {part.digest for part in parts if not wanted or part.key in wanted}
    actions.agree_to_summary(by=someone.seat, plan=plan, digests=digests, now=now)


def test_it_holds_what_both_may_read_and_the_same_for_both(world, plan):
    mine, theirs = (summary_of(someone, plan) for someone in pair(world))
    assert keys(mine.parts) == ["focus", "steps", "stressors", "needs", "agreed"]
    assert [part.digest for part in mine.parts] == [part.digest for part in theirs.parts]
    focus, steps, loads, missing, lines = mine.parts
    assert focus.focus == "Our evenings"
    assert len(steps.steps) == 5
    assert [(seat.name, rows) for seat, rows in loads.lists] == [
        ("Mara", (("Work", "The move", "I go quiet"),)),
        ("Jonas", (("Work", "The exam", "since 5 January 2026", "until 30 June 2026", "I go quiet"),)),
    ]
    assert [rows for _seat, rows in missing.lists] == [
        (("Unhurried time together", "An hour, says Mara"),),
        (("Unhurried time together", "An hour, says Jonas"),),
    ]
    assert [line.words["what"] for line in lines.lines] == ["Coffee"]


def test_nothing_private_and_nothing_that_rests_is_in_it(world, plan):
    for someone in pair(world):
        shown = page(someone.client.get("/plans/1/summary/"))
        assert "Coffee" in shown
        assert "CANARY" not in shown


def test_a_list_goes_in_once_both_lie_open_and_neither_is_taken_back(world, now):
    plan = begin(pair(world), now, up_to="agree")
    actions.share(by=world.owner.seat, plan=plan, exercise="stressors", body=stressors(), now=now)
    assert keys(summary_of(world.owner, plan).parts) == ["steps"]
    actions.share(by=world.partner.seat, plan=plan, exercise="stressors", body=stressors(), now=now)
    assert keys(summary_of(world.owner, plan).parts) == ["steps", "stressors"]
    actions.take_back(by=world.partner.seat, plan=plan, exercise="stressors", now=now)
    assert keys(summary_of(world.owner, plan).parts) == ["steps"]


def test_a_family_is_called_by_whose_it_is(world, now):
    plan = begin(pair(world), now, up_to="agree")
    for someone, kind in ((world.owner, "my-family"), (world.partner, "your-family")):
        body = {"fields": {}, "items": [{"kind": kind, "what": "The visits", "weight": 2, "effect": "Short nights"}]}
        actions.share(by=someone.seat, plan=plan, exercise="stressors", body=body, now=now)
    for someone in pair(world):
        loads = summary_of(someone, plan).parts[1]
        assert [rows for _seat, rows in loads.lists] == [(("Mara’s family", "The visits", "Short nights"),)] * 2


def test_one_half_alone_changes_nothing_for_the_other(world, plan, now):
    before = page(world.partner.client.get("/plans/1/summary/"))
    agree(world.owner, plan, now)
    assert page(world.partner.client.get("/plans/1/summary/")) == before
    assert SEALED in page(world.owner.client.get("/plans/1/summary/"))
    assert summary_of(world.owner, plan).agreed == ()


def test_it_is_what_both_put_in(world, plan, now):
    agree(world.owner, plan, now, "focus", "steps", "stressors")
    agree(world.partner, plan, now, "steps", "stressors", "needs")
    for someone in pair(world):
        assert keys(summary_of(someone, plan).agreed) == ["steps", "stressors"]
        sheet = page(someone.client.get("/plans/1/summary/")).split("</article>")[0]
        assert "The exam" in sheet
        assert "Our evenings" not in sheet
        assert "An hour, says" not in sheet
    agree(world.owner, plan, now, "needs")
    assert keys(summary_of(world.partner, plan).agreed) == ["needs"]


def test_what_only_one_put_in_is_known_to_nobody_else(world, plan, now):
    agree(world.partner, plan, now, "steps")
    agree(world.owner, plan, now, "steps", "focus")
    with_focus = page(world.partner.client.get("/plans/1/summary/"))
    agree(world.owner, plan, now, "steps")
    assert page(world.partner.client.get("/plans/1/summary/")) == with_focus


def test_changed_words_lapse_by_themselves(world, plan, now):
    for someone in pair(world):
        agree(someone, plan, now)
    assert len(summary_of(world.owner, plan).agreed) == 5
    actions.set_focus(by=world.partner.seat, plan=plan, text="Our mornings", now=now)
    now_shown = summary_of(world.owner, plan)
    assert keys(now_shown.agreed) == ["steps", "stressors", "needs", "agreed"]
    assert now_shown.lapsed
    assert "Something has changed since you agreed" in page(world.owner.client.get("/plans/1/summary/"))


def test_what_was_seen_before_a_change_is_refused(world, plan, now):
    seen = {part.digest for part in summary_of(world.owner, plan).parts}
    actions.set_focus(by=world.partner.seat, plan=plan, text="Our mornings", now=now)
    with pytest.raises(Stale):
        actions.agree_to_summary(by=world.owner.seat, plan=plan, digests=seen, now=now)
    answer = world.owner.client.post("/plans/1/summary/agree/", {"part": sorted(seen)})
    assert answer.status_code == 409
    assert not Entry.objects.filter(exercise__startswith="summary:").exists()


def test_nothing_ticked_and_one_alone_are_refused(world, plan, lone, now):
    assert world.owner.client.post("/plans/1/summary/agree/", {}).status_code == 422
    alone = actions.open_plan(by=lone.seat, now=now)
    with pytest.raises(RuleBroken):
        actions.agree_to_summary(by=lone.seat, plan=alone, digests={"x"}, now=now)
    assert lone.client.get("/plans/1/summary/").status_code == 200


def test_either_takes_their_half_back_at_any_time(world, plan, now):
    for someone in pair(world):
        agree(someone, plan, now)
    world.partner.client.post("/plans/1/summary/take-back/")
    assert summary_of(world.owner, plan).agreed == ()
    assert summary_of(world.owner, plan).mine
    assert not summary_of(world.partner, plan).mine
    world.partner.client.post("/plans/1/summary/take-back/")
    agree(world.partner, plan, now)
    assert len(summary_of(world.owner, plan).agreed) == 5


def test_the_same_press_twice_is_one_half(world, plan, now):
    for _time in range(2):
        agree(world.owner, plan, now)
    assert Entry.objects.filter(seat=world.owner.seat, exercise__startswith="summary:").count() == 5


def test_a_closed_plan_has_none(world, plan, now):
    actions.close_plan(by=world.owner.seat, plan=plan, now=now)
    assert world.owner.client.get("/plans/1/summary/").status_code == 302
    assert world.owner.client.post("/plans/1/summary/agree/", {"part": "x"}).status_code == 422
    assert Plan.objects.get(pk=plan.pk).closed_at
