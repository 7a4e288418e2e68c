"""A vendor's price list: what it sells, at which cost and on which terms."""

from collections.abc import Sequence
from hashlib import blake2b

from django.db import connection
from django.db.backends.utils import CursorWrapper

from imports import problems
from imports.kinds import NULL, Column, Fix, Kind, copied, copied_key, register
from imports.reading import FileProblem
from imports.staging import Stage
from imports.values import RowProblem, clean, number, product_code
from inventory.models import Shop
from vendors.models import Vendor


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
    Column("lead_time_days", "lead_time_days", ("lead time days", "lead time")),
    Column("barcode", "barcode", ("barcode", "ean", "gtin", "upc")),
    Column("name", "name", ("name", "product name", "description")),
)
FIELDS = {
    "vendor": "text",
    "identity": "text",
    "cost": "numeric(12,4)",
    "vendor_sku": "text",
    "case_pack": "numeric(12,3)",
    "moq": "numeric(12,3)",
    "lead_time_days": "numeric(5,1)",
    "barcode": "text",
}

# Empty cells leave what is known as it is.
CHUNK = """
CREATE TEMP TABLE import_chunk ON COMMIT DROP AS
WITH line AS (
    SELECT s.row_number, s.cause, s.detail, s.raw, s.key, s.held_key, s.identity,
        s.vendor, s.cost, s.barcode,
        v.id AS vendor_id, coalesce(p.merged_into_id, p.id) AS product_id,
        o.id AS offer_id, o.cost AS o_cost, o.vendor_sku AS o_vendor_sku,
        o.case_pack AS o_case_pack, o.moq AS o_moq, o.lead_time_days AS o_lead_time,
        coalesce(nullif(s.vendor_sku, ''), o.vendor_sku, '') AS vendor_sku,
        coalesce(s.case_pack, o.case_pack, 1) AS case_pack,
        coalesce(s.moq, o.moq, 0) AS moq,
        coalesce(s.lead_time_days, o.lead_time_days) AS lead_time_days
    FROM {stage} s
    LEFT JOIN vendors_vendor v ON lower(v.name) = lower(s.vendor)
    LEFT JOIN inventory_productalias g
        ON g.source_id IS NULL AND g.identity = s.identity
    LEFT JOIN inventory_product k ON k.sku = s.identity
    LEFT JOIN inventory_product p ON p.id = coalesce(g.product_id, k.id)
    LEFT JOIN vendors_vendorproduct o
        ON o.vendor_id = v.id AND o.product_id = coalesce(p.merged_into_id, p.id)
    WHERE s.row_number BETWEEN %(first)s AND %(last)s
), decided AS (
    SELECT line.*, CASE
        WHEN cause <> '' THEN cause
        WHEN vendor_id IS NULL AND NOT %(create_vendors)s THEN 'unknown_vendor'
        WHEN product_id IS NULL THEN 'unknown_product'
        WHEN (cost, vendor_sku, case_pack, moq, lead_time_days) IS DISTINCT FROM
            (o_cost, o_vendor_sku, o_case_pack, o_moq, o_lead_time)
            AND offer_id IS NOT NULL THEN 'changed'
        ELSE '' END AS why
    FROM line
)
SELECT row_number, raw, key, held_key, identity, vendor, cost, vendor_sku, case_pack,
    moq, lead_time_days, barcode, vendor_id, product_id, offer_id, why AS cause,
    CASE why WHEN 'unknown_vendor' THEN vendor WHEN 'unknown_product' THEN identity
        WHEN 'changed' THEN identity ELSE detail END AS detail,
    CASE WHEN cause = ANY(%(ignored)s) THEN 'ignored'
        WHEN cause <> '' THEN 'rejected'
        WHEN why = 'unknown_product' AND %(ignore_products)s THEN 'ignored'
        WHEN why = 'changed' THEN 'changed'
        WHEN why <> '' THEN 'parked'
        WHEN offer_id IS NOT NULL THEN 'duplicate'
        ELSE 'new' END AS outcome
FROM decided
"""

REJECT_REPEATED = """
WITH numbered AS (
    SELECT row_number, min(row_number) OVER (PARTITION BY key) AS first
    FROM {stage} WHERE cause = ''
)
UPDATE {stage} s SET cause = 'offered_twice', detail = 'row ' || n.first
FROM numbered n WHERE n.row_number = s.row_number AND n.first < s.row_number
"""

WRITE_OFFERS = """
INSERT INTO vendors_vendorproduct
    (vendor_id, product_id, vendor_sku, cost, case_pack, moq, lead_time_days, rank)
SELECT vendor_id, product_id, vendor_sku, cost, case_pack, moq, lead_time_days,
    1 + (SELECT count(*) FROM vendors_vendorproduct o
         WHERE o.product_id = c.product_id AND o.vendor_id <> c.vendor_id)
FROM import_chunk c WHERE outcome = ANY(%s) ORDER BY vendor_id, product_id
ON CONFLICT (vendor_id, product_id) DO UPDATE SET
    vendor_sku = excluded.vendor_sku, cost = excluded.cost,
    case_pack = excluded.case_pack, moq = excluded.moq,
    lead_time_days = excluded.lead_time_days
"""

