from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from apps.checkins import actions, queries
from apps.checkins.actions import AGREED, REMINDER, Answers
from apps.checkins.models import CheckIn, Item, Review
from apps.core.errors import RuleBroken, Stale
from apps.outbox.models import SENT, Letter
from apps.spaces import actions as spaces
from apps.spaces.models import Seat, Space
from tests.checkins.helpers import (
    DAY,
    WHAT,
    agree,
    answer,
    due,
    facts,
    fresh,
    intend,
    letters,
    lines,
    newest,
    waiting,
    written,
)
from tests.world import sit

TEN_DAYS = timedelta(days=10)


def utc(text):
    return datetime.fromisoformat(text + "+00:00")


def live(person):
    person.user.refresh_from_db()
    return person.user


# --- scheduling -------------------------------------------------------------------------------------------------------


def test_an_agreement_writes_two_confirmations_and_two_reminders(world, now):
    check_in = agree(world, now, count=3)
    assert Letter.objects.count() == 4
    people = {world.owner.user, world.partner.user}
    assert {letter.recipient for letter in waiting(check_in, AGREED)} == people
    assert {letter.recipient for letter in waiting(check_in, REMINDER)} == people
    assert {letter.due_at for letter in waiting(check_in, AGREED)} == {now}


def test_each_reminder_is_due_at_that_hour_on_its_own_wall(world, now):
    for person, zone in ((world.owner, "Europe/Berlin"), (world.partner, "Pacific/Auckland")):
        person.user.time_zone = zone
        person.user.save()
    check_in = agree(world, now, day=date(2026, 4, 3), zone="Europe/Berlin")
    assert check_in.due_at == utc("2026-04-03T17:00")  # after the clocks went forward
    times = {letter.recipient: letter.due_at for letter in waiting(check_in)}
    assert times == {world.owner.user: utc("2026-04-03T17:00"), world.partner.user: utc("2026-04-03T06:00")}


def test_the_words_are_kept_as_agreed_and_sealed(world, now):
    check_in = agree(
        world, now, items=[facts(world.owner.seat), facts(world.partner.seat, for_seat=world.partner.seat)]
    )
    first, second = Item.objects.filter(check_in=check_in)
    assert first.words["what"] == second.words["what"] == WHAT
    assert (first.for_seat, second.for_seat) == (None, world.partner.seat)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM checkins_item")
        assert all(b"Coffee" not in bytes(words) for (words,) in cursor.fetchall())


def test_a_newer_one_takes_the_older_ones_place(world, now):
    older = agree(world, now)
    newer = agree(world, now, day=DAY + timedelta(days=1))
    assert (fresh(older).closed_as, fresh(older).closed_at) == ("superseded", now)
    assert (newer.number, fresh(newer).closed_at) == (2, None)
    assert not waiting(older).exists()
    assert Letter.objects.filter(ended_at=None, kind=REMINDER).count() == 2


def test_of_one_alone_only_their_own_reminder(world, now):
    check_in = intend(world.owner, now)
    assert [letter.recipient for letter in Letter.objects.all()] == [world.owner.user]
    assert Letter.objects.get().kind == REMINDER
    assert (check_in.number, check_in.seat) == (1, world.owner.seat)


def test_scheduling_for_both_leaves_ones_own_alone(world, now):
    own = intend(world.owner, now)
    agree(world, now)
    assert fresh(own).closed_at is None


def test_a_seat_of_another_space_cannot_schedule(world, now):
    with pytest.raises(ValueError, match="own space"):
        actions.schedule(
            space=world.owner.seat.space,
            items=lines(world.owner.seat, 1),
            local_date=DAY,
            hour=19,
            zone="UTC",
            rhythm="2w",
            now=now,
            seat_by=world.outsider.seat,
        )


# --- answering --------------------------------------------------------------------------------------------------------


def test_the_second_answer_holds_the_round_and_the_next_one_stands(world, now):
    check_in = agree(world, now, count=2)
    answer(check_in, world.owner)
    assert fresh(check_in).closed_at is None
    answer(check_in, world.partner)
    assert fresh(check_in).closed_as == "held"
    follower = newest(check_in)
    assert (follower.number, follower.local_date, follower.hour) == (2, date(2026, 3, 31), 19)
    assert follower.quiet_rounds == 0
    words = [(line.lineage, line.words) for line in Item.objects.filter(check_in=check_in).select_related("author")]
    assert words == [(line.lineage, line.words) for line in Item.objects.filter(check_in=follower)]
    assert waiting(follower).count() == 2
    assert not letters(follower, AGREED).exists()
    assert not waiting(check_in).exists()


