"""Kept lines and small moments: each person's own, until both marked the same in the same week."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from apps.checkins import actions, moments, queries, rules
from apps.checkins.models import Item, Mark
from apps.checkins.rules import Marked
from apps.core.errors import RuleBroken
from apps.me import actions as me
from tests.checkins.helpers import WHAT, agree, page

TUESDAY = date(2026, 3, 3)
SUNDAY, MONDAY = date(2026, 3, 8), date(2026, 3, 9)


@pytest.mark.parametrize(
    ("marks", "both"),
    [
        ([(1, "a", TUESDAY), (2, "a", TUESDAY)], {("a", date(2026, 3, 2))}),
        ([(1, "a", TUESDAY), (2, "a", SUNDAY)], {("a", date(2026, 3, 2))}),
        ([(1, "a", SUNDAY), (2, "a", MONDAY)], set()),
        ([(1, "a", TUESDAY), (1, "a", SUNDAY)], set()),
        ([(1, "a", TUESDAY), (2, "b", TUESDAY)], set()),
        ([(1, "other", TUESDAY), (2, "other", TUESDAY)], set()),
        ([], set()),
    ],
)
def test_both_marked(marks, both):
    assert rules.both_marked([Marked(*mark) for mark in marks]) == both


def test_every_moment_has_words():
    assert tuple(moments.WORDS) == rules.MOMENTS


@pytest.fixture
def lineage(world, now):
    return Item.objects.get(check_in=agree(world, now)).lineage


def mark(person, lineage, now):
    return actions.mark(seat=person.seat, lineage=lineage, now=now)


def weeks(person):
    return [(week.monday, week.things) for week in queries.progress(person.seat).weeks]


def test_a_mark_is_seen_by_both_only_once_both_have_it(world, now, lineage):
    mark(world.owner, lineage, now)
    mark(world.owner, lineage, now)  # again changes nothing
    assert Mark.objects.count() == 1
    assert (weeks(world.owner), weeks(world.partner)) == ([], [])
    mark(world.partner, lineage, now + timedelta(days=2))
    for person in (world.owner, world.partner):
        assert weeks(person) == [(date(2026, 3, 2), (f"{WHAT} 1",))]
    assert weeks(world.outsider) == []


def test_the_day_is_that_of_ones_own_wall(world, now, lineage):
    world.owner.user.time_zone = "Pacific/Auckland"
    world.owner.user.save()
    assert mark(world.owner, lineage, now).on == date(2026, 3, 4)


def test_only_an_agreed_line_that_does_not_rest_can_be_marked(world, now, lineage):
    for person, which in ((world.outsider, lineage), (world.owner, uuid4())):
        with pytest.raises(RuleBroken):
            mark(person, which, now)
    actions.rest_item(space=world.owner.seat.space, lineage=lineage, now=now)
    with pytest.raises(RuleBroken):
        mark(world.owner, lineage, now)
    assert not Mark.objects.exists()


def test_a_mark_can_be_taken_away_until_both_have_it(world, now, lineage):
    first = mark(world.owner, lineage, now)
    actions.unmark(seat=world.partner.seat, lineage=lineage, on=first.on, now=now)  # not theirs
    assert Mark.objects.count() == 1
    actions.unmark(seat=world.owner.seat, lineage=lineage, on=first.on, now=now)
    assert not Mark.objects.exists()
    for person in (world.owner, world.partner):
        mark(person, lineage, now)
    with pytest.raises(RuleBroken, match="both"):
        actions.unmark(seat=world.owner.seat, lineage=lineage, on=first.on, now=now)
    assert Mark.objects.count() == 2


def test_moments(world, now):
    def give(person, moment, words, minutes=0):
        actions.mark(seat=person.seat, moment=moment, words=words, now=now + timedelta(minutes=minutes))

    give(world.owner, "laugh", "At the sink")
    give(world.owner, "laugh", "At the sink, with the cup")
    give(world.owner, "other", "The lake", minutes=1)
    give(world.partner, "other", "The lake")
    mine = [(one.what, one.words, one.both) for one in queries.noticed(world.owner.seat, now)]
    assert mine == [("Something else", "The lake", False), ("A laugh together", "At the sink, with the cup", False)]
    give(world.partner, "laugh", "His own words")
    assert [one.both for one in queries.noticed(world.owner.seat, now)] == [False, True]
    assert weeks(world.owner) == [(date(2026, 3, 2), ("A laugh together",))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM checkins_mark")
        assert all(b"sink" not in bytes(words) for (words,) in cursor.fetchall())


def test_a_week_without_is_not_there(world, now, lineage):
    for week in (0, 5):
        for person in (world.owner, world.partner):
            mark(person, lineage, now + timedelta(weeks=week))
    assert [monday for monday, _things in weeks(world.owner)] == [date(2026, 3, 2), date(2026, 4, 6)]


def test_what_the_database_refuses(world, now):
    given = {"seat": world.owner.seat, "on": TUESDAY, "created_at": now}
    Mark.objects.create(moment="laugh", **given)
    for name, wrong in (
        ("mark_once_a_day", {"moment": "laugh"}),
        ("mark_of_a_line_or_a_moment", {}),
        ("mark_of_a_line_or_a_moment", {"moment": "laugh", "lineage": uuid4()}),
        ("mark_of_a_line_or_a_moment", {"moment": "nothing"}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Mark.objects.create(**given, **wrong)


def test_moments_move_along_to_a_partner(world, lone, now):
    actions.mark(seat=lone.seat, moment="kind", words="The note", now=now)
    old = lone.seat
    type(old).objects.filter(pk=old.pk).update(left_at=now)
    fresh = type(old).objects.create(space=old.space, number=2, user=lone.user, joined_at=now)
    actions.move_private(from_seat=old, to_seat=fresh, now=now)
    assert [one.words for one in queries.noticed(fresh, now)] == ["The note"]


def test_moments_stay_readable_after_leaving(world, now):
    actions.mark(seat=world.owner.seat, moment="kind", words="The note", now=now)
    me.leave(seat=world.partner.seat, now=now)
    html = page(world.owner, "/past/1/look-backs/")
    assert "A kind word · 3 March 2026" in html and "The note" in html
    assert "The note" not in page(world.partner, "/past/", 200)
    assert world.partner.client.get("/past/1/look-backs/").content.decode().count("The note") == 0


# --- the pages --------------------------------------------------------------------------------------------------------


def test_the_small_moments_page(world, at, now):
    at(now)
    browser = world.owner.client
    assert browser.post("/noticed/", {"moment": "", "words": "The lake"}).status_code == 422
    assert browser.post("/noticed/", {"moment": "touch", "words": "The lake"})["Location"] == "/noticed/"
    html = page(world.owner, "/noticed/")
    assert "The lake" in html and "Tuesday 3 March" in html and "you both noticed" not in html
    assert "The lake" not in page(world.partner, "/noticed/")
    world.partner.client.post("/noticed/", {"moment": "touch"})
    assert "you both noticed this, that week" in page(world.owner, "/noticed/")
    browser.post("/noticed/undo/", {"moment": "touch", "on": "2026-03-03"})
    assert Mark.objects.count() == 2  # both have it: it stays
    assert browser.post("/noticed/undo/", {"moment": "x", "on": ""}).status_code == 404


def test_marking_a_line(world, at, now, lineage):
    at(now)
    assert world.owner.client.post(f"/kept/{lineage}/")["Location"] == "/#kept"
    assert world.outsider.client.post(f"/kept/{lineage}/").status_code == 404
    assert world.owner.client.post(f"/kept/{uuid4()}/").status_code == 404
    assert world.owner.client.post(f"/kept/{lineage}/undo/", {"on": "2026-03-03"}).status_code == 303
    assert not Mark.objects.exists()


def test_an_empty_page_of_progress(world):
    html = page(world.outsider, "/progress/")
    assert "Pictures grow here by themselves" in html
    assert "<svg viewBox" not in html.split("<main")[1]
