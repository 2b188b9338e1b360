"""Law 3: what one person does privately leaves everything that the other can see the same, byte for byte.

`one` acts, `two` looks: at every page there is, at the answer to everything that can be pressed, and at the mails that
wait. Compared are status, headers and body; blanked are the form's token and the script's nonce.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.checkins import actions as checkins
from apps.checkins.models import CheckIn, Item, Mark
from apps.checkins.rules import MEASURES, MOMENTS
from apps.outbox import kinds
from apps.outbox.models import Letter
from apps.plans import exercises
from apps.spaces import actions as spaces
from tests.privacy.eyes import answer, differences, pages, presses, sight
from tests.walk import (
    GO_ON,
    GUIDE,
    WAY,
    Walk,
    a_day_gone,
    again,
    due_today,
    filled,
    in_the_afternoon,
    rolled_back,
    times,
    today,
)  # fmt: skip
from tests.world import Person, alone, couple, new_browser, person

pytestmark = pytest.mark.usefixtures("db")


def draft_everything(walk: Walk) -> None:
    for place, exercise in WAY:
        if exercises.kind(exercise).writes:
            walk.draft(walk.one, place, exercise.key)


def answer_the_door(afraid: str, harmed: str) -> Any:
    return lambda walk: walk.post(walk.one, walk.at("door"), {"afraid": afraid, "harmed": harmed}, status=200)


def say_not_now(walk: Walk) -> None:
    for address in (walk.at("door"), "/not-today/", "/"):
        assert walk.one.client.get(address).status_code == 200


def go_through_alone(walk: Walk) -> None:
    walk.post(walk.one, walk.at("door"), GO_ON)


def press_what_is_closed(walk: Walk) -> None:
    """The step is not open: refused, and the words are kept for their author."""
    walk.post(walk.one, walk.at("ask", "opening", "share"), {"situation": "So", "request": "This"}, status=422)
    walk.post(walk.one, walk.at("ask", "talked"), status=422)


def set_intentions(walk: Walk) -> None:
    walk.intend(walk.one)
    walk.intend(walk.one, "Something else")


def look_back_alone(walk: Walk) -> None:
    walk.intend(walk.one)
    due_today(CheckIn.objects.get(seat=walk.one.seat))
    walk.post(walk.one, "/mine/1/share/", walk.answers())


def want_no_mail(walk: Walk) -> None:
    walk.post(walk.one, "/settings/mail/", {"mail_nothing": "on"})


def move_to_another_zone(walk: Walk) -> None:
    name = walk.one.user.name
    walk.post(walk.one, "/settings/profile/", {"name": name, "time_zone": "Pacific/Auckland"})


def read_everything(walk: Walk) -> None:
    pages(walk.one)


def have_a_quiet_time(walk: Walk) -> None:
    walk.post(walk.one, "/quiet/begin/", {"hours": "168"})


def end_a_quiet_time(walk: Walk) -> None:
    have_a_quiet_time(walk)
    walk.post(walk.one, "/quiet/end/")


FROM_THE_BEGINNING = {
    "drafts every exercise": draft_everything,
    "answers the door: afraid": answer_the_door("yes", "no"),
    "answers the door: harmed": answer_the_door("no", "yes"),
    "answers the door: rather not say": answer_the_door("unsure", "unsure"),
    "says not now at the door": say_not_now,
    "goes through the door alone": go_through_alone,
    "presses what is not open": press_what_is_closed,
    "sets own intentions": set_intentions,
    "looks back alone": look_back_alone,
    "wants no mail": want_no_mail,
    "moves to another time zone": move_to_another_zone,
    "has a quiet time": have_a_quiet_time,
    "had a quiet time": end_a_quiet_time,
}


@pytest.fixture(scope="module")
def beginning(house: None) -> tuple[Walk, dict[str, Any]]:
    """Two who have each answered the first question; the door is still closed."""
    one, two = couple("Mara", "Jonas")
    in_the_afternoon(one, two)
    walk = Walk(one, two).first()
    return walk, sight(two)


@pytest.mark.parametrize("act", FROM_THE_BEGINNING.values(), ids=FROM_THE_BEGINNING)
def test_at_the_beginning(beginning, act):
    walk, before = beginning
    act(walk)
    assert not differences(before, sight(walk.two))


def test_no_press_tells_anything_at_the_beginning(beginning):
    """Everything at once, and then what each button answers the other: the same as without it."""
    walk, _before = beginning
    before = presses(walk.two, walk)
    for act in (draft_everything, go_through_alone, look_back_alone, want_no_mail, have_a_quiet_time):
        act(walk)
    assert not differences(before, presses(walk.two, walk))


# --- on the way: every step is open, something is agreed and its day to look back has come, something newer is proposed


def undo_a_share(walk: Walk) -> None:
    walk.share(walk.one, "listen", "question")
    walk.undo(walk.one, "listen", "question")


def undo_a_correction(walk: Walk) -> None:
    walk.share(walk.one, "ask", "opening", "Said in another way")
    walk.undo(walk.one, "ask", "opening")


def share_mutually(place: str, key: str) -> Any:
    return lambda walk: walk.share(walk.one, place, key)


def share_correct_and_take_back(walk: Walk) -> None:
    walk.share(walk.one, "outside", "stressors")
    walk.share(walk.one, "outside", "stressors", "Said anew")
    walk.post(walk.one, walk.at("outside", "stressors", "take-back"))


def undo_a_mutual_share(walk: Walk) -> None:
    walk.share(walk.one, "missing", "needs")
    walk.undo(walk.one, "missing", "needs")


def draft_a_reflection(walk: Walk) -> None:
    walk.post(walk.one, walk.at("listen", "telling", "say-back", "draft"), {"text": "What I hear", "revision": 0})


def draft_a_proposal(walk: Walk) -> None:
    data = {"base": 2, "line-0-what": "Tea", "wishes": "A call"}
    walk.post(walk.one, walk.at("agreement", "propose", "draft"), data)


def say_yes(walk: Walk) -> None:
    walk.yes(walk.one, 2)


def take_the_yes_back(walk: Walk) -> None:
    walk.yes(walk.one, 2)
    walk.post(walk.one, walk.at("agreement", "yes", "take-back"), {"number": 2})


def agree_to_a_summary(walk: Walk) -> None:
    walk.agree_to_summary(walk.one)


def leave_a_part_out(walk: Walk) -> None:
    walk.agree_to_summary(walk.one, *walk.summary_parts(walk.one)[:1])


def agree_and_take_back(walk: Walk) -> None:
    walk.agree_to_summary(walk.one)
    walk.post(walk.one, walk.at("summary", "take-back"))


def say_we_talked(walk: Walk) -> None:
    walk.post(walk.one, walk.at("look-back", "talked"))


def say_and_unsay_we_talked(walk: Walk) -> None:
    say_we_talked(walk)
    walk.post(walk.one, walk.at("look-back", "talked", "take-back"))


def draft_the_review(walk: Walk) -> None:
    walk.post(walk.one, "/check-ins/1/save/", walk.answers())


def answer_the_review(walk: Walk) -> None:
    walk.post(walk.one, "/check-ins/1/share/", walk.answers())


def skip_the_review(walk: Walk) -> None:
    walk.post(walk.one, "/check-ins/1/skip/")


def skip_and_answer_after_all(walk: Walk) -> None:
    skip_the_review(walk)
    answer_the_review(walk)


def say_later(walk: Walk) -> None:
    walk.post(walk.one, "/check-ins/1/later/")


def say_and_unsay_later(walk: Walk) -> None:
    say_later(walk)
    walk.post(walk.one, "/check-ins/1/not-later/")


def rate(value: int) -> Any:
    ratings = {f"rate-{name}": str(value) for name in MEASURES}
    return lambda walk: walk.post(walk.one, "/check-ins/1/share/", walk.answers() | ratings)


def say_something_frightened(walk: Walk) -> None:
    walk.post(walk.one, "/check-ins/1/care/", walk.answers())


def snooze(walk: Walk) -> None:
    check_in = CheckIn.objects.select_related("space", "seat").get(space=walk.one.seat.space, number=1, seat=None)
    checkins.snooze(check_in=check_in, seat=walk.one.seat, days=3, now=datetime.now(UTC))


def mark_everything(walk: Walk) -> None:
    for item in Item.objects.filter(check_in__space=walk.one.seat.space, check_in__closed_at=None, check_in__seat=None):
        walk.post(walk.one, f"/kept/{item.lineage}/")
    for moment in MOMENTS:
        walk.post(walk.one, "/noticed/", {"moment": moment, "words": "At the sink"})


def mark_and_unmark(walk: Walk) -> None:
    mark_everything(walk)
    for mark in Mark.objects.filter(seat=walk.one.seat):
        to = f"/kept/{mark.lineage}/undo/" if mark.lineage else "/noticed/undo/"
        walk.post(walk.one, to, {"on": mark.on.isoformat(), "moment": mark.moment})
    assert not Mark.objects.filter(seat=walk.one.seat).exists()


def press_in_the_mail(verb: str, data: dict[str, Any]) -> Any:
    """Every link of that kind in the mails that wait for this person, pressed in a browser signed in nowhere."""

    def press(walk: Walk) -> None:
        pressed = 0
        for letter in Letter.objects.filter(recipient=walk.one.user, ended_at=None).select_related("recipient"):
            mail = kinds.get(letter.kind).render(letter, datetime.now(UTC))
            for address in re.findall(rf"/mail/[\w-]+/{verb}/", mail.text):
                pressed += new_browser().post(address, data).status_code == 200
        assert pressed

    return press


def note_in_the_log(walk: Walk) -> None:
    for place, key in (("prepare", "observations"), ("look-back", "began")):
        data = filled(GUIDE.exercise(key), lambda _key: "Their phone again") | {"revision": 0}
        walk.post(walk.one, walk.at(place, key, "add"), data)


def note_and_take_out(walk: Walk) -> None:
    note_in_the_log(walk)
    walk.post(walk.one, walk.at("prepare", "observations", "remove"), {"item": a_day_gone()})


def drop_a_guess(walk: Walk) -> None:
    walk.share(walk.one, "missing", "needs")
    walk.post(walk.one, walk.at("missing", "needs", "drop-guess"))


def draft_a_reply(walk: Walk) -> None:
    walk.post(walk.one, walk.at("ask", "opening", "reply", "draft"), {"begin": "1", "words": "Yes", "revision": 0})


OWN_IDEA = {"text": "Row on the lake", "minutes": "60", "cost": "none", "energy": "low", "novelty": "new"}


def reply(walk: Walk) -> None:
    walk.post(walk.one, walk.at("ask", "opening", "reply"), {"begin": "1", "words": "Yes"})


def say_here(walk: Walk) -> None:
    data = filled(GUIDE.exercise("here"), lambda _key: "Here") | {"revision": 0}
    walk.post(walk.one, walk.at("ask", "here", "add"), data)


def put_an_idea_into_the_deck(walk: Walk) -> None:
    walk.post(walk.one, walk.at("play", "deck", "add"), OWN_IDEA)


def undo_what_was_put_in(walk: Walk) -> None:
    """A memory, a reply, "I am here" and an idea for the deck, each undone again."""
    walk.remember(walk.one)
    for act in (reply, say_here, put_an_idea_into_the_deck):
        act(walk)
    for place, key, record in (
        ("play", "memories", ""), ("ask", "opening", "reply"), ("ask", "here", ""), ("play", "deck", ""),
    ):  # fmt: skip
        walk.post(walk.one, walk.at(place, key, "undo"), {"entry": 1, "record": record})


def filter_the_deck(walk: Walk) -> None:
    walk.draft(walk.one, "play", "deck", time="30", energy="low", filter="1")


ON_THE_WAY = {
    "reads everything": read_everything,
    "notes in the private logs": note_in_the_log,
    "notes and takes it out": note_and_take_out,
    "drops a guess": drop_a_guess,
    "drafts a reply": draft_a_reply,
    "undoes what was put in": undo_what_was_put_in,
    "filters the deck": filter_the_deck,
    "drafts every exercise": draft_everything,
    "drafts a reflection": draft_a_reflection,
    "drafts a proposal": draft_a_proposal,
    "undoes a share": undo_a_share,
    "undoes a correction": undo_a_correction,
    "shares loads first": share_mutually("outside", "stressors"),
    "shares needs first": share_mutually("missing", "needs"),
    "shares ideas first": share_mutually("agree", "ideas"),
    "picks from the deck first": share_mutually("play", "deck"),
    "shares, corrects and takes back what is not open yet": share_correct_and_take_back,
    "undoes a mutual share": undo_a_mutual_share,
    "says a sealed yes": say_yes,
    "takes the yes back": take_the_yes_back,
    "agrees to a summary": agree_to_a_summary,
    "leaves a part of a summary out": leave_a_part_out,
    "agrees to a summary and takes it back": agree_and_take_back,
    "says that we talked": say_we_talked,
    "takes that back": say_and_unsay_we_talked,
    "drafts the look back": draft_the_review,
    "answers it": answer_the_review,
    "skips it": skip_the_review,
    "skips it and answers after all": skip_and_answer_after_all,
    "says a week later": say_later,
    "says and unsays a week later": say_and_unsay_later,
    "answers and rates everything 1": rate(1),
    "answers and rates everything 5": rate(5),
    "says that something frightened": say_something_frightened,
    "wants to be reminded again": snooze,
    "puts it off in the mail": press_in_the_mail("later", {"days": "3"}),
    "stops each kind of mail in the mail": press_in_the_mail("stop", {"List-Unsubscribe": "One-Click"}),
    "marks everything": mark_everything,
    "marks everything and takes it away": mark_and_unmark,
    "looks back alone": look_back_alone,
    "moves to another time zone": move_to_another_zone,
    "has a quiet time": have_a_quiet_time,
    "had a quiet time": end_a_quiet_time,
}


def put_times_aside(walk: Walk) -> None:
    walk.post(walk.one, "/times/1/not-now/", {"seen": 1})


def look_at_times_and_how_i_am(walk: Walk) -> None:
    for feelings in ([], ["angry", "tired"]):
        walk.post(walk.one, "/times/2/start/", {"feelings": feelings}, status=200)
    walk.post(walk.one, "/times/look/", times(walk.one), status=422)


def keep_hours_and_a_calendar(walk: Walk) -> None:
    hours = {"evening_ends": "18", "morning_begins": "11", "work_ends": "17", "work_days": [0, 1, 2, 3, 4, 5, 6]}
    walk.post(walk.one, "/times/hours/", hours)
    walk.post(walk.one, "/times/calendar/", status=200)


def be_refused_a_time(walk: Walk) -> None:
    walk.post(walk.one, "/times/new/", times(walk.one) | {"purpose": "talk", "length": "60"}, status=422)


ON_THE_WAY |= {
    "puts suggested times aside": put_times_aside,
    "looks how they are before a time": look_at_times_and_how_i_am,
    "keeps own hours and a calendar": keep_hours_and_a_calendar,
    "is refused a time": be_refused_a_time,
}


def walk_on(one: Person, two: Person) -> Walk:
    in_the_afternoon(one, two)
    walk = Walk(one, two).first().open_all().tell()
    for someone in walk.both:
        walk.share(someone, "ask", "opening")
    walk.agree(in_days=0)
    walk.propose(two, base=1)
    walk.intend(two)
    walk.suggest(two, title="Us two")
    walk.take(two, walk.suggest(one, "play"))
    return walk


@pytest.fixture(scope="module")
def on_the_way(house: None) -> tuple[Walk, dict[str, Any]]:
    walk = walk_on(*couple("Ada", "Ben"))
    return walk, sight(walk.two)


ROWS = 12


@pytest.mark.parametrize("names", [list(ON_THE_WAY)[first::ROWS] for first in range(ROWS)], ids=", ".join)
def test_on_the_way(on_the_way, names):
    """One look at everything takes two seconds, so about four acts share it; none shares it with its own undoing, which
    stands beside it in the table."""
    walk, before = on_the_way
    for name in names:
        ON_THE_WAY[name](walk)
    assert not differences(before, sight(walk.two))


def test_no_press_tells_anything_on_the_way(on_the_way):
    walk, _before = on_the_way
    before = presses(walk.two, walk)
    for place, key in (("outside", "stressors"), ("missing", "needs"), ("agree", "ideas"), ("play", "deck")):
        walk.share(walk.one, place, key)
    for act in (
        draft_everything,
        draft_a_reflection,
        draft_a_proposal,
        say_yes,
        say_we_talked,
        answer_the_review,
        put_times_aside,
        keep_hours_and_a_calendar,
    ):
        act(walk)
    have_a_quiet_time(walk)
    assert not differences(before, presses(walk.two, walk))


FIVE = ["swim", "quiz", "stars", "bake", "climb"]


@pytest.mark.parametrize("finished", [False, True], ids=["before the other has picked", "after both have"])
def test_picks_that_do_not_match_tell_nothing(on_the_way, finished):
    """None or five: the other's pages and mails are the same, in this round and in the next."""
    walk, _before = on_the_way
    if finished:
        walk.share(walk.two, "play", "deck", picks=["read-aloud"], round=1)
    seen = []
    for picks in ([], FIVE):
        with rolled_back():
            walk.share(walk.one, "play", "deck", picks=picks, round=1)
            walk.draft(walk.one, "play", "deck", picks=picks, round=2)
            seen.append(sight(walk.two))
            walk.share(walk.two, "play", "deck", picks=["read-aloud"], round=2)
            walk.share(walk.one, "play", "deck", picks=picks, round=2)
            near = ("/", "/plans/1/", "/plans/1/play/", "/plans/1/play/deck/")
            seen.append({address: answer(again(walk.two).get(address)) for address in near})
    assert not differences(seen[0], seen[2])
    assert not differences(seen[1], seen[3])