def test_answering_twice_changes_nothing(world, now):
    check_in = agree(world, now)
    answer(check_in, world.owner, supportive="first")
    again = answer(check_in, world.owner, supportive="second", base=1)
    assert Review.objects.get().answers == again.answers
    assert next(iter(again.answers.values()))["supportive"] == "first"
    answer(check_in, world.partner)
    answer(check_in, world.partner)
    assert CheckIn.objects.count() == 2


def test_before_its_day_nothing_is_shared(world, now):
    check_in = agree(world, now)
    with pytest.raises(RuleBroken):
        answer(check_in, world.owner, now=now)
    assert not Review.objects.exists()


def test_every_line_wants_its_tap(world, now):
    check_in = agree(world, now, count=2)
    with pytest.raises(RuleBroken):
        answer(check_in, world.owner, went="")
    assert not Review.objects.exists()


def test_a_line_that_rests_is_not_asked(world, now):
    check_in = agree(world, now, count=2)
    line = Item.objects.filter(check_in=check_in).first()
    actions.rest_item(space=world.owner.seat.space, lineage=line.lineage, now=now)
    answer(check_in, world.owner)
    answer(check_in, world.partner)
    assert Item.objects.filter(check_in=newest(check_in)).count() == 1
    assert not Item.objects.filter(check_in=newest(check_in), lineage=line.lineage).exists()


def test_with_the_last_line_the_look_back_ends(world, now):
    check_in = agree(world, now)
    lineage = Item.objects.get().lineage
    actions.rest_item(space=world.owner.seat.space, lineage=uuid4(), now=now)
    assert fresh(check_in).closed_at is None
    actions.rest_item(space=world.owner.seat.space, lineage=lineage, now=now)
    assert fresh(check_in).closed_as == "ended"
    assert not waiting(check_in).exists()


def test_only_once_has_no_next(world, now):
    check_in = agree(world, now, rhythm="once")
    answer(check_in, world.owner)
    answer(check_in, world.partner)
    assert CheckIn.objects.count() == 1


def test_a_closed_round_takes_no_answer_but_keeps_the_text(world, now):
    check_in = agree(world, now)
    actions.close(space=world.owner.seat.space, as_="ended", now=now)
    with pytest.raises(RuleBroken):
        answer(check_in, world.owner)
    actions.save_review(
        check_in=check_in, seat=world.owner.seat, answers=written(check_in, hard="Rain"), base=0, now=now
    )
    assert next(iter(Review.objects.get().answers.values()))["hard"] == "Rain"


def test_saving_from_an_older_page_is_stale_and_keeps_both(world, now):
    check_in = agree(world, now)
    save = {"check_in": check_in, "seat": world.owner.seat, "now": now}
    first = actions.save_review(answers=written(check_in, hard="one"), base=0, **save)
    assert first.revision == 1
    assert actions.save_review(answers=written(check_in, hard="one"), base=0, **save).revision == 1
    assert actions.save_review(answers=written(check_in, hard="two"), base=1, **save).revision == 2
    with pytest.raises(Stale):
        actions.save_review(answers=written(check_in, hard="three"), base=1, **save)
    assert next(iter(Review.objects.get().answers.values()))["hard"] == "two"


def test_what_is_shared_stays_as_it_is(world, now):
    check_in = agree(world, now)
    answer(check_in, world.owner)
    with pytest.raises(RuleBroken):
        actions.save_review(
            check_in=check_in, seat=world.owner.seat, answers=Answers(good_moment="late"), base=1, now=now
        )
    assert Review.objects.get().good_moment == ""


