"""Settings, leaving from both sides, past spaces."""

import pytest

from apps.checkins.models import Item
from apps.me import actions
from apps.plans import actions as plan_actions
from apps.plans import queries as plans
from apps.spaces import queries
from tests.plans.helpers import agreed, begin, pair, write
from tests.world import page, person


def test_settings_show_what_is_saved(world):
    text = world.owner.client.get("/settings/").content.decode()
    assert 'value="Mara"' in text
    assert "You share it with Jonas." in text
    assert "mara@example.org" in text
    assert "jonas@example.org" not in text


def test_the_profile_is_saved(world):
    answer = world.owner.client.post("/settings/profile/", {"name": "Mara Lind", "time_zone": "Europe/Berlin"})
    assert (answer.status_code, answer["Location"]) == (303, "/settings/")
    world.owner.user.refresh_from_db()
    assert (world.owner.user.name, world.owner.user.time_zone) == ("Mara Lind", "Europe/Berlin")
    assert "Saved." in world.owner.client.get("/settings/").content.decode()


@pytest.mark.parametrize("bad", [{"name": ""}, {"name": "x" * 61}, {"name": "a\nb"}, {"time_zone": "Mars/Base"}])
def test_a_bad_profile_keeps_what_was_typed(world, bad):
    answer = world.owner.client.post("/settings/profile/", {"name": "Mara", "time_zone": "UTC", **bad})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    world.owner.user.refresh_from_db()
    assert (world.owner.user.name, world.owner.user.time_zone) == ("Mara", "UTC")


def test_mail_wishes_are_saved(world):
    assert world.owner.client.post("/settings/mail/", {"mail_nothing": "on"}).status_code == 303
    world.owner.user.refresh_from_db()
    assert (world.owner.user.mail_reminders, world.owner.user.mail_nothing) == (False, True)


def test_nothing_of_the_settings_shows_on_the_others_side(world):
    before = page(world.partner.client.get("/settings/"))
    world.owner.client.post("/settings/mail/", {"mail_nothing": "on"})
    world.owner.client.post("/settings/profile/", {"name": "Mara", "time_zone": "Europe/Berlin"})
    assert page(world.partner.client.get("/settings/")) == before


def test_reading_the_leave_page_changes_nothing(world):
    text = world.owner.client.get("/leave/").content.decode()
    assert "Jonas gets no mail about it" in text
    assert world.owner.seat.other is not None


def test_leaving_seen_from_both_sides(world):
    answer = world.owner.client.post("/leave/")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    for someone, other in ((world.owner, "Jonas"), (world.partner, "Mara")):
        text = someone.client.get("/").content.decode()
        assert "This space is closed." in text
        assert other not in text
        assert f"With {other}" in someone.client.get("/past/").content.decode()
        assert someone.client.get("/past/1/").status_code == 200
        assert someone.client.get("/past/2/").status_code == 404
        assert someone.client.post("/leave/").status_code == 303  # pressed twice
    assert page(world.owner.client.get("/")) == page(world.partner.client.get("/"))


def test_leaving_sends_no_mail(world):
    from apps.outbox.models import Letter

    world.owner.client.post("/leave/")
    assert not Letter.objects.exists()


def test_beginning_anew_alone(world, now):
    actions.leave(seat=world.owner.seat, now=now)
    assert world.partner.client.get("/begin/").status_code == 405
    assert world.partner.client.post("/begin/").status_code == 303
    assert world.partner.seat.other is None
    assert queries.seat_of(world.owner.user) is None


def test_past_spaces_of_somebody_who_has_none(world):
    assert "There are none." in person("Ida").client.get("/past/").content.decode()
    assert world.owner.client.get("/past/1/").status_code == 404


def test_a_page_takes_few_queries(world, django_assert_max_num_queries):
    for address in ("/settings/", "/leave/", "/past/"):
        with django_assert_max_num_queries(12):
            world.owner.client.get(address)


def test_home_says_each_agreed_line_once_and_lists_the_way_that_is_left(world, now):
    plan = begin(pair(world), now, up_to="agree")
    agreed(world, now, plan, write("Coffee"), write("A walk"))
    html = world.owner.client.get("/").content.decode().split("<main")[1]
    assert [html.count(f">{words}<") for words in ("Coffee", "A walk")] == [1, 1]
    assert [html.count(f'aria-label="We did it: {words}"') for words in ("Coffee", "A walk")] == [1, 1]
    guide = plans.guide_of(plan)
    done = [state.reached_at is not None for state in plans.standing(plan, world.owner.seat).steps]
    assert True in done and False in done
    assert [f'/plans/1/{step.key}/">' in html for step in guide.steps] == [not one for one in done]


def test_home_puts_what_is_open_any_time_first_only_while_nothing_is_agreed(world, now):
    plan = begin(pair(world), now, up_to="agree")
    assert '<details class="card flat" open>' in world.owner.client.get("/").content.decode()
    agreed(world, now, plan)
    assert '<details class="card flat">' in world.owner.client.get("/").content.decode()


def test_a_line_that_rests_stands_there_and_cannot_be_marked(world, now):
    plan = begin(pair(world), now, up_to="agree")
    agreed(world, now, plan, write("Coffee"), write("A walk"))
    resting, other = Item.objects.order_by("position")
    plan_actions.release(by=world.owner.seat, plan=plan, lineage=resting.lineage, now=now)
    for someone in (world.owner, world.partner):
        html = someone.client.get("/").content.decode()
        assert [html.count(f"/kept/{item.lineage}/") for item in (resting, other)] == [0, 1]
        assert html.count(">Coffee<") == 1
        assert html.count("This has rested since 3 March.") == 1
