"""The panel "Why this quantity?", drawn from what was frozen on the line."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from inventory.models import Location, Product
from jit_backoffice.charts import (
    Bands,
    BarsChart,
    ProjectionChart,
    interval_bars,
    stock_projection,
)
from jit_backoffice.figures import day, number, percent
from purchasing.assessing import ONE_DAY
from purchasing.explaining import LEAD_TIME_WORDS, Explanation
from purchasing.projection import Array, StockPath, stock_path
from purchasing.stock_history import stock_by_day

PAST_DAYS = 14
AHEAD_DAYS = 14
LONGEST_DAYS = 84
DAYS_AFTER_NEXT = 4


@dataclass(frozen=True, slots=True)
class DayRow:
    """A row of the chart as a table."""

    date: dt.date
    likely: float
    low: float
    high: float
    without: float


@dataclass(frozen=True, slots=True)
class InputRow:
    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Why:
    """All that the panel shows of one frozen explanation."""

    frozen: Explanation
    quantity: Decimal
    chart: ProjectionChart | None
    chart_summary: str
    days: list[DayRow]
    bars: BarsChart | None
    bars_summary: str
    inputs: list[InputRow]


@dataclass(frozen=True, slots=True)
class Projected:
    """Stock in the morning of the coming days, after that day's delivery."""

    dates: list[dt.date]
    with_order: StockPath
    without: Array


def why(
    frozen: Explanation, *, product: Product, location: Location, quantity: Decimal
) -> Why:
    inputs = frozen["inputs"]
    counted = inputs["on_hand"] is not None
    ahead = project(inputs, quantity) if counted else None
    return Why(
        frozen,
        quantity,
        chart_of(frozen, ahead, product, location, quantity) if ahead else None,
        chart_summary(frozen, ahead, quantity) if ahead else "",
        day_rows(ahead) if ahead else [],
        bars_of(inputs),
        bars_summary(inputs),
        input_rows(inputs),
    )


def project(inputs: dict[str, Any], quantity: Decimal) -> Projected:
    """The picture of the morning on which the order was suggested."""
    today = date_of(inputs["as_of"]) + ONE_DAY
    until_next = (date_of(inputs["next_delivery_on"]) - today).days
    days = min(max(AHEAD_DAYS, until_next + DAYS_AFTER_NEXT), LONGEST_DAYS)
    added = np.zeros(days)
    for line in inputs["incoming"]:
        if line["is_on_the_way"] and line["expected_on"]:
            put(added, today, line["expected_on"], line["quantity"])
    on_hand = float(inputs["on_hand"])
    daily = np.array(inputs["daily_mean"])
    ratio = inputs["variance_ratio"]
    without = stock_path(on_hand, daily, ratio, added).median
    without = in_the_morning(without, on_hand, added)
    put(added, today, inputs["delivery_on"], str(quantity))
    path = stock_path(on_hand, daily, ratio, added)
    return Projected(
        [today + n * ONE_DAY for n in range(days)],
        StockPath(
            in_the_morning(path.median, on_hand, added),
            in_the_morning(path.bands, on_hand, added),
        ),
        without,
    )


def in_the_morning(evening: Array, on_hand: float, added: Array) -> Array:
    """Stock of the evening before, and what is delivered that day."""
    before = np.roll(evening, 1, axis=-1)
    before[..., 0] = max(on_hand, 0.0)
    return before + added


def put(added: Array, today: dt.date, date: str, quantity: str) -> None:
    column = (date_of(date) - today).days
    if column < added.size:
        added[max(column, 0)] += float(quantity)


def chart_of(
    frozen: Explanation,
    ahead: Projected,
    product: Product,
    location: Location,
    quantity: Decimal,
) -> ProjectionChart:
    inputs = frozen["inputs"]
    last = date_of(inputs["as_of"])
    on_hand = Decimal(inputs["on_hand"])
    evenings = stock_by_day(
        product, location, on_hand=on_hand, last=last, days=PAST_DAYS
    )
    history = [(date + ONE_DAY, stock) for date, stock in evenings]
    (low50, high50), (low80, high80), (low95, high95) = ahead.with_order.bands.tolist()
    bands = Bands(
        ahead.dates,
        ahead.with_order.median.tolist(),
        low50,
        high50,
        low80,
        high80,
        low95,
        high95,
    )
    return stock_projection(
        history=history,
        today=ahead.dates[0],
        with_order=bands,
        without_order=ahead.without.tolist(),
        deliveries=deliveries(inputs, quantity),
        next_delivery=date_of(inputs["next_delivery_on"]),
        reorder_point=float(inputs["reorder_point"]),
        order_by_word=order_by_word(inputs),
        out_on=date_of(out) if quantity and (out := frozen["runs_out_on"]) else None,
    )