def test_skipping_is_ones_own_and_can_be_taken_back(world, now):
    check_in = agree(world, now)
    actions.skip(check_in=check_in, seat=world.owner.seat, now=due(check_in))
    actions.skip(check_in=check_in, seat=world.owner.seat, now=due(check_in))
    assert fresh(check_in).closed_at is None
    assert [letter.recipient for letter in waiting(check_in)] == [world.partner.user]
    answer(check_in, world.owner)
    with pytest.raises(RuleBroken):
        actions.skip(check_in=check_in, seat=world.owner.seat, now=due(check_in))
    answer(check_in, world.partner)
    assert fresh(check_in).closed_as == "held"


def test_skipping_ones_own_goes_on_at_once(lone, now):
    check_in = intend(lone, now)
    actions.skip(check_in=check_in, seat=lone.seat, now=due(check_in))
    actions.skip(check_in=check_in, seat=lone.seat, now=due(check_in))
    assert fresh(check_in).closed_as == "skipped"
    assert newest(check_in).number == 2


def test_answering_ones_own_alone_goes_on_at_once(lone, now):
    check_in = intend(lone, now)
    answer(check_in, lone)
    assert fresh(check_in).closed_as == "held"
    follower = newest(check_in)
    assert (follower.number, follower.seat) == (2, lone.seat)
    assert [letter.recipient for letter in waiting(follower)] == [lone.user]


# --- running out ------------------------------------------------------------------------------------------------------


def run_out(check_in):
    return actions.turn_over(check_in=fresh(check_in), now=check_in.due_at + TEN_DAYS)


def test_ten_days_close_a_round_and_the_next_one_stands(world, now):
    check_in = agree(world, now)
    assert not actions.turn_over(check_in=check_in, now=check_in.due_at + TEN_DAYS - timedelta(seconds=1))
    assert run_out(check_in)
    assert not run_out(check_in)
    assert fresh(check_in).closed_as == "unanswered"
    follower = newest(check_in)
    assert (follower.number, follower.local_date, follower.quiet_rounds) == (2, date(2026, 3, 31), 1)
    assert waiting(follower).count() == 2


def test_answers_of_one_stay_with_that_one(world, now):
    check_in = agree(world, now)
    answer(check_in, world.owner, hard="Only mine")
    run_out(check_in)
    assert fresh(check_in).closed_as == "unanswered"
    theirs = queries.round_of(world.partner.seat, fresh(check_in), now)
    assert theirs.mine is None and not any(line.said for line in theirs.lines)
    mine = queries.round_of(world.owner.seat, fresh(check_in), now)
    assert mine.lines[0].said[0].hard == "Only mine"


def test_one_persons_answers_do_not_change_the_others_reminders(world, now):
    """If they did, the mail of the third round would tell that the other had answered."""
    quiet = []
    for answering in (False, True):
        check_in = agree(world, now)
        for _round in range(2):
            if answering:
                answer(check_in, world.owner)
            run_out(check_in)
            check_in = newest(check_in)
        quiet.append((check_in.quiet_rounds, waiting(check_in).count()))
    assert quiet == [(2, 0), (2, 0)]


def test_both_said_not_this_time(world, now):
    check_in = agree(world, now)
    for person in (world.owner, world.partner):
        actions.skip(check_in=check_in, seat=person.seat, now=due(check_in))
    assert fresh(check_in).closed_at is None  # closing now would tell each what the other did
    run_out(check_in)
    assert fresh(check_in).closed_as == "skipped"
    assert newest(check_in).quiet_rounds == 1


def test_after_two_quiet_rounds_it_waits_for_somebody(world, now):
    check_in = agree(world, now)
    for _round in range(2):
        assert run_out(check_in)
        check_in = newest(check_in)
    assert not letters(check_in).exists()
    late = check_in.due_at + timedelta(days=90)
    assert not actions.turn_over(check_in=check_in, now=late)
    actions.repair(check_in=check_in, now=check_in.due_at)
    assert not letters(check_in).exists()
    again = actions.return_(check_in=check_in, seat=world.partner.seat, now=late)
    assert (again.number, again.quiet_rounds, again.closed_at) == (4, 0, None)
    assert again.local_date >= late.date() + timedelta(days=3)
    assert waiting(again).count() == 2
    assert actions.return_(check_in=check_in, seat=world.owner.seat, now=late) == again
    assert CheckIn.objects.count() == 4


