"""A vendor's price list: what it sells, at which cost and on which terms."""

from collections.abc import Iterator, Sequence
from functools import partial

from django.db.backends.utils import CursorWrapper

from imports import giving_back, problems, records
from imports.amounts import Amounts
from imports.kinds import NULL, Column, Fix, Kind, copied, copied_key, register
from imports.models import Import
from imports.reading import FileProblem
from imports.records import Field, RecordEffect, Table
from imports.repeated import reject_repeated
from imports.staging import Stage
from imports.values import RowProblem, clean, product_code
from inventory.identities import digest
from inventory.product_records import stated
from vendors.models import Vendor
from vendors.offers import (
    COUNT_OFFERS,
    CREATE_VENDORS,
    FIND_VENDOR,
    ODD_COSTS,
    RANK,
    create_vendors,
    withdraw,
)

LONGEST_LEAD_TIME_DAYS = 365


def vendor_names() -> list[str]:
    return list(Vendor.objects.values_list("name", flat=True))


COLUMNS = (
    Column(
        "vendor",
        "vendor",
        ("vendor", "supplier"),
        required=True,
        unless_option="vendor",
        choices=vendor_names,
    ),
    Column("sku", "sku", ("sku", "item sku", "our sku", "product code"), required=True),
    Column(
        "cost",
        "cost",
        ("cost", "unit cost", "cost price", "purchase price"),
        required=True,
        is_number=True,
    ),
    Column("vendor_sku", "vendor_sku", ("vendor sku", "supplier sku", "vendor code")),
    Column(
        "case_pack", "case_pack", ("case pack", "pack size", "pack"), is_number=True
    ),
    Column(
        "moq",
        "moq",
        ("moq", "minimum quantity", "minimum order quantity"),
        is_number=True,
    ),
    Column(
        "lead_time_days",
        "lead_time_days",
        ("lead time days", "lead time"),
        is_number=True,
    ),
    Column("barcode", "barcode", ("barcode", "ean", "gtin", "upc")),
    Column("name", "name", ("name", "product name", "description")),
)
FIELDS = (
    Field("cost", "numeric(12,4)", "f.cost", "cost", "NULL"),
    Field("vendor_sku", "text", "f.vendor_sku", "vendor’s SKU"),
    Field("case_pack", "numeric(12,3)", "f.case_pack", "case pack", "1"),
    Field("moq", "numeric(12,3)", "f.moq", "minimum", "0"),
    Field("lead_time_days", "numeric(5,1)", "f.lead_time_days", "lead time", "NULL"),
    Field(
        "barcode",
        "text",
        "o.barcode",
        "barcode",
        taken="coalesce(nullif(o.barcode, ''), s.barcode, '')",
    ),
)
OPTIONS = ("create_vendors", "ignore_products")

CHUNK = records.chunk_query(
    FIELDS,
    context="""s.identity, s.vendor, o.id AS product_id, v.id AS vendor_id,
        f.id AS offer_id, """
    + RANK,
    joins=f"""
        LEFT JOIN inventory_productalias g
            ON g.source_id IS NULL AND g.identity = s.identity
        LEFT JOIN inventory_product k ON k.sku = s.identity
        LEFT JOIN inventory_product p ON p.id = coalesce(g.product_id, k.id)
        LEFT JOIN inventory_product o ON o.id = p.survivor_id
        {FIND_VENDOR}
        LEFT JOIN vendors_vendorproduct f
            ON f.vendor_id = v.id AND f.product_id = o.id
        {COUNT_OFFERS}""",
    is_known="offer_id IS NOT NULL",
    verdicts="""
        WHEN vendor_id IS NULL AND NOT %(create_vendors)s THEN 'unknown_vendor'
        WHEN product_id IS NULL THEN 'unknown_product'""",
    outcomes="""WHEN why = 'unknown_product' AND %(ignore_products)s THEN 'ignored'""",
    details="WHEN 'unknown_vendor' THEN vendor WHEN 'unknown_product' THEN identity",
)

