"""Toast's “Item selection details”: one row per item of an order. Pure.

Ids have 19 digits and stay text. A voided item stays in the file and is marked.
"""

from imports.kinds import Column
from sales.formats.layout import Layout
from sales.formats.rows import SaleRow
from sales.formats.spelling import Spelling

COLUMNS = (
    Column(
        "location", "Location", ("location",), required=True, unless_option="location"
    ),
    Column("receipt", "Order Id", ("order id",), required=True),
    Column(
        "date", "Order Date", ("order date", "sent date"), required=True, is_date=True
    ),
    Column("sku", "SKU", ("sku",)),
    Column("plu", "PLU", ("plu",)),
    Column("item", "Menu Item", ("menu item",), required=True),
    Column("category", "Sales Category", ("sales category",), required=True),
    Column("group", "Menu Group", ("menu group",)),
    Column("gross", "Gross Price", ("gross price",), required=True, is_number=True),
    Column("net", "Net Price", ("net price",), required=True, is_number=True),
    Column("quantity", "Qty", ("qty",), required=True, is_number=True),
    Column("void", "Void?", ("void?", "void"), required=True),
)
VOID = {"true", "yes", "1"}


class ToastItems:
    """Reads the rows of one file."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def read(self, cells: list[str]) -> SaleRow:
        (
            location,
            receipt,
            date,
            sku,
            plu,
            item,
            category,
            group,
            gross,
            net,
            quantity,
            void,
        ) = cells
        spelling = self.spelling
        moment = spelling.moment(date)
        units = spelling.units(quantity)
        return SaleRow(
            receipt=spelling.code(receipt) or spelling.needed("", "Order Id"),
            sku=spelling.code(sku) or spelling.code(plu),
            item=spelling.needed(item, "Menu Item"),
            variation="",
            category=spelling.name(category) or spelling.name(group),
            location=spelling.name(location),
            date=moment.date,
            clock=moment.clock,
            zone=moment.zone,
            kind="return" if units.startswith("-") else "sale",
            quantity=units,
            net_amount=spelling.amount(net),
            gross_amount=spelling.amount(gross),
            offset=moment.offset,
            is_void=spelling.word(void) in VOID,
        )


LAYOUT = Layout(
    name="toast_items",
    label="Toast item selections",
    what="Toast’s data export “ItemSelectionDetails.csv”.",
    columns=COLUMNS,
    reader=ToastItems,
    documented="Toast platform guide, “Data export field reference”",
    date_order="mdy",
)
