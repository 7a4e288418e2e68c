"""Which products in which locations a run plans, and what is known of each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from forecasting.calendar import HORIZON_DAYS
from forecasting.models import PolicyDefaults
from forecasting.packed import Packed
from forecasting.panel import SeriesGroups
from forecasting.service import PolicyTerms
from inventory.models import Location
from vendors.terms import SupplyTerms, terms_for

HISTORY_DAYS = 5 * 365
NEVER = dt.date.max
RUN_WIDE = {"n_pools", "first_day", "as_of", "stamp"}

SERIES = """
WITH RECURSIVE sold AS (
    (SELECT product_id, location_id FROM inventory_saleline
     ORDER BY product_id, location_id LIMIT 1)
    UNION ALL
    SELECT following.product_id, following.location_id
    FROM sold CROSS JOIN LATERAL (
        SELECT s.product_id, s.location_id FROM inventory_saleline s
        WHERE (s.product_id, s.location_id) > (sold.product_id, sold.location_id)
        ORDER BY s.product_id, s.location_id LIMIT 1
    ) AS following
), known AS (
    SELECT f.survivor_id AS product_id, sold.location_id,
        min(first.business_date) AS known_from, max(last.business_date) AS known_until
    FROM sold JOIN inventory_product f ON f.id = sold.product_id
    CROSS JOIN LATERAL ({current} ORDER BY s.sold_at LIMIT 1) AS first
    CROSS JOIN LATERAL ({current} ORDER BY s.sold_at DESC LIMIT 1) AS last
    WHERE sold.location_id = ANY(%(locations)s)
    GROUP BY f.survivor_id, sold.location_id
), counted AS (
    SELECT f.survivor_id AS product_id, c.location_id,
        min(c.counted_at)::date AS known_from
    FROM inventory_stockcount c JOIN inventory_product f ON f.id = c.product_id
    JOIN unnest(%(locations)s, %(ends)s::timestamptz[])
        AS l (id, ends_at) ON l.id = c.location_id
    WHERE NOT c.is_retracted AND c.counted_at <= l.ends_at
      AND NOT EXISTS (
          SELECT FROM inventory_stockcount n
          WHERE n.key = c.key AND n.version > c.version)
    GROUP BY f.survivor_id, c.location_id
), place AS (
    SELECT location_id, min(known_from) AS opened, max(known_until) AS known_until
    FROM known GROUP BY location_id
)
SELECT product_id, location_id, p.category, l."group",
    coalesce(p.price, 0)::float8, p.quantum::float8,
    coalesce(known.known_from, greatest(counted.known_from, place.opened)),
    place.known_until
FROM known FULL JOIN counted USING (product_id, location_id)
LEFT JOIN place USING (location_id)
JOIN inventory_product p ON p.id = product_id
JOIN inventory_location l ON l.id = location_id
WHERE p.is_active AND p.merged_into_id IS NULL
ORDER BY product_id, location_id
"""
CURRENT_LINE = """
    SELECT s.business_date FROM inventory_saleline s
    WHERE s.product_id = sold.product_id AND s.location_id = sold.location_id
      AND NOT s.is_retracted AND s.business_date <= %(as_of)s
      AND NOT EXISTS (
          SELECT FROM inventory_saleline n
          WHERE n.source_id = s.source_id AND n.key = s.key
            AND n.version > s.version AND n.version > 1)
"""


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A product in a location; its history is known between two dates.

    ``known_until`` is the last day of which the location's sales are on record.
    """

    product_id: int
    location_id: int
    category: str
    group: str
    price: float
    quantum: float
    known_from: dt.date | None
    known_until: dt.date | None


