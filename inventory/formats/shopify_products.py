"""Shopify's product export, with the headers of before and of after 2025. Pure.

One row per variant; what belongs to the product stands on its first row only. Further
rows carry nothing but a picture. The description, which is HTML, is never read.
"""

from imports.kinds import Column
from imports.values import RowProblem, clean, product_code
from inventory.formats.rows import ProductRow, options_of, sku_of, yes_or_no

DOCUMENTED = (
    "help.shopify.com/en/manual/products/import-export/using-csv, sample file and "
    "descriptions of the columns"
)
COLUMNS = (
    Column("handle", "Handle", ("handle", "url handle"), required=True),
    Column("title", "Title", ("title",), required=True),
    Column("vendor", "Vendor", ("vendor",)),
    Column("type", "Type", ("type",)),
    Column("category", "Product Category", ("product category",)),
    Column("status", "Status", ("status",)),
    Column("option1", "Option1 Value", ("option1 value",), required=True),
    Column("option2", "Option2 Value", ("option2 value",)),
    Column("option3", "Option3 Value", ("option3 value",)),
    Column("sku", "Variant SKU", ("variant sku", "sku"), required=True),
    Column(
        "price",
        "Variant Price",
        ("variant price", "price"),
        required=True,
        is_number=True,
    ),
    Column("barcode", "Variant Barcode", ("variant barcode", "barcode")),
    Column("cost", "Cost per item", ("cost per item",), is_number=True),
)
PRODUCT_CELLS = slice(1, 6)


class ShopifyProducts:
    """Reads the rows of one file; a product's own values come from its first row."""

    def __init__(self) -> None:
        self.handle = ""
        self.of_product = [""] * 5

    def read(self, cells: list[str]) -> ProductRow:
        self.complete(cells)
        (
            _,
            title,
            vendor,
            kind,
            category,
            status,
            *options,
            sku,
            price,
            barcode,
            cost,
        ) = cells
        if not any(map(clean, (*options, sku, price))):
            raise RowProblem("picture_row", clean(title))
        return ProductRow(
            sku=sku_of(sku),
            item=clean(title),
            variation=options_of(*options),
            barcode=product_code(barcode.lstrip("'")),
            category=clean(kind) or clean(category.rpartition(">")[2]),
            cost=cost,
            price=price,
            vendor=clean(vendor),
            is_active=yes_or_no(status),
        )

    def complete(self, cells: list[str]) -> None:
        """Repeat on every row what stands on the first one of the product."""
        handle = clean(cells[0])
        if clean(cells[1]) or handle != self.handle:
            self.handle = handle
            self.of_product = cells[PRODUCT_CELLS]
        else:
            cells[PRODUCT_CELLS] = self.of_product
