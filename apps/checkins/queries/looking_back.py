"""What a seat may read of looking back. The only place that reads somebody else's answers, and only once revealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.checkins import measures, rules
from apps.checkins.models import CheckIn, Item, Measure, Review, Snooze
from apps.checkins.schedule import ONCE, local_day
from apps.core import dates
from apps.spaces.models import Seat, Space

BEFORE, OPEN, SKIPPED, LATER = "before", "open", "skipped", "later"
ANSWERED, REVEALED, CLOSED = "answered", "revealed", "closed"
ENDED = ("held", "superseded", "ended", "left")  # a later round that ended so has its own "keep, change, let go"


@dataclass(frozen=True, slots=True)
class Said:
    """What one person answered for one line."""

    hue: str
    name: str
    went: str
    supportive: str
    hard: str

    @property
    def went_word(self) -> str:
        """The tap in words, empty where there was none."""
        return {"well": _("Went well"), "partly": _("Partly"), "not": _("Not yet")}.get(self.went, "")

    @property
    def texts(self) -> tuple[str, ...]:
        """The tap and the two longer answers, without the empty ones."""
        return tuple(text for text in (self.went_word, self.supportive, self.hard) if text)


@dataclass(frozen=True, slots=True)
class Moment:
    """One person's good moment."""

    hue: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One agreed line, with the answers that the reader may see: their own, and the other's once revealed."""

    id: UUID
    position: int
    lineage: UUID
    words: dict[str, Any]
    hue: str
    name: str
    rested_at: datetime | None
    said: tuple[Said, ...] = ()

    @property
    def what(self) -> str:
        return str(self.words.get("what", ""))

    @property
    def details(self) -> str:
        """When, how often, how long, in one row. A fixed time keeps its days and its hour instead of a text."""
        if self.words.get("days"):
            return dates.weekly(self.words["days"], self.words["time"])
        parts = (str(self.words.get(key) or "").strip() for key in ("when", "how_often", "how_long"))
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Round:
    """One look back as one seat may see it. `state` is one of the words above."""

    check_in: CheckIn
    state: str
    lines: tuple[Line, ...]
    moments: tuple[Moment, ...]
    mine: Review | None
    rated: dict[str, int]  # my private ratings; the other's are read by nobody
    snoozed_until: date | None
    answerable: bool
    resting: bool
    may_return: bool

    @property
    def number(self) -> int:
        return self.check_in.number

    @property
    def own(self) -> bool:
        """Whether it is of this person alone."""
        return self.check_in.seat_id is not None

    @property
    def asked(self) -> tuple[Line, ...]:
        """The lines that do not rest."""
        return tuple(line for line in self.lines if line.rested_at is None)


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The open look back of both, for the home page. Says nothing of the other."""

    number: int
    local_date: date
    hour: int
    zone: str
    answerable: bool  # the day has come, and I have neither answered nor skipped
    answered: bool
    skipped: bool
    later: bool
    snoozed_until: date | None
    resting: bool


@dataclass(frozen=True, slots=True)
class Past:
    """One look back of a closed space, in the words of the person who reads it."""

    round: Round
    my_texts: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        return _("Looking back on %(date)s") % {"date": date_format(self.round.check_in.local_date, "j F Y")}


def find(seat: Seat, number: int) -> CheckIn | None:
    """The look back of both with this number."""
    return CheckIn.objects.filter(space=seat.space_id, seat=None, number=number).select_related("space", "seat").first()


def find_own(seat: Seat, number: int) -> CheckIn | None:
    """This person's own look back with this number."""
    return CheckIn.objects.filter(seat=seat, number=number).select_related("space", "seat").first()


def open_for(seat: Seat) -> CheckIn | None:
    """The open look back of both, or None."""
    return CheckIn.objects.filter(space=seat.space_id, seat=None, closed_at=None).first()


def open_own(seat: Seat) -> CheckIn | None:
    """This person's own open look back, or None."""
    return CheckIn.objects.filter(seat=seat, closed_at=None).first()


def upcoming(seat: Seat, now: datetime) -> Upcoming | None:
    """What the home page says about the next look back of both; None where none is open. One query."""
    mine = Review.objects.filter(check_in=OuterRef("pk"), seat=seat)
    asleep = Snooze.objects.filter(check_in=OuterRef("pk"), seat=seat)
    check_in = (
        CheckIn.objects.filter(space=seat.space_id, seat=None, closed_at=None)
        .annotate(
            answered=Exists(mine.exclude(answered_at=None)),
            skipped=Exists(mine.exclude(skipped_at=None)),
            later=Exists(mine.exclude(later_at=None)),
            asleep_until=Subquery(asleep.values("until")),
        )
        .first()
    )
    if check_in is None:
        return None
    asleep_until = _ahead(check_in.asleep_until, seat, now)
    done = check_in.answered or check_in.skipped or check_in.later
    return Upcoming(
        number=check_in.number,
        local_date=check_in.local_date,
        hour=check_in.hour,
        zone=check_in.zone,
        answerable=_answerable(check_in, seat, now) and not done and asleep_until is None,
        answered=check_in.answered,
        skipped=check_in.skipped,
        later=check_in.later,
        snoozed_until=asleep_until,
        resting=_rests(check_in),
    )


