"""Charts of one line height: sparkline, cover bar, meter."""

from collections.abc import Sequence
from dataclasses import dataclass

from jit_backoffice.charts.plot import Box, Mark, path_of

COVER_DAYS = 16.0


@dataclass(frozen=True, slots=True)
class Sparkline:
    path: str
    last: Mark
    ticks: list[float]


def sparkline(
    values: Sequence[float],
    out_weeks: Sequence[int] = (),
    width: float = 80,
    height: float = 22,
) -> Sparkline:
    """Weekly points from zero; ticks on the baseline for weeks out of stock."""
    top = max([*values, 1e-9])
    step = (width - 6) / max(len(values) - 1, 1)
    points = [
        (round(2 + n * step, 1), round(height - 3 - v / top * (height - 7), 1))
        for n, v in enumerate(values)
    ]
    end = points[-1] if points else (width - 4, height - 3)
    ticks = [points[n][0] for n in out_weeks if n < len(points)]
    return Sparkline(path_of(points), Mark(*end, ""), ticks)


@dataclass(frozen=True, slots=True)
class CoverBar:
    """Likely range, median and the delivery you get if you skip today's order."""

    colour: str
    range_x: float
    range_width: float
    middle_x: float
    delivery_x: float


def cover_bar(
    low: float | None,
    middle: float | None,
    high: float | None,
    next_delivery_days: float,
    width: float = 96,
) -> CoverBar | None:
    """Red: the median lasts less than until the delivery; amber: the range does."""
    if low is None or middle is None or high is None:
        return None

    def x(days: float) -> float:
        return round(4 + min(max(days, 0) / COVER_DAYS, 1) * (width - 8), 1)

    colour = "green"
    if middle < next_delivery_days:
        colour = "red"
    elif low < next_delivery_days:
        colour = "amber"
    return CoverBar(
        colour, x(low), max(x(high) - x(low), 2), x(middle), x(next_delivery_days)
    )


@dataclass(frozen=True, slots=True)
class Meter:
    """A bar of parts on a track, with a goal line."""

    parts: list[Box]
    goal_x: float | None


def meter(
    parts: Sequence[tuple[float, str]],
    goal: float | None = None,
    total: float | None = None,
    width: float = 400,
) -> Meter:
    """Parts of a whole side by side; the track is 1.2 times what must fit."""
    filled = sum(value for value, _ in parts)
    whole = total or max(filled, goal or 0) * 1.2 or 1
    boxes, x = [], 0.0
    for value, name in parts:
        long = min(value / whole, 1) * width
        boxes.append(Box(round(x, 1), 0, round(max(long - 1, 0), 1), 8, name))
        x += long
    return Meter(boxes, None if goal is None else round(goal / whole * width, 1))
