"""Where the dots and lines of the pictures stand. Pure: numbers in, places out; the templates draw them as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, MARGIN = 320, 14
LINE_HEIGHT, DOTS_STEP, MEETING_HEIGHT = 72, 18, 84
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Dot:
    """A place in a picture."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Line:
    """One rating over time: a dot each time, joined in order; `levels` are the heights of 1 and 5."""

    height: int
    path: str
    dots: tuple[Dot, ...]
    levels: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Columns:
    """A column of dots a week."""

    height: int
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Meetings:
    """Two paths, and the places where they meet."""

    height: int
    one: str
    two: str
    dots: tuple[Dot, ...]


def line(points: Sequence[tuple[int, int]], *, days: int) -> Line:
    """`points` are (days since the first round, rating); `days` how long all of it took. One alone stands first."""
    dots = tuple(Dot(_across(day, days), _up(value)) for day, value in points)
    return Line(LINE_HEIGHT, path(dots), dots, (_up(LOWEST), _up(HIGHEST)))


def _across(day: int, days: int) -> float:
    return round(MARGIN + (WIDTH - 2 * MARGIN) * day / days, 1) if days else float(MARGIN)


def _up(value: int) -> float:
    return round(LINE_HEIGHT - MARGIN - (LINE_HEIGHT - 2 * MARGIN) * (value - LOWEST) / (HIGHEST - LOWEST), 1)


def path(dots: Sequence[Dot]) -> str:
    """The dots joined by straight lines; nothing for fewer than two."""
    return "M" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in dots) if len(dots) > 1 else ""


def columns(counts: Sequence[int]) -> Columns:
    """For each week a column of as many dots as there are things, from the ground up."""
    height = 2 * MARGIN + DOTS_STEP * (max(counts, default=1) - 1)
    dots = (
        Dot(MARGIN + week * (WIDTH - 2 * MARGIN) / 11, height - MARGIN - DOTS_STEP * number)
        for week, count in enumerate(counts)
        for number in range(count)
    )
    return Columns(height, tuple(Dot(round(dot.x, 1), dot.y) for dot in dots))


def meetings(count: int) -> Meetings:
    """Two paths that begin apart, meet `count` times and are open to the right."""
    step = (WIDTH - 2 * MARGIN) / (count + 1)
    middle = MEETING_HEIGHT / 2
    nodes = [Dot(round(MARGIN + step * (number + 1), 1), middle) for number in range(count)]
    ends = [Dot(float(MARGIN), 0.0), *nodes, Dot(float(WIDTH - MARGIN), 0.0)]
    return Meetings(MEETING_HEIGHT, _way(ends, -1), _way(ends, 1), tuple(nodes))


def _way(ends: Sequence[Dot], side: int) -> str:
    """One of the two paths: from its own side into each meeting and out again to the same side."""
    away = MEETING_HEIGHT / 2 + side * (MEETING_HEIGHT / 2 - MARGIN)
    middle = MEETING_HEIGHT / 2
    heights = [away, *[middle] * (len(ends) - 2), away]
    drawn = f"M{ends[0].x:g} {away:g}"
    for number in range(len(ends) - 1):
        here, there = ends[number].x, ends[number + 1].x
        bend = (there - here) / 2.6
        between = number not in (0, len(ends) - 2)
        first = away if between else heights[number]
        last = away if between else heights[number + 1]
        drawn += f"C{here + bend:.1f} {first:g} {there - bend:.1f} {last:g} {there:g} {heights[number + 1]:g}"
    return drawn
