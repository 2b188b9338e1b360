"""A look back of Mara and Jonas, and the words in it."""

import re
from datetime import date, datetime, timedelta
from uuid import uuid4

from apps.checkins import actions
from apps.checkins.actions import Answers, ItemFacts
from apps.checkins.models import CheckIn, Item
from apps.outbox.models import Letter

WHAT = "Coffee on the balcony, without phones"
DAY = date(2026, 3, 17)  # two weeks after the `now` of the tests


def facts(author, *, what=WHAT, for_seat=None):
    words = {"what": what, "when": "Sunday morning", "how_often": "weekly", "how_long": "", "how_we_know": ""}
    return ItemFacts(lineage=uuid4(), author=author, for_seat=for_seat, words=words)


def lines(seat, count):
    return [facts(seat, what=f"{WHAT} {number}") for number in range(1, count + 1)]


def agree(world, now, *, count=1, day=DAY, hour=19, zone="UTC", rhythm="2w", items=None) -> CheckIn:
    seat = world.owner.seat
    return actions.schedule(
        space=seat.space,
        items=lines(seat, count) if items is None else items,
        local_date=day,
        hour=hour,
        zone=zone,
        rhythm=rhythm,
        now=now,
        seat_by=seat,
    )


def intend(person, now, *, what="Ten minutes of walking", day=DAY, hour=19, rhythm="2w") -> CheckIn:
    return actions.set_intentions(
        seat=person.seat, lines=[{"what": what, "when": ""}], local_date=day, hour=hour, rhythm=rhythm, now=now
    )


def written(check_in, *, went="well", supportive="", hard="", good_moment="") -> Answers:
    keys = Item.objects.filter(check_in=check_in, rested_at=None).values_list("pk", flat=True)
    line = {"went": went, "supportive": supportive, "hard": hard}
    return Answers(lines={str(key): dict(line) for key in keys}, good_moment=good_moment)


def due(check_in) -> datetime:
    return check_in.due_at + timedelta(hours=1)


def answer(check_in, person, *, now=None, base=0, **words):
    answers = written(check_in, **words)
    return actions.answer(check_in=check_in, seat=person.seat, answers=answers, base=base, now=now or due(check_in))


def newest(check_in) -> CheckIn:
    found = CheckIn.objects.filter(space=check_in.space_id, seat=check_in.seat_id).order_by("-number").first()
    assert found is not None
    return found


def fresh(check_in) -> CheckIn:
    return CheckIn.objects.select_related("space", "seat").get(pk=check_in.pk)


def letters(check_in, kind=actions.REMINDER):
    return Letter.objects.filter(kind=kind, occurrence=str(check_in.pk))


def waiting(check_in, kind=actions.REMINDER):
    return letters(check_in, kind).filter(ended_at=None)


def form(check_in, *, revision=0, went="well", good_moment="", **words):
    data = {"revision": revision, "good_moment": good_moment}
    for line in Item.objects.filter(check_in=check_in):
        data[f"went-{line.position}"] = went
        for name in ("supportive", "hard"):
            data[f"{name}-{line.position}"] = words.get(name, "")
    return data


def page(person, address, status=200):
    response = person.client.get(address)
    assert response.status_code == status, response.status_code
    return response.content.decode()


def same(html):
    """A page without what differs on every answer."""
    html = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", html)
    return re.sub(r'nonce="[^"]*"', "", html)