# --- ten days later: the round closes with the same words, whatever one of them did


AFTERWARDS = ("/", "/check-ins/", "/check-ins/1/", "/check-ins/2/", "/plans/1/look-back/", "/plans/1/agreement/")


def their_skip(walk: Walk) -> None:
    walk.post(walk.two, "/check-ins/1/skip/")


ENDS = {
    "nothing": lambda walk: None,
    "skips it": skip_the_review,
    "drafts it": draft_the_review,
    "answers it": answer_the_review,
    "skips it and answers after all": skip_and_answer_after_all,
    "says a week later": say_later,
    "rates everything 1": rate(1),
    "rates everything 5": rate(5),
}


@pytest.mark.parametrize("theirs", [ENDS["nothing"], their_skip], ids=["nothing", "skipped"])
def test_a_round_that_runs_out_says_the_same(on_the_way, theirs):
    walk, _before = on_the_way
    theirs(walk)
    seen = {name: closed_by_itself(walk, act) for name, act in ENDS.items()}
    for name, sights in seen.items():
        assert not differences(seen["nothing"], sights), name


def closed_by_itself(walk: Walk, act: Any) -> dict[str, Any]:
    """What the other sees after eleven days without both answers, and the rounds and mails that followed."""
    with rolled_back():
        act(walk)
        check_in = CheckIn.objects.select_related("space", "seat").get(space=walk.two.seat.space, number=1, seat=None)
        assert checkins.turn_over(check_in=check_in, now=check_in.due_at + timedelta(days=11))
        letters = Letter.objects.filter(recipient=walk.two.user).order_by("due_at", "kind")
        shown = {address: answer(again(walk.two).get(address)) for address in AFTERWARDS}
        return {**shown, "mails": list(letters.values_list("kind", "due_at", "ended_at"))}


