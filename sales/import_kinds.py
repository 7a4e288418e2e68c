"""The kinds of sales files, and what importing one would change."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from functools import partial

from django.db.backends.utils import CursorWrapper
from django.utils.formats import date_format

from imports import problems
from imports.kinds import Fix, Kind, register
from imports.staging import Stage
from sales import classifying, creating, merging, undoing
from sales.formats import daily_totals, square_items
from sales.sale_rows import FIELDS, DailyParser, ReceiptParser, parser_of

FIXES = (
    Fix(
        "create_products",
        cause="unknown_product",
        word="Create {n}",
        told="Products that are not in the catalogue are created.",
        back="Park them instead",
    ),
    Fix(
        "ignore_products",
        cause="unknown_product",
        word="Ignore",
        told="Rows of products that are not in the catalogue are ignored.",
        back="Park them instead",
    ),
    Fix(
        "create_locations",
        cause="unknown_location",
        word="Create {n}",
        told="Locations that are not in this shop are created.",
        back="Park them instead",
    ),
    Fix(
        "ignore_locations",
        cause="unknown_location",
        word="Ignore",
        told="Rows of locations that are not in this shop are ignored.",
        back="Park them instead",
    ),
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


def register_kinds() -> None:
    problems.label_causes(
        unknown_product="SKU not in your catalogue",
        unknown_location="Location not in this shop",
        other_source="This day already has sales from another kind of file",
        same_day_twice="Same location, SKU and date as another row",
        sale_negative="A sale with a negative quantity",
        refund_not_negative="A refund with a positive quantity",
        event_unknown="Neither a payment nor a refund",
        time_zone_unknown="Time zone is not known",
        sold_long_ago="Sold more than ten years ago",
        time_repeated="This hour came twice when the clocks went back; "
        "the first one is taken",
        code_tidied="Blanks or wide letters in the SKU were tidied",
    )
    problems.label_ignored(
        order_cancelled="Orders that were cancelled",
        totals_row="Rows that sum up others",
        not_a_product="Postage, fees, tips and the like: no products",
        left_out="Items that you leave out",
    )
    shared = partial(
        Kind,
        group="sales",
        fields=FIELDS,
        fixes=FIXES,
        create=creating.create,
        effect=SaleEffect,
        undo=undoing.undo,
    )
    register(
        shared(
            name="square_items",
            label="Square item detail",
            what="Square’s “Items detail” export, as it comes.",
            columns=square_items.COLUMNS,
            parser=parser_of(ReceiptParser, square_items.SquareItems),
            prepare=classifying.prepare_receipts,
            classify=classifying.classify_receipts,
            merge=merging.merge_receipts,
            preview={
                "receipt": "Receipt",
                "sold_at": "Sold at",
                "location": "Location",
                "identity": "Item",
                "quantity": "Units",
                "net_amount": "Net",
            },
            date_order="mdy",
            numbers_keys=True,
        )
    )
    register(
        shared(
            name="daily_totals",
            label="Daily totals",
            what="Columns date, location, sku and quantity; name, category and "
            "revenue if you have them.",
            columns=daily_totals.COLUMNS,
            parser=parser_of(DailyParser, daily_totals.DailyTotals),
            prepare=classifying.prepare_days,
            classify=classifying.classify_days,
            merge=merging.merge_days,
            preview={
                "business_date": "Date",
                "location": "Location",
                "identity": "SKU",
                "name": "Product",
                "quantity": "Units",
                "net_amount": "Revenue",
            },
        )
    )
