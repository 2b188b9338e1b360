"""Lines of every kind: what each asks for, whose words they may be, and what is said beside them."""

from datetime import date, timedelta

import pytest

from apps.appointments.models import Appointment
from apps.checkins.models import Item
from apps.core.errors import RuleBroken
from apps.me import actions as me
from apps.plans import actions, proposals, queries, rules
from apps.plans.forms import Editor, LineForm, raw_of
from apps.plans.models import Commitment, Proposal
from apps.plans.proposals import WORDS, Keep, Write
from apps.plans.queries import newest_proposal
from tests.plans.helpers import agreed, begin, fixed_time, pair, wording, write
from tests.world import page

EMPTY = dict.fromkeys(WORDS, "")
BOUNDARY = EMPTY | {"what": "They call before they come", "stressor": "my-family", "support": "I tell them"}
TIME = fixed_time().words


def boundary(**words):
    return Write(words=BOUNDARY | words, for_both=True, kind="boundary")


@pytest.fixture
def plan(world, now):
    return begin(pair(world), now, up_to="agree")


def propose(someone, plan, now, *lines, base=0):
    said = wording(*lines)
    actions.propose(by=someone.seat, plan=plan, base=base, wording=said, now=now)
    return newest_proposal(plan)


# --- the form -----------------------------------------------------------------------------------------------------

A_TIME = {"kind": "appointment", "what": "A walk", "days": ["0", "3"], "time": "18:30", "minutes": "40", "weeks": "10"}
A_BOUNDARY = {"kind": "boundary", "what": "They call first", "stressor": "my-family"}


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (A_TIME, set()),
        (A_TIME | {"days": []}, {"days"}),
        (A_TIME | {"days": ["7"]}, {"days"}),
        (A_TIME | {"time": ""}, {"time"}),
        (A_TIME | {"time": "25:00"}, {"time"}),
        (A_TIME | {"minutes": ""}, {"minutes"}),
        (A_TIME | {"minutes": "0"}, {"minutes"}),
        (A_TIME | {"minutes": "100000"}, {"minutes"}),
        (A_TIME | {"weeks": "half"}, {"weeks"}),
        (A_TIME | {"weeks": "27"}, {"weeks"}),
        (A_TIME | {"minutes": "-5"}, {"minutes"}),
        (A_TIME | {"zone": "Nowhere/Land"}, set()),
        (A_TIME | {"weeks": "0"}, {"weeks"}),
        (A_TIME | {"what": ""}, {"what"}),
        (A_BOUNDARY, set()),
        (A_BOUNDARY | {"stressor": ""}, {"stressor"}),
        (A_BOUNDARY | {"stressor": "weather"}, {"stressor"}),
        (A_BOUNDARY | {"stressor": "your-family"}, {"stressor"}),
        (A_BOUNDARY | {"what": "Your mother calls first"}, {"what"}),
        (A_BOUNDARY | {"support": "We leave your sister’s party at ten"}, {"what"}),
        (A_BOUNDARY | {"kind": "habit"}, {"when"}),
        ({"kind": "gesture", "what": "I sit beside you at your mother’s", "when": "on visits"}, set()),
        ({"kind": "habit", "what": "A walk", "when": "Sunday", "minutes": "x", "stressor": "weather"}, set()),
        ({"kind": "minimum", "what": "A hug", "how_often": "daily"}, set()),
        ({"kind": "promise", "what": "A hug", "how_often": "daily"}, {"kind"}),
        ({"minutes": "30", "weeks": "8", "kind": "appointment"}, set()),  # nothing written: no line
    ],
)
def test_each_kind_asks_for_what_it_needs(typed, wrong):
    assert set(LineForm(typed).errors) == wrong


def test_a_line_keeps_the_words_of_its_kind_only():
    much = A_TIME | {"when": "Sundays", "how_often": "weekly", "how_we_know": "ten walks", "stressor": "work"}
    form = LineForm(much)
    assert form.is_valid()
    assert form.line() == Write(words=TIME | {"how_we_know": "ten walks"}, for_both=True, kind="appointment")
    form = LineForm(much | {"kind": "boundary", "support": "We breathe", "how_long": "for ever"})
    assert form.is_valid()
    kept = {"when": "Sundays", "how_often": "weekly", "how_we_know": "ten walks", "stressor": "work"}
    assert form.line().words == EMPTY | {"what": "A walk", "support": "We breathe"} | kept
    form = LineForm(much | {"kind": "habit"})
    assert form.is_valid()
    assert set(form.line().words) == set(WORDS)


