"""A summary to take to a counsellor (A.n.therapy): only what both may read already, and only the parts to which both
agreed, word for word. One person's half is a mark for each part, named by the digest of its content: what changes
lapses by itself, and what only one of them wants in it is never known to the other."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.checkins import queries as checkins
from apps.guides.schema import Exercise
from apps.plans import rules
from apps.plans.exercises.base import text_of
from apps.plans.models import Commitment, Share
from apps.plans.queries.agreeing import open_lines
from apps.plans.queries.standing import Standing
from apps.spaces.models import Seat
from apps.vault import keys

# Of what was shared, the answers that go in; nothing else of an exercise does.
TOLD = {"stressors": ("kind", "what", "since", "until", "effect"), "needs": ("need", "picture")}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the summary, with what the page shows of it."""

    key: str
    title: str
    digest: str
    mine: bool  # my half is given, to these very words
    agreed_at: datetime | None  # both halves are
    focus: str = ""
    steps: tuple[tuple[str, datetime], ...] = ()
    lists: tuple[tuple[Seat, tuple[tuple[str, ...], ...]], ...] = ()
    lines: tuple[Commitment, ...] = ()
    held: tuple[date, ...] = ()

    @property
    def mark(self) -> str:
        return rules.summary_key(self.digest)


@dataclass(frozen=True, slots=True)
class Summary:
    """The summary as one person may see it: all its parts, their own half, and what both agreed to."""

    parts: tuple[Part, ...]
    lapsed: bool  # I agreed to words that have changed since

    @property
    def agreed(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.agreed_at)

    @property
    def agreed_at(self) -> datetime | None:
        return max((part.agreed_at for part in self.parts if part.agreed_at), default=None)

    @property
    def mine(self) -> bool:
        """Have I given my half to any part, as it stands now?"""
        return any(part.mine for part in self.parts)


def summary(standing: Standing) -> Summary:
    """Everything that both could agree to take along now. Nothing, for one alone."""
    if standing.alone:
        return Summary((), lapsed=False)
    marks, make = standing.milestones.marks, maker(standing)
    parts = tuple(
        made
        for made in (focus(standing, make), steps(standing, make), *lists(standing, make), agreed(standing, make))
        if made is not None
    )
    current = {part.mark for part in parts}
    lapsed = any(
        standing.seat.number in seats
        for key, seats in marks.items()
        if key.startswith(rules.SUMMARY) and key not in current
    )
    return Summary(parts, lapsed)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the parts; `secret` keys their digests, so that nobody can try content against a mark."""

    standing: Standing
    secret: bytes

    def part(self, key: str, title: str, content: Any, **shown: Any) -> Part:
        """`content` are the facts that a half is given to, whatever language and zone they are read in."""
        text = json.dumps([key, content], sort_keys=True, ensure_ascii=False, default=str)
        digest = hmac.new(self.secret, text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:40]
        halves = self.standing.milestones.marks.get(rules.summary_key(digest), {})
        return Part(key, title, digest, self.standing.seat.number in halves, rules.both_at(halves), **shown)


def maker(standing: Standing) -> Maker:
    """Keyed under the second person's key: the same for both, and known to nobody without it."""
    second = max((seat for seat in (standing.seat, standing.seat.other) if seat), key=lambda seat: seat.number)
    return Maker(standing, keys.fingerprint(second.user_id, f"summary of {standing.plan.pk}").encode())


def focus(standing: Standing, make: Maker) -> Part | None:
    text = standing.plan.focus
    return make.part("focus", _("What it is about for us"), text, focus=text) if text else None


def steps(standing: Standing, make: Maker) -> Part | None:
    walked = [(state.step, state.reached_at) for state in standing.steps if state.reached_at]
    content = [[step.key, at.isoformat()] for step, at in walked]
    shown = tuple((step.title, at) for step, at in walked)
    return make.part("steps", _("The steps that we walked"), content, steps=shown) if walked else None


def lists(standing: Standing, make: Maker) -> list[Part]:
    """The loads and the needs of both, once both lie open and neither was taken back."""
    titles = {"stressors": _("What weighs on each of us"), "needs": _("What each of us is missing")}
    wanted = {
        exercise.key: exercise
        for exercise in standing.guide.exercises()
        if exercise.kind in TOLD
        and exercise.reveal == "mutual"
        and rules.both_at(standing.milestones.shared.get(exercise.key))
    }
    found: dict[str, dict[int, Share]] = {key: {} for key in wanted}
    if wanted:
        people = {seat.pk: seat for seat in (standing.seat, standing.seat.other) if seat}
        for share in Share.objects.filter(plan=standing.plan, exercise__in=wanted).order_by("version"):
            share.seat = people[share.seat_id]
            found[share.exercise][share.seat.number] = share
    made = []
    for key, exercise in wanted.items():
        newest = [found[key][number] for number in sorted(found[key])]
        if len(newest) == 2 and not any(share.taken_back_at for share in newest):
            content = [[share.seat.number, told(exercise, share.body)] for share in newest]
            first, second = newest
            shown = (
                (first.seat, in_words(exercise, first, second.seat)),
                (second.seat, in_words(exercise, second, first.seat)),
            )
            made.append(make.part(key, titles[exercise.kind], content, lists=shown))
    return made


def told(exercise: Exercise, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The answers of one list that go in, as they are kept."""
    return [{key: row.get(key) or "" for key in TOLD[exercise.kind]} for row in body.get("items") or []]


def in_words(exercise: Exercise, share: Share, other: Seat) -> tuple[tuple[str, ...], ...]:
    """The same, as it is read: a family is called by whose it is."""
    families = {rules.MY_FAMILY: share.seat, rules.YOUR_FAMILY: other}
    rows = []
    for row in told(exercise, share.body):
        words = []
        for key, value in row.items():
            of, text = families.get(value), text_of(exercise.item_field(key), value)
            words.append(_("%(name)s’s family") % {"name": of.name} if of else with_time(key, text))
        rows.append(tuple(word for word in words if word))
    return tuple(rows)


def with_time(key: str, text: str) -> str:
    """A day on which a load began, or may end, says so."""
    if text and key == "since":
        return _("since %(when)s") % {"when": text}
    return _("until %(when)s") % {"when": text} if text and key == "until" else text


def agreed(standing: Standing, make: Maker) -> Part | None:
    """The lines that hold and do not rest, and the days on which both looked back at them."""
    lines = [shown.line for shown in open_lines(standing.plan) if shown.rested_at is None]
    if not lines:
        return None
    held = checkins.held_on(standing.plan.space, since=standing.plan.opened_at)
    content = [[[line.seat.number, line.for_seat_id, line.kind, line.words] for line in lines], held]
    return make.part("agreed", _("What we agreed, and when we looked back"), content, lines=tuple(lines), held=held)
