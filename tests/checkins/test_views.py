"""The pages, as somebody without scripts meets them, and as a save by itself does."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from apps.checkins import actions
from apps.checkins.models import CheckIn, Item, Review
from tests.checkins.helpers import (
    DAY,
    WHAT,
    agree,
    answer,
    due,
    form,
    fresh,
    intend,
    newest,
    page,
    same,
    waiting,
    written,
)

GATE = "This opens when you have both chosen it. There is nothing you need to do."
CANARY = "canary-7f3a"
HTMX = {"HX-Request": "true"}


# --- the couple's -----------------------------------------------------------------------------------------------------


def test_before_its_day(world, now, at, check_in):
    at(now)
    html = page(world.partner, "/check-ins/1/")
    assert "You look back on Tuesday 17 March, at about 19:00" in html
    assert "There is nothing you need to do until then." in html
    assert f"{WHAT} 1" in html and f"{WHAT} 2" in html
    assert "data-autosave" not in html


def test_from_the_morning_of_its_day_on(world, at, check_in):
    at(check_in.due_at.replace(hour=0, minute=1))
    html = page(world.owner, "/check-ins/1/")
    assert 'data-autosave="/check-ins/1/save/"' in html
    assert html.index("good_moment") < html.index("went-1") < html.index("supportive-1") < html.index("went-2")


def test_the_whole_way_without_scripts(world, check_in):
    saved = world.owner.client.post("/check-ins/1/save/", form(check_in, supportive=CANARY, went=""))
    assert (saved.status_code, saved["Location"]) == (303, "/check-ins/1/")
    assert CANARY in page(world.owner, "/check-ins/1/")
    shared = world.owner.client.post("/check-ins/1/share/", form(check_in, revision=1, supportive=CANARY))
    assert shared.status_code == 303
    html = page(world.owner, "/check-ins/1/")
    assert GATE in html and CANARY in html and "data-autosave" not in html
    assert CANARY not in page(world.partner, "/check-ins/1/")
    shared = world.partner.client.post("/check-ins/1/share/", form(check_in, went="partly", hard="The rain"))
    assert shared.status_code == 303
    for person in (world.owner, world.partner):
        html = page(person, "/check-ins/1/")
        assert html.index('class="said one"') < html.index(CANARY) < html.index('class="said two"')
        assert "The rain" in html and "Partly" in html and GATE not in html
        for choice in ("keep", "change", "rest"):
            for line in Item.objects.filter(check_in=check_in):
                assert re.search(f'name="line-{line.lineage}" value="{choice}"', html)
        assert f'action="{reverse("plans:next_round")}"' in html and "Go on to the next round" in html
        assert "The next look back is on Tuesday 31 March" in html


def test_a_save_by_itself(world, check_in):
    response = world.owner.client.post("/check-ins/1/save/", form(check_in, hard=CANARY), headers=HTMX)
    assert (response.status_code, response["X-Revision"]) == (200, "1")
    assert "Only you can see it" in response.content.decode()
    again = world.owner.client.post("/check-ins/1/save/", form(check_in, hard=CANARY), headers=HTMX)
    assert (again.status_code, again["X-Revision"]) == (200, "1")
    stale = world.owner.client.post("/check-ins/1/save/", form(check_in, hard="from another page"), headers=HTMX)
    assert stale.status_code == 409 and "X-Revision" not in stale
    assert "another page" in stale.content.decode()


@pytest.mark.parametrize("verb", ["save", "share", "skip"])
def test_a_stale_page_gets_both_texts_back(verb, world, check_in):
    world.owner.client.post("/check-ins/1/save/", form(check_in, hard="saved one", good_moment="saved moment"))
    stale = world.owner.client.post(f"/check-ins/1/{verb}/", form(check_in, hard="typed two", good_moment="typed"))
    html = stale.content.decode()
    assert stale.status_code == 409
    for text in ("saved one", "typed two", "saved moment", "Saved on the other page"):
        assert text in html
    assert 'name="revision" value="1"' in html
    kept = world.owner.client.post("/check-ins/1/save/", form(check_in, revision=1, hard="typed two"))
    assert kept.status_code == 303
    assert Review.objects.get().revision == 2


def test_every_line_wants_its_tap_before_sharing(world, check_in):
    response = world.owner.client.post("/check-ins/1/share/", form(check_in, went="", hard=CANARY))
    html = response.content.decode()
    assert response.status_code == 422
    assert html.count("Please choose one.") == 2 and CANARY in html
    assert not Review.objects.exists()


@pytest.mark.parametrize("verb", ["save", "share", "skip"])
@pytest.mark.parametrize("text", ["x" * 10_001, "a\0b"])
def test_what_cannot_be_kept_comes_back(verb, text, world, check_in):
    data = form(check_in, supportive=text, hard=CANARY)
    response = world.owner.client.post(f"/check-ins/1/{verb}/", data)
    assert response.status_code == 422
    assert CANARY in response.content.decode()
    assert world.owner.client.post(f"/check-ins/1/{verb}/", data, headers=HTMX).status_code == 422
    assert not Review.objects.exists()


def test_ten_thousand_characters_and_odd_ones_are_kept(world, check_in):
    text = ("<script>alert(1)</script> \u202e👩‍👩‍👧 é " * 300)[:10_000].strip()
    assert world.owner.client.post("/check-ins/1/save/", form(check_in, supportive=text)).status_code == 303
    assert next(iter(Review.objects.get().answers.values()))["supportive"] == text
    html = page(world.owner, "/check-ins/1/")
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html


@pytest.mark.parametrize(
    "data", [{}, {"revision": "x"}, {"revision": "-1"}, {"revision": "9" * 30}, {"went-1": "never"}]
)
def test_forms_that_no_page_of_ours_sends(data, world, check_in):
    for verb in ("save", "share"):
        assert world.owner.client.post(f"/check-ins/1/{verb}/", data).status_code == 422
    assert not Review.objects.exists()


def test_not_this_time(world, check_in):
    before = same(page(world.partner, "/check-ins/1/"))
    skipped = world.owner.client.post("/check-ins/1/skip/", form(check_in, went="", hard=CANARY))
    assert skipped.status_code == 303
    html = page(world.owner, "/check-ins/1/")
    assert "That is all right. If you like to after all" in html and CANARY in html
    assert same(page(world.partner, "/check-ins/1/")) == before
    world.owner.client.post("/check-ins/1/share/", form(check_in, revision=1))
    assert GATE in page(world.owner, "/check-ins/1/")
    too_late = world.owner.client.post("/check-ins/1/skip/")
    assert too_late.status_code == 422 and "You have shared your answers already" in too_late.content.decode()


def drafted(world, check_in):
    actions.save_review(
        check_in=check_in,
        seat=world.owner.seat,
        answers=written(check_in, hard=CANARY, good_moment=CANARY),
        base=0,
        now=due(check_in),
    )


def answered(world, check_in):
    answer(check_in, world.owner, hard=CANARY, good_moment=CANARY)


def skipped(world, check_in):
    actions.skip(check_in=check_in, seat=world.owner.seat, now=due(check_in))


def intended(world, check_in):
    intend(world.owner, check_in.created_at, what=CANARY, day=DAY + timedelta(days=9))


@pytest.mark.parametrize("partner_has", ["nothing", "answered", "skipped"])
def test_the_partners_pages_are_the_same_bytes(partner_has, world, check_in):
    """Unopened, drafted, answered, skipped, and something of one's own: the other cannot tell."""
    if partner_has == "answered":
        answer(check_in, world.partner)
    elif partner_has == "skipped":
        actions.skip(check_in=check_in, seat=world.partner.seat, now=due(check_in))
    addresses = ("/check-ins/", "/check-ins/1/", "/mine/")

    def pages():
        return [same(page(world.partner, address)) for address in addresses]

    before = pages()
    acts = [drafted, skipped, intended] + ([answered] if partner_has != "answered" else [])
    for act in acts:
        act(world, check_in)
        assert pages() == before, act.__name__
    assert CANARY not in "".join(before)