def _ahead(until: date | None, seat: Seat, now: datetime) -> date | None:
    """The day until which a reminder is put off, while it is still to come."""
    return until if until is not None and until > local_day(now, seat.user.zone) else None


def snoozes(check_in: CheckIn, seat: Seat, now: datetime) -> tuple[int, ...]:
    """In how many days this person can be reminded again; none where nothing is left to be reminded of. One query."""
    done = Review.objects.filter(check_in=check_in, seat=seat).exclude(answered_at=None, skipped_at=None)
    if check_in.closed_at is not None or _rests(check_in) or done.exists():
        return ()
    today = local_day(now, seat.user.zone)
    until = partial(rules.snoozed_until, today=today, closes=check_in.closes_on)
    return tuple(days for days in rules.SNOOZES if until(days=days) is not None)


def due(seat: Seat, now: datetime) -> CheckIn | None:
    """What a reminder is about: the look back that waits for this person, that of both first; else one still ahead.

    A reminder's link names neither, so that a mailbox that two people read says nothing of one's own (law 1).
    """
    found = [check_in for check_in in (open_for(seat), open_own(seat)) if check_in is not None]
    done = set(
        Review.objects.filter(check_in__in=found, seat=seat)
        .exclude(answered_at=None, skipped_at=None, later_at=None)
        .values_list("check_in", flat=True)
    )
    waiting = [one for one in found if one.pk not in done and _answerable(one, seat, now)]
    return next(iter(waiting or found), None)


def held(space: Space, *, since: datetime) -> QuerySet[CheckIn]:
    """The rounds that both held together after `since`, for somebody who asks for their facts."""
    return CheckIn.objects.filter(space=space, seat=None, closed_as="held", closed_at__gte=since)


def held_on(space: Space, *, since: datetime) -> tuple[date, ...]:
    """The days for which both looked back together after `since`, oldest first. Nothing of what they said."""
    return tuple(held(space, since=since).order_by("number").values_list("local_date", flat=True))


def round_of(seat: Seat, check_in: CheckIn, now: datetime) -> Round:
    """One look back as `seat` may see it."""
    return _rounds(seat, [check_in], now)[0]


def rounds(seat: Seat, now: datetime) -> list[Round]:
    """Every look back of both so far, newest first; one that was replaced before its day is none."""
    return _shown(_rounds(seat, CheckIn.objects.filter(space=seat.space_id, seat=None).order_by("-number"), now))


def own_rounds(seat: Seat, now: datetime) -> list[Round]:
    """This person's own look backs, newest first."""
    return _shown(_rounds(seat, CheckIn.objects.filter(seat=seat).order_by("-number"), now))


def past(seat: Seat) -> list[Past]:
    """A closed space's look backs, oldest first, with the texts of whoever reads them and nobody else's."""
    mine = CheckIn.objects.filter(Q(seat=None) | Q(seat=seat), space=seat.space_id).order_by("created_at", "number")
    found = _rounds(seat, mine, seat.left_at or seat.joined_at)
    return [Past(one, texts) for one in found if (texts := _own_texts(one, seat))]


def _own_texts(round_: Round, seat: Seat) -> tuple[tuple[str, str], ...]:
    """What this person wrote in one round; for a round of their own the lines are theirs as well."""
    texts = [(_("A good moment"), moment.text) for moment in round_.moments if moment.hue == seat.hue]
    for line in round_.lines:
        said = [text for one in line.said if one.hue == seat.hue for text in one.texts]
        if round_.own:
            said = [line.details, *said] if line.details else said
        if said or round_.own:
            texts.append((line.what, "\n".join(said)))
    if round_.rated:
        rated = [f"{words.title}: {round_.rated[words.name]}" for words in measures.ALL if words.name in round_.rated]
        texts.append((_("For me alone, from 1 to 5"), "\n".join(rated)))
    return tuple(texts)


@dataclass(frozen=True, slots=True)
class After:
    """What came after one round."""

    follower: CheckIn | None  # the open look back that followed it
    next_round: bool  # "keep, change, let go" belongs to this round, the newest held one


def after(round_: Round) -> After:
    """What came after a round. One query, and none while it is open."""
    if round_.check_in.closed_at is None:
        return After(None, False)
    later = list(
        CheckIn.objects.filter(
            space=round_.check_in.space_id, seat=round_.check_in.seat_id, number__gt=round_.number
        ).order_by("number")
    )
    ended = [one for one in later if round_.check_in.rhythm == ONCE or one.closed_as in ENDED]
    return After(
        follower=next((one for one in later if one.closed_at is None), None),
        next_round=not round_.own and round_.state == REVEALED and not ended,
    )