def test_every_kind_comes_back_into_the_editor_as_it_was(world, plan, now):
    newest = propose(world.owner, plan, now, boundary(), fixed_time(), write("Tea", kind="minimum"))
    today = now.date()
    editor = Editor(seat=world.owner.seat, today=today, newest=newest)
    data = {"date": "2026-03-17", "hour": "18", "rhythm": "2w", "base": "1"}
    for slot, form in enumerate(editor.lines):
        data |= {f"line-{slot}-{name}": form[name].value() for name in form.fields if form[name].value() is not None}
    again = Editor(seat=world.owner.seat, today=today, newest=newest, data=data)
    assert again.is_valid(), [form.errors for form in again.lines]
    assert proposals.is_repeat(newest, again.wording(), by=world.owner.seat)


def test_days_that_were_typed_come_back_from_the_draft(world, plan):
    address = "/plans/1/agreement/propose/"
    typed = {f"line-0-{name}": value for name, value in A_TIME.items()}
    kept = world.owner.client.post(f"{address}draft/", typed | {"base": "0", "revision": "0"})
    assert kept.status_code == 303
    form = world.owner.client.get(address).context["editor"].lines[0]
    assert (form["kind"].value(), form["days"].value(), form["time"].value()) == ("appointment", ["0", "3"], "18:30")


def test_looking_through_the_small_things_keeps_what_was_typed(world, plan):
    address = "/plans/1/agreement/propose/"
    typed = {
        "base": "0",
        "revision": "0",
        "line-0-what": "Tea",
        "show": "1",
        "show-kind": "boundary",
        "show-need": "time",
    }
    shown = world.owner.client.post(f"{address}draft/", typed, follow=True)
    assert {one.kind for one in shown.context["starters"]} == {"boundary"}
    assert {"time" in one.needs for one in shown.context["starters"]} == {True}
    assert shown.context["editor"].lines[0]["what"].value() == "Tea"
    assert "show-kind" not in raw_of(shown.wsgi_request.GET)
    taken = world.owner.client.post(
        f"{address}draft/", typed | {"start": "work-stays-out", "revision": "1"}, follow=True
    )
    line = taken.context["editor"].lines[1]
    assert (line["kind"].value(), line["stressor"].value()) == ("boundary", "work")
    assert line["support"].value() == "whoever is called says: I will ring back at eight"


# --- whose words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [{"stressor": "your-family"}, {"what": "Your parents call first", "stressor": "home"}]
)
def test_nobody_words_the_family_of_the_other(world, plan, now, words):
    with pytest.raises(RuleBroken, match="their own family"):
        propose(world.owner, plan, now, boundary(**words))


@pytest.mark.parametrize(
    ("writer", "for_seat", "about_family", "may"),
    [
        (1, None, False, True),
        (2, None, False, True),
        (1, None, True, True),
        (2, None, True, False),
        (2, 1, False, False),
    ],
)
def test_a_line_about_a_family_stays_with_whose_it_is(writer, for_seat, about_family, may):
    assert rules.may_reword(writer=writer, for_seat=for_seat, author=1, about_family=about_family) is may


def test_the_other_keeps_such_a_line_or_leaves_it_out(world, plan, now):
    first = propose(world.owner, plan, now, boundary(), write("Tea"))
    line = first.commitments.get(position=1)
    editor = Editor(seat=world.partner.seat, today=now.date(), newest=first)
    assert [one.lineage for one, _keep in editor.theirs] == [line.lineage]
    away = BOUNDARY | {"what": "They stay away"}
    reworded = Write(words=away, for_both=True, kind="boundary", lineage=line.lineage)
    with pytest.raises(RuleBroken, match="their own part"):
        propose(world.partner, plan, now, reworded, base=1)
    second = propose(world.partner, plan, now, Keep(line.lineage), base=1)
    kept = second.commitments.get()
    assert (kept.seat, kept.words) == (world.owner.seat, BOUNDARY)
    for someone in pair(world):
        assert "Mara’s family" in page(someone.client.get("/plans/1/agreement/"))