def test_resting_and_beginning_again(world, now, at, check_in):
    at(now)
    assert world.owner.client.post("/check-ins/1/rest/").status_code == 303
    pages = [page(person, "/check-ins/1/") for person in (world.owner, world.partner)]
    for html in pages:
        assert "Looking back has rested since 3 March." in html
    again = world.partner.client.post("/check-ins/1/return/")
    assert (again.status_code, again["Location"]) == (303, "/check-ins/2/")
    assert world.owner.client.post("/check-ins/1/return/")["Location"] == "/check-ins/2/"
    assert CheckIn.objects.count() == 2


def test_a_round_that_passed_reads_the_same_for_both(world, at, check_in):
    answer(check_in, world.owner, hard=CANARY)
    actions.turn_over(check_in=check_in, now=check_in.due_at + timedelta(days=10))
    sentence = "It passed without answers from both of you, and that is allowed."
    mine, theirs = page(world.owner, "/check-ins/1/"), page(world.partner, "/check-ins/1/")
    assert sentence in mine and sentence in theirs
    assert CANARY in mine and CANARY not in theirs


def test_typing_into_a_round_that_closed_meanwhile_loses_nothing(world, check_in):
    actions.close(check_in=check_in, as_="ended", now=due(check_in))
    refused = world.owner.client.post("/check-ins/1/share/", form(check_in, hard=CANARY))
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "This look back is closed." in html and CANARY in html and "Share my answers" not in html
    assert world.owner.client.post("/check-ins/1/save/", form(check_in, hard=CANARY)).status_code == 303
    assert CANARY in page(world.owner, "/check-ins/1/")


