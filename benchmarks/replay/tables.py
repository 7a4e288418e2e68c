"""The figures as tables, printed and kept in RESULTS.md."""

import datetime as dt
import platform
from pathlib import Path

import numpy as np
import scipy
from rules import COVER, FILLS, LAST, OUR_CYCLE, OUR_FILL, TEXTBOOK
from stores import REPLAY_DAYS, Stores

from forecasting.replay import (
    WARM_UP_DAYS,
    Frontier,
    stock_at_fill,
    worst_decile_at_fill,
)

RESULTS = Path(__file__).with_name("RESULTS.md")
REACHED = (0.98, 0.99)
MUST = {
    (0.98, COVER): "−20 %",
    (0.98, TEXTBOOK): "−5 %",
    (0.98, LAST): "0 %",
    (0.99, LAST): "+1 %",
}


def write_results(stores: Stores, found: dict[int, dict[str, Frontier]]) -> None:
    parts = [_head(stores), _summary(found), _promised(found)]
    for lead, curves in found.items():
        parts.append(f"## Lead time {lead} days, reviewed weekly\n")
        parts.append(_table(curves, stores.panel.n_series))
    parts.append(CHOICES)
    text = "\n".join(parts)
    RESULTS.write_text(text)
    print(text)


def _head(stores: Stores) -> str:
    panel = stores.panel
    return f"""# Results of the replay

{dt.date.today()}; Python {platform.python_version()}, NumPy {np.__version__},
SciPy {scipy.__version__}. Command: `make bench-replay`.

M5 stores of California as shared, {panel.n_series} series that sold at least 60 days
before; the {REPLAY_DAYS} days until {panel.as_of}, the first {WARM_UP_DAYS} not
counted. Stock is the average on hand at the end of a day, units per series, between
the two settings of a rule that lie around the fill rate; all units count alike. The
worst decile is the fill rate that nine items in ten reach there.
"""


def _summary(found: dict[int, dict[str, Frontier]]) -> str:
    rows = [
        "## Stock of ours at equal achieved fill\n",
        "| fill | against | L | ours by fill | ours by cycle | must |",
        "|---|---|---|---|---|---|",
    ]
    for (fill, name), must in MUST.items():
        for lead, curves in found.items():
            other = stock_at_fill(curves[name], fill)
            by_fill, by_cycle = (
                stock_at_fill(curves[ours], fill) / other - 1
                for ours in (OUR_FILL, OUR_CYCLE)
            )
            rows.append(
                f"| {fill:.0%} | {name} | {lead} | {by_fill:+.1%} | {by_cycle:+.1%} |"
                f" {must} |"
            )
    return "\n".join([*rows, ""])


def _promised(found: dict[int, dict[str, Frontier]]) -> str:
    """The curve's order is that of the targets: more stock sells no less."""
    leads = " | ".join(f"achieved, L = {lead}" for lead in found)
    rows = [
        "## Promised fill rate, and what came of it\n",
        f"| target | {leads} |",
        "|---|" + "---|" * len(found),
    ]
    for number, target in enumerate(FILLS):
        came = (f"{curves[OUR_FILL].fill[number]:.1%}" for curves in found.values())
        rows.append(f"| {target:.1%} | {' | '.join(came)} |")
    return "\n".join([*rows, ""])


def _table(curves: dict[str, Frontier], n: int) -> str:
    rows = []
    for fill in REACHED:
        ours = stock_at_fill(curves[OUR_FILL], fill)
        by_cycle = stock_at_fill(curves[OUR_CYCLE], fill)
        rows += [
            f"### At {fill:.0%} of units from stock\n",
            "| rule | stock | worst decile | ours by fill | ours by cycle |",
            "|---|---|---|---|---|",
        ]
        for name, curve in curves.items():
            stock = stock_at_fill(curve, fill)
            if np.isnan(stock):
                reach = f"{curve.fill[0]:.1%} … {curve.fill[-1]:.1%}"
                rows.append(f"| {name} | reaches {reach} | | | |")
                continue
            worst = worst_decile_at_fill(curve, fill)
            rows.append(
                f"| {name} | {stock / n:.2f} | {worst:.3f} |"
                f" {ours / stock - 1:+.1%} | {by_cycle / stock - 1:+.1%} |"
            )
        rows.append("")
    return "\n".join(rows)


CHOICES = """## How it is measured, and what was chosen

- Demand is what the stores sold; it is not known where they had run out. All rules see
  the whole of it, also what they themselves failed to sell.
- All start with the last 30 days' average over lead time + review period. Packs of one,
  no minimum, lead times that do not vary.
- Ours: the level of the night's plan, computed anew at every review from the 730 days
  before it. Swept over fill-rate targets, and over one cycle service for all items.
- Rules of other programs as their papers say; "kind" is what a careful user would do.
  Stocky orders at or below v · L (its low-stock report); min–max is set from 60 days
  each quarter. Inventory Planner averages 30 days. ERPNext averages 90 days and orders
  a week's sales. The OCA add-on looks back 365 days and adds a review period to its
  maximum.
"""
