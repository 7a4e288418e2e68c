"""The whole demo shop from a seed and a last day; no clock, no database."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from jit_backoffice.demo.assortment import Item, build_assortment
from jit_backoffice.demo.demand import Demand, draw_demand
from jit_backoffice.demo.receipts import RETURNED, TillLine, receipts
from jit_backoffice.demo.trading import Trade, trade

SEED = 2026
YEARS_DAYS = 730
RECEIPT_DAYS = 21
LEDGER_DAYS = 35


@dataclass(frozen=True, slots=True)
class Size:
    """How big the demo shop is; the ledger starts with a count ``ledger_days`` ago."""

    items: int = 400
    days: int = YEARS_DAYS
    receipt_days: int = RECEIPT_DAYS
    ledger_days: int = LEDGER_DAYS


@dataclass(frozen=True, slots=True)
class DemoShop:
    """Everything that happened in the demo shop up to its last day."""

    last_day: dt.date
    seed: int
    size: Size
    items: list[Item]
    demand: Demand
    trade: Trade
    till: list[TillLine]

    @property
    def first_ledger_day(self) -> int:
        """The day before whose opening everything was counted."""
        return self.size.days - self.size.ledger_days

    def date(self, day: int) -> dt.date:
        return self.demand.date(day)


def generate(last_day: dt.date, seed: int = SEED, size: Size | None = None) -> DemoShop:
    """Live two years up to ``last_day``; the same seed gives the same shop.

    Examples
    --------
    >>> small = Size(items=8, days=60, receipt_days=5, ledger_days=20)
    >>> len(generate(dt.date(2026, 11, 22), size=small).items)
    8
    """
    size = size or Size()
    rng = np.random.default_rng(seed)
    items = build_assortment(rng, size.items)
    demand = draw_demand(items, last_day, size.days, rng)
    happened = trade(items, demand, rng)
    may_return = np.array([item.category in RETURNED for item in items])
    till = receipts(demand, happened.sold, size.receipt_days, may_return, rng)
    return DemoShop(last_day, seed, size, items, demand, happened, till)