def _shown(found: list[Round]) -> list[Round]:
    return [one for one in found if one.check_in.closed_as != "superseded" or _has_words(one.mine)]


def _has_words(review: Review | None) -> bool:
    return review is not None and bool(review.answers or review.good_moment)


def _rests(check_in: CheckIn) -> bool:
    return rules.rests(paused_at=check_in.paused_at, quiet_rounds=check_in.quiet_rounds)


def _answerable(check_in: CheckIn, seat: Seat, now: datetime) -> bool:
    today = local_day(now, seat.user.zone)
    return rules.answerable(local_date=check_in.local_date, due_at=check_in.due_at, today=today, now=now)


@dataclass(slots=True)
class _Read:
    """What was read for some look backs at once, whatever their number."""

    seats: dict[int, Seat]
    items: dict[UUID, list[Item]] = field(default_factory=lambda: defaultdict(list))
    reviews: dict[UUID, list[Review]] = field(default_factory=lambda: defaultdict(list))
    rated: dict[UUID, dict[str, int]] = field(default_factory=dict)
    asleep: dict[UUID, date | None] = field(default_factory=dict)


def _read(seat: Seat, check_ins: Sequence[CheckIn]) -> _Read:
    """Four queries, or five where one is open.

    The filter on reviews is law 1: one's own, and the other's only where the round was held. Of ratings and of what was
    put off only one's own is ever read.
    """
    keys = [check_in.pk for check_in in check_ins]
    read = _Read({one.pk: one for one in Seat.objects.filter(space=seat.space_id)})
    for item in Item.objects.filter(check_in__in=keys).order_by("position"):
        item.author = read.seats[item.author_id]
        read.items[item.check_in_id].append(item)
    readable = Q(seat=seat) | Q(check_in__closed_as="held", check_in__seat=None)
    for review in Review.objects.filter(readable, check_in__in=keys).order_by("seat__number"):
        review.seat = read.seats[review.seat_id]
        read.reviews[review.check_in_id].append(review)
    for measure in Measure.objects.filter(seat=seat, check_in__in=keys).select_related("seat"):
        read.rated[measure.check_in_id] = measure.ratings
    if open_ones := [check_in.pk for check_in in check_ins if check_in.closed_at is None]:
        read.asleep = dict(Snooze.objects.filter(seat=seat, check_in__in=open_ones).values_list("check_in", "until"))
    return read


def _rounds(seat: Seat, check_ins: Iterable[CheckIn], now: datetime) -> list[Round]:
    found = list(check_ins)
    read = _read(seat, found) if found else _Read({})
    return [_round(seat, check_in, read, now) for check_in in found]


def _round(seat: Seat, check_in: CheckIn, read: _Read, now: datetime) -> Round:
    reviews = read.reviews[check_in.pk]
    mine = next((review for review in reviews if review.seat_id == seat.pk), None)
    answerable = _answerable(check_in, seat, now)
    return Round(
        check_in=check_in,
        state=_state(check_in, mine, answerable),
        lines=tuple(_line(item, reviews, read.seats) for item in read.items[check_in.pk]),
        moments=tuple(
            Moment(review.seat.hue, review.seat.name, review.good_moment) for review in reviews if review.good_moment
        ),
        mine=mine,
        rated=read.rated.get(check_in.pk, {}),
        snoozed_until=_ahead(read.asleep.get(check_in.pk), seat, now),
        answerable=answerable,
        resting=_rests(check_in),
        may_return=rules.may_return(resting=_rests(check_in), closed_as=check_in.closed_as),
    )


def _state(check_in: CheckIn, mine: Review | None, answerable: bool) -> str:
    if check_in.closed_at is not None:
        return REVEALED if rules.revealed(check_in.closed_as) else CLOSED
    if mine is not None and mine.answered_at is not None:
        return ANSWERED
    if mine is not None and mine.skipped_at is not None:
        return SKIPPED
    if mine is not None and mine.later_at is not None:
        return LATER
    return OPEN if answerable else BEFORE


def _line(item: Item, reviews: Iterable[Review], seats: dict[int, Seat]) -> Line:
    whose = seats[item.for_seat_id] if item.for_seat_id else None
    return Line(
        id=item.pk,
        position=item.position,
        lineage=item.lineage,
        words=item.words,
        hue=whose.hue if whose else "both",
        name=whose.name if whose else _("Both of you"),
        rested_at=item.rested_at,
        said=tuple(said for review in reviews if (said := _said(review, item))),
    )


def _said(review: Review, item: Item) -> Said | None:
    found = review.answers.get(str(item.pk))
    if not found or not any(found.values()):
        return None
    return Said(
        hue=review.seat.hue,
        name=review.seat.name,
        went=found.get("went", ""),
        supportive=found.get("supportive", ""),
        hard=found.get("hard", ""),
    )
