"""The sample files, and what each of their rows comes down to."""

import json
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from imports.detecting import detect
from imports.kinds import kinds_of
from imports.values import RowProblem
from sales.formats import daily_totals, sale_lines
from sales.formats.rows import SaleRow, sums_up
from sales.formats.spelling import Spelling
from sales.layouts import DAYS, RECEIPTS

SAMPLES = Path(__file__).parents[1] / "samples"
ANSWERS = {"location": "Old Town", "date": "2026-09-08"}
READERS = {layout.name: layout.reader for layout in chain(RECEIPTS, DAYS)} | {
    "sale_lines": sale_lines.SaleLines,
    "daily_totals": daily_totals.DailyTotals,
}


@dataclass(frozen=True)
class Sample:
    """A sample file with the answers that a person would have to give."""

    file: str
    kind: str
    date_order: str = ""

    @property
    def path(self):
        return SAMPLES / self.file

    @property
    def options(self):
        order = {"date_order": self.date_order} if self.date_order else {}
        return ANSWERS | order

    @property
    def expected(self):
        return json.loads((SAMPLES / f"{self.path.stem}.json").read_text())

    def detected(self):
        return detect(self.path, kinds_of("sales"), self.options)


NAMED = [
    Sample("square_items.csv", "square_items"),
    Sample("shopify_orders.csv", "shopify_orders"),
    Sample("shopify_orders_semicolon.csv", "shopify_orders"),
    Sample("loyverse_receipts.csv", "loyverse_receipts"),
    Sample("uci_invoices.csv", "uci_invoices"),
    Sample("toast_items.csv", "toast_items"),
    Sample("toast_items_old.csv", "toast_items"),
    Sample("toast_product_mix.tsv", "toast_product_mix"),
    Sample("etsy_items.csv", "etsy_items"),
    Sample("amazon_transactions.csv", "amazon_transactions"),
    Sample("ebay_orders.csv", "ebay_orders"),
    Sample("woocommerce_orders.csv", "woocommerce_orders"),
]
GENERIC = [
    Sample("sale_lines_de.csv", "sale_lines"),
    Sample("sale_lines_en.csv", "sale_lines"),
    Sample("sale_lines_ja.csv", "sale_lines"),
]
EVERY = [*NAMED, *GENERIC]


def read(sample):
    """Each row below the header: what the reader says, without what is empty."""
    found = sample.detected()
    columns = next(kind.columns for kind in kinds_of() if kind.name == found.kind)
    reader = READERS[found.kind](
        Spelling(
            found.date_order, decimal_comma=found.decimal_comma, options=sample.options
        )
    )
    rows = []
    for number, cells in found.source(sample.path).rows():
        if number > found.header_row and any(map(str.strip, cells)):
            picked = [
                cells[found.columns[column.name]]
                if -1 < found.columns.get(column.name, -1) < len(cells)
                else ""
                for column in columns
            ]
            rows.append(told(reader, picked))
    return rows


def told(reader, cells):
    try:
        row = reader.read(cells)
    except RowProblem as problem:
        cause = "totals_row" if sums_up(cells) else problem.cause
        return {"cause": cause} | ({"detail": problem.detail} if problem.detail else {})
    assert isinstance(row, SaleRow)
    return {name: value for name, value in row._asdict().items() if value}
