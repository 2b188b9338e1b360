"""The guide that begins alone: its own steps are there for the person who began, and for nobody else."""

from datetime import timedelta
from itertools import product

import pytest

from apps.core.errors import RuleBroken
from apps.guides import library
from apps.me import actions as me
from apps.plans import actions, queries
from apps.plans.models import Draft, Plan, Share
from apps.spaces import actions as spaces
from apps.spaces.models import Seat
from tests.plans.helpers import standing_of, words
from tests.world import alone, page

SIGNS = ["onset", "reaction", "observations", "context"]
PREPARATION = ["evening", "inventory", "stance"]


def keep(seat, plan, key, body, now):
    actions.save_draft(by=seat, plan=plan, exercise=key, body=body, base=0, now=now)


def joins(lone, now, name="Ines"):
    """Somebody alone accepts the invitation of `lone`."""
    other = alone(name)
    invitation = spaces.invite_by_mail(by=lone.seat, address=other.user.email, shows_name=True, now=now)
    return other, lambda: me.join(invitation=invitation, user=other.user, now=now)


@pytest.fixture
def plan(lone, now):
    """Lena’s, who chose the gentle way."""
    return actions.choose_guide(by=lone.seat, slug="rebuild", now=now)


# --- choosing ---------------------------------------------------------------------------------------------------------


def test_choosing_opens_a_plan_or_changes_the_open_one_in_its_place(lone, now):
    first = actions.choose_guide(by=lone.seat, slug="bridge", now=now)
    changed = actions.choose_guide(by=lone.seat, slug="rebuild", now=now)
    assert (changed.pk, changed.number, changed.guide, changed.version) == (first.pk, 1, "rebuild", 1)
    assert Plan.objects.count() == 1


def test_drafts_stay_and_come_back_with_their_guide(lone, now, plan):
    keep(lone.seat, plan, "onset", words("In spring"), now)
    keep(lone.seat, plan, "evening", words("A quiet hour"), now)
    bridge = actions.choose_guide(by=lone.seat, slug="bridge", now=now)
    assert queries.begun_exercises(standing_of(lone, bridge)) == {"evening"}
    back = actions.choose_guide(by=lone.seat, slug="rebuild", now=now)
    assert queries.begun_exercises(standing_of(lone, back)) == {"evening", "onset"}


def test_what_an_older_version_kept_in_another_shape_stays_to_be_read(lone, now):
    old = actions.open_plan(by=lone.seat, now=now, guide=library.find("bridge", 1))
    keep(lone.seat, old, "observations", words("Two dinners"), now)
    keep(lone.seat, old, "evening", words("A quiet hour"), now)
    new = actions.choose_guide(by=lone.seat, slug="rebuild", now=now)
    assert queries.begun_exercises(standing_of(lone, new)) == {"evening"}
    closed = queries.plan_of(lone.seat, 1)
    assert (closed.closed_at, new.number) == (now, 2)
    assert [title for title, _shown, _template in queries.past_plan(closed, lone.seat).my_texts] == [
        "What I have noticed"
    ]


def test_two_cannot_change_the_guide_any_more(lone, now, plan):
    other, join = joins(lone, now)
    join()
    assert actions.choose_guide(by=lone.seat, slug="rebuild", now=now) == plan
    for seat, slug in ((lone.seat, "bridge"), (other.seat, "bridge"), (other.seat, "rebuild")):
        with pytest.raises(RuleBroken, match="This opens when you have both chosen it"):
            actions.choose_guide(by=seat, slug=slug, now=now)
    assert Plan.objects.get(pk=plan.pk).guide == "rebuild"


# --- the start page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("chosen", "guide"), [("bridge", "bridge"), ("rebuild", "rebuild"), ("unsure", "rebuild")])
def test_the_start_page_chooses_a_way(lone, chosen, guide):
    lone.client.post("/plans/first/", {"words": "A quiet hour"})
    assert lone.client.post("/plans/start/", {"guide": chosen}).headers["Location"] == "/plans/1/"
    assert queries.open_plan(lone.seat).guide == guide


