"""Products in a file: how a row is read, and which columns of a product it fills."""

from collections.abc import Callable, Sequence
from typing import Protocol

from imports import problems
from imports.amounts import Amounts
from imports.kinds import NULL, copied, copied_key
from imports.records import Field, Table, deactivate, is_retired, tidied
from imports.staging import Stage
from imports.values import RowProblem
from inventory.formats.rows import ProductRow
from inventory.identities import digest

FIELDS = (
    Field("name", "text", tidied("o.name"), "name", "left(s.identity, 250)"),
    Field("barcode", "text", "o.barcode", "barcode"),
    Field("category", "text", tidied("o.category"), "category"),
    Field("unit", "text", tidied("o.unit"), "unit", "'piece'"),
    Field("quantum", "numeric(8,3)", "o.quantum", "smallest amount", "1"),
    Field("cost", "numeric(12,4)", "o.cost", "cost", "NULL"),
    Field("price", "numeric(12,4)", "o.price", "price", "NULL"),
    Field(
        "is_active",
        "boolean",
        "o.is_active",
        "active",
        taken=f"""coalesce(s.is_active, o.is_active OR
            ({is_retired("inventory_product", "o.id")}), true)""",
    ),
)
STAGED = {"identity": "text", "vendor": "text"}

# The product of a row: the one with its SKU, else the one that the name stands for.
FIND = """
LEFT JOIN inventory_productalias g
    ON g.source_id IS NULL AND g.identity = s.identity
LEFT JOIN inventory_product k ON k.sku = left(s.identity, 120)
LEFT JOIN inventory_product o ON o.id = coalesce(k.id, g.product_id)
"""

PRODUCTS = Table(
    name="inventory_product",
    known="product_id",
    columns={field.name: field.name for field in FIELDS},
    given={"sku": "left(identity, 120)", "created_at": "now()"},
    made_by="outcome = 'new'",
    changed_by="outcome = 'changed'",
    retire=deactivate("inventory_product"),
    is_main=True,
)

FIND_MADE = """
UPDATE import_chunk c SET product_id = p.id FROM inventory_product p
WHERE c.outcome = 'new' AND c.product_id IS NULL AND p.sku = left(c.identity, 120)
"""


class Reader(Protocol):
    def read(self, cells: list[str]) -> ProductRow: ...


class ProductParser:
    """Rows of product files; the layouts differ only in their reader."""

    def __init__(self, reader: Reader, stage: Stage) -> None:
        self.reader = reader
        self.amounts = Amounts(decimal_comma=stage.detected.decimal_comma)

    def parse(self, cells: list[str]) -> Sequence[str]:
        row = self.reader.read(cells)
        if not row.identity:
            raise RowProblem("empty_value", "sku")
        return (
            copied_key(digest(row.identity)),
            NULL,
            copied(row.identity[:400]),
            stated(row.vendor, 120),
            stated(row.name, 250),
            stated(row.barcode, 60),
            stated(row.category, 120),
            stated(row.unit, 20),
            self.amounts.positive(row.quantum, "smallest amount"),
            self.amounts.optional(row.cost, "cost"),
            self.amounts.optional(row.price, "price"),
            row.is_active or NULL,
            stated(row.vendor_sku, 120),
            self.amounts.positive(row.case_pack, "case pack"),
        )

    def finish(self) -> None:
        """Nothing that only all rows tell."""


def stated(text: str, longest: int) -> str:
    """What the file says, or nothing."""
    return copied(text[:longest]) if text else NULL


def parser_of(reader: Callable[[], Reader]) -> Callable[[Stage], ProductParser]:
    """How a kind makes the parser of one file."""

    def make(stage: Stage) -> ProductParser:
        return ProductParser(reader(), stage)

    return make


def label_causes() -> None:
    problems.label_causes(
        below_zero="A value must be above zero",
        too_much="A value is larger than it can be",
        neither_yes_nor_no="Neither yes nor no",
        listed_twice="The same product as another row",
    )
    problems.label_ignored(
        picture_row="Rows that only add a picture",
        component_row="Rows that only name a part of another item",
        merged_product="Counts as another product since they were merged",
        not_stocked="No stock is kept there",
    )
