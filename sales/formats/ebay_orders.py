"""eBay's orders report: a blank row around the header, notes below the rows. Pure.

An order of several items has a row that sums it up and names no item, and a row per
item below it. “--” stands for nothing; “Sold For” is the price of one piece.
"""

from imports.kinds import Column
from imports.values import RowProblem
from sales.formats.layout import Layout
from sales.formats.rows import SaleRow
from sales.formats.spelling import Spelling

COLUMNS = (
    Column("receipt", "Order Number", ("order number",), required=True),
    Column("item", "Item Title", ("item title",), required=True),
    Column("sku", "Custom Label", ("custom label",), required=True),
    Column("variation", "Variation Details", ("variation details",)),
    Column("quantity", "Quantity", ("quantity",), required=True, is_number=True),
    Column("price", "Sold For", ("sold for",), required=True, is_number=True),
    Column("date", "Sale Date", ("sale date",), required=True, is_date=True),
    Column("location", "Location", (), required=True, unless_option="location"),
)
DATE = 6


class EbayOrders:
    """Reads the rows of one file; remembers the order that is being read."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling
        self.order = self.date = ""

    def read(self, cells: list[str]) -> SaleRow:
        cells[:] = ["" if cell.strip() == "--" else cell for cell in cells]
        self.complete(cells)
        receipt, item, sku, variation, quantity, price, date, location = cells
        spelling = self.spelling
        order, name = spelling.needed(receipt, "Order Number"), spelling.name(item)
        moment = spelling.moment(date)
        if not name:
            raise RowProblem("totals_row")
        units = spelling.units(quantity)
        if units.startswith("-"):
            raise RowProblem("sale_negative", units)
        amount = spelling.times(units, spelling.amount(price))
        return SaleRow(
            receipt=order,
            sku=spelling.code(sku),
            item=name,
            variation=spelling.name(variation),
            category="",
            location=spelling.name(location),
            date=moment.date,
            clock=moment.clock,
            zone=moment.zone,
            kind="sale",
            quantity=units,
            net_amount=amount,
            gross_amount=amount,
        )

    def complete(self, cells: list[str]) -> None:
        """Rows below the first one of an order may leave out its date."""
        if cells[0] != self.order:
            self.order, self.date = cells[0], cells[DATE]
        cells[DATE] = cells[DATE] or self.date


LAYOUT = Layout(
    name="ebay_orders",
    label="eBay orders",
    what="eBay’s orders report, with its notes above and below.",
    columns=COLUMNS,
    reader=EbayOrders,
    documented="eBay Seller Hub, “Download orders report”",
    known_by=("sales record number",),
    date_order="mdy",
)
