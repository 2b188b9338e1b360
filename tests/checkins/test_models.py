"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction

from apps.checkins.models import CheckIn, Item, Review
from tests.checkins.helpers import DAY, agree, intend


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def another(check_in, **changes):
    fields = {
        "space": check_in.space,
        "number": check_in.number + 1,
        "local_date": DAY,
        "hour": 19,
        "zone": "UTC",
        "due_at": check_in.due_at,
        "rhythm": "2w",
        "created_at": check_in.created_at,
    }
    return CheckIn.objects.create(**{**fields, **changes})


def test_two_open_ones_of_both(world, now):
    check_in = agree(world, now)
    with refused("one_open_check_in"), transaction.atomic():
        another(check_in)


def test_two_open_ones_of_one(lone, now):
    check_in = intend(lone, now)
    with refused("one_open_check_in"), transaction.atomic():
        another(check_in, seat=lone.seat)


def test_the_same_number_twice(world, now):
    check_in = agree(world, now)
    with refused("check_in_number_once"), transaction.atomic():
        another(check_in, number=1, closed_at=now, closed_as="held")


def test_one_of_ones_own_takes_no_number_of_both(world, now):
    intend(world.owner, now)
    assert agree(world, now).number == 1


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("check_in_closed_paired", {"closed_as": "held"}),
        ("check_in_closed_as_known", {"closed_as": "forgotten"}),
        ("check_in_hour_by_day", {"hour": 8}),
        ("check_in_hour_by_day", {"hour": 20}),
        ("check_in_rhythm_known", {"rhythm": "daily"}),
    ],
)
def test_facts_that_contradict_each_other(constraint, changes, world, now):
    check_in = agree(world, now)
    closing = {"closed_at": now} if constraint == "check_in_closed_as_known" else {}
    with refused(constraint), transaction.atomic():
        CheckIn.objects.filter(pk=check_in.pk).update(**changes, **closing)


def test_a_line_twice(world, now):
    check_in = agree(world, now)
    line = Item.objects.get(check_in=check_in)
    with refused("item_lineage_once"), transaction.atomic():
        Item.objects.create(check_in=check_in, position=2, lineage=line.lineage, author=line.author, words={})


def test_two_reviews_of_one_person(world, now):
    check_in = agree(world, now)
    for_seat = {"check_in": check_in, "seat": world.owner.seat, "answers": {}, "saved_at": now}
    Review.objects.create(**for_seat)
    with refused("one_review_per_seat"), transaction.atomic():
        Review.objects.create(**for_seat)
    with refused("review_answered_skipped_or_later"), transaction.atomic():
        Review.objects.filter(check_in=check_in).update(answered_at=now, skipped_at=now)
