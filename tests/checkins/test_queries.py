from datetime import timedelta

import pytest

from apps.checkins import actions, queries
from apps.checkins.models import CheckIn, Item
from apps.spaces.models import Seat
from tests.checkins.helpers import DAY, WHAT, agree, answer, due, fresh, intend, newest, written

MINE, THEIRS = "Only mine", "Only theirs"


def seen(person, check_in, now):
    return queries.round_of(person.seat, fresh(check_in), now)


def texts(round_):
    return {text for line in round_.lines for said in line.said for text in (said.supportive, said.hard)} | {
        moment.text for moment in round_.moments
    }


def test_answers_are_ones_own_until_both_have_given_them(world, now):
    check_in = agree(world, now)
    answer(check_in, world.owner, hard=MINE, good_moment=MINE + "!")
    assert texts(seen(world.owner, check_in, now)) == {MINE, MINE + "!", ""}
    assert texts(seen(world.partner, check_in, now)) == set()
    answer(check_in, world.partner, hard=THEIRS)
    for person in (world.owner, world.partner):
        round_ = seen(person, check_in, now)
        assert round_.state == queries.REVEALED
        assert [(said.hue, said.name, said.hard) for said in round_.lines[0].said] == [
            ("one", "Mara", MINE),
            ("two", "Jonas", THEIRS),
        ]


@pytest.mark.parametrize("end", ["skipped", "unanswered", "superseded", "ended", "left"])
def test_no_other_end_opens_anything(end, world, now):
    check_in = agree(world, now)
    answer(check_in, world.owner, hard=MINE)
    actions.close(check_in=check_in, as_=end, now=now)
    assert texts(seen(world.partner, check_in, now)) == set()
    assert MINE in texts(seen(world.owner, check_in, now))


@pytest.mark.parametrize("act", ["nothing", "drafted", "answered", "skipped"])
def test_what_one_does_leaves_the_others_reads_alone(act, world, now):
    check_in = agree(world, now)
    moment = due(check_in)
    before = (seen(world.partner, check_in, moment), queries.upcoming(world.partner.seat, moment))
    if act == "drafted":
        actions.save_review(
            check_in=check_in, seat=world.owner.seat, answers=written(check_in, hard=MINE), base=0, now=moment
        )
    elif act == "answered":
        answer(check_in, world.owner)
    elif act == "skipped":
        actions.skip(check_in=check_in, seat=world.owner.seat, now=moment)
    assert (seen(world.partner, check_in, moment), queries.upcoming(world.partner.seat, moment)) == before


def test_states(world, now):
    check_in = agree(world, now)
    moment = due(check_in)
    assert seen(world.owner, check_in, now).state == queries.BEFORE
    assert seen(world.owner, check_in, moment).state == queries.OPEN
    actions.skip(check_in=check_in, seat=world.owner.seat, now=moment)
    assert seen(world.owner, check_in, moment).state == queries.SKIPPED
    answer(check_in, world.owner)
    assert seen(world.owner, check_in, moment).state == queries.ANSWERED
    actions.close(check_in=check_in, as_="ended", now=moment)
    assert seen(world.owner, check_in, moment).state == queries.CLOSED


def test_upcoming(world, now):
    assert queries.upcoming(world.owner.seat, now) is None
    check_in = agree(world, now)
    intend(world.owner, now)
    early = queries.upcoming(world.owner.seat, now)
    assert early is not None
    assert (early.number, early.local_date, early.hour, early.zone) == (1, DAY, 19, "UTC")
    assert (early.answerable, early.answered, early.skipped, early.resting) == (False, False, False, False)
    that_day = queries.upcoming(world.owner.seat, due(check_in))
    assert that_day is not None and that_day.answerable
    answer(check_in, world.owner)
    after = queries.upcoming(world.owner.seat, due(check_in))
    assert after is not None and (after.answerable, after.answered) == (False, True)
    actions.pause(check_in=check_in, seat=world.partner.seat, now=now)
    resting = queries.upcoming(world.owner.seat, now)
    assert resting is not None and resting.resting