def test_who_has_not_begun_is_asked_the_first_question_after_it(lone):
    assert lone.client.post("/plans/start/", {"guide": "unsure"}).headers["Location"] == "/plans/first/"


def test_the_start_page_follows_the_first_evening_and_only_then(lone):
    lone.client.post("/plans/first/", {"words": "A quiet hour"})
    assert 'class="btn" href="/plans/start/"' in page(lone.client.get("/plans/first/tonight/"))
    lone.client.post("/plans/start/", {"guide": "unsure"})
    assert "/plans/start/" not in page(lone.client.get("/plans/first/tonight/"))
    assert "Choose another way" in page(lone.client.get("/"))
    assert "Choose another way" in page(lone.client.get("/plans/1/"))


@pytest.mark.parametrize("data", [{}, {"guide": ""}, {"guide": "bridge.v1"}, {"guide": "../bridge"}])
def test_a_choice_that_is_none_is_said_beside_it(lone, data):
    answer = lone.client.post("/plans/start/", data)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page(answer)
    assert not Plan.objects.exists()


def test_the_start_page_asks_the_database_little(lone, django_assert_num_queries):
    lone.client.post("/plans/first/", {"words": "A quiet hour"})
    lone.client.get("/plans/start/")
    with django_assert_num_queries(6):
        lone.client.get("/plans/start/")


def test_of_two_without_a_plan_either_may_open_one_and_the_other_just_finds_it(world):
    two = world.owner, world.partner
    assert [someone.client.get("/plans/start/").status_code for someone in two] == [200, 200]
    assert world.owner.client.post("/plans/start/", {"guide": "rebuild"}).headers["Location"] == "/plans/1/"
    assert [someone.client.get("/plans/start/").status_code for someone in two] == [404, 404]
    assert [len(standing_of(someone, queries.open_plan(someone.seat)).own_steps) for someone in two] == [2, 0]
    again = world.owner.client.post("/plans/start/", {"guide": "bridge"})
    assert (again.status_code, queries.open_plan(world.owner.seat).guide) == (303, "rebuild")


# --- own steps --------------------------------------------------------------------------------------------------------


def test_alone_the_own_steps_come_after_the_preparation(lone, now, plan):
    offered = []
    for _ in range(8):
        following = queries.next_thing(standing_of(lone, plan))
        offered.append(f"{following.place}/{following.exercise.key}")
        if following.exercise.kind == "quiet":
            spaces.begin_quiet(by=lone.seat, hours=48, now=now)
        elif following.place != "talk":
            keep(lone.seat, plan, following.exercise.key, something(following.exercise), now)
    assert offered[:3] == [f"prepare/{key}" for key in PREPARATION]
    assert offered[3:] == [*(f"signs/{key}" for key in SIGNS), "space/quiet"]
    assert queries.next_thing(standing_of(lone, plan)).place == "talk"


def something(exercise):
    """A body in which something was written, of whatever kind."""
    if exercise.kind == "log":
        return {
            "entries": [{"on": "2026-03-02", "sign": "meals", "words": "Soup"}],
            "typing": {},
            "fields": {"words": "Soup"},
        }
    return words("A few words")


def test_a_quiet_time_is_no_gate(lone, now, plan):
    for key in [*PREPARATION, *SIGNS]:
        keep(lone.seat, plan, key, something(standing_of(lone, plan).guide.exercise(key)), now)
    assert queries.next_thing(standing_of(lone, plan)).place == "space"
    keep(lone.seat, plan, "opening", words("When we eat in two rooms"), now)
    assert queries.next_thing(standing_of(lone, plan)).place == "talk"


