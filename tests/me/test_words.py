"""Whose words go where, when somebody joins and when somebody leaves."""

from datetime import date, timedelta

import pytest

from apps.checkins import actions as checkins
from apps.checkins.models import CheckIn, Item
from apps.me import actions
from apps.outbox.models import Letter
from apps.plans import actions as plans
from apps.plans.models import Agreement, Commitment, Draft, Proposal, Share
from apps.spaces import actions as spaces
from apps.spaces.queries import past_seats
from tests.world import alone

MINE, THEIRS, AGREED, INTENDED = "canary-of-Mara", "canary-of-Jonas", "agreed-canary", "intended-canary"


def body(words):
    return {"fields": {"words": words}, "items": []}


def write(person, words, now):
    plan = plans.open_plan(by=person.seat, now=now)
    return plans.save_draft(by=person.seat, plan=plan, exercise="evening", body=body(words), base=0, now=now)


def intend(person, now):
    line = {"what": INTENDED}
    return checkins.set_intentions(
        seat=person.seat, lines=[line], local_date=date(2026, 3, 20), hour=18, rhythm="once", now=now
    )


def agree(world, now):
    plan = plans.open_plan(by=world.owner.seat, now=now)
    seat = world.owner.seat
    facts = {"follow_up_date": date(2026, 3, 20), "follow_up_hour": 18, "follow_up_zone": "UTC", "rhythm": "once"}
    proposal = Proposal(plan=plan, number=1, seat=seat, fingerprint="x", created_at=now, **facts)
    proposal.wishes = []
    proposal.save()
    line = Commitment(proposal=proposal, position=1, seat=seat, for_seat=seat)
    line.words = {"what": AGREED}
    line.save()
    Agreement.objects.create(plan=plan, proposal=proposal, agreed_at=now)
    item = checkins.ItemFacts(line.lineage, seat, seat, line.words)
    checkins.schedule(
        space=seat.space,
        seat_by=seat,
        items=[item],
        local_date=date(2026, 3, 20),
        hour=18,
        zone="UTC",
        rhythm="once",
        now=now,
    )


@pytest.fixture
def lived(world, now):
    """Mara and Jonas have each written something, each shared something, and agreed on one line."""
    for person, words in ((world.owner, MINE), (world.partner, THEIRS)):
        draft = write(person, words, now)
        share = Share(plan=draft.plan, seat=person.seat, exercise="telling", version=1, shared_at=now)
        share.body = body(f"told-{words}")
        share.save()
    agree(world, now)
    return world


def test_what_somebody_wrote_alone_moves_with_them(lone, now):
    ines = alone("Ines")
    write(ines, MINE, now)
    intend(ines, now)
    letters = Letter.objects.filter(ended_at=None, recipient=ines.user).count()
    invitation = spaces.invite_by_mail(by=lone.seat, address="ines@example.org", shows_name=True, now=now)
    actions.join(invitation=invitation, user=ines.user, now=now)
    draft = Draft.objects.get()
    assert (draft.seat, draft.plan.space, draft.body) == (ines.seat, lone.seat.space, body(MINE))
    intention = CheckIn.objects.get(closed_at=None)
    assert (intention.seat, intention.space) == (ines.seat, lone.seat.space)
    assert Item.objects.get().words["what"] == INTENDED
    assert Letter.objects.filter(ended_at=None, recipient=ines.user).count() == letters
    assert past_seats(ines.user) == []


def test_the_one_who_was_there_never_sees_what_came_along(lone, now):
    ines = alone("Ines")
    write(ines, MINE, now)
    intend(ines, now)
    plans.open_plan(by=lone.seat, now=now)
    invitation = spaces.invite_by_mail(by=lone.seat, address="ines@example.org", shows_name=True, now=now)
    actions.join(invitation=invitation, user=ines.user, now=now)
    for address in ("/", "/plans/1/", "/plans/1/prepare/evening/", "/mine/", "/check-ins/", "/settings/", "/past/"):
        text = lone.client.get(address).content.decode()
        assert MINE not in text
        assert INTENDED not in text


def test_leaving_ends_plans_and_drops_what_was_due(lived, now):
    assert Letter.objects.filter(ended_at=None).exists()
    actions.leave(seat=lived.partner.seat, now=now + timedelta(hours=1))
    assert not Letter.objects.filter(ended_at=None).exists()
    assert not CheckIn.objects.filter(closed_at=None).exists()
    assert not Agreement.objects.filter(ended_at=None).exists()


def test_a_past_space_shows_my_words_and_what_both_agreed(lived, now):
    actions.leave(seat=lived.partner.seat, now=now + timedelta(hours=1))
    for person, mine, theirs in ((lived.owner, MINE, THEIRS), (lived.partner, THEIRS, MINE)):
        text = person.client.get("/past/1/").content.decode()
        assert mine in text
        assert f"told-{mine}" in text
        assert theirs not in text
        assert AGREED in text
    assert lived.outsider.client.get("/past/1/").status_code == 404


@pytest.mark.parametrize("address", ["/plans/1/", "/plans/1/agreement/", "/check-ins/", "/invite/", "/leave/"])
def test_the_closed_space_opens_nothing_any_more(lived, now, address):
    actions.leave(seat=lived.partner.seat, now=now)
    for person in (lived.owner, lived.partner):
        answer = person.client.get(address)
        assert answer.status_code in (302, 303, 404)
        assert AGREED not in answer.content.decode()


@pytest.mark.parametrize("address", ["/past/", "/past/1/", "/past/1/look-backs/"])
def test_a_past_space_takes_few_queries(lived, now, django_assert_max_num_queries, address):
    actions.leave(seat=lived.owner.seat, now=now)
    lived.owner.client.get(address)  # opens the keys, which the process then keeps for a while
    with django_assert_max_num_queries(12):
        assert lived.owner.client.get(address).status_code == 200


def test_what_stays_behind_can_still_be_read(lone, now):
    ines = alone("Ines")
    draft = write(ines, MINE, now)
    plans.close_plan(by=ines.seat, plan=draft.plan, now=now)
    invitation = spaces.invite_by_mail(by=lone.seat, address="ines@example.org", shows_name=True, now=now)
    actions.join(invitation=invitation, user=ines.user, now=now)
    assert [past.with_name for past in past_seats(ines.user)] == [""]
    assert MINE in ines.client.get("/past/1/").content.decode()
    assert lone.client.get("/past/1/").status_code == 404


def test_my_look_backs_are_mine_and_the_others_stay_theirs(lived, now):
    for person, words in ((lived.owner, MINE), (lived.partner, THEIRS)):
        check_in = CheckIn.objects.get(seat=None)
        line = {str(item.pk): {"went": "well", "supportive": words, "hard": ""} for item in Item.objects.all()}
        answers = checkins.Answers(lines=line, good_moment=f"good-{words}")
        checkins.answer(check_in=check_in, seat=person.seat, answers=answers, base=0, now=now + timedelta(days=18))
    actions.leave(seat=lived.owner.seat, now=now + timedelta(days=18))
    for person, mine, theirs in ((lived.owner, MINE, THEIRS), (lived.partner, THEIRS, MINE)):
        text = person.client.get("/past/1/look-backs/").content.decode()
        assert f"good-{mine}" in text
        assert theirs not in text
    assert lived.outsider.client.get("/past/1/look-backs/").status_code == 404
