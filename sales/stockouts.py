"""Stock-out spells: which days could not sell anything, from the stock ledger."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
from django.db import connection, transaction

from inventory.models import Location
from sales.copying import copy_rows
from sales.models import StockoutSpell
from sales.out_days import LedgerEvents, Spells, out_spells

LEDGER = """
SELECT f.survivor_id::int8 AS product,
    (day - date '0001-01-01' + 1)::int4 AS day, fact.kind::int4 AS kind,
    (quantity * 1000)::int8 AS quantity
FROM (
    SELECT s.product_id, s.business_date AS day, s.sold_at AS at,
        CASE WHEN s.kind = 'sale' AND s.quantity > 0 THEN 1 ELSE 0 END AS kind,
        s.stock_change AS quantity, s.id
    FROM inventory_saleline s
    WHERE NOT s.is_retracted AND s.location_id = %(location)s AND {s}
      AND NOT EXISTS (
          SELECT FROM inventory_saleline n
          WHERE n.source_id = s.source_id AND n.key = s.key
            AND n.version > s.version AND n.version > 1)
    UNION ALL
    SELECT m.product_id, {moved_on}, m.occurred_at, 0,
        CASE WHEN m.to_location_id = l.id THEN m.quantity ELSE -m.quantity END, m.id
    FROM inventory_stockmove m
    JOIN inventory_location l ON l.id IN (m.to_location_id, m.from_location_id)
    WHERE l.id = %(location)s AND {m}
    UNION ALL
    SELECT f.survivor_id, {counted_on}, c.counted_at, 2, sum(c.counted_quantity),
        max(c.id)
    FROM (
        SELECT DISTINCT ON (c.product_id, c.counted_at) c.*
        FROM inventory_stockcount c
        WHERE NOT c.is_retracted AND c.location_id = %(location)s AND {c}
          AND NOT EXISTS (
              SELECT FROM inventory_stockcount n
              WHERE n.key = c.key AND n.version > c.version)
        ORDER BY c.product_id, c.counted_at, c.id DESC) c
    JOIN inventory_product f ON f.id = c.product_id
    JOIN inventory_location l ON l.id = c.location_id
    GROUP BY f.survivor_id, c.counted_at, l.id
) AS fact JOIN inventory_product f ON f.id = fact.product_id
WHERE day <= %(through)s AND f.survivor_id IN (
    SELECT o.survivor_id FROM inventory_stockcount c
    JOIN inventory_product o ON o.id = c.product_id
    WHERE c.location_id = %(location)s)
ORDER BY product, day, at, kind, fact.id
"""
FAMILY = """{fact}.product_id IN (
    SELECT id FROM inventory_product WHERE survivor_id = ANY(%(products)s))"""
BUSINESS_DATE = """
    ({moment} AT TIME ZONE l.time_zone - coalesce((
        SELECT o.time FROM inventory_closeofday o
        WHERE o.location_id = l.id AND o.valid_from <= {moment}::date
        ORDER BY o.valid_from DESC LIMIT 1), time '00:00')::interval)::date
"""
COLUMNS = {
    "product": "int8",
    "day": "int4",
    "kind": "int4",
    "quantity": "int8",
}
WRITE = """
INSERT INTO sales_stockoutspell
    (product_id, location_id, first_date, last_date, source)
SELECT s.product, %(location)s, s.first, s.last, 'ledger'
FROM unnest(%(products)s::bigint[], %(firsts)s::date[], %(lasts)s::date[])
    AS s (product, first, last)
"""


def recompute_stockouts(
    locations: Iterable[Location],
    through: dt.date,
    *,
    products: Collection[int] | None = None,
) -> int:
    """Rewrite the spells that the ledger tells, up to a day that is over.

    ``products`` leaves the spells of all others as they are.
    """
    return sum(_recompute(location, through, products) for location in locations)


def _recompute(
    location: Location, through: dt.date, products: Collection[int] | None
) -> int:
    spells = _spells_of(location, through, products)
    known = StockoutSpell.objects.filter(
        location=location, source=StockoutSpell.Source.LEDGER
    )
    if products is not None:
        known = known.filter(product__in=products)
    with transaction.atomic(), connection.cursor() as cursor:
        _lock(location)
        known.delete()
        cursor.execute(
            WRITE,
            {
                "location": location.pk,
                "products": spells.series.tolist(),
                "firsts": [dt.date.fromordinal(day) for day in spells.first_day],
                "lasts": [dt.date.fromordinal(day) for day in spells.last_day],
            },
        )
    return spells.series.size


def _lock(location: Location) -> None:
    Location.objects.select_for_update(no_key=True).get(pk=location.pk)


def _spells_of(
    location: Location, through: dt.date, products: Collection[int] | None
) -> Spells:
    query = LEDGER.format(
        moved_on=BUSINESS_DATE.format(moment="m.occurred_at"),
        counted_on=BUSINESS_DATE.format(moment="c.counted_at"),
        **{
            fact: "true" if products is None else FAMILY.format(fact=fact)
            for fact in ("s", "m", "c")
        },
    )
    arguments: dict[str, Any] = {"location": location.pk, "through": through}
    if products is not None:
        arguments["products"] = list(products)
    rows = copy_rows(query, arguments, COLUMNS)
    events = LedgerEvents(
        rows["product"].astype(np.int64),
        rows["day"].astype(np.int64),
        rows["kind"].astype(np.int64),
        rows["quantity"].astype(np.int64),
    )
    return out_spells(events, through.toordinal())
