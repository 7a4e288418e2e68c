"""The main picture: stock of the coming weeks, with the order and without it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from jit_backoffice.charts.plot import (
    Area,
    Bands,
    Dated,
    Mark,
    Plot,
    Tick,
    round_up,
    short,
)

HEADROOM = 1.1


@dataclass(frozen=True, slots=True)
class ProjectionChart:
    plot: Plot
    rows: list[Tick]
    dates: list[Tick]
    history: str
    median: str
    areas: list[Area]
    without: str
    today: Mark
    order_by: str
    deliveries: list[Mark]
    next_delivery: Mark | None
    reorder: Mark | None
    out: Mark | None


def stock_projection(
    *,
    history: Sequence[Dated],
    today: dt.date,
    with_order: Bands,
    without_order: Sequence[float] | None,
    deliveries: Sequence[Dated],
    next_delivery: dt.date | None,
    reorder_point: float | None,
    order_by_word: str = "",
    out_on: dt.date | None = None,
    width: float = 464,
    height: float = 236,
) -> ProjectionChart:
    """Stock of the last weeks and the coming ones, with the order and without it."""
    days = with_order.days
    tops = [v for _, v in history] + [*with_order.high95, reorder_point or 0]
    plot = Plot(
        width,
        height,
        30,
        14,
        26,
        24,
        min([d for d, _ in history] + [today]),
        max(days) if days else today,
        round_up(max(tops) * HEADROOM),
    )
    without = list(zip(days, without_order or (), strict=False))
    shown = [(day, n) for day, n in deliveries if day <= plot.last]
    upright = next_delivery if next_delivery and next_delivery <= plot.last else None
    return ProjectionChart(
        plot,
        plot.rows(),
        plot.dates(today),
        plot.stairs(history),
        plot.stairs(with_order.dated(with_order.median)),
        plot.bands(with_order, steps=True),
        plot.stairs(without),
        Mark(plot.x(today), plot.top, f"{today:%a} {short(today)}"),
        order_by_word,
        _apart([Mark(plot.x(day), 0, f"+{n:,.6g}") for day, n in shown]),
        Mark(plot.x(upright), 0, "next delivery", _anchor(plot, upright))
        if upright
        else None,
        Mark(plot.end_x, plot.y(reorder_point), f"reorder point {reorder_point:,.6g}")
        if reorder_point is not None
        else None,
        Mark(
            plot.x(out_on),
            plot.floor_y,
            f"without it: out on {out_on:%a} {short(out_on)}",
            _anchor(plot, out_on),
        )
        if out_on and out_on <= plot.last
        else None,
    )


def _anchor(plot: Plot, day: dt.date) -> str:
    share = (plot.x(day) - plot.left) / (plot.end_x - plot.left)
    return "start" if share < 0.25 else "end" if share > 0.75 else "middle"


def _apart(marks: list[Mark]) -> list[Mark]:
    """Drop the words of uprights that would stand on each other."""
    kept: list[Mark] = []
    for mark in marks:
        near = kept and mark.x - kept[-1].x < 26
        kept.append(Mark(mark.x, mark.y, "" if near else mark.label))
    return kept
