"""Scales, ticks and paths that the charts share."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

LABEL_GAP = 58.0

Dated = tuple[dt.date, float]


@dataclass(frozen=True, slots=True)
class Bands:
    """A forecast by day or week: median and the 50, 80 and 95 % ranges."""

    days: Sequence[dt.date]
    median: Sequence[float]
    low50: Sequence[float]
    high50: Sequence[float]
    low80: Sequence[float]
    high80: Sequence[float]
    low95: Sequence[float]
    high95: Sequence[float]

    def dated(self, values: Sequence[float]) -> list[Dated]:
        return list(zip(self.days, values, strict=True))


@dataclass(frozen=True, slots=True)
class Shade:
    """Days that explain something, with the words above them."""

    first: dt.date
    last: dt.date
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A grid line or axis label: where, and what it says."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A named point or upright of a chart."""

    x: float
    y: float
    label: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Area:
    """A filled band of the forecast; ``name`` is its class (b95, b80, b50)."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with its words and its class."""

    x: float
    y: float
    width: float
    height: float
    name: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """Scales of one plot: dates to x, values to y."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    first: dt.date
    last: dt.date
    ceiling: float

    @property
    def floor_y(self) -> float:
        return self.height - self.bottom

    @property
    def end_x(self) -> float:
        return self.width - self.right

    def x(self, day: dt.date) -> float:
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(self.left + share * (self.end_x - self.left), 1)

    def y(self, value: float) -> float:
        share = min(max(value, 0.0), self.ceiling) / self.ceiling
        return round(self.floor_y - share * (self.floor_y - self.top), 1)

    def line(self, points: Sequence[Dated]) -> str:
        return path_of(self.slopes(points))

    def corners(self, points: Sequence[Dated]) -> list[tuple[float, float]]:
        """Levels that rise at once when goods arrive and fall with the days."""
        found: list[tuple[float, float]] = []
        for day, value in points:
            x, y = self.x(day), self.y(value)
            if found and y < found[-1][1]:
                found.append((x, found[-1][1]))
            found.append((x, y))
        return found

    def stairs(self, points: Sequence[Dated]) -> str:
        return path_of(self.corners(points))

    def area(self, low: Sequence[Dated], high: Sequence[Dated], steps: bool) -> str:
        edge = self.corners if steps else self.slopes
        return f"{path_of(edge(high) + edge(low)[::-1])}Z" if high else ""

    def slopes(self, points: Sequence[Dated]) -> list[tuple[float, float]]:
        return [(self.x(day), self.y(value)) for day, value in points]

    def bands(self, bands: Bands, *, steps: bool = False) -> list[Area]:
        ranges = (
            ("b95", bands.low95, bands.high95),
            ("b80", bands.low80, bands.high80),
            ("b50", bands.low50, bands.high50),
        )
        return [
            Area(name, self.area(bands.dated(low), bands.dated(high), steps))
            for name, low, high in ranges
        ]

    def rows(self) -> list[Tick]:
        step = self.ceiling / 4
        return [Tick(self.y(step * n), f"{step * n:,.4g}") for n in range(5)]

    def dates(self, today: dt.date | None = None) -> list[Tick]:
        room = max(int((self.end_x - self.left) // (LABEL_GAP * 1.6)), 1)
        span = (self.last - self.first).days
        step = max(7, 7 * math.ceil(span / room / 7))
        start = self.first + dt.timedelta(days=-self.first.weekday() % 7)
        ticks = []
        while start <= self.last:
            x = self.x(start)
            if today is None or abs(x - self.x(today)) > LABEL_GAP * 0.8:
                ticks.append(Tick(x, short(start)))
            start += dt.timedelta(days=step)
        return ticks


def short(day: dt.date) -> str:
    return f"{day.day} {day:%b}"


def path_of(points: Sequence[tuple[float, float]]) -> str:
    """An SVG path through the points.

    Examples
    --------
    >>> path_of([(0, 1), (2.5, 3)])
    'M0 1L2.5 3'
    """
    return "".join(
        f"{'L' if index else 'M'}{x:g} {y:g}" for index, (x, y) in enumerate(points)
    )


def round_up(value: float) -> float:
    """The next number that four equal grid lines divide well.

    Examples
    --------
    >>> [round_up(n) for n in (0, 3, 27, 61, 230)]
    [4.0, 4.0, 28.0, 80.0, 240.0]
    """
    if value <= 4:
        return 4.0
    scale = 10 ** math.floor(math.log10(value / 4))
    steps = (
        (1, 2, 3, 4, 5, 6, 7, 8, 10)
        if scale == 1
        else (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    )
    return float(next(4 * scale * s for s in steps if 4 * scale * s >= value - 1e-9))
