"""Stock as it was known on a past day: from the facts up to then, and no later."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from inventory.models import Location

STOCK_THEN = """
WITH place AS (
    SELECT * FROM unnest(%(locations)s::bigint[], %(ends)s::timestamptz[])
        AS l (location_id, ends_at)
), counted AS (
    SELECT DISTINCT ON (c.product_id, c.location_id) f.survivor_id, c.location_id,
        c.counted_at, c.counted_quantity, place.ends_at
    FROM inventory_stockcount c JOIN place USING (location_id)
    JOIN inventory_product f ON f.id = c.product_id
    WHERE NOT c.is_retracted AND c.counted_at <= place.ends_at
      AND f.survivor_id = ANY(%(products)s::bigint[])
      AND NOT EXISTS (
          SELECT FROM inventory_stockcount n
          WHERE n.key = c.key AND n.version > c.version)
    ORDER BY c.product_id, c.location_id, c.counted_at DESC, c.id DESC
), anchor AS (
    SELECT survivor_id AS product_id, location_id, newest AS counted_at, ends_at,
        sum(counted_quantity) AS counted_quantity
    FROM (SELECT c.*, max(counted_at) OVER (PARTITION BY survivor_id, location_id)
              AS newest FROM counted c) c
    WHERE counted_at = newest GROUP BY survivor_id, location_id, newest, ends_at
)
SELECT a.product_id, a.location_id, a.counted_at,
    a.counted_quantity
    + (SELECT coalesce(sum(s.stock_change), 0)
       FROM inventory_product f JOIN inventory_saleline s ON s.product_id = f.id
       WHERE f.survivor_id = a.product_id AND s.location_id = a.location_id
         AND s.sold_at > a.counted_at AND s.business_date <= %(as_of)s
         AND NOT s.is_retracted
         AND NOT EXISTS (
             SELECT FROM inventory_saleline n
             WHERE n.source_id = s.source_id AND n.key = s.key
               AND n.version > s.version AND n.version > 1))
    + (SELECT coalesce(sum(CASE WHEN m.to_location_id = a.location_id
                           THEN m.quantity ELSE -m.quantity END), 0)
       FROM inventory_product f JOIN inventory_stockmove m ON m.product_id = f.id
       WHERE f.survivor_id = a.product_id
         AND m.occurred_at > a.counted_at AND m.occurred_at <= a.ends_at
         AND a.location_id IN (m.to_location_id, m.from_location_id))
FROM anchor a
"""


@dataclass(frozen=True, slots=True)
class PastStock:
    product_id: int
    location_id: int
    counted_at: dt.datetime
    on_hand: Decimal


def past_stock(
    locations: Sequence[Location], as_of: dt.date, products: Iterable[int]
) -> list[PastStock]:
    """Stock at the end of a day; what was not counted by then is left out."""
    arguments: dict[str, Any] = {
        "products": list(products),
        "locations": [place.pk for place in locations],
        "ends": [place.business_days().end_of(as_of) for place in locations],
        "as_of": as_of,
    }
    with connection.cursor() as cursor:
        cursor.execute(STOCK_THEN, arguments)
        return [PastStock(*row) for row in cursor.fetchall()]
