"""Toast's product mix, “AllItemsReport”: what was sold of each item on one day. Pure.

The file does not say which day: a person does. Rows of whole menus and groups sum up
those of their items. What was voided is counted and told beside it.
"""

from imports.kinds import Column
from imports.values import RowProblem
from sales.formats.layout import Layout
from sales.formats.rows import SaleRow
from sales.formats.spelling import Spelling, added, less

COLUMNS = (
    Column("item", "Menu Item", ("menu item",), required=True),
    Column("category", "Menu Group", ("menu group",), required=True),
    Column(
        "quantity",
        "Item Qty (incl voids)",
        ("item qty (incl voids)",),
        required=True,
        is_number=True,
    ),
    Column("voided", "Void Qty", ("void qty",), required=True, is_number=True),
    Column("net", "Net Amount", ("net amount",), required=True, is_number=True),
    Column("discount", "Discount Amount", ("discount amount",), is_number=True),
    Column(
        "date",
        "Date of the report",
        ("business date", "date"),
        required=True,
        unless_option="date",
        is_date=True,
    ),
    Column(
        "location", "Location", ("location",), required=True, unless_option="location"
    ),
)


class ToastProductMix:
    """Reads the rows of one file."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling
        self.date = str(spelling.options.get("date") or "")

    def read(self, cells: list[str]) -> SaleRow:
        item, category, quantity, voided, net, discount, date, location = cells
        spelling = self.spelling
        name = spelling.name(item)
        if not name:
            raise RowProblem("totals_row")
        units = less(spelling.units(quantity), spelling.amount(voided))
        if not units.strip("-0."):
            raise RowProblem("sold_none", name)
        return SaleRow(
            receipt="",
            sku="",
            item=name,
            variation="",
            category=spelling.name(category),
            location=spelling.name(location),
            date=self.day(date),
            clock="",
            zone="",
            kind="return" if units.startswith("-") else "sale",
            quantity=units,
            net_amount=spelling.amount(net),
            gross_amount=added(spelling.amount(net), spelling.amount(discount)),
        )

    def day(self, date: str) -> str:
        """The day that the row names, else the one that a person said."""
        if not date and not self.date:
            raise RowProblem("empty_value", "date of the report")
        return self.spelling.moment(date or self.date).date


LAYOUT = Layout(
    name="toast_product_mix",
    label="Toast product mix",
    what="Toast’s data export “AllItemsReport.csv”; say which day it is of.",
    columns=COLUMNS,
    reader=ToastProductMix,
    documented="Toast platform guide, “Data export field reference”",
    known_by=("menu name",),
    date_order="mdy",
)
