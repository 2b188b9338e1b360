"""The page of what has grown: where everything stands in the pictures, and that the table says the same."""

from datetime import timedelta

import pytest

from apps.checkins import pictures, queries
from apps.checkins.models import Measure
from apps.checkins.pictures import Dot
from tests.checkins.helpers import agree, answer, due, newest, page


def test_a_rating_over_time():
    found = pictures.line([(0, 1), (14, 3), (42, 5)], days=42)
    assert found.dots == (Dot(14, 58), Dot(111.3, 36), Dot(306, 14))
    assert found.path == "M14 58L111.3 36L306 14"
    assert found.levels == (58, 14)


def test_one_round_is_one_dot():
    assert (pictures.line([(0, 5)], days=0).dots, pictures.line([(0, 5)], days=0).path) == ((Dot(14, 14),), "")


def test_columns_stand_on_the_ground():
    assert pictures.columns([2, 0, 1]) == pictures.Columns(46, (Dot(14, 32), Dot(14, 14), Dot(67.1, 32)))
    assert pictures.columns([]).dots == ()


@pytest.mark.parametrize("count", [1, 3, 12])
def test_two_paths_that_meet(count):
    found = pictures.meetings(count)
    assert len(found.dots) == count
    assert {dot.y for dot in found.dots} == {42}
    assert all(0 < dot.x < 320 for dot in found.dots)
    for drawn, away in ((found.one, "14"), (found.two, "70")):
        assert drawn.startswith(f"M14 {away}C")
        assert drawn.endswith(f" 306 {away}")
        assert drawn.count("C") == count + 1
        assert all(f" {dot.x:g} 42" in drawn for dot in found.dots)


def three_rounds(world, now, *, mine, theirs):
    check_in = agree(world, now)
    for rating, other in zip(mine, theirs, strict=True):
        for person, value in ((world.owner, rating), (world.partner, other)):
            answer(check_in, person)
            Measure.objects.create(check_in=check_in, seat=person.seat, ratings={"talk": value}, saved_at=now)
        check_in = newest(check_in)
    return check_in


def test_only_ones_own_ratings_are_drawn(world, now):
    three_rounds(world, now, mine=(2, 3, 5), theirs=(1, 1, 1))
    found = queries.progress(world.owner.seat)
    assert [(one.words.name, one.values) for one in found.rated] == [("talk", (2, 3, 5))]
    Measure.objects.filter(seat=world.owner.seat, check_in__number=2).delete()
    last = Measure.objects.get(seat=world.owner.seat, check_in__number=3)
    last.ratings = {"acts": 4}
    last.save()
    again = queries.progress(world.owner.seat).rated
    assert [(one.words.name, one.values) for one in again] == [("acts", (None, 4)), ("talk", (2, None))]
    assert len(found.held) == 3


def test_the_page_shows_the_same_in_a_table(world, now):
    three_rounds(world, now, mine=(2, 3, 5), theirs=(1, 1, 1))
    html = " ".join(page(world.owner, "/progress/").split())
    assert '<th scope="row">Talking clearly</th><td>2</td><td>3</td><td>5</td>' in html
    assert "Small things" not in html
    assert '<th scope="col">17 March</th><th scope="col">31 March</th><th scope="col">14 April</th>' in html
    assert "Two paths that meet 3 times" in html


def test_rounds_that_were_not_held_are_not_drawn(world, now):
    check_in = agree(world, now)
    answer(check_in, world.owner)
    assert queries.progress(world.owner.seat).held == ()


def test_what_stands_still_is_said_to_that_person_alone(world, now, at):
    last = three_rounds(world, now, mine=(2, 2, 2), theirs=(1, 3, 4))
    for person, value in ((world.owner, 1), (world.partner, 4)):
        answer(last, person)
        Measure.objects.create(check_in=last, seat=person.seat, ratings={"talk": value}, saved_at=now)
    at(due(last) + timedelta(days=1))
    for address in ("/progress/", "/check-ins/4/"):
        assert "Somebody from outside?" in page(world.owner, address)
        assert "Somebody from outside?" not in page(world.partner, address)
    assert "outside" not in page(world.owner, "/").split("<main")[1]