OFFERS = Table(
    name="vendors_vendorproduct",
    known="offer_id",
    columns={
        "vendor_sku": "vendor_sku",
        "cost": "cost",
        "case_pack": "case_pack",
        "moq": "moq",
        "lead_time_days": "lead_time_days",
    },
    given={"vendor_id": "vendor_id", "product_id": "product_id", "rank": "rank"},
    made_by="outcome = 'new'",
    changed_by="outcome = 'changed'",
    retire=withdraw,
    is_main=True,
)
# A product without a barcode takes the one that the list has.
BARCODES = Table(
    name="inventory_product",
    known="product_id",
    columns={"barcode": "barcode"},
    given={},
    made_by="false",
    changed_by="outcome IN ('new', 'changed') AND c.barcode <> c.o_barcode",
    retire=lambda cursor, changes: None,
)
TABLES = (OFFERS, BARCODES)


class PriceListParser:
    """Rows of one price list."""

    def __init__(self, stage: Stage) -> None:
        self.amounts = Amounts(decimal_comma=stage.detected.decimal_comma)
        self.override = str(stage.options.get("vendor") or "")
        wanted = stage.options.get("create_vendors")
        if self.override and not wanted and not self.vendor_exists():
            raise FileProblem(f"There is no vendor “{self.override}”. Add it first.")

    def vendor_exists(self) -> bool:
        return Vendor.objects.filter(name__iexact=self.override).exists()

    def parse(self, cells: Sequence[str]) -> Sequence[str]:
        written, sku, cost, vendor_sku, pack, moq, lead_time, barcode, _ = cells
        code = product_code(sku)
        vendor = self.override or clean(written)
        if not code or not vendor:
            raise RowProblem("empty_value", "vendor" if code else "sku")
        return (
            copied_key(digest(vendor, code)),
            NULL,
            copied(code[:400]),
            copied(vendor[:120]),
            self.amounts.needed(cost, "cost"),
            stated(product_code(vendor_sku), 120),
            self.amounts.positive(pack, "case_pack"),
            self.amounts.optional(moq, "moq"),
            self.amounts.at_most(lead_time, "lead_time_days", LONGEST_LEAD_TIME_DAYS),
            stated(product_code(barcode), 60),
        )

    def finish(self) -> None:
        """Nothing that only all rows tell."""


def classify(cursor: CursorWrapper, stage: Stage, first: int, last: int) -> None:
    records.classify(cursor, stage, CHUNK, first=first, last=last, options=OPTIONS)


def merge(cursor: CursorWrapper, stage: Stage) -> None:
    for table in TABLES:
        records.write(cursor, stage, table)


def undo(imported: Import) -> Iterator[int]:
    return giving_back.undo(imported, TABLES)


def effect(stage: Stage) -> RecordEffect:
    return RecordEffect(
        "price,prices",
        "Orders already drafted keep their prices.",
    )


def register_kinds() -> None:
    problems.label_causes(
        unknown_vendor="Vendor not known",
        unknown_product="SKU not in your catalogue",
        offered_twice="Same vendor and SKU as another row",
    )
    register(
        Kind(
            create=create_vendors,
            fixes=(
                CREATE_VENDORS,
                Fix(
                    "ignore_products",
                    cause="unknown_product",
                    word="Ignore",
                    told="Rows of products that are not in the catalogue are ignored.",
                    back="Park them instead",
                ),
            ),
            name="price_list",
            pages={"unknown_product": "product_matching"},
            label="Vendor price list",
            group="prices",
            what="Columns vendor, sku and cost; vendor_sku, case_pack, moq, "
            "lead_time_days and barcode if you have them.",
            columns=COLUMNS,
            fields={"identity": "text", "vendor": "text"} | records.fields_of(FIELDS),
            parser=PriceListParser,
            prepare=partial(reject_repeated, cause="offered_twice"),
            classify=classify,
            merge=merge,
            effect=effect,
            undo=undo,
            odd_rows=ODD_COSTS,
            afterwards="Suggested orders take these prices from the next night on.",
            after_undo="Vendors that it created stay.",
            applies_changes=True,
            is_generic=True,
            preview={
                "vendor": "Vendor",
                "identity": "SKU",
                "cost": "Cost",
                "case_pack": "Case pack",
                "moq": "Minimum",
                "lead_time_days": "Lead time, days",
            },
        )
    )