# --- what a yes is given to -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [boundary(support="You tell them"), boundary(stressor="home"), fixed_time(days=[0]), fixed_time(time="18:45"),
     fixed_time(zone="Asia/Tokyo"), fixed_time(minutes=45), fixed_time(weeks=11), write("A walk")],
)  # fmt: skip
def test_the_fingerprint_covers_every_word_of_every_kind(world, plan, now, other):
    said = wording(boundary(), fixed_time())
    actions.propose(by=world.owner.seat, plan=plan, base=0, wording=said, now=now)
    newest = newest_proposal(plan)
    assert proposals.is_repeat(newest, said, by=world.owner.seat)
    same = [boundary(), fixed_time()]
    changed = [other if one.kind == other.kind else one for one in same] if other.kind != "habit" else [same[0], other]
    assert not proposals.is_repeat(newest, wording(*changed), by=world.owner.seat)
    line = newest.commitments.get(position=2)
    line.words = line.words | {"weeks": 20}
    line.save(update_fields=["words"])
    with pytest.raises(RuleBroken, match="cannot be read"):
        actions.approve(by=world.partner.seat, plan=plan, number=1, now=now)


def test_a_proposal_from_before_the_kinds_is_read_and_agreed_as_it_is(world, plan, now):
    """Its lines have the five words and nothing else; its fingerprint was made over these."""
    newest = propose(world.owner, plan, now, write("Coffee"))
    assert newest.commitments.get().words == {
        "what": "Coffee", "when": "Sunday morning", "how_often": "weekly", "how_long": "", "how_we_know": "",
    }  # fmt: skip
    proposals.check_unchanged(newest)
    assert "Coffee" in page(world.partner.client.get("/plans/1/agreement/"))
    kept = propose(world.partner, plan, now, Keep(newest.commitments.get().lineage), base=1)
    assert kept.commitments.get().seat == world.owner.seat


def test_the_line_and_the_look_back_say_when(world, plan, now):
    agreed(world, now, plan, fixed_time(), boundary())
    shown = page(world.partner.client.get("/plans/1/agreement/"))
    for said in ("every Monday and Thursday at 18:30", "40 minutes", "for 10 weeks", "a fixed time", "I tell them"):
        assert said in shown
    assert Item.objects.get(position=1).words == TIME
    assert "every Monday and Thursday at 18:30" in page(world.owner.client.get("/check-ins/1/"))


# --- you never owe this ---------------------------------------------------------------------------------------------


def test_what_is_never_owed_is_said_to_each_in_the_same_words(world, plan, now):
    lines = (write("I show you my phone"), write("Tea"))
    newest = propose(world.owner, plan, now, *lines)
    before = never_owed(world)
    assert [topic.key for topic in proposals.never_owed_in(newest)] == ["phone"]
    agreed(world, now, plan, *lines, base=1)
    after = never_owed(world)
    assert set(before + after) == {before[0]}
    assert "You never owe this: a look into your phone, your messages or your mail." in before[0]
    assert "No is a whole answer here. Not today is too." in before[0]


def never_owed(world):
    shown = [page(someone.client.get("/plans/1/agreement/")) for someone in pair(world)]
    return [one.split('aria-labelledby="never-owed"')[1].split("</section>")[0] for one in shown]


def test_a_wish_is_looked_at_too_and_nothing_is_said_for_nothing(world, plan, now):
    said = wording(write("Tea"), wishes=["Tell me where you are"])
    actions.propose(by=world.owner.seat, plan=plan, base=0, wording=said, now=now)
    assert "a report of where you are" in page(world.partner.client.get("/plans/1/agreement/"))
    propose(world.owner, plan, now, write("Tea"), base=1)
    assert "never-owed" not in page(world.partner.client.get("/plans/1/agreement/"))


# --- what do you think of it ----------------------------------------------------------------------------------------


@pytest.fixture
def asked(world, plan, now):
    actions.propose(by=world.owner.seat, plan=plan, base=0, wording=wording(asks=True), now=now)
    return plan