def test_a_quiet_round_that_both_answer_after_all(world, now):
    check_in = agree(world, now)
    for _round in range(2):
        run_out(check_in)
        check_in = newest(check_in)
    late = check_in.due_at + timedelta(days=60)
    answer(check_in, world.owner, now=late)
    answer(check_in, world.partner, now=late)
    assert fresh(check_in).closed_as == "held"
    follower = newest(check_in)
    assert follower.quiet_rounds == 0
    assert waiting(follower).count() == 2


# --- resting, ending, leaving -----------------------------------------------------------------------------------------


def test_a_rest_drops_the_reminders_and_a_return_brings_them_back_on_the_old_date(world, now):
    check_in = agree(world, now)
    for person in (world.owner, world.partner):
        actions.pause(check_in=check_in, seat=person.seat, now=now)
    assert fresh(check_in).paused_at == now
    assert not waiting(check_in).exists()
    assert not run_out(check_in)
    again = actions.return_(check_in=fresh(check_in), seat=world.owner.seat, now=now + timedelta(days=1))
    assert (again.number, again.local_date, again.due_at) == (2, check_in.local_date, check_in.due_at)
    assert waiting(again).count() == 2
    assert fresh(check_in).closed_as == "superseded"


def test_a_round_that_is_held_while_it_rests_has_no_next_until_somebody_returns(world, now):
    check_in = agree(world, now)
    actions.pause(check_in=check_in, seat=world.owner.seat, now=now)
    answer(check_in, world.owner)
    answer(check_in, world.partner)
    assert CheckIn.objects.count() == 1
    again = actions.return_(check_in=fresh(check_in), seat=world.owner.seat, now=due(check_in))
    assert again.number == 2
    assert fresh(check_in).closed_as == "held"


def test_nothing_returns_that_was_not_resting_or_has_ended(world, now):
    check_in = agree(world, now)
    assert actions.return_(check_in=check_in, seat=world.owner.seat, now=now) == check_in
    actions.pause(check_in=check_in, seat=world.owner.seat, now=now)
    actions.close(check_in=check_in, as_="ended", now=now)
    assert actions.return_(check_in=fresh(check_in), seat=world.owner.seat, now=now) == check_in
    assert CheckIn.objects.count() == 1


def test_coming_back_to_what_was_meant_once(world, now):
    check_in = agree(world, now, rhythm="once")
    actions.pause(check_in=check_in, seat=world.owner.seat, now=now)
    late = check_in.due_at + timedelta(days=30)
    again = actions.return_(check_in=fresh(check_in), seat=world.owner.seat, now=late)
    assert again.local_date > late.date()
    assert again.rhythm == "once"


def test_closing_drops_what_was_not_sent(world, now):
    check_in = agree(world, now)
    own = intend(world.owner, now)
    actions.close(space=world.owner.seat.space, as_="ended", now=now)
    actions.close(space=world.owner.seat.space, as_="superseded", now=now)
    assert fresh(check_in).closed_as == "ended"
    assert not Letter.objects.filter(ended_at=None, occurrence=str(check_in.pk)).exists()
    assert fresh(own).closed_at is None


def test_leaving_closes_everything(world, now):
    check_in, own, theirs = agree(world, now), intend(world.owner, now), intend(world.partner, now)
    actions.close_all(space=world.owner.seat.space, now=now)
    assert {fresh(one).closed_as for one in (check_in, own, theirs)} == {"left"}
    assert not Letter.objects.filter(ended_at=None).exists()


def test_repair_gives_what_is_missing_and_nothing_else(world, now):
    check_in = agree(world, now)
    letters(check_in).filter(recipient=world.owner.user).delete()
    actions.repair(check_in=check_in, now=now)
    actions.repair(check_in=check_in, now=now)
    assert waiting(check_in).count() == 2
    assert letters(check_in).get(recipient=world.owner.user).due_at == check_in.due_at


# --- one's own --------------------------------------------------------------------------------------------------------


def test_the_same_intentions_again_change_nothing(lone, now):
    assert intend(lone, now) == intend(lone, now)
    assert CheckIn.objects.count() == 1


