"""Loyverse's item list: a row per variant, columns of price and stock per store. Pure.

A variant's later rows leave the name blank; rows that only name a component of a
composite item are no products. Goods sold by weight are counted in fractions.
"""

from imports.kinds import Column
from imports.values import RowProblem, clean, product_code
from inventory.formats.rows import CountRow, ProductRow, options_of, sku_of, yes_or_no

DOCUMENTED = (
    "help.loyverse.com/help/importing-and-exporting (the meaning of columns), and "
    "headers of real exports in public repositories"
)
HANDLE = Column("handle", "Handle", ("handle",), required=True)
SKU = Column("sku", "SKU", ("sku",), required=True)
NAME = Column("name", "Name", ("name",), required=True)
BY_WEIGHT = Column("by_weight", "Sold by weight", ("sold by weight",), required=True)
OPTIONS = tuple(
    Column(f"option{place}", f"Option {place} value", (f"option {place} value",))
    for place in (1, 2, 3)
)
BARCODE = Column("barcode", "Barcode", ("barcode",))
COLUMNS = (
    HANDLE,
    SKU,
    NAME,
    BY_WEIGHT,
    *OPTIONS,
    BARCODE,
    Column("category", "Category", ("category",)),
    Column("cost", "Cost", ("cost",), is_number=True),
    Column(
        "price",
        "Price",
        ("default price", "price"),
        begins=("Price [",),
        is_number=True,
    ),
)
STOCK_COLUMNS = (
    HANDLE,
    SKU,
    NAME,
    BY_WEIGHT,
    *OPTIONS,
    BARCODE,
    Column("tracked", "Track stock", ("track stock",)),
    Column("location", "Store", ()),
    Column(
        "stock",
        "In stock",
        (),
        begins=("In stock [",),
        required=True,
        is_number=True,
    ),
)


class Items:
    """The item of the rows with one handle: its name and how it is sold."""

    def __init__(self) -> None:
        self.handle = ""
        self.name = ""
        self.by_weight = ""

    def complete(self, cells: list[str]) -> None:
        handle = clean(cells[0])
        if clean(cells[2]):
            self.handle, self.name, self.by_weight = handle, cells[2], cells[3]
        elif handle and handle == self.handle and clean(cells[1]):
            cells[2], cells[3] = self.name, cells[3] or self.by_weight
        else:
            raise RowProblem("component_row", handle)


class LoyverseItems:
    """Reads the products of one file."""

    def __init__(self) -> None:
        self.items = Items()

    def read(self, cells: list[str]) -> ProductRow:
        self.items.complete(cells)
        _, sku, name, by_weight, *options, barcode, category, cost, price = cells
        is_weighed = yes_or_no(by_weight) == "t"
        return ProductRow(
            sku=sku_of(sku),
            item=clean(name),
            variation=options_of(*options),
            barcode=product_code(barcode),
            category=clean(category),
            unit="kg" if is_weighed else "",
            quantum="0.001" if is_weighed else "",
            cost=cost,
            price="" if clean(price).casefold() == "variable" else price,
        )


class LoyverseStock:
    """Reads the stock of one file, a row for each variant and store."""

    def __init__(self) -> None:
        self.items = Items()

    def read(self, cells: list[str]) -> CountRow:
        self.items.complete(cells)
        _, sku, name, _, *options, barcode, tracked, location, stock = cells
        if not clean(stock) or yes_or_no(tracked) == "f":
            raise RowProblem("not_stocked", clean(location))
        return CountRow(
            location=clean(location),
            sku=sku_of(sku),
            quantity=stock,
            item=clean(name),
            variation=options_of(*options),
            barcode=product_code(barcode),
            is_level=True,
        )
