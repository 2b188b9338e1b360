"""What a partner could try who reads addresses, sends forms of their own making, and means no good.

`one` is whoever is careful, `two` tries something. Each test is a way in that was open once.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.outbox import kinds
from apps.outbox.models import Letter
from apps.plans import actions, queries
from apps.plans.models import Entry, Plan, Share
from apps.spaces import actions as space_actions
from apps.spaces import letters, rules
from apps.spaces import queries as spaces
from apps.spaces.models import Invitation, RefusedAddress
from tests.walk import GO_ON, GUIDE, Walk, in_the_afternoon
from tests.world import Person, alone, couple

pytestmark = pytest.mark.usefixtures("db")

NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=2)
IDEAS = [idea.key for idea in GUIDE.exercise("deck").deck]


@pytest.fixture
def walk() -> Walk:
    one, two = couple("Mara", "Jonas")
    in_the_afternoon(one, two)
    return Walk(one, two).first().open_all()


def text_of(someone: Person, address: str) -> str:
    answer = someone.client.get(address)
    assert answer.status_code == 200, f"{address} answered {answer.status_code}"
    return answer.content.decode()


# --- what was shared into an envelope


def take_back_later(walk: Walk, someone: Person, key: str) -> None:
    actions.take_back(by=someone.seat, plan=walk.plan(someone), exercise=key, now=LATER)


def test_what_was_corrected_in_the_envelope_is_never_read(walk):
    walk.share(walk.one, "missing", "needs", "Written in anger")
    walk.share(walk.one, "missing", "needs", "Written in peace")
    walk.share(walk.two, "missing", "needs", "Mine")
    theirs = text_of(walk.two, walk.at("missing", "needs"))
    assert "Written in peace" in theirs
    assert "Written in anger" not in theirs
    assert "version 2" not in theirs


@pytest.mark.parametrize(("place", "key"), [("missing", "needs"), ("agree", "ideas"), ("outside", "stressors")])
def test_an_envelope_can_be_emptied_at_any_time(walk, place, key):
    walk.share(walk.one, place, key, "Rather not")
    take_back_later(walk, walk.one, key)
    walk.share(walk.two, place, key, "Mine")
    assert "Rather not" not in text_of(walk.two, walk.at(place, key))
    assert not Share.objects.filter(seat=walk.one.seat, exercise=key).exists()


def test_what_was_read_is_marked_and_stays(walk):
    for someone in walk.both:
        walk.share(someone, "missing", "needs", f"From {someone.user.name}")
    take_back_later(walk, walk.one, "needs")
    assert "From Mara" in text_of(walk.two, walk.at("missing", "needs"))
    assert "took this back" in text_of(walk.two, walk.at("missing", "needs"))


def pick(walk: Walk, someone: Person, *ideas: str) -> None:
    walk.share(someone, "play", "deck", picks=list(ideas))


def matched(walk: Walk, someone: Person) -> list[str] | None:
    standing = queries.standing(walk.plan(someone), someone.seat)
    found = queries.exercise_page(standing, GUIDE.exercise("deck"), now=NOW).matches
    return found if found is None else [idea.key for idea in found]


def test_picking_again_and_again_reads_no_list(walk):
    pick(walk, walk.one, *IDEAS[:5])
    pick(walk, walk.two, IDEAS[10])
    assert matched(walk, walk.two) == []
    for first in range(0, 10, 5):
        pick(walk, walk.two, *IDEAS[first : first + 5])
        assert matched(walk, walk.two) == []
    pick(walk, walk.one, IDEAS[7], IDEAS[20])
    assert matched(walk, walk.two) == matched(walk, walk.one) == [IDEAS[7]]


def test_new_picks_can_be_taken_back_until_the_other_has_some(walk):
    for someone in walk.both:
        pick(walk, someone, IDEAS[0])
    pick(walk, walk.one, IDEAS[1])
    take_back_later(walk, walk.one, "deck")
    pick(walk, walk.two, IDEAS[1])
    assert matched(walk, walk.one) == matched(walk, walk.two) == [IDEAS[0]]


# --- the door


@pytest.fixture
def before_the_door() -> Walk:
    one, two = couple("Ada", "Ben")
    in_the_afternoon(one, two)
    return Walk(one, two).first()


@pytest.mark.parametrize("answer", [{"take-back": "1"}, {"afraid": "yes", "harmed": "no"}])
def test_who_changes_their_mind_at_the_door_is_not_behind_it(before_the_door, answer):
    walk = before_the_door
    walk.post(walk.one, walk.at("door"), GO_ON)
    walk.post(walk.one, walk.at("door"), answer, status=303 if "take-back" in answer else 200)
    walk.post(walk.two, walk.at("door"), GO_ON)
    assert "You have both chosen it" not in text_of(walk.two, walk.at("door"))
    assert not Entry.objects.filter(seat=walk.one.seat).exists()


def test_an_open_door_is_closed_by_neither(walk):
    walk.post(walk.two, walk.at("door"), {"take-back": "1"})
    assert "You have both chosen it" in text_of(walk.one, walk.at("door"))


def test_a_browser_keeps_the_same_title_for_every_answer_at_the_door(before_the_door):
    walk, title = before_the_door, "<title>Before the steps together"
    assert title in text_of(walk.one, walk.at("door"))
    answered = walk.post(walk.one, walk.at("door"), {"afraid": "yes", "harmed": "yes"}, status=200)
    assert title in answered.content.decode()


# --- saying yes


def test_a_yes_is_given_to_a_rhythm_that_can_be_read(walk):
    number = walk.propose(walk.two)
    assert "every two weeks" in text_of(walk.one, walk.at("agreement"))
    changed = proposal_form(walk, base=number, rhythm="1w")
    walk.post(walk.two, walk.at("agreement", "propose"), changed)
    page = text_of(walk.one, walk.at("agreement"))
    assert "every week" in page
    assert "changed" in page
    assert "Version 2, by Jonas" in page


def proposal_form(walk: Walk, *, base: int, **more: Any) -> dict[str, Any]:
    """The newest wording as `two` would send it again, with some of it changed."""
    newest = queries.newest_proposal(walk.plan(walk.two))
    assert newest is not None
    line = newest.commitments.get()
    data = {f"line-0-{name}": words for name, words in line.words.items()}
    data |= {"line-0-who": "both", "line-0-lineage": str(line.lineage), "date": newest.follow_up_date.isoformat()}
    return data | {"hour": newest.follow_up_hour, "rhythm": newest.rhythm, "base": base} | more


def test_a_line_that_rests_does_not_come_back_by_itself(walk):
    walk.agree(lines=2)
    plan = walk.plan(walk.one)
    lines = {line.position: line for line in queries.newest_proposal(plan).commitments.all()}
    assert lines[2].for_seat == walk.one.seat
    walk.post(walk.one, walk.at("agreement", "rest", str(lines[2].lineage)))
    page = text_of(walk.two, walk.at("agreement", "propose"))
    assert f'name="keep-{lines[2].lineage}" checked' not in page
    assert f'name="keep-{lines[2].lineage}"' in page


# --- whose words, and which were said before


def test_a_new_telling_hides_nothing_that_was_said_back(walk):
    walk.tell()
    walk.say_back(walk.one, "You feel alone at night")
    walk.answer(walk.two, "heard", 1)
    walk.share(walk.two, "listen", "telling", "I never said that")
    for someone in walk.both:
        page = text_of(someone, walk.at("listen", "telling"))
        assert "For me, Jonas" in page
        assert "You feel alone at night" in page
        assert "I never said that" in page


def test_the_focus_says_whose_words_it_is(walk):
    walk.post(walk.two, walk.at("focus"), {"focus": "Her moods"})
    page = text_of(walk.one, walk.at())
    assert page.index("Jonas,", page.index("Her moods")) > 0


# --- who comes later


def test_plans_that_rested_before_somebody_came_are_not_there_for_them(walk):
    plan = walk.plan(walk.one)
    Plan.objects.filter(pk=plan.pk).update(
        closed_at=walk.two.seat.joined_at - timedelta(days=1), closed_by=walk.one.seat
    )
    seat = walk.one.seat
    type(seat).objects.filter(pk=seat.pk).update(joined_at=seat.joined_at - timedelta(days=9))
    assert walk.one.client.get(walk.at()).status_code == 200
    assert walk.two.client.get(walk.at()).status_code == 404


# --- mail, and who may be written to


@pytest.fixture
def lone() -> Person:
    return alone("Lena")


def invite(someone: Person, address: str) -> str:
    """What becomes of the letter when a worker looks: why it is dropped, or empty where it is sent."""
    answer = someone.client.post("/invite/mail/", {"address": address, "shows_name": "yes"})
    assert answer.status_code == 303
    letter = Letter.objects.get(occurrence=str(Invitation.objects.latest("created_at").pk))
    assert letter.ended_at is None
    decided = letters.decide(letter, letter.created_at)
    return decided.reason if isinstance(decided, kinds.Drop) else ""


def test_one_mailbox_gets_two_mails_whatever_it_is_called(lone):
    spellings = ("ines@gmail.com", "i.nes@gmail.com", "Ines+1@gmail.com", "ines+2@googlemail.com")
    assert [bool(invite(someone, address)) for someone, address in zip(again_alone(4), spellings, strict=True)] == [
        False,
        False,
        True,
        True,
    ]
    assert invite(lone, "ines+1@example.org") == ""


def again_alone(count: int) -> list[Person]:
    return [alone(f"Inviter{number}") for number in range(count)]


def test_no_more_means_the_mailbox(lone):
    token = "t" * 32
    assert invite(lone, "ines@example.org") == ""
    Invitation.objects.update(token_digest=spaces.digest_of(token))
    space_actions.refuse_address(token=token, now=NOW)
    assert invite(alone("Ida"), "ines+again@example.org") != ""


def test_whoever_was_left_does_not_write_to_the_same_mailbox(walk):
    walk.post(walk.one, "/leave/")
    walk.post(walk.two, "/begin/")
    assert invite(walk.two, "Mara+we-must-talk@example.org") != ""


def statements(someone: Person, address: str) -> int:
    """How often the database is asked while somebody invites."""
    with CaptureQueriesContext(connection) as asked:
        someone.client.post("/invite/mail/", {"address": address, "shows_name": "yes"})
    return len(asked)


def test_inviting_takes_the_same_work_whether_or_not_a_mail_goes():
    RefusedAddress.objects.create(address_digest=spaces.mailbox_digest("ines@example.org"), refused_at=NOW)
    first, second = again_alone(2)
    assert statements(first, "ines@example.org") == statements(second, "ida@example.org")
    waiting = {letter.address: letters.decide(letter, NOW) for letter in Letter.objects.filter(ended_at=None)}
    assert waiting == {"ines@example.org": kinds.Drop("may not be sent"), "ida@example.org": kinds.Send()}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("http://evil.example/x", "http"),
        ("evil.example", "evil"),
        ("You@home", "You"),
        ("I-know-where-you-live-now-and-always", "I-know-where-you-liv"),
        ("Anne-Marie Lind", "Anne-Marie"),
        ("O’Brien", "O’Brien"),
        ("ज़ोया", "ज़ोया"),
        ("😊", ""),
    ],
)
def test_a_name_carries_nothing_into_a_mail(name, said):
    assert rules.first_name(name) == said


# --- after leaving


def test_a_name_taken_after_leaving_is_not_told(walk):
    walk.agree(lines=2)
    walk.post(walk.one, "/leave/")
    walk.post(walk.one, "/settings/profile/", {"name": "Nora Neu", "time_zone": "UTC"})
    for address in ("/past/", "/past/1/", "/past/1/look-backs/"):
        page = text_of(walk.two, address)
        assert "Mara" in page
        assert "Nora" not in page


def test_a_refusal_in_a_closed_plan_shows_nothing_of_the_others(walk):
    walk.share(walk.one, "ask", "opening", "Said in spring")
    for someone in walk.both:
        walk.share(someone, "agree", "ideas", f"An idea of {someone.user.name}")
    walk.propose(walk.one, what="Breakfast in the garden")
    walk.post(walk.one, walk.at("rest"))
    pressed = [
        walk.post(walk.two, walk.at("ask", "opening", "take-back"), status=422),
        walk.post(walk.two, walk.at("agreement", "yes"), {"number": 1}, status=422),
        walk.post(walk.two, walk.at("agreement", "propose"), {}, status=422),
        walk.post(walk.two, walk.at("agreement", "propose", "with-yes"), {"base": 1, "rhythm": "2w"}, status=422),
    ]
    for answer in pressed:
        for words in ("Said in spring", "An idea of Mara", "Breakfast in the garden"):
            assert words not in answer.content.decode()
