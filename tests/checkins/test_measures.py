"""The six private ratings: kept beside the answers, read by their author alone, never shown by sharing."""

import itertools
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.checkins import actions, measures, queries, rules
from apps.checkins.actions import Answers
from apps.checkins.models import Measure, Review
from tests.checkins.helpers import agree, answer, due, form, intend, newest, page, written

FIRST = date(2026, 3, 3)


def rated(*values, every=14, name="talk"):
    return [(FIRST + timedelta(days=every * number), {name: value}) for number, value in enumerate(values)]


@pytest.mark.parametrize(
    ("rounds", "still"),
    [
        (rated(2, 2, 2), False),  # four weeks
        (rated(2, 2, 2, 2), True),  # six
        (rated(2, 2, every=60), False),  # only two
        (rated(3, 2, 1, every=18), True),  # 36 days
        (rated(3, 2, 1, every=17), False),  # 34
        (rated(2, 2, 3, 2), False),  # one was better
        (rated(2, 4, 4, 4, 4), False),  # better before, and good since
        (rated(2, 3, 3, 3, 3), True),  # better long ago, and not good
        (rated(5, 5, 5, 5), False),  # good from the beginning
        (rated(5, 4, 4, 4), False),
        (rated(5, 4, 3, 3), True),
        ([(day, {}) for day, _ in rated(1, 1, 1, 1)], False),
        ([], False),
    ],
)
def test_no_shift(rounds, still):
    assert rules.no_shift(rounds) is still


def test_one_of_six_that_rises_is_a_shift():
    rounds = rated(1, 1, 1, 1)
    rounds[-1][1]["safety"] = 5
    assert rules.no_shift(rounds)  # asked for the first time: not higher than before
    rounds[0][1]["safety"] = 4
    assert not rules.no_shift(rounds)


def test_something_asked_only_once_says_nothing():
    names = itertools.cycle(rules.MEASURES)
    assert not rules.no_shift([(day, {next(names): 1}) for day, _ in rated(1, 1, 1, 1)])


def test_every_measure_has_words():
    assert tuple(words.name for words in measures.ALL) == rules.MEASURES


def test_the_page_keeps_them_and_gives_them_back(check_in, world):
    data = form(check_in) | {"rate-clarity": "2", "rate-talk": "5"}
    assert world.owner.client.post("/check-ins/1/save/", data).status_code == 303
    assert Measure.objects.get().ratings == {"clarity": 2, "talk": 5}
    again = page(world.owner, "/check-ins/1/")
    assert '<input type="radio" name="rate-clarity" value="2" class="scale" id="id_rate-clarity_1" checked>' in again
    assert world.owner.client.post("/check-ins/1/share/", data | {"revision": 1, "rate-talk": "4"}).status_code == 303
    assert Measure.objects.get().ratings == {"clarity": 2, "talk": 4}
    assert Review.objects.get().answered_at is not None


def test_only_a_rating_changed_is_saved_too(check_in, world):
    """Each save has a revision, so a second page that is older is told and nothing is lost."""
    save = lambda **data: world.owner.client.post("/check-ins/1/save/", form(check_in) | data)  # noqa: E731
    assert save(**{"rate-safety": "1"}).status_code == 303
    assert save(revision=1, **{"rate-safety": "2"}).status_code == 303
    assert save(revision=1, **{"rate-safety": "3"}).status_code == 409
    assert (Measure.objects.get().ratings, Review.objects.get().revision) == ({"safety": 2}, 2)


@pytest.mark.parametrize("value", ["0", "6", "x", "2.5"])
def test_what_is_no_rating_is_refused(value, check_in, world):
    answered = world.owner.client.post("/check-ins/1/save/", form(check_in) | {"rate-clarity": value})
    assert answered.status_code == 422
    assert not Measure.objects.exists()


def test_they_open_to_nobody_when_both_have_answered(world, now):
    check_in = agree(world, now)
    everything = dict.fromkeys(rules.MEASURES, 1)
    for person in (world.owner, world.partner):
        answers = written(check_in)
        answers = Answers(answers.lines, answers.good_moment, everything if person is world.owner else {})
        actions.answer(check_in=check_in, seat=person.seat, answers=answers, base=0, now=due(check_in))
    mine, theirs = (queries.rounds(person.seat, now)[-1] for person in (world.owner, world.partner))
    assert (mine.state, mine.rated, theirs.rated) == ("revealed", everything, {})
    assert newest(check_in).number == 2


def test_they_are_sealed_and_one_a_person(world, now):
    check_in = agree(world, now)
    seat = world.owner.seat
    Measure.objects.create(check_in=check_in, seat=seat, ratings={"clarity": 1}, saved_at=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ratings FROM checkins_measure")
        assert all(b"clarity" not in bytes(ratings) for (ratings,) in cursor.fetchall())
    with pytest.raises(IntegrityError, match="one_measure_per_seat"), transaction.atomic():
        Measure.objects.create(check_in=check_in, seat=seat, ratings={}, saved_at=now)


def test_they_stay_readable_for_their_author_after_leaving(world, now):
    check_in = agree(world, now)
    answer(check_in, world.owner)
    Measure.objects.create(check_in=check_in, seat=world.owner.seat, ratings={"talk": 4, "acts": 2}, saved_at=now)
    assert queries.past(world.owner.seat)[0].my_texts[-1] == (
        "For me alone, from 1 to 5",
        "Small things: 2\nTalking clearly: 4",
    )
    assert queries.past(world.partner.seat) == []


def test_alone_one_rates_too(own, lone):
    assert lone.client.post("/mine/1/share/", form(own) | {"rate-safety": "3"}).status_code == 303
    assert Measure.objects.get().ratings == {"safety": 3}


# --- something that frightened


def written_by(person, address, data):
    """The tables that a press writes to."""
    with CaptureQueriesContext(connection) as queries:
        answered = person.client.post(address, data)
    return answered, [one["sql"].split('"')[1] for one in queries if one["sql"].startswith(("INSERT", "UPDATE"))]


def test_that_something_frightened_is_kept_nowhere(check_in, world):
    """The press saves what was typed, exactly as “Save for later” would, and leads to the page; there is no more."""
    words = form(check_in, good_moment="The lake")
    answered, tables = written_by(world.owner, "/check-ins/1/care/", words)
    assert (answered.status_code, answered["Location"], tables) == (303, "/care/", ["checkins_review"])
    kept = Review.objects.values("revision", "saved_at", "answered_at").get()
    again, tables = written_by(world.owner, "/check-ins/1/care/", words | {"revision": 1})
    assert (again["Location"], tables, Review.objects.values("revision", "saved_at", "answered_at").get()) == (
        "/care/",
        [],
        kept,
    )
    assert 'href="/help/"' in page(world.owner, "/care/")


def test_the_page_is_the_same_for_everybody(check_in, world):
    intend(world.outsider, due(check_in))
    pages = {page(person, "/care/").split("<main")[1].split("</main>")[0] for person in (world.owner, world.outsider)}
    assert len(pages) == 1
