"""Loyverse's receipts by item: date and time in one cell, refunds negative. Pure."""

from imports.kinds import Column
from imports.values import RowProblem
from sales.formats.layout import Layout
from sales.formats.rows import LineKind, SaleRow
from sales.formats.spelling import Spelling, negative

COLUMNS = (
    Column("date", "Date", ("date",), required=True, is_date=True),
    Column("receipt", "Receipt number", ("receipt number",), required=True),
    Column("kind", "Receipt type", ("receipt type",), required=True),
    Column("category", "Category", ("category",)),
    Column("sku", "SKU", ("sku",)),
    Column("item", "Item", ("item", "item name"), required=True),
    Column("variation", "Variant", ("variant",)),
    Column("quantity", "Quantity", ("quantity",), required=True, is_number=True),
    Column("gross", "Gross sales", ("gross sales",), required=True, is_number=True),
    Column("net", "Net sales", ("net sales",), required=True, is_number=True),
    Column("location", "Store", ("store",), required=True, unless_option="location"),
    Column("status", "Status", ("status",), required=True),
)
KINDS: dict[str, LineKind] = {"sale": "sale", "refund": "return"}
VOID = {"voided", "cancelled", "canceled"}


class LoyverseReceipts:
    """Reads the rows of one file."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def read(self, cells: list[str]) -> SaleRow:
        (
            date,
            receipt,
            written_kind,
            category,
            sku,
            item,
            variation,
            quantity,
            gross,
            net,
            location,
            status,
        ) = cells
        spelling = self.spelling
        kind = KINDS.get(spelling.word(written_kind))
        if not kind:
            raise RowProblem("event_unknown", written_kind)
        moment = spelling.moment(date)
        units = spelling.units(quantity)
        amounts = spelling.amount(net), spelling.amount(gross)
        if kind == "return":
            units, amounts = (
                negative(units),
                (negative(amounts[0]), negative(amounts[1])),
            )
        elif units.startswith("-"):
            raise RowProblem("sale_negative", units)
        return SaleRow(
            receipt=spelling.needed(receipt, "Receipt number"),
            sku=spelling.code(sku),
            item=spelling.needed(item, "Item"),
            variation=spelling.name(variation),
            category=spelling.name(category),
            location=spelling.name(location),
            date=moment.date,
            clock=moment.clock,
            zone=moment.zone,
            kind=kind,
            quantity=units,
            net_amount=amounts[0],
            gross_amount=amounts[1],
            offset=moment.offset,
            is_void=spelling.word(status) in VOID,
        )


LAYOUT = Layout(
    name="loyverse_receipts",
    label="Loyverse receipts by item",
    what="Loyverse’s export of the receipts report, “Receipts by item”.",
    columns=COLUMNS,
    reader=LoyverseReceipts,
    documented="Loyverse Help Center, “Receipts report”, export of receipts by item",
)
