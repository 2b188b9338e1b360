"""The forms of the walk that no guide names."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from apps.plans import actions
from apps.plans.forms import AnswerForm, DoorForm, Editor, FollowUpForm, LineForm, ReflectionForm
from apps.plans.models import Proposal
from apps.plans.proposals import Keep, Write
from apps.plans.queries import newest_proposal
from tests.plans.helpers import begin, pair, wording, write

TODAY = date(2026, 3, 3)
FOLLOW_UP = {"date": "2026-03-17", "hour": "18", "rhythm": "2w", "base": "0"}


@pytest.mark.parametrize(
    ("afraid", "harmed", "goes_on"),
    [("no", "no", True), ("yes", "no", False), ("no", "unsure", False), ("unsure", "yes", False)],
)
def test_only_two_clear_answers_open_the_door(afraid, harmed, goes_on):
    form = DoorForm({"afraid": afraid, "harmed": harmed, "understand": "on"}, partner=None)
    assert form.is_valid()
    assert form.may_go_on() is goes_on


def test_going_on_needs_the_wish_to_understand_and_being_afraid_does_not():
    assert set(DoorForm({"afraid": "no", "harmed": "no"}, partner=None).errors) == {"understand"}
    assert DoorForm({"afraid": "yes", "harmed": "no"}, partner=None).is_valid()
    assert set(DoorForm({}, partner=None).errors) == {"afraid", "harmed", "understand"}


def test_sending_needs_words_and_keeping_does_not():
    assert ReflectionForm({"text": ""}).is_valid()
    assert set(ReflectionForm({"text": "."}, sending=True).errors) == {"text"}
    assert ReflectionForm({"text": "I hear you"}, sending=True).is_valid()


def test_a_verdict_is_one_of_three():
    assert AnswerForm({"verdict": "almost", "number": "1"}).is_valid()
    assert set(AnswerForm({"verdict": "never", "number": "0"}).errors) == {"verdict", "number"}


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, set()),
        ({"what": "Coffee", "when": "Sunday"}, set()),
        ({"what": "Coffee", "how_often": "weekly"}, set()),
        ({"what": "Coffee"}, {"when"}),
        ({"what": ".", "when": "Sunday"}, {"what"}),
        ({"when": "Sunday"}, {"what"}),
        ({"what": "Coffee", "when": "Sunday", "who": "you"}, {"who"}),
        ({"what": "x" * 301, "when": "Sunday"}, {"what"}),
    ],
)
def test_a_line_has_a_what_and_a_when(typed, wrong):
    assert set(LineForm(typed).errors) == wrong


def test_a_line_is_written_for_both_or_for_oneself():
    typed, lineage = {"what": "Coffee", "when": "Sunday"}, uuid4()
    empty = {"how_often": "", "how_long": "", "how_we_know": ""}

    def line(**more):
        form = LineForm(typed | more)
        assert form.is_valid()
        return form.line()

    assert line() == Write(words=typed | empty, for_both=True)
    assert line(who="both").for_both
    assert line(who="me", lineage=str(lineage)) == Write(words=typed | empty, for_both=False, lineage=lineage)


@pytest.mark.parametrize(("days", "valid"), [(0, False), (-1, False), (1, True), (92, True), (93, False)])
def test_the_day_to_look_back_is_ahead_and_within_three_months(days, valid):
    chosen = (TODAY + timedelta(days=days)).isoformat()
    assert FollowUpForm(FOLLOW_UP | {"date": chosen}, today=TODAY).is_valid() is valid


@pytest.mark.parametrize(("field", "value"), [("hour", "8"), ("hour", "20"), ("rhythm", "daily"), ("base", "-1")])
def test_the_look_back_takes_only_what_is_offered(field, value):
    assert set(FollowUpForm(FOLLOW_UP | {field: value}, today=TODAY).errors) == {field}


@pytest.fixture
def newest(world, now):
    """Mara's first version: a line of both, one of her own, a wish."""
    plan = begin(pair(world), now, up_to="agree")
    said = wording(write("Coffee"), write("I call", both=False), wishes=["Call me"])
    actions.propose(by=world.owner.seat, plan=plan, base=0, wording=said, now=now)
    return newest_proposal(plan)


def lineage(proposal: Proposal, position: int):
    return proposal.commitments.get(position=position).lineage


def editor(someone, newest=None, **facts):
    return Editor(seat=someone.seat, today=TODAY, newest=newest, **facts)


def filled(shown):
    return [slot["form"]["what"].value() for slot in shown.slots() if slot["form"].filled()]


def test_the_editor_begins_with_what_stands(world, newest):
    hers, his = editor(world.owner, newest), editor(world.partner, newest)
    assert (filled(hers), hers.theirs) == (["Coffee", "I call"], [])
    assert (filled(his), [(line.words["what"], keep) for line, keep in his.theirs]) == (["Coffee"], [("I call", True)])
    assert [slot["folded"] for slot in his.slots()] == [False, True, True, True, True]
    assert hers.follow_up["wishes"].value() == "Call me"
    assert not his.follow_up["wishes"].value()  # a wish is its author's


def test_without_a_version_two_weeks_are_offered(world):
    shown = editor(world.owner)
    assert (filled(shown), shown.follow_up["date"].value(), shown.follow_up["base"].value()) == (
        [],
        date(2026, 3, 17),
        0,
    )


def test_a_line_let_go_in_the_look_back_is_left_out(world, newest):
    coffee, call = lineage(newest, 1), lineage(newest, 2)
    assert filled(editor(world.owner, newest, dropped=frozenset([coffee]))) == ["I call"]
    his = editor(world.partner, newest, dropped=frozenset([call]))
    assert [keep for _line, keep in his.theirs] == [False]


def test_what_was_posted_becomes_the_wording(world, newest):
    coffee, call = lineage(newest, 1), lineage(newest, 2)
    data = FOLLOW_UP | {
        "base": "1",
        "line-0-what": "Tea",
        "line-0-when": "Sunday",
        "line-0-lineage": str(coffee),
        "line-2-what": "I cook",
        "line-2-how_often": "weekly",
        "line-2-who": "me",
        f"keep-{call}": "on",
        "wishes": " more walks \n\n a hug \n",
    }
    shown = editor(world.partner, newest, data=data)
    assert shown.is_valid(), shown.follow_up.errors
    said = shown.wording()
    assert [one if isinstance(one, Keep) else (one.words["what"], one.for_both, one.lineage) for one in said.lines] == [
        ("Tea", True, coffee),
        ("I cook", False, None),
        Keep(call),
    ]
    assert (said.wishes, said.asks, said.follow_up_zone) == (["more walks", "a hug"], False, "UTC")
    del data[f"keep-{call}"]
    left_out = editor(world.partner, newest, data=data)
    assert left_out.is_valid()
    assert len(left_out.wording().lines) == 2


def test_what_was_typed_before_comes_back(world, newest):
    call = lineage(newest, 2)
    raw = {"line-1-what": "Half a thought", "wishes": "a hug", "rhythm": "4w"}
    shown = editor(world.partner, newest, raw=raw)
    assert filled(shown) == ["Half a thought"]
    assert [keep for _line, keep in shown.theirs] == [False]
    assert (shown.follow_up["wishes"].value(), shown.follow_up["rhythm"].value()) == ("a hug", "4w")
    assert editor(world.partner, newest, raw=raw | {f"keep-{call}": "on"}).theirs[0][1]
