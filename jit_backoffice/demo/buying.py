"""How the demo shop ordered so far: by feel, on order days, in packs."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jit_backoffice.demo.assortment import Item
from jit_backoffice.demo.demand import STORES, Demand
from jit_backoffice.demo.terms import VENDORS, DemoVendor, vendor_named

PLACES = 3
DEPOT = 2
DEPOT_VENDORS = ("Kiln & Co Ceramics", "Brightwick Candles", "Linen House")
DEPOT_ITEMS = 36
DEPOT_DAYS = 35
EXTRA_DAYS = 10.0
CARE, CARELESS = (2.6, 3.8), (-2.5, 0.2)
CARELESS_SHARE, CARELESS_WITH_DEAR = 0.04, 0.12
LEAST_COVER = 0.35
FULL_RANGE = 400
SPREAD = 1.7
A_MONTH = 28
COMFORT = 1.4


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order as it was written; ``units`` by item."""

    vendor: DemoVendor
    place: int
    day: int
    units: dict[int, int]


@dataclass(frozen=True, slots=True)
class Buyer:
    """What the buyer expects of each item, and how careful he is with it.

    ``expected`` : cumulative expected demand, (stores, items, days ahead too);
    ``care`` : standard deviations kept as buffer, (stores, items);
    ``in_depot`` : bool, (items,).
    """

    items: list[Item]
    first_day: dt.date
    expected: NDArray[np.float64]
    care: NDArray[np.float64]
    carried: NDArray[np.bool_]
    pack: NDArray[np.int64]
    minimum: NDArray[np.int64]
    cost: NDArray[np.float64]
    in_depot: NDArray[np.bool_]
    of_vendor: dict[str, NDArray[np.bool_]]

    @classmethod
    def trained(
        cls, items: list[Item], demand: Demand, rng: np.random.Generator
    ) -> "Buyer":
        belief = demand.mean * rng.lognormal(0, 0.12, (STORES, len(items), 1))
        names = np.array([item.vendor for item in items])
        bulky = np.isin(names, DEPOT_VENDORS) * [item.daily for item in items]
        in_depot = np.zeros(len(items), dtype=np.bool_)
        in_depot[np.argsort(-bulky, kind="stable")[: min(DEPOT_ITEMS, len(items))]] = 1
        return cls(
            items=items,
            first_day=demand.first_day,
            expected=np.cumsum(belief, axis=2),
            care=drawn_care(items, rng),
            carried=demand.carried,
            pack=np.array([item.case_pack for item in items]),
            minimum=np.array([item.minimum for item in items]),
            cost=np.array([float(item.cost) for item in items]),
            in_depot=in_depot & (bulky > 0),
            of_vendor={vendor.name: names == vendor.name for vendor in VENDORS},
        )

    def weekday(self, day: int) -> int:
        return (self.first_day + dt.timedelta(days=day)).weekday()

    def over(self, store: int, day: int, days: int) -> NDArray[np.float64]:
        """Expected demand of ``days`` days from the morning of ``day``."""
        total = self.expected[store]
        before = total[:, day - 1] if day else 0.0
        return np.asarray(total[:, day + days - 1] - before)

    def per_day(self, store: int, day: int, days: int) -> NDArray[np.float64]:
        return self.over(store, day, days) / days

    def comfort(self, store: int, day: int) -> NDArray[np.float64]:
        """Stock at which a store asks the depot, before it orders itself."""
        lead = [vendor_named(item.vendor).lead_time_days for item in self.items]
        days = np.array(lead) + EXTRA_DAYS
        return self.per_day(store, day, A_MONTH) * days * COMFORT

    def opening_stock(self) -> NDArray[np.int64]:
        stock = np.zeros((PLACES, len(self.items)), dtype=np.int64)
        for store in range(STORES):
            lead = [vendor_named(item.vendor).lead_time_days for item in self.items]
            wanted = self.per_day(store, 0, 28) * (np.array(lead) + 14)
            stock[store] = self.packs(wanted)
        stock[DEPOT] = self.packs(self.depot_level(0))
        return stock

    def packs(self, units: NDArray[np.float64]) -> NDArray[np.int64]:
        whole = np.ceil(units / self.pack) * self.pack
        return np.where(units > 0, np.maximum(whole, self.minimum), 0).astype(np.int64)

    def depot_level(self, day: int) -> NDArray[np.float64]:
        both = self.over(0, day, DEPOT_DAYS) + self.over(1, day, DEPOT_DAYS)
        return np.asarray(both * self.in_depot * 0.5)

    def orders_of(self, day: int, position: NDArray[np.int64]) -> list[Ordered]:
        """What is ordered on this day, in vendors' and places' order."""
        written = []
        for vendor in VENDORS:
            if self.weekday(day) not in vendor.order_weekdays:
                continue
            for place in range(PLACES):
                need = self.need(vendor, place, day, position[place])
                units = self.packs(need) * self.of_vendor[vendor.name]
                if units @ self.cost >= self.least(vendor):
                    lines = {int(row): int(units[row]) for row in np.flatnonzero(units)}
                    written.append(Ordered(vendor, place, day, lines))
        return written

    def least(self, vendor: DemoVendor) -> float:
        """The vendor's minimum; a shop with fewer items places smaller orders."""
        return vendor.minimum_order_value * min(1.0, len(self.items) / FULL_RANGE)

    def need(
        self, vendor: DemoVendor, place: int, day: int, position: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Units up to the level of those at or below their trigger; 0 for the rest."""
        if place == DEPOT:
            once_a_month = (self.first_day + dt.timedelta(days=day)).day <= 7
            short = self.depot_level(day) - position
            wanted = short * (once_a_month & (short > self.pack / 2))
            return np.asarray(np.maximum(wanted, 0))
        interval = vendor.lead_time_days + int(np.ceil(vendor.review_days))
        mean = self.over(place, day, interval)
        buffer = self.care[place] * np.sqrt(SPREAD * mean)
        trigger = np.maximum(mean + buffer, mean * LEAST_COVER)
        level = trigger + mean / interval * EXTRA_DAYS
        low = (position <= trigger) & self.carried[place] & (mean > 0.05)
        return np.where(low, np.maximum(level - position, 0), 0.0)


def drawn_care(items: list[Item], rng: np.random.Generator) -> NDArray[np.float64]:
    """Most items have plenty; a few are forgotten until they are nearly gone.

    That happens more often with those that bring in much: they sell faster.
    """
    takings = np.array([item.daily * float(item.price) for item in items])
    dear = takings > np.quantile(takings, 0.75)
    share = np.where(dear, CARELESS_WITH_DEAR, CARELESS_SHARE)
    careless = rng.random((STORES, len(items))) < share
    usual = rng.uniform(*CARE, (STORES, len(items)))
    return np.where(careless, rng.uniform(*CARELESS, (STORES, len(items))), usual)
