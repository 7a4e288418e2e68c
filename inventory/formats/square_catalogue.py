"""Square's item library: one row per variation, one column of stock per location. Pure.

The item's name may be blank on its later variations. A price that is typed at the till
stands as “variable”.
"""

from imports.kinds import Column
from imports.values import RowProblem, clean, product_code
from inventory.formats.rows import CountRow, ProductRow, sku_of

DOCUMENTED = (
    "squareup.com/help/us/en/article/5153 (import and export your item library), and "
    "headers of real exports in public repositories"
)
TOKEN = Column("token", "Token", ("token",), required=True)
ITEM = Column("item", "Item Name", ("item name",), required=True)
VARIATION = Column("variation", "Variation Name", ("variation name",), required=True)
SKU = Column("sku", "SKU", ("sku",), required=True)
GTIN = Column("barcode", "GTIN", ("gtin",))
COLUMNS = (
    TOKEN,
    ITEM,
    VARIATION,
    SKU,
    GTIN,
    Column("category", "Category", ("category", "reporting category", "categories")),
    Column("price", "Price", ("price",), required=True, is_number=True),
    Column("archived", "Archived", ("archived",)),
    Column("cost", "Default Unit Cost", ("default unit cost",), is_number=True),
    Column("vendor", "Default Vendor Name", ("default vendor name",)),
    Column("vendor_sku", "Default Vendor Code", ("default vendor code",)),
)
STOCK_COLUMNS = (
    TOKEN,
    ITEM,
    VARIATION,
    SKU,
    GTIN,
    Column("location", "Location", ()),
    Column(
        "current",
        "Current Quantity",
        (),
        begins=("Current Quantity ",),
        required=True,
        is_number=True,
    ),
    Column("new", "New Quantity", (), begins=("New Quantity ",), is_number=True),
)


class Items:
    """The item of the row before, for a variation that does not name its own."""

    def __init__(self) -> None:
        self.name = ""

    def complete(self, cells: list[str]) -> None:
        if clean(cells[1]):
            self.name = cells[1]
        else:
            cells[1] = self.name


class SquareCatalogue:
    """Reads the products of one file."""

    def __init__(self) -> None:
        self.items = Items()

    def read(self, cells: list[str]) -> ProductRow:
        self.items.complete(cells)
        (
            _,
            item,
            variation,
            sku,
            barcode,
            category,
            price,
            archived,
            cost,
            vendor,
            vendor_sku,
        ) = cells
        return ProductRow(
            sku=sku_of(sku),
            item=clean(item),
            variation=clean(variation),
            barcode=product_code(barcode),
            category=clean(category),
            cost=cost,
            price="" if clean(price).casefold() == "variable" else price,
            vendor=clean(vendor),
            vendor_sku=product_code(vendor_sku),
            is_active={"y": "f", "n": "t"}.get(clean(archived).casefold(), ""),
        )


class SquareStock:
    """Reads the stock of one file, a row for each variation and location."""

    def __init__(self) -> None:
        self.items = Items()

    def read(self, cells: list[str]) -> CountRow:
        self.items.complete(cells)
        _, item, variation, sku, barcode, location, current, new = cells
        quantity = clean(new) or clean(current)
        if not quantity:
            raise RowProblem("not_stocked", clean(location))
        return CountRow(
            location=clean(location),
            sku=sku_of(sku),
            quantity=quantity,
            item=clean(item),
            variation=clean(variation),
            barcode=product_code(barcode),
            is_level=True,
        )
