"""Units sold per day, location and SKU: what any shop can make of its sales. Pure.

A row of zero units is valid: it says that the history begins or ends there.
"""

from collections.abc import Sequence

from imports.kinds import Column
from imports.values import Dates, RowProblem, clean, number, product_code
from sales.formats.rows import SaleRow

COLUMNS = (
    Column(
        "date",
        "date",
        ("date", "day", "business date", "sales date"),
        required=True,
        is_date=True,
    ),
    Column(
        "location",
        "location",
        ("location", "store", "shop", "branch", "outlet"),
        required=True,
        unless_option="location",
    ),
    Column("sku", "sku", ("sku", "item sku", "product code"), required=True),
    Column(
        "quantity",
        "quantity",
        ("quantity", "qty", "units", "units sold", "quantity sold"),
        required=True,
        is_number=True,
    ),
    Column("name", "name", ("name", "product name", "product", "item", "item name")),
    Column("category", "category", ("category", "department", "product type")),
    Column("revenue", "revenue", ("revenue", "net sales", "sales"), is_number=True),
)


class DailyTotals:
    """Reads the rows of one file."""

    def __init__(self, dates: Dates, *, decimal_comma: bool) -> None:
        self.dates = dates
        self.decimal_comma = decimal_comma

    def read(self, cells: Sequence[str]) -> SaleRow:
        date, location, sku, quantity, name, category, revenue = cells
        code = product_code(sku)
        if not code:
            raise RowProblem("empty_value", "sku")
        units = number(
            quantity, cause="quantity_not_a_number", decimal_comma=self.decimal_comma
        )
        amount = revenue and number(
            revenue, cause="number_unreadable", decimal_comma=self.decimal_comma
        )
        return SaleRow(
            receipt="",
            sku=code,
            item=clean(name),
            variation="",
            category=clean(category),
            location=clean(location),
            date=self.dates.iso(date),
            clock="",
            zone="",
            kind="return" if units.startswith("-") else "sale",
            quantity=units,
            net_amount=amount,
            gross_amount=amount,
        )
