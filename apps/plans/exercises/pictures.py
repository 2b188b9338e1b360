"""Pictures over time, drawn on the server: spans of time as bars, days as dots.

Pure: dates in, places on the drawing out. A picture is 320 units wide, the width of the smallest phone; what stands in
it as a picture stands beneath it as a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

WIDTH, LEFT, RIGHT = 320, 4.0, 316.0
ROW, TOP = 40.0, 22.0
AROUND = timedelta(days=30)  # what is shown of the time before and after today at the least
BACK, AHEAD = timedelta(days=3 * 365), timedelta(days=2 * 365)  # and at the most
LONGEST_LABEL = 38
WEEKS = 9


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasts: `weight` 1 to 5 is the bar's thickness, `hue` whose it is. A date may be unknown."""

    label: str
    since: date | None
    until: date | None
    weight: int = 3
    hue: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    hue: str
    x: str
    y: str
    width: str
    height: str
    label_y: str
    dated: bool


@dataclass(frozen=True, slots=True)
class Tick:
    day: date
    x: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing of spans: `ticks` are its first day, today and its last day."""

    height: int
    bars: list[Bar]
    today_x: str
    ticks: list[Tick]


def unit(number: float) -> str:
    """A length as SVG wants it: text, so that no locale turns its point into a comma."""
    return f"{number:.1f}"


def short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"


def timeline(spans: Sequence[Span], today: date) -> Timeline:
    """Each span as a bar in the order given; one without a start begins where the picture does, one without an end
    runs on to its edge, and one without either is drawn as undated."""
    first = max(min([today - AROUND, *(one.since for one in spans if one.since)]), today - BACK)
    last = min(max([today + AROUND, *(one.until for one in spans if one.until)]), today + AHEAD)

    def x(day: date) -> float:
        share = (day - first).days / (last - first).days
        return LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0)

    bars = []
    for number, one in enumerate(spans):
        top = TOP + ROW * number
        thickness = 2.0 + 2 * one.weight
        start, end = x(one.since or first), x(one.until or last)
        bars.append(
            Bar(
                label=short(one.label),
                hue=one.hue,
                x=unit(start),
                y=unit(top + 26 - thickness / 2),
                width=unit(max(end - start, 4.0)),
                height=unit(thickness),
                label_y=unit(top + 14),
                dated=bool(one.since or one.until),
            )
        )
    return Timeline(
        height=round(TOP + ROW * len(spans) + 4),
        bars=bars,
        today_x=unit(x(today)),
        ticks=[Tick(first, unit(LEFT), "start"), Tick(last, unit(RIGHT), "end")],
    )


@dataclass(frozen=True, slots=True)
class Noticed:
    """One day on which something was noticed; `sign` is the words for what it was."""

    on: date
    sign: str
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str
    good: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One sign over the weeks: how often, and when first and last."""

    sign: str
    label: str
    label_y: str
    line_y: str
    dots: list[Dot]
    days: int
    good: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How what was noticed comes back over time. `says` is what may honestly be said of it:

    nothing, one (an event), apart (different things, none twice), close (all within two weeks), returns.
    """

    says: Literal["nothing", "one", "apart", "close", "returns"]
    days: int
    within: int  # days from the first to the last, both counted
    rows: list[Row]
    often: list[Row]  # those that came back most often
    height: int
    weeks: list[str]
    ticks: list[Tick]


def recurrence(noticed: Iterable[Noticed], today: date) -> Recurrence:
    """The picture of the last nine weeks, a row for each sign, a dot for each day (seed element B.s1.recurring).

    It says nothing about why, and nothing about anybody.
    """
    first = today - timedelta(weeks=WEEKS) + timedelta(days=1)
    shown = sorted((one for one in noticed if first <= one.on <= today), key=lambda one: one.on)

    def x(day: date) -> float:
        return LEFT + 6 + (RIGHT - LEFT - 12) * (day - first).days / (today - first).days

    rows = []
    for number, sign in enumerate(sorted({one.sign for one in shown})):
        mine, line = [one for one in shown if one.sign == sign], TOP + ROW * number + 26
        rows.append(
            Row(
                sign=sign,
                label=short(sign),
                label_y=unit(line - 12),
                line_y=unit(line),
                dots=[Dot(unit(x(one.on)), unit(line), bool(one.good)) for one in mine],
                days=len(mine),
                good=sum(bool(one.good) for one in mine),
                first=mine[0].on,
                last=mine[-1].on,
            )
        )
    most = max((row.days for row in rows), default=0)
    within = (shown[-1].on - shown[0].on).days + 1 if shown else 0
    return Recurrence(
        says=what_it_says(len(shown), most, within),
        days=len(shown),
        within=within,
        rows=rows,
        often=[row for row in rows if row.days == most] if most > 1 else [],
        height=round(TOP + ROW * len(rows) + 4),
        weeks=[unit(x(first + timedelta(weeks=week))) for week in range(WEEKS)],
        ticks=[Tick(first, unit(LEFT), "start"), Tick(today, unit(RIGHT), "end")],
    )


def what_it_says(days: int, most: int, within: int) -> Literal["nothing", "one", "apart", "close", "returns"]:
    """How much may be said of so many days, of which the most frequent sign has `most`, within so many days."""
    if days < 2:
        return "one" if days else "nothing"
    if most < 2:
        return "apart"
    return "close" if within < 14 else "returns"
