from datetime import timedelta

import pytest

from apps.checkins import actions, tasks
from apps.checkins.models import CheckIn
from apps.outbox.models import Letter
from tests.checkins.helpers import agree, answer, fresh, intend, letters, newest, waiting


@pytest.fixture
def at(monkeypatch):
    """Sets the clock of the tasks."""

    def set_to(moment):
        monkeypatch.setattr("apps.core.clock.now", lambda: moment)

    return set_to


def test_turn_over_closes_what_has_run_out_for_both_and_for_one(world, now, at):
    both, own, theirs = agree(world, now), intend(world.owner, now), intend(world.outsider, now)
    at(both.due_at + timedelta(days=9))
    tasks.turn_over()
    assert CheckIn.objects.count() == 3
    at(both.due_at + timedelta(days=10))
    tasks.turn_over()
    tasks.turn_over()
    assert {fresh(one).closed_as for one in (both, own, theirs)} == {"unanswered"}
    assert CheckIn.objects.filter(closed_at=None).count() == 3


def test_one_that_fails_does_not_keep_the_others(world, now, at, monkeypatch, caplog):
    poisoned, own = agree(world, now), intend(world.owner, now)
    turn_over = actions.turn_over

    def fail(*, check_in, now):
        if check_in == poisoned:
            raise RuntimeError("Coffee")
        return turn_over(check_in=check_in, now=now)

    monkeypatch.setattr(actions, "turn_over", fail)
    at(poisoned.due_at + timedelta(days=10))
    tasks.turn_over()
    assert fresh(own).closed_as == "unanswered"
    assert fresh(poisoned).closed_at is None
    assert "could not be turned over" in caplog.text


def test_two_quiet_rounds_and_then_no_letter(world, now, at):
    check_in = agree(world, now)
    for _round in range(5):
        at(newest(check_in).due_at + timedelta(days=10))
        tasks.turn_over()
        tasks.repair()
    assert [one.closed_as for one in CheckIn.objects.all()] == ["unanswered", "unanswered", ""]
    assert not letters(newest(check_in)).exists()


@pytest.mark.parametrize(("days", "repaired"), [(-14, True), (0, True), (13, True), (15, False)])
def test_repair_finds_what_lacks_its_reminders(days, repaired, world, now, at):
    check_in, own = agree(world, now), intend(world.owner, now)
    letters(check_in).filter(recipient=world.partner.user).delete()
    letters(own).delete()
    at(check_in.due_at + timedelta(days=days))
    tasks.repair()
    tasks.repair()
    assert (waiting(check_in).count(), waiting(own).count()) == ((2, 1) if repaired else (1, 0))


def test_repair_leaves_alone_what_lacks_nothing(world, now, at, django_assert_num_queries):
    check_in = agree(world, now)
    answer(check_in, world.owner)  # a reminder that was dropped is no missing one
    intend(world.owner, now)
    count = Letter.objects.count()
    at(now)
    with django_assert_num_queries(1):
        tasks.repair()
    assert Letter.objects.count() == count


@pytest.mark.parametrize("change", ["closed", "paused", "space closed"])
def test_repair_leaves_alone_what_rests_or_is_closed(change, world, now, at):
    check_in = agree(world, now)
    if change == "closed":
        actions.close(check_in=check_in, as_="ended", now=now)
    elif change == "paused":
        actions.pause(check_in=check_in, seat=world.owner.seat, now=now)
    else:
        type(check_in.space).objects.filter(pk=check_in.space_id).update(closed_at=now, closed_by=world.owner.user)
    letters(check_in).delete()
    at(now)
    tasks.repair()
    assert not letters(check_in).exists()


def test_repair_goes_on_after_one_that_fails(world, now, at, monkeypatch, caplog):
    check_in = agree(world, now)
    letters(check_in).delete()

    def fail(*, check_in, now):
        raise RuntimeError("Coffee")

    monkeypatch.setattr(actions, "repair", fail)
    at(now)
    tasks.repair()
    assert "could not be repaired" in caplog.text
