"""The pages of times for two: what bad input gets, what an old page gets, and what nobody may learn."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
import vobject
from django.utils import timezone

from apps.appointments import actions
from apps.appointments.models import Appointment, Feed, Offer, OfferedTime, OwnHours, PutAside
from apps.appointments.schedule import Option
from apps.core import clock
from apps.me import actions as me
from apps.spaces import actions as spaces
from tests.appointments.helpers import agreed, propose
from tests.walk import today
from tests.world import new_browser, page

pytestmark = pytest.mark.django_db


def form(someone, *days, hour="19:00", **more):
    data = {"purpose": "talk", "title": "Us two", "length": "60"}
    for place, ahead in enumerate(days or (2,), start=1):
        data |= {f"date_{place}": (today(someone) + timedelta(days=ahead)).isoformat(), f"time_{place}": hour}
    return data | more


def post(someone, address, data=None, **headers):
    return someone.client.post(address, data or {}, headers=headers)


def suggest(someone, *days, **more):
    answer = post(someone, "/times/new/", form(someone, *days, **more))
    assert answer.status_code == 303, page(answer)
    return answer


def test_a_suggestion_with_its_words(world):
    data = form(
        world.owner, 2, 3, place="My kitchen", checklist=["2", "4"], more="Candles\n\n Tea ", note="If you like"
    )
    answer = post(world.owner, "/times/new/", data)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/times/1/")
    offer = Offer.objects.get()
    assert (offer.place, offer.note) == ("My kitchen", "If you like")
    assert offer.checklist == ["Phones and screens away", "Water on the table", "Candles", "Tea"]
    assert OfferedTime.objects.count() == 2


def test_a_link_brings_purpose_and_title(world):
    found = page(world.owner.client.get("/times/new/?purpose=play&title=A+new+recipe"))
    assert 'value="play" id="id_purpose_2" checked' in found.replace("required ", "")
    assert 'value="A new recipe"' in found
    assert 'value="talk" id="id_purpose_0" checked' in page(world.owner.client.get("/times/new/?purpose=none"))
    assert 'name="length" value="30"' in page(world.owner.client.get("/times/new/?purpose=moment"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"date_1": ""}, "Please choose a day."),
        ({"time_1": ""}, "Please choose an hour, such as 18:30."),
        ({"time_1": "late"}, "Please choose an hour, such as 18:30."),
        ({"date_1": "", "time_1": ""}, "Choose at least one day and hour."),
        ({"date_1": "2020-05-03"}, "This time has passed."),
        ({"date_1": "0001-01-01"}, "This time has passed."),
        ({"date_1": "9999-12-31"}, "more than a year ahead"),
        ({"length": "-30"}, "The end would be before the beginning."),
        ({"length": "0"}, "The end would be before the beginning."),
        ({"length": "3"}, "Choose between 5 minutes and 8 hours."),
        ({"length": ""}, "Choose between 5 minutes and 8 hours."),
        ({"length": "9" * 40}, "Choose between 5 minutes and 8 hours."),
        ({"purpose": "party"}, "Select a valid choice"),
        ({"place": "x" * 201}, "at most 200 characters"),
        ({"more": "\n".join("abcdefghijkl")}, "Ten short lines at most, please."),
    ],
)
def test_what_cannot_be_is_refused_beside_the_field_and_nothing_typed_is_lost(world, change, sentence):
    answer = post(world.owner, "/times/new/", form(world.owner, title="Words I typed") | change)
    assert answer.status_code == 422
    found = page(answer)
    assert sentence in found and "Words I typed" in found
    assert 'class="error"' in found
    assert not Appointment.objects.exists()


def test_hours_of_today_that_are_over_have_passed(world, monkeypatch):
    noon = datetime(2026, 3, 3, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: noon)
    data = {"purpose": "talk", "length": "60", "date_1": "2026-03-03"}
    assert post(world.owner, "/times/new/", data | {"time_1": "12:00"}).status_code == 422
    assert post(world.owner, "/times/new/", data | {"time_1": "12:01"}).status_code == 303


def test_an_hour_that_the_clocks_skip_moves_forward_and_both_are_told(world, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 3, 12, tzinfo=UTC))
    for someone in (world.owner, world.partner):
        someone.user.time_zone = "Europe/Berlin"
        someone.user.save()
    data = {"purpose": "talk", "length": "60", "date_1": "2026-03-29", "time_1": "02:30"}
    before = page(post(world.owner, "/times/look/", data))
    assert "The clocks skip 02:30 that day, so it begins at 03:30." in before
    assert post(world.owner, "/times/new/", data).status_code == 303
    for someone in (world.owner, world.partner):
        found = page(someone.client.get("/times/1/"))
        assert "The clocks skip 02:30 that day, so it begins at 03:30." in found
        assert "Sunday 29 March, 03:30–04:30" in found


def test_the_hints_before_sending_by_script_and_without(world):
    data = form(world.owner, hour="23:00")
    whole, part = post(world.owner, "/times/look/", data), post(world.owner, "/times/look/", data, HX_Request="true")
    assert (whole.status_code, part.status_code) == (200, 200)
    assert "For you this is late in your day." in page(whole)
    assert "For you this is late in your day." in page(part)
    assert "<html" not in page(part)
    assert "there is nothing against these times" in page(post(world.owner, "/times/look/", form(world.owner)))
    half_typed = post(world.owner, "/times/look/", {"date_1": "2026-"}, HX_Request="true")
    assert (half_typed.status_code, page(half_typed).strip()) == (200, "")
    assert not Appointment.objects.exists()


def test_nobody_is_pushed_and_the_words_stay(world):
    suggest(world.owner)
    answer = post(world.owner, "/times/new/", form(world.owner, 3, title="Once more"))
    assert answer.status_code == 422
    assert "One at a time leaves room for an answer." in page(answer)
    assert "Once more" in page(answer)


def test_in_ones_own_quiet_time_the_words_stay(world):
    spaces.begin_quiet(by=world.owner.seat, hours=48, now=timezone.now())
    answer = post(world.owner, "/times/new/", form(world.owner, title="When I am back"))
    assert answer.status_code == 422
    assert "Your quiet time is running" in page(answer) and "When I am back" in page(answer)


def test_an_old_page_gets_409_with_how_it_is_now_and_what_was_typed(world):
    suggest(world.owner)
    post(world.partner, "/times/1/other/", form(world.partner, 4, seen=1))
    accepted = post(world.partner, "/times/1/accept/", {"seen": 1, "position": 1})
    assert accepted.status_code == 409
    assert "Something has changed here since you opened this page." in page(accepted)
    post(world.owner, "/times/1/accept/", {"seen": 2, "position": 1})
    moved = post(world.owner, "/times/1/other/", form(world.owner, 5, seen=2))
    assert moved.status_code == 303
    stale = post(world.partner, "/times/1/other/", form(world.partner, 6, seen=2, note="Words I typed"))
    assert stale.status_code == 409
    assert "How it is now" in page(stale) and "Words I typed" in page(stale)
    assert 'name="seen" value="3"' in page(stale)
    assert post(world.partner, "/times/1/other/", form(world.partner, 6, seen=3)).status_code == 303
    assert post(world.owner, "/times/1/end/", {"seen": 2}).status_code == 409


@pytest.mark.parametrize("odd", ["", "-1", "x", "99999999999999999999", "٣", "1.0"])
def test_odd_numbers_are_an_old_page(world, odd):
    suggest(world.owner)
    assert post(world.partner, "/times/1/accept/", {"seen": odd, "position": "1"}).status_code == 409
    assert post(world.partner, "/times/1/accept/", {"seen": "1", "position": odd}).status_code == 409
    assert world.owner.client.get("/times/99999999999999999999/").status_code == 404


def test_the_same_press_twice(world):
    data = form(world.owner)
    assert [post(world.owner, "/times/new/", data).headers["Location"] for _press in range(2)] == ["/times/1/"] * 2
    for _press in range(2):
        assert post(world.partner, "/times/1/accept/", {"seen": 1, "position": 1}).status_code == 303
    for _press in range(2):
        assert post(world.owner, "/times/1/move/", {"seen": 1}).status_code == 303
    for _press in range(2):
        assert post(world.owner, "/times/1/end/", {"seen": 2}).status_code == 303
    assert (Appointment.objects.get().sequence, Offer.objects.count()) == (3, 2)


def test_what_is_ticked_before_a_time_is_answered_and_kept_nowhere(world):
    suggest(world.owner)
    post(world.partner, "/times/1/accept/", {"seen": 1, "position": 1})
    seen = [page(one.client.get("/times/1/")) for one in (world.owner, world.partner)]
    answer = post(world.partner, "/times/1/start/", {"feelings": ["angry", "hungry"]})
    assert answer.status_code == 200
    assert "Anger has something to say." in page(answer) and "Begin anyway" in page(answer)
    assert "Then put this away, and begin." in page(post(world.partner, "/times/1/start/"))
    assert [page(one.client.get("/times/1/")) for one in (world.owner, world.partner)] == seen
    assert post(world.partner, "/times/1/start/", {"feelings": ["bored"]}).status_code == 422


def test_the_start_of_what_is_not_agreed_leads_back(world):
    suggest(world.owner)
    answer = world.owner.client.get("/times/1/start/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/times/1/")


def test_not_now_is_the_same_page_for_the_other_and_hides_the_card(world):
    suggest(world.owner)
    addresses = ("/", "/times/", "/times/1/", "/times/new/")
    before = [page(world.owner.client.get(address)) for address in addresses]
    assert "Mara suggests a time" in page(world.partner.client.get("/times/1/"))
    answer = post(world.partner, "/times/1/not-now/", {"seen": 1})
    assert answer.status_code == 303
    assert [page(world.owner.client.get(address)) for address in addresses] == before
    assert PutAside.objects.count() == 1
    assert "What I put aside" in page(world.partner.client.get("/times/"))


def test_a_regular_time_has_the_same_pages_and_is_changed_in_its_line_only(world):
    seat, day = world.owner.seat, today(world.owner) + timedelta(days=1)
    actions.keep_recurring(
        space=seat.space, by=seat, source=uuid4(), title="Coffee", days=range(7), time=time(9), zone="UTC",
        minutes=15, first=day, weeks=8, now=timezone.now(),
    )  # fmt: skip
    for someone in (world.owner, world.partner):
        found = page(someone.client.get("/times/1/"))
        assert "Coffee" in found and "Every day, 09:00" in found
        assert "Call it off" not in found and "Move it" not in found
        assert "Every day, 09:00" in page(someone.client.get("/times/"))
        answer = page(post(someone, "/times/1/start/", {"feelings": ["tired"]}))
        assert "Tired is a reason to rest" in answer and "Move it" not in answer
        assert someone.client.get("/times/1/other/").status_code == 303
        event = vobject.readOne(someone.client.get("/times/1/calendar.ics").content.decode()).vevent
        assert len(list(event.getrruleset())) == 56
    assert post(world.owner, "/times/1/move/", {"seen": 0}).status_code == 409
    actions.end_all_recurring(space=seat.space, now=timezone.now())
    assert "Called off on" in page(world.owner.client.get("/times/1/"))


def test_a_name_in_a_title_is_no_markup(world):
    suggest(world.owner, title="<script>alert(1)</script>", note="<b>x</b>")
    for address in ("/times/1/", "/times/", "/times/1/other/"):
        found = page(world.partner.client.get(address))
        assert "<script>alert" not in found and "<b>x</b>" not in found


def test_own_hours(world):
    hours = {"evening_ends": "21", "morning_begins": "9", "work_ends": "17", "work_days": ["0", "4"]}
    assert post(world.owner, "/times/hours/", hours).status_code == 303
    kept = OwnHours.objects.get()
    assert (kept.user, kept.evening_ends, kept.work_ends, kept.work_days) == (world.owner.user, 21, 17, "04")
    refused = post(world.owner, "/times/hours/", {"evening_ends": "21", "morning_begins": "9", "work_ends": "17"})
    assert (refused.status_code, "On which days?" in page(refused)) == (422, True)
    without = {"evening_ends": "24", "morning_begins": "4", "work_ends": "", "work_days": ["0"]}
    assert post(world.owner, "/times/hours/", without).status_code == 303
    assert OwnHours.objects.get().work_days == ""
    assert post(world.owner, "/times/hours/", {"evening_ends": "3", "morning_begins": "9"}).status_code == 422


def test_alone_it_waits(lone):
    assert "This waits until there are two of you" in page(lone.client.get("/times/new/"))
    assert "This waits until there are two of you" in page(lone.client.get("/times/"))
    assert post(lone, "/times/new/", form(lone)).status_code == 422


# --- calendar files -------------------------------------------------------------------------------------------------


def test_a_file_for_what_was_agreed_only(world):
    suggest(world.owner)
    assert world.owner.client.get("/times/1/calendar.ics").status_code == 404
    post(world.partner, "/times/1/accept/", {"seen": 1, "position": 1})
    answer = world.owner.client.get("/times/1/calendar.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="time-1.ics"'
    assert vobject.readOne(answer.content.decode()).vevent.summary.value == "Time set aside"
    text = answer.content.decode()
    assert [word for word in ("Mara", "Jonas", "Us two", "example.org", "ATTENDEE", "ORGANIZER") if word in text] == []


def soon() -> Option:
    return Option((timezone.now() + timedelta(days=3)).date(), time(19), "UTC")


def address_of(answer) -> str:
    found = page(answer)
    start = found.index("/calendar/")
    return found[start : found.index(".ics", start) + 4]


def test_the_feed_needs_no_session_and_sets_no_cookie(world):
    agreed(world, timezone.now(), options=[soon()])
    address = address_of(post(world.partner, "/times/calendar/"))
    answer = new_browser().get(address)
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert len(vobject.readOne(answer.content.decode()).vevent_list) == 1
    assert page(world.partner.client.get("/times/")).count(address) == 0  # shown once


def test_unknown_renewed_and_ended_addresses_are_the_same_404(world):
    first = address_of(post(world.owner, "/times/calendar/"))
    second = address_of(post(world.owner, "/times/calendar/"))
    post(world.owner, "/times/calendar/end/")
    answers = [new_browser().get(address) for address in (first, second, f"/calendar/{'x' * 43}.ics")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({page(answer) for answer in answers}) == 1
    assert len({str(sorted(answer.items())) for answer in answers}) == 1
    assert not Feed.objects.exists()


def test_after_leaving_the_address_is_still_ones_own_and_empty(world):
    propose(world.owner, timezone.now(), options=[soon()])
    actions.accept(by=world.partner.seat, number=1, seen=1, position=1, now=timezone.now())
    address = address_of(post(world.partner, "/times/calendar/"))
    me.leave(seat=world.owner.seat, now=timezone.now())
    answer = new_browser().get(address)
    assert (answer.status_code, b"VEVENT" in answer.content) == (200, False)