def test_saving_after_sharing_changes_nothing_and_gives_the_text_back(world, check_in):
    answer(check_in, world.owner)
    refused = world.owner.client.post("/check-ins/1/save/", form(check_in, revision=1, hard=CANARY))
    assert refused.status_code == 422 and CANARY in refused.content.decode()
    replay = world.owner.client.post("/check-ins/1/share/", form(check_in, revision=1, hard=CANARY))
    assert replay.status_code == 303
    assert CANARY not in str(Review.objects.get().answers)


def test_sharing_before_the_day(world, now, at, check_in):
    at(now)
    refused = world.owner.client.post("/check-ins/1/share/", form(check_in, hard=CANARY))
    assert refused.status_code == 422
    assert "It is not the day yet" in refused.content.decode() and CANARY in refused.content.decode()


def test_a_line_that_rests_is_shown_and_not_asked(world, check_in):
    line = Item.objects.filter(check_in=check_in, position=1).get()
    actions.rest_item(space=check_in.space, lineage=line.lineage, now=due(check_in))
    assert "went-1" not in page(world.owner, "/check-ins/1/")
    for person in (world.owner, world.partner):
        assert person.client.post("/check-ins/1/share/", form(check_in)).status_code == 303
    html = page(world.owner, "/check-ins/1/")
    assert "This has rested since 17 March." in html
    assert f"line-{line.lineage}" not in html


def test_the_list(world, check_in):
    assert "The first one comes with your first agreement." in page(world.outsider, "/check-ins/")
    for person in (world.owner, world.partner):
        answer(check_in, person)
    html = page(world.owner, "/check-ins/")
    assert html.index("31 March 2026") < html.index("17 March 2026")
    assert "looked back" in html and "still to come" in html


# --- one's own --------------------------------------------------------------------------------------------------------


def intentions(**changes):
    data = {"what-1": "Ten minutes of walking", "local_date": "2026-03-17", "hour": "19", "rhythm": "2w"}
    return {**data, **changes}


def test_own_intentions_alone_from_writing_to_the_next_round(lone, now, at):
    at(now)
    html = page(lone, "/mine/")
    assert 'value="2026-03-17"' in html and "Only you can see this page" in html
    begun = lone.client.post("/mine/", intentions(**{"what-3": "Call my sister", "when-3": "Sundays"}))
    assert (begun.status_code, begun["Location"]) == (303, "/mine/1/")
    assert (
        lone.client.post("/mine/", intentions(**{"what-3": "Call my sister", "when-3": "Sundays"})).status_code == 303
    )
    check_in = CheckIn.objects.get()
    assert "You look back on Tuesday 17 March" in page(lone, "/mine/1/")
    assert "Call my sister" in page(lone, "/mine/")
    at(due(check_in))
    assert lone.client.post("/mine/1/save/", form(check_in, went=""), headers=HTMX).status_code == 200
    assert lone.client.post("/mine/1/share/", form(check_in, revision=1, supportive=CANARY)).status_code == 303
    html = page(lone, "/mine/1/")
    assert CANARY in html and GATE not in html and "The next look back is on Tuesday 31 March" in html
    assert waiting(newest(check_in)).count() == 1
    assert lone.client.post("/mine/2/stop/").status_code == 303
    assert fresh(newest(check_in)).closed_as == "ended"
    assert not waiting(newest(check_in)).exists()
    assert "17 March 2026" in page(lone, "/mine/")


