"""Template helpers that every page may use (a builtin library)."""

from itertools import pairwise
from typing import Any

from django import template
from django.utils.translation import gettext as _

from apps.core import dates

register = template.Library()

register.filter("day", dates.day)
register.filter("day_year", dates.day_year)
register.filter("weekday", dates.weekday)
register.filter("clock", dates.clock_time)
register.filter("hour", dates.whole_hour)
register.filter("place", dates.place)
register.filter("weekly", dates.weekly)

Point = tuple[float, float]

# The picture's measures: both ends stand low and outside, the meeting is high and in the middle.
WIDTH, HEIGHT, REACH = 640, 150, 9
LOW, HIGH, SIDE = 122.0, 44.0, 26.0


@register.filter
def hue(seat_or_number: Any) -> str:
    """`one` or `two`: the hue of a seat, or of its number. Anything else has no hue."""
    number = getattr(seat_or_number, "number", seat_or_number)
    return {1: "one", 2: "two"}.get(number, "")


@register.inclusion_tag("_ui/meeting.html")
def meeting(done: int, total: int, left_name: str, right_name: str = "") -> dict[str, Any]:
    """The way as two paths that come towards each other; both ends move by shared milestones only (law 3).

    Seat one is on the left. Without `right_name` the other end is an open place.
    """
    share = min(max(done / total, 0.0), 1.0) if total else 0.0
    left = [(SIDE, LOW), (150.0, LOW), (190.0, HIGH), (WIDTH / 2 - REACH, HIGH)]
    walked, ahead = split(left, max(share, 0.06)), split(left, 1.0)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left_walked": path(walked),
        "right_walked": path(mirrored(walked)),
        "left_whole": path(ahead),
        "right_whole": path(mirrored(ahead)),
        "left_end": written(walked[-1]),
        "right_end": written(mirrored(walked)[-1]),
        "met": share == 1.0,
        "left_name": left_name,
        "right_name": right_name,
        "label": _("%(done)s of %(total)s steps done together") % {"done": min(done, total), "total": total},
    }


def split(curve: list[Point], share: float) -> list[Point]:
    """The first `share` of a cubic Bézier curve, as a cubic Bézier curve (de Casteljau)."""
    first, rest = [curve[0]], curve
    while len(rest) > 1:
        rest = [between(start, end, share) for start, end in pairwise(rest)]
        first.append(rest[0])
    return first


def between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def mirrored(curve: list[Point]) -> list[Point]:
    return [(WIDTH - x, y) for x, y in curve]


def path(curve: list[Point]) -> str:
    start, *rest = (f"{x:.1f} {y:.1f}" for x, y in curve)
    return f"M{start} C{', '.join(rest)}"


def written(point: Point) -> dict[str, str]:
    # As text, so that no locale turns the point of a number into a comma.
    return {"x": f"{point[0]:.1f}", "y": f"{point[1]:.1f}"}