def test_changed_intentions_keep_the_lineage_of_what_stayed(lone, now):
    first = actions.set_intentions(
        seat=lone.seat,
        lines=[{"what": "Walk", "when": ""}, {"what": "Call my sister", "when": ""}],
        local_date=DAY,
        hour=19,
        rhythm="2w",
        now=now,
    )
    second = actions.set_intentions(
        seat=lone.seat,
        lines=[{"what": "Walk", "when": "mornings"}, {"what": "Walk", "when": "evenings"}],
        local_date=DAY,
        hour=19,
        rhythm="2w",
        now=now,
    )
    assert fresh(first).closed_as == "superseded"
    walk = Item.objects.get(check_in=first, position=1)
    assert [line.lineage == walk.lineage for line in Item.objects.filter(check_in=second)] == [True, False]


def test_no_intentions_at_all(lone, now):
    with pytest.raises(RuleBroken):
        actions.set_intentions(seat=lone.seat, lines=[], local_date=DAY, hour=19, rhythm="2w", now=now)


def test_somebody_who_joins_brings_their_own_along(lone, now):
    first = intend(lone, now)
    answer(first, lone, supportive="My own")
    second = newest(first)
    old = lone.seat
    spaces.leave(seat=old, now=now)
    new = sit(lone, Space.objects.create(created_at=now), 2)
    actions.move_private(from_seat=old, to_seat=new, now=now)
    moved = queries.own_rounds(new, now)
    assert [one.number for one in moved] == [2, 1]
    assert moved[1].lines[0].said[0].supportive == "My own"
    assert {one.check_in.space_id for one in moved} == {new.space_id}
    assert waiting(second).count() == 1
    review = Review.objects.select_related("seat").get()
    review.good_moment = "Sealed anew"
    review.save()
    assert Review.objects.select_related("seat").get().good_moment == "Sealed anew"
    line = Item.objects.select_related("author").filter(check_in=second).get()
    line.words = {"what": "Other words"}
    line.save()
    assert answer(second, lone).answered_at is not None
    assert newest(fresh(second)).number == 3


def test_coming_back_to_a_seat_that_has_some_already(lone, now):
    first, old = intend(lone, now), lone.seat
    spaces.leave(seat=old, now=now)
    new = sit(lone, Space.objects.create(created_at=now), 1)
    there = intend(lone, now)
    actions.move_private(from_seat=old, to_seat=new, now=now)
    assert fresh(first).closed_as == "superseded"
    assert (fresh(first).number, fresh(there).number) == (2, 1)


def test_private_texts_move_with_their_person_only(world, now):
    with pytest.raises(ValueError, match="their person"):
        actions.move_private(from_seat=world.owner.seat, to_seat=world.partner.seat, now=now)


# --- another time zone ------------------------------------------------------------------------------------------------


def test_reminders_move_with_the_persons_zone_and_only_theirs(world, now):
    check_in, own = agree(world, now), intend(world.owner, now)
    user = live(world.owner)
    user.time_zone = "America/New_York"
    user.save()
    actions.move_reminders(user=user, now=now)
    actions.move_reminders(user=user, now=now)
    for one in (check_in, own):
        assert waiting(one).get(recipient=user).due_at == utc("2026-03-17T23:00")
    assert waiting(check_in).get(recipient=world.partner.user).due_at == utc("2026-03-17T19:00")
    user.time_zone = "UTC"
    actions.move_reminders(user=user, now=now)
    assert waiting(check_in).get(recipient=user).due_at == utc("2026-03-17T19:00")


def test_a_move_never_goes_into_the_past_nor_sends_twice(world, now):
    check_in = agree(world, now)
    user = live(world.owner)
    letters(check_in).filter(recipient=world.partner.user).update(
        sent_at=now, ended_at=now, end_reason=SENT, payload=None
    )
    later = check_in.due_at - timedelta(hours=1)
    for person in (user, live(world.partner)):
        person.time_zone = "Asia/Tokyo"
        actions.move_reminders(user=person, now=later)
    assert waiting(check_in).get().due_at == later
    assert letters(check_in).get(recipient=world.partner.user).end_reason == SENT


def test_nobody_left_behind(world, now):
    """A seat that was left gets no reminder of a round that is scheduled later."""
    Seat.objects.filter(pk=world.partner.seat.pk).update(left_at=now)
    check_in = agree(world, now)
    assert [letter.recipient for letter in waiting(check_in)] == [world.owner.user]