def deliveries(
    inputs: dict[str, Any], quantity: Decimal
) -> list[tuple[dt.date, float]]:
    arriving = [
        (date_of(line["expected_on"]), float(line["quantity"]))
        for line in inputs["incoming"]
        if line["is_on_the_way"] and line["expected_on"]
    ]
    if quantity:
        arriving.append((date_of(inputs["delivery_on"]), float(quantity)))
    return sorted(arriving)


def order_by_word(inputs: dict[str, Any]) -> str:
    moment = dt.datetime.fromisoformat(inputs["order_by"])
    today = date_of(inputs["as_of"]) + ONE_DAY
    when = (
        "today" if moment.date() == today else f"{moment:%a} {moment.day} {moment:%b}"
    )
    return f"order by {when} {moment:%H:%M}"


def chart_summary(frozen: Explanation, ahead: Projected, quantity: Decimal) -> str:
    """The finding in one sentence."""
    if not quantity:
        empty = first_empty(ahead.dates, ahead.without)
        until = f"until about {day(empty)}" if empty else "all the days shown"
        return f"With what is on the way, stock lasts {until}."
    lasts = first_empty(ahead.dates, ahead.with_order.median)
    then = f"lasts until about {day(lasts)}" if lasts else "lasts all the days shown"
    if not frozen["runs_out_on"]:
        return f"Stock, with this order, {then}."
    out = day(date_of(frozen["runs_out_on"]))
    return f"Without this order stock runs out about {out}; with it, it {then}."


def first_empty(dates: Sequence[dt.date], stock: Array) -> dt.date | None:
    """The first morning on which the last of it has gone for good."""
    left = np.flatnonzero(stock > 0)
    if not left.size:
        return dates[0]
    after = int(left[-1]) + 1
    return dates[after] if after < len(dates) else None


def day_rows(ahead: Projected) -> list[DayRow]:
    low, high = ahead.with_order.bands[1]
    columns = (ahead.dates, ahead.with_order.median, low, high, ahead.without)
    return [DayRow(*row) for row in zip(*columns, strict=True)]


def bars_of(inputs: dict[str, Any]) -> BarsChart | None:
    sold = inputs["last_intervals"]
    if not sold:
        return None
    return interval_bars(
        sold,
        inputs["interval_had_stockout"],
        float(inputs["order_up_to_level"]),
        inputs["expected_demand"],
        month_labels(inputs),
    )


def month_labels(inputs: dict[str, Any]) -> list[str]:
    """Month of the first, the middle and the last period."""
    last = date_of(inputs["as_of"])
    long = len(inputs["last_intervals"]) * inputs["protection_days"] * ONE_DAY
    return [f"{last - long * share:%b}" for share in (1, 0.5, 0)]


def bars_summary(inputs: dict[str, Any]) -> str:
    sold, level = inputs["last_intervals"], float(inputs["order_up_to_level"])
    if not sold:
        return "There is no whole period of sales yet."
    kept = sum(1 for units in sold if units <= level)
    return f"{kept} of {len(sold)} sold {number(level)} or fewer"


def input_rows(inputs: dict[str, Any]) -> list[InputRow]:
    """Every input with where it comes from; a lead time is never silently 0."""
    forecast = f"forecast of {day(date_of(inputs['as_of']))}"
    lead = f"{number(inputs['lead_time_days'])} days"
    if inputs["lead_time_sd_days"]:
        lead += f" ± {number(inputs['lead_time_sd_days'])}"
    source = LEAD_TIME_WORDS.get(inputs["lead_time_source"], inputs["lead_time_source"])
    review = f"{number(inputs['review_period_days'])} days"
    rows = [
        InputRow("Sells a day", number(round(inputs["demand_per_day"], 2)), forecast),
        InputRow("Lead time", lead, source),
        InputRow("Time between two orders", review, "order days of the vendor"),
        InputRow("Fill rate", percent(inputs["target_fill_rate"], 1), "target"),
        InputRow("Reorder point", number(inputs["reorder_point"]), forecast),
        InputRow("Order-up-to level", number(inputs["order_up_to_level"]), forecast),
        InputRow("Method", inputs["method"], forecast),
    ]
    if inputs["vendor"]:
        offer = f"what {inputs['vendor']} sells"
        rows.append(InputRow("Pack", number(inputs["case_pack"]), offer))
        rows.append(InputRow("Least quantity", number(inputs["moq"]), offer))
    return rows


def date_of(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