def think(someone, text, number=1):
    return someone.client.post("/plans/1/agreement/thought/", {"text": text, "number": number})


def test_a_thought_is_read_by_both_and_can_be_changed_until_it_is_agreed(world, asked, now):
    assert think(world.partner, "Rather at ten").status_code == 303
    for someone in pair(world):
        assert "Rather at ten" in page(someone.client.get("/plans/1/agreement/"))
    assert think(world.partner, "Ten is fine").status_code == 303
    assert newest_proposal(asked).answer == "Ten is fine"
    assert think(world.partner, "Ten is fine").status_code == 303
    for someone in pair(world):
        actions.approve(by=someone.seat, plan=asked, number=1, now=now)
    assert think(world.partner, "No, later").status_code == 422
    assert newest_proposal(asked).answer == "Ten is fine"
    assert 'name="text"' not in page(world.partner.client.get("/plans/1/agreement/"))


def test_a_thought_needs_words_a_question_and_the_other(world, asked, now):
    assert think(world.partner, " . ").status_code == 422
    assert think(world.owner, "I like it").status_code == 422
    assert think(world.partner, "I like it", number=7).status_code == 409
    assert think(world.partner, "x" * 1001).status_code == 422
    assert newest_proposal(asked).answer is None
    propose(world.owner, asked, now, write("Tea"), base=1)
    stale = think(world.partner, "My long thought")
    assert (stale.status_code, "My long thought" in page(stale)) == (409, False)
    assert think(world.partner, "I like it", number=2).status_code == 422


def test_no_mail_comes_of_it(world, asked):
    from apps.outbox.models import Letter

    before = Letter.objects.count()
    think(world.partner, "I like it")
    assert Letter.objects.count() == before


# --- not too many -----------------------------------------------------------------------------------------------------


def test_five_new_wordings_are_enough_for_a_day(world, plan, now):
    for number in range(5):
        propose(world.owner, plan, now + timedelta(minutes=number), write(f"Tea {number}"), base=number)
    with pytest.raises(RuleBroken, match="enough new wordings for one day"):
        propose(world.owner, plan, now, write("Tea 5"), base=5)
    assert propose(world.owner, plan, now, write("Tea 4"), base=4).number == 5  # the same sent twice is no new one
    assert propose(world.partner, plan, now, write("Mine"), base=5).number == 6
    assert propose(world.owner, plan, now + timedelta(days=1), write("Tea 6"), base=6).number == 7


def test_the_day_is_the_persons_own(world, plan, now):
    world.owner.user.time_zone = "Pacific/Auckland"  # at `now` it is one o'clock in the night there
    world.owner.user.save()
    for number in range(5):
        propose(world.owner, plan, now - timedelta(hours=2), write(f"Tea {number}"), base=number)
    assert propose(world.owner, plan, now, write("Tea"), base=5).number == 6


def test_what_was_one_too_many_stays_in_the_form(world, plan, now):
    from apps.core import clock

    for number in range(5):
        propose(world.owner, plan, clock.now(), write(f"Tea {number}"), base=number)
    data = {"base": "5", "date": (clock.now() + timedelta(days=9)).date(), "hour": "18", "rhythm": "2w"}
    data |= {"line-0-what": "One more", "line-0-when": "Sunday", "line-0-who": "both"}
    answer = world.owner.client.post("/plans/1/agreement/propose/", data)
    assert answer.status_code == 422
    assert "enough new wordings" in page(answer)
    assert "One more" in page(answer)
    assert Proposal.objects.count() == 5
    assert queries.own_draft(plan, world.owner.seat, "agreement") is None


def test_a_kind_has_its_name():
    assert [Commitment(kind=kind).kind_in_words for kind in ("habit", "minimum")] == ["", "the least we keep"]


# --- a fixed time comes again and again -------------------------------------------------------------------------------


def regular(space):
    """(title, days, at, zone, minutes, first, weeks, how often it was changed, whether it goes on) of each."""
    return [
        (one.title, one.days, one.at.isoformat("minutes"), one.zone, one.minutes, one.first, one.weeks, one.sequence,
         one.ended_at is None)
        for one in Appointment.objects.filter(space=space).select_related("author").order_by("number")
    ]  # fmt: skip