# --- inviting: to the inviter the invitation looks open until its end


@pytest.fixture(scope="module")
def inviting(house: None) -> tuple[Person, Person, dict[str, Any]]:
    """Lena, alone, has invited Ivo by mail; he has an account."""
    inviter, invited = alone("Lena"), alone("Ivo")
    in_the_afternoon(inviter, invited)
    inviter.client.post("/plans/first/", {"words": "A quiet hour"})
    inviter.client.post("/invite/mail/", {"address": "ivo@example.org", "shows_name": "yes"})
    return inviter, invited, pages(inviter)


def token_of(someone: Person) -> str:
    found = next(letter for letter in Letter.objects.filter(kind=spaces.LETTER) if letter.address == someone.user.email)
    return found.payload["token"]


INVITED = {
    "opens it": [("get", "/invitation/")],
    "declines": [("get", "/invitation/"), ("post", "/invitation/decline/")],
    "wants no more of them": [("get", "/invitation/no-more/"), ("post", "/invitation/no-more/")],
}


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("steps", INVITED.values(), ids=INVITED)
def test_an_invitation_looks_open_whatever_becomes_of_it(inviting, steps, signed_in):
    inviter, invited, before = inviting
    browser = again(invited if signed_in else person("Nobody"))
    if not signed_in:
        browser.logout()
    assert browser.get(f"/invitation/{token_of(invited)}/").status_code == 303
    for method, address in steps:
        assert getattr(browser, method)(address).status_code == 200
    assert pages(inviter) == before


