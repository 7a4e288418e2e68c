"""Units sold per day, location and SKU: what any shop can make of its sales. Pure.

A row of zero units is valid: it says that the history begins or ends there.
"""

from imports.kinds import Column
from imports.values import RowProblem
from sales.formats import line_headers
from sales.formats.rows import SaleRow
from sales.formats.spelling import Spelling

COLUMNS = (
    Column("date", "date", line_headers.DATE, required=True, is_date=True),
    Column(
        "location",
        "location",
        line_headers.LOCATION,
        required=True,
        unless_option="location",
    ),
    Column("sku", "sku", line_headers.SKU, required=True),
    Column(
        "quantity", "quantity", line_headers.QUANTITY, required=True, is_number=True
    ),
    Column("name", "name", (*line_headers.ITEM, "name")),
    Column("category", "category", line_headers.CATEGORY),
    Column("revenue", "revenue", line_headers.NET, is_number=True),
)


class DailyTotals:
    """Reads the rows of one file."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def read(self, cells: list[str]) -> SaleRow:
        date, location, sku, quantity, name, category, revenue = cells
        spelling = self.spelling
        code = spelling.code(sku)
        if not code:
            raise RowProblem("empty_value", "sku")
        units = spelling.units(quantity)
        amount = spelling.amount(revenue)
        return SaleRow(
            receipt="",
            sku=code,
            item=spelling.name(name),
            variation="",
            category=spelling.name(category),
            location=spelling.name(location),
            date=spelling.moment(date).date,
            clock="",
            zone="",
            kind="return" if units.startswith("-") else "sale",
            quantity=units,
            net_amount=amount,
            gross_amount=amount,
            warning="" if code == sku else "code_tidied",
        )
