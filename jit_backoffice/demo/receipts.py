"""The sales of the last weeks as single receipts, as the till would have them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jit_backoffice.demo.demand import STORES, Demand

OPENING = {6: 11.0}
OPENS_AT, OPEN_HOURS, SUNDAY_HOURS = 8.5, 10.5, 6.0
LINES_PER_RECEIPT = 2.8
MOST_OF_ONE = 4
RETURN_SHARE = 0.02
RETURNED = ("Ceramics", "Linen", "Kitchen tools", "Candles & scents")


@dataclass(frozen=True, slots=True)
class TillLine:
    """One line of a receipt; a refund has negative units."""

    store: int
    item: int
    sold_at: dt.datetime
    receipt: str
    units: int
    on_offer: bool


def receipts(
    demand: Demand,
    sold: NDArray[np.int64],
    n_days: int,
    may_return: NDArray[np.bool_],
    rng: np.random.Generator,
) -> list[TillLine]:
    """Receipts whose lines add up to what was sold on each of the last days.

    Parameters
    ----------
    demand : Demand, for dates and offers
    sold : int, (stores, items, days) [units]
    n_days : how many of the last days get receipts
    may_return : bool, (items,), items that customers bring back now and then
    rng : source of chance

    Returns
    -------
    Lines in order of store and time; refunds come on top of what was sold.
    """
    lines: list[TillLine] = []
    for store in range(STORES):
        for day in range(demand.n_days - n_days, demand.n_days):
            lines += receipts_of_day(demand, sold[store, :, day], store, day, rng)
    return sorted(
        [*lines, *refunds(lines, may_return, demand, rng)],
        key=lambda line: (line.store, line.sold_at, line.receipt, line.item),
    )


def receipts_of_day(
    demand: Demand,
    units: NDArray[np.int64],
    store: int,
    day: int,
    rng: np.random.Generator,
) -> Iterator[TillLine]:
    portions = [
        part for item in np.flatnonzero(units) for part in split(int(item), units)
    ]
    n_receipts = max(1, round(len(portions) / LINES_PER_RECEIPT))
    times = np.sort(times_of_day(demand.date(day), n_receipts, rng))
    names = [f"{number:010X}" for number in rng.integers(16**9, 16**10, n_receipts)]
    baskets: dict[tuple[int, int], int] = {}
    for item, part in portions:
        basket = (int(rng.integers(n_receipts)), item)
        baskets[basket] = baskets.get(basket, 0) + part
    midnight = dt.datetime.combine(demand.date(day), dt.time())
    for (place, item), total in sorted(baskets.items()):
        yield TillLine(
            store=store,
            item=item,
            sold_at=midnight + dt.timedelta(seconds=int(times[place])),
            receipt=names[place],
            units=total,
            on_offer=bool(demand.on_offer[item, day]),
        )


def split(item: int, units: NDArray[np.int64]) -> list[tuple[int, int]]:
    """What different customers took of an item, small numbers first."""
    parts, left, size = [], int(units[item]), 1
    while left > 0:
        part = min(left, size)
        parts.append((item, part))
        left -= part
        size = size % MOST_OF_ONE + 1
    return parts


def times_of_day(
    date: dt.date, count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Seconds after midnight, busiest before noon and in the afternoon."""
    opens = OPENING.get(date.weekday(), OPENS_AT)
    hours = SUNDAY_HOURS if date.weekday() in OPENING else OPEN_HOURS
    early = rng.random(count) < 0.45
    within = np.where(early, rng.beta(3, 6, count), rng.beta(6, 3, count))
    return np.asarray((opens + within * hours) * 3600, dtype=np.int64)


def refunds(
    lines: list[TillLine],
    may_return: NDArray[np.bool_],
    demand: Demand,
    rng: np.random.Generator,
) -> Iterator[TillLine]:
    """A few bring something back on one of the days after."""
    last = dt.datetime.combine(demand.date(demand.n_days - 1), dt.time(18))
    for line in lines:
        if not may_return[line.item] or rng.random() > RETURN_SHARE:
            continue
        back_at = line.sold_at + dt.timedelta(days=int(rng.integers(1, 6)))
        if back_at <= last and back_at.weekday() not in OPENING:
            yield TillLine(
                store=line.store,
                item=line.item,
                sold_at=back_at,
                receipt=f"R{line.receipt[1:]}",
                units=-1,
                on_offer=line.on_offer,
            )