@dataclass(frozen=True, slots=True)
class ShardSeries(Packed):
    """The series of a shard, in order of product and location, arrays of (n,).

    ``known_from``, ``known_until`` : ordinals; nothing is known outside of them.
    ``n_pools`` : number of week and of year pools over all shards, (2,).
    ``first_day``, ``as_of`` : ordinals of the panel's first and last day, shape ().
    ``stamp`` : changes whenever a file of facts came in or went, shape ().
    """

    product_id: NDArray[np.int64]
    location_id: NDArray[np.int64]
    week_pool: NDArray[np.int32]
    year_pool: NDArray[np.int32]
    price: NDArray[np.float32]
    quantum: NDArray[np.float64]
    known_from: NDArray[np.int64]
    known_until: NDArray[np.int64]
    lead_time_days: NDArray[np.float64]
    lead_time_sd_days: NDArray[np.float64]
    lead_time_source: NDArray[np.str_]
    review_period_days: NDArray[np.float64]
    fill_rate: NDArray[np.float64]
    n_pools: NDArray[np.int64]
    first_day: NDArray[np.int64]
    as_of: NDArray[np.int64]
    stamp: NDArray[np.int64]

    @property
    def n_series(self) -> int:
        return int(self.product_id.size)

    @property
    def n_days(self) -> int:
        return int(self.as_of - self.first_day) + 1

    @property
    def groups(self) -> SeriesGroups:
        return SeriesGroups(self.week_pool, self.year_pool, self.price)

    @property
    def protection_days(self) -> NDArray[np.int64]:
        """Lead time + review period, in whole days, a part of a day counted up."""
        days = np.ceil(self.lead_time_days + self.review_period_days)
        return np.clip(days, 1, HORIZON_DAYS).astype(np.int64)

    @property
    def terms(self) -> PolicyTerms:
        return PolicyTerms(
            self.lead_time_days,
            self.lead_time_sd_days,
            self.review_period_days,
            self.fill_rate,
            self.quantum,
        )

    def same_as(self, other: "ShardSeries") -> bool:
        return all(
            np.array_equal(getattr(self, field.name), getattr(other, field.name))
            for field in fields(self)
        )

    def rows(self, chosen: slice) -> "ShardSeries":
        """Some of the series, with what holds for the whole run."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return ShardSeries(
            **{
                name: value if name in RUN_WIDE else value[chosen]
                for name, value in values.items()
            }
        )


def known_series(locations: Sequence[Location], as_of: dt.date) -> list[KnownSeries]:
    """All that was sold or counted in these locations up to a date."""
    arguments: dict[str, Any] = {
        "locations": [place.pk for place in locations],
        "ends": [place.business_days().end_of(as_of) for place in locations],
        "as_of": as_of,
    }
    with connection.cursor() as cursor:
        cursor.execute(SERIES.format(current=CURRENT_LINE), arguments)
        return [KnownSeries(*row) for row in cursor.fetchall()]


def all_series(
    locations: Sequence[Location], as_of: dt.date, stamp: int
) -> ShardSeries:
    """The series of a run with their pools and terms, as one."""
    known = known_series(locations, as_of)
    defaults = PolicyDefaults.load()
    pairs = [(one.product_id, one.location_id) for one in known]
    terms = terms_for(pairs, defaults.terms)
    week = _numbered([(one.location_id, one.category) for one in known])
    year = _numbered([(one.category, one.group) for one in known])
    starts = [(one.known_from or NEVER).toordinal() for one in known]
    oldest = as_of.toordinal() - HISTORY_DAYS + 1
    first = min(max(min(starts, default=oldest), oldest), as_of.toordinal())
    return ShardSeries(
        product_id=np.array([pair[0] for pair in pairs], np.int64),
        location_id=np.array([pair[1] for pair in pairs], np.int64),
        week_pool=week,
        year_pool=year,
        price=np.array([one.price for one in known], np.float32),
        quantum=np.array([one.quantum for one in known], np.float64),
        known_from=np.array(starts, np.int64),
        known_until=np.array(
            [(one.known_until or dt.date.min).toordinal() for one in known], np.int64
        ),
        lead_time_days=_lead(terms, "days"),
        lead_time_sd_days=_lead(terms, "sd_days"),
        lead_time_source=np.array([str(t.lead_time.source) for t in terms], "U10"),
        review_period_days=np.array([t.review_period_days for t in terms], float),
        fill_rate=np.full(len(known), float(defaults.target_fill_rate)),
        n_pools=np.array([week.max(initial=-1) + 1, year.max(initial=-1) + 1]),
        first_day=np.array(first),
        as_of=np.array(as_of.toordinal()),
        stamp=np.array(stamp),
    )


def _lead(terms: Sequence[SupplyTerms], name: str) -> NDArray[np.float64]:
    return np.array([getattr(one.lead_time, name) for one in terms], np.float64)


def _numbered(names: Sequence[tuple[object, object]]) -> NDArray[np.int32]:
    numbers: dict[tuple[object, object], int] = {}
    found = [numbers.setdefault(name, len(numbers)) for name in names]
    return np.array(found, np.int32)
