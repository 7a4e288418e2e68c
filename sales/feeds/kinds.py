"""The kinds of live rows: read like rows of a file, told by messages."""

import datetime as dt
from functools import partial

from imports.kinds import Column, register
from imports.values import RowProblem
from sales.feeds.orders import LiveRow
from sales.formats.rows import LineKind, SaleRow
from sales.formats.spelling import Spelling
from sales.layouts import RECEIPT_PREVIEW, receipts
from sales.sale_rows import ReceiptParser, parser_of

SHOPIFY, GENERIC = "shopify_feed", "sales_feed"
KINDS: dict[str, LineKind] = {"sale": "sale", "return": "return"}
LABELS = LiveRow(
    receipt="Order",
    kind="Kind",
    sku="SKU",
    item="Item",
    location="Location",
    at="Sold at",
    quantity="Quantity",
    net_amount="Net",
    gross_amount="Gross",
    is_void="Cancelled",
    is_kept_out="Kept off the shelf",
)
COLUMNS = tuple(
    Column(name, label, (), required=name in ("receipt", "quantity"))
    for name, label in LABELS._asdict().items()
)


class LiveSales:
    """Reads live rows; dates and numbers are in one form, whatever the shop."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def read(self, cells: list[str]) -> SaleRow:
        row = LiveRow(*cells)
        at = dt.datetime.fromisoformat(row.at)
        return SaleRow(
            receipt=self.spelling.name(row.receipt),
            sku=self.spelling.code(row.sku),
            item=self.spelling.name(row.item),
            variation="",
            category="",
            location=row.location,
            date=at.date().isoformat(),
            clock=at.time().isoformat(),
            zone="",
            kind=KINDS[row.kind],
            quantity=self.sold(row),
            net_amount=self.spelling.amount(row.net_amount),
            gross_amount=self.spelling.amount(row.gross_amount),
            offset=row.at[len("2026-11-24T10:14:00") :],
            is_void=bool(row.is_void),
            is_kept_out=bool(row.is_kept_out),
        )

    def sold(self, row: LiveRow) -> str:
        units = self.spelling.units(row.quantity)
        if units.startswith("-") and row.kind == "sale":
            raise RowProblem("sale_negative", units)
        return units


def register_kinds() -> None:
    live = partial(
        receipts,
        columns=COLUMNS,
        parser=parser_of(ReceiptParser, LiveSales),
        preview=RECEIPT_PREVIEW | {"receipt": "Order"},
        applies_changes=True,
        is_live=True,
    )
    register(live(name=SHOPIFY, label="Shopify, live", tells="shopify_orders"))
    register(live(name=GENERIC, label="Sales, live", tells="sale_lines"))
