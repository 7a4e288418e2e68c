"""When the vendors of the demo shop delivered what was ordered, and how much of it."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from jit_backoffice.demo.assortment import Item
from jit_backoffice.demo.buying import DEPOT, Ordered
from jit_backoffice.demo.demand import Demand

SUNDAY = 6
LATE_SHARE, SHORT_SHARE, NEVER_SHARE = 0.05, 0.06, 0.35
LATE_ONE, PARTLY_ONE = "Linen House", "Nordmill Foods"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Goods that came on one morning, units by item."""

    day: int
    units: dict[int, int]


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """An order and what came of it; arrivals after the last day are still to come."""

    vendor: str
    place: int
    ordered_on: int
    due_on: int
    units: dict[int, int]
    arrivals: tuple[Arrival, ...]


class Deliverer:
    """Draws lead times and shortages.

    Two orders, of the first store if it has them, are given a fate, so that the last
    day knows them: one of ``LATE_ONE`` that was due and has not come, and one of
    ``PARTLY_ONE`` of which a part has come. All others that were due are there.
    """

    def __init__(
        self, items: list[Item], demand: Demand, rng: np.random.Generator
    ) -> None:
        self.items = items
        self.first_day = demand.first_day
        self.end = demand.n_days
        self.rng = rng
        self.fated = set[str]()

    def deliver(self, ordered: Ordered) -> DemoOrder:
        due = self.open_day(ordered.day + ordered.vendor.lead_time_days)
        came = self.arrival_day(ordered)
        if due < self.end:
            came = min(came, self.end - 1)
        if self.is_fated(ordered, LATE_ONE, due, range(-9, -2)):
            came = self.end + 1
        first = dict(ordered.units)
        if self.is_fated(ordered, PARTLY_ONE, came, range(-5, 0)):
            first, rest = self.split(ordered.units)
            arrivals = [Arrival(came, first), Arrival(self.end + 1, rest)]
        elif self.rng.random() < SHORT_SHARE and len(ordered.units) > 3:
            first, rest = self.split(ordered.units)
            arrivals = [Arrival(came, first)]
            if self.rng.random() > NEVER_SHARE:
                arrivals.append(Arrival(self.open_day(came + 4), rest))
        else:
            arrivals = [Arrival(came, first)]
        return DemoOrder(
            vendor=ordered.vendor.name,
            place=ordered.place,
            ordered_on=ordered.day,
            due_on=due,
            units=ordered.units,
            arrivals=tuple(arrival for arrival in arrivals if arrival.units),
        )

    def is_fated(self, ordered: Ordered, name: str, day: int, before: range) -> bool:
        """Whether this is the first one of the vendor on these days before the end."""
        theirs = ordered.vendor.name == name and ordered.place != DEPOT
        if not theirs or name in self.fated or len(ordered.units) < 2:
            return False
        if day - self.end not in before:
            return False
        self.fated.add(name)
        return True

    def open_day(self, day: int) -> int:
        """The day itself, or Monday after a Sunday."""
        date = self.first_day + dt.timedelta(days=day)
        return day + 1 if date.weekday() == SUNDAY else day

    def arrival_day(self, ordered: Ordered) -> int:
        vendor = ordered.vendor
        lead = vendor.lead_time_days + self.rng.normal(0, vendor.lead_time_sd_days)
        if vendor.lead_time_sd_days and self.rng.random() < LATE_SHARE:
            lead += self.rng.integers(2, 6)
        return self.open_day(ordered.day + max(1, round(lead)))

    def split(self, units: dict[int, int]) -> tuple[dict[int, int], dict[int, int]]:
        """Whole packs that come first, and what is left of some lines."""
        first, rest = dict(units), dict[int, int]()
        for item in list(units)[:: max(2, len(units) // 3)]:
            packs = units[item] // self.items[item].case_pack
            kept = packs // 2 * self.items[item].case_pack
            rest[item] = units[item] - kept
            first[item] = kept
        return {item: count for item, count in first.items() if count}, rest
