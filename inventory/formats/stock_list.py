"""Counted stock in columns of any name: what our own export writes, too. Pure."""

from collections.abc import Sequence

from imports.kinds import Column
from imports.values import clean, product_code
from inventory.formats.rows import CountRow

LOCATION_HEADERS = ("location", "store", "shop", "branch", "warehouse")
REST = (
    Column("sku", "sku", ("sku", "item sku", "product code"), required=True),
    Column(
        "quantity",
        "quantity",
        (
            "counted quantity",
            "counted",
            "quantity",
            "qty",
            "on hand",
            "stock",
            "units",
            "in stock",
            "current quantity",
        ),
        required=True,
        is_number=True,
    ),
    Column(
        "counted_at",
        "counted_at",
        ("counted at", "counted on", "count date"),
        is_date=True,
    ),
    Column("note", "note", ("note", "comment")),
    Column("name", "name", ("name", "product name", "product", "item", "item name")),
    Column(
        "variant",
        "variant",
        ("variant", "variation", "variation name", "option", "option 1 value"),
    ),
)


class StockList:
    """Reads the rows of one file; the location stands before the other columns."""

    def __init__(self, *, is_level: bool) -> None:
        self.is_level = is_level

    def read(self, cells: Sequence[str]) -> CountRow:
        location, sku, quantity, counted_at, note, name, variant = cells
        return CountRow(
            location=clean(location),
            sku=product_code(sku),
            quantity=quantity,
            item=clean(name),
            variation=clean(variant),
            counted_at=clean(counted_at),
            note=clean(note),
            is_level=self.is_level,
        )
