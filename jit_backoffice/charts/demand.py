"""Demand so far, what is expected, and past periods against their level."""

from collections.abc import Sequence
from dataclasses import dataclass

from jit_backoffice.charts.plot import (
    LABEL_GAP,
    Area,
    Bands,
    Box,
    Dated,
    Mark,
    Plot,
    Shade,
    Tick,
    round_up,
    short,
)


@dataclass(frozen=True, slots=True)
class DemandChart:
    plot: Plot
    rows: list[Tick]
    dates: list[Tick]
    history: str
    would: str
    median: str
    areas: list[Area]
    shades: list[Box]
    today: Mark | None


def demand_chart(
    *,
    history: Sequence[Dated],
    would_have: Sequence[Dated] = (),
    forecast: Bands | None = None,
    shades: Sequence[Shade] = (),
    width: float = 740,
    height: float = 240,
) -> DemandChart | None:
    """Demand by week, and what is expected; None where nothing is known."""
    known = [value for _, value in [*history, *would_have]]
    ahead = list(forecast.high95) if forecast else []
    days = [day for day, _ in history]
    ahead_days = list(forecast.days) if forecast else []
    if not days + ahead_days:
        return None
    first, last = min(days + ahead_days), max(days + ahead_days)
    end = max(days, default=first)
    top = round_up(max([*known, *ahead, 1]))
    plot = Plot(width, height, 34, 12, 26, 24, first, last, top)
    today_x = plot.x(end) if forecast and history else -plot.width
    boxes = [
        Box(
            plot.x(max(shade.first, first)),
            plot.top,
            max(plot.x(min(shade.last, last)) - plot.x(max(shade.first, first)), 4),
            plot.floor_y - plot.top,
            f"shade-{shade.colour}",
            "" if abs(plot.x(shade.first) - today_x) < LABEL_GAP * 2 else shade.label,
        )
        for shade in shades
        if shade.last >= first and shade.first <= last
    ]
    median = forecast.dated(forecast.median) if forecast else []
    return DemandChart(
        plot,
        plot.rows(),
        plot.dates(end),
        plot.line(history),
        plot.line(would_have),
        plot.line(median),
        plot.bands(forecast) if forecast else [],
        boxes,
        Mark(plot.x(end), plot.top, short(end)) if forecast and history else None,
    )


@dataclass(frozen=True, slots=True)
class BarsChart:
    bars: list[Box]
    level_y: float
    level: str
    mean_y: float
    mean: str
    labels: list[Tick]
    width: float
    height: float


def interval_bars(
    values: Sequence[float],
    had_stockout: Sequence[bool],
    level: float,
    mean: float,
    labels: Sequence[str] = (),
    width: float = 464,
    height: float = 84,
) -> BarsChart:
    """Past periods as bars against the level that is held for them."""
    right, bottom, top = 34.0, 18.0, 8.0
    ceiling = max([*values, level, mean, 1e-9])
    step = (width - right) / max(len(values), 1)

    def y(value: float) -> float:
        return round(height - bottom - value / ceiling * (height - bottom - top), 1)

    bars = [
        Box(
            round(n * step + step * 0.1, 1),
            y(value),
            round(step * 0.8, 1),
            round(height - bottom - y(value), 1),
            "bar-hatch" if out else "bar-over" if value > level else "bar",
        )
        for n, (value, out) in enumerate(zip(values, had_stockout, strict=True))
    ]
    spots = max(len(labels) - 1, 1)
    ticks = [Tick(n * (width - right) / spots, word) for n, word in enumerate(labels)]
    mean_y = y(mean)
    if abs(mean_y - y(level)) < 12:
        mean_y = y(level) + 12
    return BarsChart(
        bars, y(level), f"{level:,.6g}", y(mean), f"{mean:,.3g}", ticks, width, height
    )