UNKNOWN_VENDORS = """
SELECT DISTINCT ON (lower(s.vendor)) s.vendor FROM {stage} s
LEFT JOIN vendors_vendor v ON lower(v.name) = lower(s.vendor)
WHERE v.id IS NULL AND s.cause = '' ORDER BY lower(s.vendor), s.row_number
"""

FILL_BARCODES = """
UPDATE inventory_product p SET barcode = c.barcode FROM import_chunk c
WHERE c.product_id = p.id AND p.barcode = '' AND c.barcode <> ''
  AND c.outcome = ANY(%s)
"""


class PriceListParser:
    """Rows of one price list."""

    def __init__(self, stage: Stage) -> None:
        self.decimal_comma = stage.detected.decimal_comma
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
        key = blake2b(f"{vendor}\x1f{code}".encode(), digest_size=16).digest()
        return (
            copied_key(key),
            NULL,
            copied(vendor[:120]),
            copied(code[:400]),
            self.amount(cost, "cost"),
            copied(product_code(vendor_sku)[:120]),
            self.positive(pack, "case_pack"),
            self.amount(moq, "moq") if clean(moq) else NULL,
            self.days(lead_time),
            copied(product_code(barcode)[:60]),
        )

    def finish(self) -> None:
        """Nothing that only all rows tell."""

    def amount(self, text: str, label: str) -> str:
        value = number(
            text, cause="number_unreadable", decimal_comma=self.decimal_comma
        )
        if value.startswith("-"):
            raise RowProblem("below_zero", f"{label} {value}")
        return value

    def positive(self, text: str, label: str) -> str:
        if not clean(text):
            return NULL
        value = self.amount(text, label)
        if not float(value):
            raise RowProblem("below_zero", f"{label} {value}")
        return value

    def days(self, text: str) -> str:
        if not clean(text):
            return NULL
        value = self.amount(text, "lead_time_days")
        if float(value) > 365:
            raise RowProblem("lead_time_too_long", value)
        return value


def reject_repeated(cursor: CursorWrapper, stage: Stage) -> None:
    cursor.execute(stage.query(REJECT_REPEATED))


def classify(cursor: CursorWrapper, stage: Stage, first: int, last: int) -> None:
    cursor.execute(
        stage.query(CHUNK),
        {
            "first": first,
            "last": last,
            "ignored": list(problems.IGNORED),
            "ignore_products": bool(stage.options.get("ignore_products")),
            "create_vendors": bool(stage.options.get("create_vendors")),
        },
    )


def create_vendors(stage: Stage) -> None:
    """Vendors that a person ticked, in the shop's currency; again changes nothing."""
    if not stage.options.get("create_vendors"):
        return
    with connection.cursor() as cursor:
        cursor.execute(stage.query(UNKNOWN_VENDORS))
        unknown = [name for (name,) in cursor.fetchall()]
    currency = Shop.load().currency
    for name in unknown:
        Vendor.objects.get_or_create(name=name, defaults={"currency": currency})


def merge(cursor: CursorWrapper, stage: Stage) -> None:
    """A new offer ranks behind those that the product has already."""
    written = ["new"]
    if stage.options.get("accept_changes"):
        written.append("changed")
    cursor.execute(WRITE_OFFERS, [written])
    cursor.execute(FILL_BARCODES, [written])


class PriceEffect:
    """How many prices are new and how many change."""

    def __init__(self, stage: Stage) -> None:
        self.rows = {"new": 0, "changed": 0}

    def add(self, cursor: CursorWrapper) -> None:
        cursor.execute(
            """SELECT outcome, count(*) FROM import_chunk
            WHERE outcome IN ('new', 'changed') GROUP BY outcome"""
        )
        for outcome, rows in cursor.fetchall():
            self.rows[outcome] += rows

    def sentences(self) -> list[str]:
        return [
            f"Adds {self.rows['new']:,} prices and changes {self.rows['changed']:,}. "
            "Orders already drafted keep their prices."
        ]


def register_kinds() -> None:
    problems.label_causes(
        unknown_vendor="Vendor not known",
        unknown_product="SKU not in your catalogue",
        offered_twice="Same vendor and SKU as another row",
        below_zero="A value must be above zero",
        lead_time_too_long="A lead time of more than a year",
    )
    register(
        Kind(
            create=create_vendors,
            fixes=(
                Fix(
                    "create_vendors",
                    cause="unknown_vendor",
                    word="Create {n}",
                    told="Vendors that are not known yet are created.",
                    back="Park them instead",
                ),
                Fix(
                    "ignore_products",
                    cause="unknown_product",
                    word="Ignore",
                    told="Rows of products that are not in the catalogue are ignored.",
                    back="Park them instead",
                ),
            ),
            name="price_list",
            label="Vendor price list",
            group="prices",
            what="Columns vendor, sku and cost; vendor_sku, case_pack, moq, "
            "lead_time_days and barcode if you have them.",
            columns=COLUMNS,
            fields=FIELDS,
            parser=PriceListParser,
            prepare=reject_repeated,
            classify=classify,
            merge=merge,
            effect=PriceEffect,
            applies_changes=True,
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
