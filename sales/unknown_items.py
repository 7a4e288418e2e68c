"""Items that a file names and that nothing in the catalogue goes by."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from psycopg import sql

from imports.staging import Stage
from inventory.models import SalesSource
from sales.classifying import source_of

MOMENTS = ("sold_at", "counted_at")

UNKNOWN = """
WITH item AS MATERIALIZED (
    SELECT s.identity, count(*) AS rows, {units} AS units,
        min({moment}) AS first_at, max({moment}) AS last_at,
        max(s.row_number) AS last_row, {barcode} AS barcode
    FROM {stage} s WHERE s.cause = '' AND s.identity <> '' AND {counts}
    GROUP BY s.identity
)
SELECT DISTINCT ON (i.rows, i.identity) i.identity, {name}, i.barcode, i.rows, i.units,
    i.first_at, i.last_at
FROM item i JOIN {stage} s ON s.row_number = i.last_row
WHERE NOT EXISTS (
        SELECT FROM inventory_productalias a WHERE a.identity = i.identity
        AND (a.source_id = %(source)s OR a.source_id IS NULL))
    AND NOT EXISTS (SELECT FROM inventory_product k WHERE k.sku = i.identity)
    AND i.identity <> ALL(%(chosen)s) AND {left_out}
ORDER BY i.rows DESC, i.identity
"""

SOLD_HERE = """
SELECT DISTINCT p.survivor_id
FROM (SELECT DISTINCT identity FROM {stage} WHERE cause = '') s
LEFT JOIN inventory_productalias a
    ON a.source_id = %(source)s AND a.identity = s.identity
LEFT JOIN inventory_productalias g ON g.source_id IS NULL AND g.identity = s.identity
LEFT JOIN inventory_product k ON k.sku = s.identity
JOIN inventory_product p ON p.id = coalesce(a.product_id, g.product_id, k.id)
"""

LEFT_OUT = """NOT EXISTS (
    SELECT FROM sales_ignoredidentity o WHERE o.identity = i.identity
    AND (o.source_id = %(source)s OR o.source_id IS NULL))"""


@dataclass(frozen=True, slots=True)
class UnknownItem:
    """One item as a file writes it, and what the file tells of it."""

    identity: str
    name: str
    barcode: str
    rows: int
    units: Decimal | None
    first_at: dt.datetime | None
    last_at: dt.datetime | None


def unknown_items(stage: Stage) -> list[UnknownItem]:
    """Items that wait for a decision, those of the most rows first."""
    source = alias_source(stage)
    arguments = {
        "source": source.pk if source else None,
        "chosen": stage.options.get("create_identities", []),
    }
    with connection.cursor() as cursor:
        cursor.execute(stage.query(UNKNOWN, **parts_of(stage)), arguments)
        return [UnknownItem(*row) for row in cursor.fetchall()]


def sold_here(stage: Stage) -> set[int]:
    """Products of the catalogue that the file names."""
    source = alias_source(stage)
    with connection.cursor() as cursor:
        cursor.execute(
            stage.query(SOLD_HERE), {"source": source.pk if source else None}
        )
        return {product for (product,) in cursor.fetchall()}


def alias_source(stage: Stage) -> SalesSource | None:
    """The source whose names a file uses; None where it is the catalogue's own."""
    return source_of(stage) if stage.kind.group == "sales" else None


def parts_of(stage: Stage) -> dict[str, sql.Composable]:
    """What a kind's staging table has to tell, as SQL."""
    fields = stage.kind.fields
    moment = next((name for name in MOMENTS if name in fields), "")
    counts = [sql.SQL("true")]
    if "is_void" in fields:
        counts.append(sql.SQL("NOT s.is_void"))
    if "is_no_product" in fields and not stage.options.get("import_no_products"):
        counts.append(sql.SQL("NOT coalesce(s.is_no_product, false)"))
    is_left_out = stage.kind.group == "sales" and not stage.options.get(
        "import_left_out"
    )
    return {
        "units": sql.SQL(
            "sum(s.quantity)" if "quantity" in fields else "NULL::numeric"
        ),
        "moment": sql.SQL("s.{}").format(sql.Identifier(moment))
        if moment
        else sql.SQL("NULL::timestamptz"),
        "barcode": sql.SQL("max(s.barcode)" if "barcode" in fields else "''"),
        "name": sql.SQL("s.name" if "name" in fields else "''"),
        "counts": sql.SQL(" AND ").join(counts),
        "left_out": sql.SQL(LEFT_OUT if is_left_out else "true"),
    }