def test_together_own_steps_come_only_where_there_is_nothing_else_to_do(lone, now, plan):
    other, join = joins(lone, now)
    join()
    for key in PREPARATION:
        keep(lone.seat, plan, key, words("A few words"), now)
    assert queries.next_thing(standing_of(lone, plan)).place == "door"
    actions.choose_door(by=lone.seat, plan=plan, now=now)
    assert queries.next_thing(standing_of(lone, plan)).exercise.key == "onset"
    actions.choose_door(by=other.seat, plan=plan, now=now)
    assert queries.next_thing(standing_of(lone, plan)).exercise.key == "deck"


def test_who_joins_gets_their_own_preparation_and_then_the_door(lone, now, plan):
    other, join = joins(lone, now)
    join()
    offered = []
    for key in PREPARATION:
        offered.append(queries.next_thing(standing_of(other, plan)).exercise.key)
        keep(other.seat, plan, key, words("A few words"), now)
    assert offered == PREPARATION
    assert queries.next_thing(standing_of(other, plan)).place == "door"
    actions.choose_door(by=other.seat, plan=plan, now=now)
    assert queries.next_thing(standing_of(other, plan)).place == "talk"  # to write ahead; never an own step


def test_both_count_the_joint_steps_only(lone, now, plan):
    other, join = joins(lone, now)
    join()
    counted = [[(state.step.number, state.step.key) for state in standing_of(one, plan).steps] for one in (lone, other)]
    assert counted[0] == counted[1] == [(1, "moment"), (2, "talk"), (3, "strategies"), (4, "look-back")]
    assert "Step 1 of 4" in page(other.client.get("/plans/1/moment/"))


@pytest.mark.parametrize("step", ["signs", "space"])
def test_an_own_step_has_no_number(lone, plan, step):
    shown = page(lone.client.get(f"/plans/1/{step}/"))
    assert "For you alone" in shown
    assert "Step " not in shown


def test_who_began_keeps_the_own_steps_after_the_partner_came(lone, now, plan):
    keep(lone.seat, plan, "onset", words("In spring"), now)
    _other, join = joins(lone, now)
    join()
    for address in ("/", "/plans/1/"):
        assert 'href="/plans/1/signs/"' in page(lone.client.get(address))
    assert "In spring" in page(lone.client.get("/plans/1/signs/onset/"))


OWN_ADDRESSES = ["signs/", "space/", *(f"signs/{key}/" for key in SIGNS), "space/quiet/"]
VERBS = (
    "draft/",
    "share/",
    "add/",
    "undo/",
    "take-back/",
    "say-back/",
    "say-back/draft/",
    "answer/",
    "leave-for-today/",
)


def test_for_who_joins_an_own_step_is_as_missing_as_anything(lone, now, plan):
    other, join = joins(lone, now)
    join()
    for headers in ({}, {"HX-Request": "true"}):
        missing = page(other.client.get("/plans/1/no-such-step/", headers=headers))
        for address in OWN_ADDRESSES:
            answer = other.client.get(f"/plans/1/{address}", headers=headers)
            assert (answer.status_code, page(answer)) == (404, missing), address
        missing = page(other.client.post("/plans/1/no-such/onset/draft/", headers=headers))
        for key, verb in product(SIGNS, VERBS):
            answer = other.client.post(f"/plans/1/signs/{key}/{verb}", {"words": "Mine", "number": 1}, headers=headers)
            assert (answer.status_code, page(answer)) == (404, missing), (key, verb)
        for verb in ("talked/", "talked/take-back/"):
            gone, never = (
                other.client.post(f"/plans/1/{place}/{verb}", headers=headers) for place in ("signs", "no-such")
            )
            assert (gone.status_code, gone.get("Location", page(gone)).replace("signs", "")) == (
                never.status_code,
                never.get("Location", page(never)).replace("no-such", ""),
            )
    assert not Draft.objects.filter(seat=other.seat).exists()


def test_an_own_step_can_never_be_shared(lone, now, plan):
    _other, join = joins(lone, now)
    join()
    answer = lone.client.post("/plans/1/signs/onset/share/", {"words": "In spring", "revision": 0})
    assert answer.status_code == 422
    assert not Share.objects.exists()


