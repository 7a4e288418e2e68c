"""Shopify's inventory export: one row per variant and location. Pure.

“On hand (new)” is what a person typed into the file; where it is blank, the current
quantity stands. Older files have one column “On hand”.
"""

from collections.abc import Sequence

from imports.kinds import Column
from imports.values import RowProblem, clean
from inventory.formats.rows import CountRow, options_of, sku_of

DOCUMENTED = (
    "help.shopify.com/en/manual/products/inventory/setup/inventory-csv, and a real "
    "export of 2025"
)
COLUMNS = (
    Column("handle", "Handle", ("handle",), required=True),
    Column("title", "Title", ("title",), required=True),
    Column("option1", "Option1 Value", ("option1 value",), required=True),
    Column("option2", "Option2 Value", ("option2 value",)),
    Column("option3", "Option3 Value", ("option3 value",)),
    Column("sku", "SKU", ("sku",), required=True),
    Column("location", "Location", ("location",), required=True),
    Column(
        "current",
        "On hand (current)",
        ("on hand (current)", "on hand"),
        required=True,
        is_number=True,
    ),
    Column("new", "On hand (new)", ("on hand (new)",), is_number=True),
)


class ShopifyInventory:
    """Reads the rows of one file."""

    def read(self, cells: Sequence[str]) -> CountRow:
        _, title, *options, sku, location, current, new = cells
        quantity = clean(new) or clean(current)
        if not quantity or quantity.casefold() == "not stocked":
            raise RowProblem("not_stocked", clean(location))
        return CountRow(
            location=clean(location),
            sku=sku_of(sku),
            quantity=quantity,
            item=clean(title),
            variation=options_of(*options),
            is_level=True,
        )