THURSDAY = date(2026, 3, 5)


def test_an_agreed_time_is_kept_from_the_next_day_on_that_is_ahead(world, plan, now):
    agreed(world, now, plan, fixed_time(), write("Tea"))
    assert regular(plan.space) == [("A walk", "03", "18:30", "UTC", 40, date(2026, 3, 3), 10, 0, True)]
    actions.end_agreement(by=world.owner.seat, plan=plan, now=now)
    assert [one[-1] for one in regular(plan.space)] == [False]
    late = now + timedelta(hours=7)
    agreed(world, late, plan, fixed_time(), base=1)
    assert [one[5] for one in regular(plan.space)[1:]] == [date(2026, 3, 4)]


def test_a_changed_line_changes_the_same_time_and_an_unchanged_one_nothing(world, plan, now):
    first = agreed(world, now, plan, fixed_time(), write("Tea"))
    line = first.proposal.commitments.get(position=1)
    later = now + timedelta(days=20)
    kept = {"follow_up_date": later.date() + timedelta(days=9)}
    agreed(world, later, plan, Keep(line.lineage), base=1, **kept)
    assert [one[5:] for one in regular(plan.space)] == [(date(2026, 3, 3), 10, 0, True)]
    changed = Write(words=TIME | {"time": "19:00"}, for_both=True, kind="appointment", lineage=line.lineage)
    agreed(world, later, plan, changed, base=2, **kept)
    assert [(one[2], *one[5:]) for one in regular(plan.space)] == [("19:00", later.date(), 10, 1, True)]


@pytest.mark.parametrize("how", ["rests", "left out", "another kind", "ended", "closed", "left"])
def test_it_ends_with_its_line(world, plan, now, how):
    first = agreed(world, now, plan, fixed_time(), fixed_time(what="Supper"))
    line = first.proposal.commitments.get(position=1)
    other = Keep(first.proposal.commitments.get(position=2).lineage)
    seat = world.partner.seat
    if how == "rests":
        actions.release(by=seat, plan=plan, lineage=line.lineage, now=now)
    elif how == "left out":
        agreed(world, now, plan, other, base=1)
    elif how == "another kind":
        agreed(world, now, plan, write("A walk", lineage=line.lineage), other, base=1)
    elif how == "ended":
        actions.end_agreement(by=seat, plan=plan, now=now)
    elif how == "closed":
        actions.close_plan(by=seat, plan=plan, now=now)
    else:
        me.leave(seat=seat, now=now)
    goes_on = how in ("rests", "left out", "another kind")
    assert [one[-1] for one in regular(plan.space)] == [False, goes_on]


def test_a_line_that_rested_and_is_agreed_anew_begins_anew(world, plan, now):
    first = agreed(world, now, plan, fixed_time())
    lineage = first.proposal.commitments.get().lineage
    actions.release(by=world.owner.seat, plan=plan, lineage=lineage, now=now)
    agreed(world, now + timedelta(days=2), plan, Keep(lineage), base=1)
    assert [one[5:] for one in regular(plan.space)] == [(THURSDAY, 10, 2, True)]


@pytest.mark.parametrize("words", [{"days": []}, {"days": [9]}, {"minutes": 0}, {"minutes": 9999}, {"weeks": 27}])
def test_a_time_that_cannot_be_kept_is_not_proposed(world, plan, now, words):
    with pytest.raises(RuleBroken):
        propose(world.owner, plan, now, fixed_time(**words))


def test_a_time_stays_in_the_zone_it_was_written_in(world, plan, now):
    world.partner.user.time_zone = "Asia/Tokyo"
    world.partner.user.save()
    newest = propose(world.owner, plan, now, fixed_time())
    assert "UTC" in page(world.partner.client.get("/plans/1/agreement/"))
    assert ">UTC<" not in page(world.owner.client.get("/plans/1/agreement/"))
    editor = Editor(seat=world.partner.seat, today=now.date(), newest=newest)
    assert editor.lines[0]["zone"].value() == "UTC"
    form = LineForm(A_TIME, zone="Asia/Tokyo")
    assert form.is_valid()
    assert form.line().words["zone"] == "Asia/Tokyo"