def test_own_skip_and_rest(own, lone, at):
    assert lone.client.post("/mine/1/skip/").status_code == 303
    assert fresh(own).closed_as == "skipped"
    for _round in range(2):
        check_in = newest(own)
        actions.turn_over(check_in=check_in, now=check_in.due_at + timedelta(days=10))
    resting = newest(own)
    html = page(lone, f"/mine/{resting.number}/")
    assert "Reminders rest." in html and "Either of you" not in html
    again = lone.client.post(f"/mine/{resting.number}/return/")
    assert again["Location"] == f"/mine/{resting.number + 1}/"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"what-1": " "}, "Write at least one thing"),
        ({"what-2": "x" * 10_001}, "10000 characters"),
        ({"local_date": "2026-03-03"}, "Choose a day from tomorrow on"),
        ({"local_date": "2027-03-05"}, "Choose a day from tomorrow on"),
        ({"local_date": "soon"}, "choose a day"),
        ({"hour": "8"}, "valid choice"),
        ({"rhythm": "daily"}, "valid choice"),
        ({"what-1": "a\0b"}, "Null characters"),
    ],
)
def test_intentions_that_cannot_be_kept_come_back(changes, sentence, lone, now, at):
    at(now)
    response = lone.client.post("/mine/", intentions(**{"when-1": CANARY, **changes}))
    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in html and CANARY in html
    assert not CheckIn.objects.exists()


def test_changing_them_replaces_them(own, lone, now, at):
    at(now)
    lone.client.post("/mine/", intentions(**{"what-1": "Sleep by eleven"}))
    assert fresh(own).closed_as == "superseded"
    html = page(lone, "/mine/")
    assert "Sleep by eleven" in html and "Ten minutes of walking" not in html


# --- whose it is not --------------------------------------------------------------------------------------------------

COUPLES = ["", "save/", "share/", "skip/", "rest/", "return/"]
OWN = ["", "save/", "share/", "skip/", "stop/", "return/"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("root", "rest"), [("check-ins", rest) for rest in COUPLES] + [("mine", rest) for rest in OWN])
def test_what_is_not_yours_is_not_there(method, root, rest, world, now, check_in):
    intend(world.owner, now)
    expected = 404 if (rest == "") == (method == "get") else 405
    for person in (world.outsider, world.partner) if root == "mine" else (world.outsider,):
        assert getattr(person.client, method)(f"/{root}/1/{rest}").status_code == expected
        assert getattr(person.client, method)(f"/{root}/{10**30}/{rest}").status_code == expected


def test_ones_own_is_not_found_under_the_couples_address(world, now, at):
    at(now)
    intend(world.owner, now)
    page(world.owner, "/check-ins/1/", 404)
    assert WHAT not in page(world.owner, "/check-ins/")


@pytest.mark.parametrize("address", ["/check-ins/", "/check-ins/1/", "/mine/", "/mine/1/"])
def test_nobody_reads_without_signing_in_or_without_a_seat(address, client, world, check_in):
    assert client.get(address).status_code == 302
    seat = world.owner.seat
    type(seat).objects.filter(space=seat.space_id).update(left_at=check_in.created_at)
    assert world.owner.client.get(address).status_code == 303


@pytest.mark.parametrize("address", ["/check-ins/", "/check-ins/1/", "/mine/", "/mine/1/"])
def test_pages_cost_the_same_for_one_line_and_for_five(address, world, now, at, django_assert_max_num_queries):
    counts = []
    for count in (1, 5):
        CheckIn.objects.all().delete()
        check_in = agree(world, now, count=count)
        actions.set_intentions(
            seat=world.owner.seat,
            lines=[{"what": f"{number}", "when": ""} for number in range(count)],
            local_date=DAY,
            hour=19,
            rhythm="2w",
            now=now,
        )
        for person in (world.owner, world.partner):
            answer(check_in, person)
        at(due(check_in))
        world.owner.client.get(address)
        with django_assert_max_num_queries(12) as captured:
            page(world.owner, address)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_link_of_a_reminder_leads_to_what_waits_and_names_neither(world, now, at):
    def leads_to(person) -> str:
        return person.client.get("/look-back/").headers["Location"]

    at(now)
    assert leads_to(world.owner) == "/check-ins/"
    own = intend(world.owner, now)
    assert leads_to(world.owner) == f"/mine/{own.number}/"
    check_in = agree(world, now)
    assert (leads_to(world.owner), leads_to(world.partner)) == ("/check-ins/1/", "/check-ins/1/")
    at(max(due(check_in), due(own)))
    answer(check_in, world.owner)
    assert leads_to(world.owner) == f"/mine/{own.number}/"