# --- and the other way round: what both may see is seen, so that sameness means something


def have_less_to_give(walk: Walk) -> None:
    walk.post(walk.one, walk.at("agreement", "less"), {"until": today(walk.one).isoformat()})


SEEN = {
    "has less to give": (have_less_to_give, "/"),
    "replies": (reply, "/plans/1/ask/opening/"),
    "says “I am here”": (say_here, "/"),
    "puts an idea into the deck": (put_an_idea_into_the_deck, "/plans/1/play/deck/"),
    "shares a question": (share_mutually("listen", "question"), "/plans/1/listen/question/"),
    "puts a memory into the box": (lambda walk: walk.remember(walk.one), "/plans/1/play/memories/"),
    "says back": (lambda walk: walk.say_back(walk.one), "/plans/1/listen/telling/"),
    "names the focus": (lambda walk: walk.post(walk.one, walk.at("focus"), {"focus": "Evenings"}), "/plans/1/"),
    "proposes": (lambda walk: walk.propose(walk.one, base=2), "/plans/1/agreement/"),
    "lets looking back rest": (lambda walk: walk.post(walk.one, "/check-ins/1/rest/"), "/check-ins/1/"),
    "leaves": (lambda walk: walk.post(walk.one, "/leave/"), "/"),
}


@pytest.mark.parametrize(("act", "address"), SEEN.values(), ids=SEEN)
def test_what_is_meant_for_both_is_seen(on_the_way, act, address):
    walk, before = on_the_way
    act(walk)
    assert answer(walk.two.client.get(address)) != before[address]


SECOND_HALF = {
    "loads": (share_mutually("outside", "stressors"), "/plans/1/outside/stressors/"),
    "picks": (share_mutually("play", "deck"), "/plans/1/play/deck/"),
    "a yes": (say_yes, "/plans/1/agreement/"),
    "a summary": (agree_to_a_summary, "/plans/1/summary/"),
    "we talked": (say_we_talked, "/plans/1/look-back/"),
    "answers": (answer_the_review, "/check-ins/1/"),
    "a week later": (say_later, "/check-ins/"),
    "a mark": (mark_everything, "/"),
    "a moment": (mark_everything, "/noticed/"),
    "a mark, as a picture": (mark_everything, "/progress/"),
}


@pytest.mark.parametrize(("act", "address"), SECOND_HALF.values(), ids=SECOND_HALF)
def test_the_second_half_opens_it_for_both(on_the_way, act, address):
    walk, _before = on_the_way
    act(Walk(walk.two, walk.one))
    before = answer(walk.two.client.get(address))
    act(walk)
    assert answer(walk.two.client.get(address)) != before
