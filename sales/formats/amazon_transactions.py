"""Amazon's date range report: sales and refunds among fees and transfers. Pure.

Some lines of notes stand above the header. A refund has a positive quantity and
negative money. Times name their zone by letters, as PDT.
"""

from imports.kinds import Column
from imports.values import RowProblem
from sales.formats.layout import Layout
from sales.formats.rows import LineKind, SaleRow
from sales.formats.spelling import Spelling, added, negative

COLUMNS = (
    Column("date", "date/time", ("date time",), required=True, is_date=True),
    Column("kind", "type", ("type",), required=True),
    Column("receipt", "order id", ("order id",), required=True),
    Column("sku", "sku", ("sku",), required=True),
    Column("item", "description", ("description",), required=True),
    Column("quantity", "quantity", ("quantity",), required=True, is_number=True),
    Column("gross", "product sales", ("product sales",), required=True, is_number=True),
    Column("rebates", "promotional rebates", ("promotional rebates",), is_number=True),
    Column("location", "Location", (), required=True, unless_option="location"),
)
ITEM = 4
KINDS: dict[str, LineKind] = {"order": "sale", "refund": "return"}


class AmazonTransactions:
    """Reads the rows of one file."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def read(self, cells: list[str]) -> SaleRow:
        date, written_kind, receipt, sku, item, quantity, gross, rebates, location = (
            cells
        )
        spelling = self.spelling
        kind = KINDS.get(spelling.word(written_kind))
        code = spelling.code(sku)
        if not kind or not code:
            cells[ITEM] = ""  # it may name a bank account
            raise RowProblem("not_a_sale", spelling.name(written_kind))
        units = spelling.units(quantity)
        if kind == "return":
            units = negative(units)
        elif units.startswith("-"):
            raise RowProblem("sale_negative", units)
        moment = spelling.moment(date)
        amount = spelling.amount(gross)
        return SaleRow(
            receipt=spelling.needed(receipt, "order id"),
            sku=code,
            item=spelling.name(item),
            variation="",
            category="",
            location=spelling.name(location),
            date=moment.date,
            clock=moment.clock,
            zone=moment.zone,
            kind=kind,
            quantity=units,
            net_amount=added(amount, spelling.amount(rebates)),
            gross_amount=amount,
            offset=moment.offset,
        )


LAYOUT = Layout(
    name="amazon_transactions",
    label="Amazon transactions",
    what="Amazon’s date range report of transactions.",
    columns=COLUMNS,
    reader=AmazonTransactions,
    documented="Amazon Seller Central, “Date Range Reports”, transaction report",
    known_by=("settlement id",),
    date_order="mdy",
)
