"""What a person may decide about rows of sales, and what importing them changes."""

import datetime as dt
from collections import Counter
from decimal import Decimal

from django.db.backends.utils import CursorWrapper
from django.utils.formats import date_format

from imports.kinds import Fix
from imports.staging import Stage
from inventory.unknown import UNKNOWN

FIXES = (
    *UNKNOWN,
    Fix(
        "import_no_products",
        cause="not_a_product",
        word="Import them as products",
        told="Postage, fees, tips and the like are imported as products.",
        back="Leave them out",
    ),
    Fix(
        "import_left_out",
        cause="left_out",
        word="Take them in",
        told="Items that you leave out are taken in this time.",
        back="Leave them out",
    ),
    Fix(
        "ignore_other_sources",
        cause="other_source",
        word="Leave them out",
        told="Days that have sales from another kind of file stay as they are.",
        back="Let them wait",
    ),
    Fix(
        "accept_changes",
        cause="changed",
        word="Accept changes",
        told="Changed lines replace the earlier ones, which stay in the history.",
        back="Let them wait",
    ),
)

UNITS_PER_LOCATION = """
SELECT c.location,
    sum(CASE c.line_kind WHEN 'write_off' THEN 0 ELSE c.quantity END),
    min(c.business_date), max(c.business_date),
    coalesce(sum(c.stock_change) FILTER (WHERE c.sold_at > l.anchor_at), 0)
FROM import_chunk c
LEFT JOIN inventory_stocklevel l
    ON l.product_id = c.product_id AND l.location_id = c.location_id
WHERE c.outcome = 'new' GROUP BY c.location
"""


class SaleEffect:
    """Units of demand added, and stock lowered per location."""

    def __init__(self, stage: Stage) -> None:
        self.units = Decimal(0)
        self.dates: list[dt.date] = []
        self.stock: Counter[str] = Counter()

    def add(self, cursor: CursorWrapper) -> None:
        cursor.execute(UNITS_PER_LOCATION)
        for location, units, first, last, change in cursor.fetchall():
            self.units += units
            self.dates += [first, last]
            self.stock[location] += change

    def sentences(self) -> list[str]:
        if not self.dates:
            return ["Adds no sales: every row is here already or has to wait."]
        first, last = (
            date_format(day, "j M Y") for day in (min(self.dates), max(self.dates))
        )
        days = first if first == last else f"{first} to {last}"
        lowered = [
            f"{-change:,.0f} at {location}"
            for location, change in self.stock.items()
            if change < 0
        ]
        stock = (
            f"Lowers stock by {' and '.join(lowered)}: only sales after the last count."
            if lowered
            else "Stock stays as it is: these sales are from before the last count, or "
            "the products have not been counted."
        )
        return [f"Adds {self.units:,.0f} units of sales, {days}.", stock]