def test_ones_own_is_nowhere_else(world, now):
    own = intend(world.owner, now)
    for person in (world.owner, world.partner):
        assert queries.open_for(person.seat) is None
        assert queries.upcoming(person.seat, now) is None
        assert queries.rounds(person.seat, now) == []
        assert queries.find(person.seat, 1) is None
    assert queries.find_own(world.partner.seat, 1) is None
    assert queries.own_rounds(world.partner.seat, now) == []
    assert queries.find_own(world.owner.seat, 1) == own == queries.open_own(world.owner.seat)


def test_an_outsider_finds_nothing(world, now):
    check_in = agree(world, now)
    assert queries.find(world.outsider.seat, check_in.number) is None
    assert queries.open_for(world.outsider.seat) is None


def test_rounds_leave_out_what_was_replaced_before_its_day(world, now):
    agree(world, now)
    second = agree(world, now)
    actions.save_review(
        check_in=second, seat=world.owner.seat, answers=written(second, hard=MINE), base=0, now=due(second)
    )
    agree(world, now)
    assert [one.number for one in queries.rounds(world.owner.seat, now)] == [3, 2]
    assert [one.number for one in queries.rounds(world.partner.seat, now)] == [3]


def test_what_both_held(world, now):
    def held_at(since):
        return [one.closed_at for one in queries.held(space, since=since)]

    space = world.owner.seat.space
    check_in = agree(world, now)
    assert held_at(now) == []
    for person in (world.owner, world.partner):
        answer(check_in, person)
    assert held_at(now) == [due(check_in)]
    assert held_at(due(check_in) + timedelta(seconds=1)) == []


def test_keep_change_let_go_belongs_to_the_newest_round(world, now):
    first = agree(world, now)
    assert not queries.after(seen(world.owner, first, now)).next_round
    for person in (world.owner, world.partner):
        answer(first, person)
    assert queries.after(seen(world.owner, first, now)).next_round
    second = newest(first)
    assert queries.after(seen(world.owner, first, now)).follower == second
    agree(world, now)
    assert not queries.after(seen(world.owner, first, now)).next_round


def test_a_past_space_keeps_ones_own_texts_only(world, now):
    check_in = agree(world, now)
    answer(check_in, world.owner, supportive=MINE, good_moment="The lake")
    answer(check_in, world.partner, supportive=THEIRS, went="partly")
    intend(world.partner, now, what="Ask for help")
    actions.close_all(space=world.owner.seat.space, now=now)
    mine, theirs = world.owner.seat, world.partner.seat
    Seat.objects.filter(space=mine.space_id).update(left_at=now)
    assert [past.my_texts for past in queries.past(mine)] == [
        (("A good moment", "The lake"), (f"{WHAT} 1", f"Went well\n{MINE}"))
    ]
    assert [past.my_texts for past in queries.past(theirs)] == [
        ((f"{WHAT} 1", f"Partly\n{THEIRS}"),),
        (("Ask for help", ""),),
    ]
    assert queries.past(mine)[0].title == "Looking back on 17 March 2026"


def test_reads_cost_the_same_for_one_line_and_for_five(world, now, django_assert_num_queries):
    for count in (1, 5):
        check_in = agree(world, now, count=count)
        for person in (world.owner, world.partner):
            answer(check_in, person)
        seat = world.owner.seat
        queries.rounds(seat, now)  # the process has both data keys from here on
        with django_assert_num_queries(5):
            queries.round_of(seat, fresh_without_query(check_in), now)
        with django_assert_num_queries(6):
            queries.rounds(seat, now)
    assert Item.objects.count() > CheckIn.objects.count()


def fresh_without_query(check_in):
    check_in.closed_as = "held"
    return check_in