# --- what one's own answers say later ---


@pytest.mark.parametrize(("way", "heard"), [("ask", 1), ("quiet", 1), ("both", 1), ("unsure", 0)])
def test_an_answer_about_oneself_is_read_again_where_it_helps(lone, now, plan, way, heard):
    keep(lone.seat, plan, "reaction", {"fields": {"way": way, "words": ""}, "items": []}, now)
    standing = standing_of(lone, plan)
    said = standing.guide.exercise("reaction").answers_to({"way": way})
    for step in ("space", "moment", "talk"):
        assert queries.own_hints(standing, step) == [answer for answer in said if answer.again]
        assert len(queries.own_hints(standing, step)) == heard
    assert queries.own_hints(standing, "strategies") == []


def test_and_nobody_else_reads_it(lone, now, plan):
    keep(lone.seat, plan, "reaction", {"fields": {"way": "ask", "words": ""}, "items": []}, now)
    [hint] = queries.own_hints(standing_of(lone, plan), "moment")
    other, join = joins(lone, now)
    join()
    assert hint.text in page(lone.client.get("/plans/1/moment/"))
    assert hint.text not in page(other.client.get("/plans/1/moment/"))


# --- moving in --------------------------------------------------------------------------------------------------------


def test_who_began_alone_and_then_joins_takes_along_what_fits(lone, now):
    """Ines walked the gentle way; Lena, whom she joins, walks the other."""
    hers = actions.choose_guide(by=lone.seat, slug="bridge", now=now)
    ines, join = joins(lone, now)
    old = actions.choose_guide(by=ines.seat, slug="rebuild", now=now)
    for key in ("evening", "observations", "onset", "opening"):
        keep(ines.seat, old, key, something(library.find("rebuild").exercise(key)), now)
    before = ines.seat
    join()
    moved = Draft.objects.filter(plan=hers, seat=ines.seat).values_list("exercise", flat=True)
    assert sorted(moved) == ["evening", "observations", "opening"]
    left = queries.past(Seat.objects.get(pk=before.pk))
    assert [[title for title, _shown, _template in plan.my_texts] for plan in left] == [
        [library.find("rebuild").exercise("onset").title]
    ]
    assert standing_of(ines, hers).own_steps == ()


def test_where_the_partner_has_no_plan_the_one_who_comes_goes_on_with_theirs(lone, now):
    ines, join = joins(lone, now)
    old = actions.choose_guide(by=ines.seat, slug="rebuild", now=now)
    keep(ines.seat, old, "onset", words("In spring"), now)
    join()
    opened = queries.open_plan(ines.seat)
    assert (opened.guide, queries.begun_exercises(standing_of(ines, opened))) == ("rebuild", {"onset"})
    assert [len(standing_of(one, opened).own_steps) for one in (ines, lone)] == [2, 0]


# --- how plans are counted ---


def test_who_joins_counts_from_their_own_coming(lone, now):
    for _ in range(2):
        resting = actions.choose_guide(by=lone.seat, slug="rebuild", now=now)
        actions.close_plan(by=lone.seat, plan=resting, now=now)
    plan = actions.choose_guide(by=lone.seat, slug="rebuild", now=now)
    other, join = joins(lone, now)
    join()
    assert plan.number == 3
    assert [queries.open_plan(one.seat).seen_number for one in (lone, other)] == [3, 1]
    assert [queries.plan_of(other.seat, number) and True for number in (1, 2, 3)] == [True, None, None]
    assert [other.client.get(f"/plans/{number}/").status_code for number in (1, 2, 3)] == [200, 404, 404]
    actions.close_plan(by=lone.seat, plan=plan, now=now + timedelta(hours=1))
    walked = actions.choose_guide(by=lone.seat, slug="bridge", now=now)
    assert walked.number == 4
    assert [queries.open_plan(one.seat).seen_number for one in (lone, other)] == [4, 2]
