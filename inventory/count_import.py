"""Counts of a file on their way into the ledger, and back out when it is undone."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from imports import problems
from imports.importing import count_undone
from imports.models import Import
from imports.staging import Stage
from inventory.history import Then, stock_at
from inventory.ledger import keep_survivors, rebuild
from inventory.models import StockLevel

UNDO_ROWS = 2_000
OPTIONS = ("ignore_products", "ignore_locations")
CREATED = ("create_products", "create_locations")

CHUNK = """
CREATE TEMP TABLE import_chunk ON COMMIT DROP AS
WITH line AS (
    SELECT s.*, l.id AS location_id, p.id AS named_product_id,
        p.survivor_id AS product_id,
        'file:' || encode(substring(sha256(s.key || int8send(l.id)) FROM 1 FOR 16),
            'hex') AS count_key
    FROM {stage} s
    LEFT JOIN inventory_location l
        ON l.name = s.location AND l.kind IN ('store', 'warehouse')
    LEFT JOIN inventory_productalias g
        ON g.source_id IS NULL AND g.identity = s.identity
    LEFT JOIN inventory_product k ON k.sku = s.identity
    LEFT JOIN inventory_product p ON p.id = coalesce(g.product_id, k.id)
    WHERE s.row_number BETWEEN %(first)s AND %(last)s
), judged AS (
    SELECT line.*, o.version AS o_version, o.is_retracted AS o_retracted,
        (op.survivor_id, o.location_id, o.counted_quantity, o.counted_at)
        IS NOT DISTINCT FROM
        (line.product_id, line.location_id, line.quantity, line.counted_at) AS is_same
    FROM line LEFT JOIN LATERAL (
        SELECT * FROM inventory_stockcount c WHERE c.key = line.count_key
        ORDER BY c.version DESC LIMIT 1) o ON true
    LEFT JOIN inventory_product op ON op.id = o.product_id
), decided AS (
    SELECT judged.*, CASE
        WHEN cause <> '' THEN cause
        WHEN quantity IS NULL THEN ''
        WHEN location_id IS NULL AND NOT %(create_locations)s THEN 'unknown_location'
        WHEN product_id IS NULL AND NOT %(create_products)s THEN 'unknown_product'
        WHEN NOT o_retracted AND NOT is_same THEN 'changed'
        ELSE '' END AS why
    FROM judged
)
SELECT row_number, raw, key, held_key, identity, location, quantity, counted_at, note,
    is_level, named_product_id, product_id, location_id, count_key, o_version,
    NULL::numeric AS o_quantity, why AS cause,
    CASE why WHEN 'unknown_location' THEN location WHEN 'unknown_product' THEN identity
        WHEN 'changed' THEN identity ELSE detail END AS detail,
    CASE WHEN cause = ANY(%(ignored)s) THEN 'ignored'
        WHEN cause <> '' THEN 'rejected'
        WHEN why = 'unknown_product' AND %(ignore_products)s THEN 'ignored'
        WHEN why = 'unknown_location' AND %(ignore_locations)s THEN 'ignored'
        WHEN why = 'changed' THEN 'changed'
        WHEN why <> '' THEN 'parked'
        WHEN quantity IS NULL THEN 'duplicate'
        WHEN NOT o_retracted AND is_same THEN 'duplicate'
        ELSE 'new' END AS outcome
FROM decided
"""

# One row of the file may be several rows here: one for each of its locations.
LEVELS_STATED = """
SELECT row_number, product_id, location_id, counted_at, quantity FROM import_chunk
WHERE outcome = 'new' AND is_level AND product_id IS NOT NULL
  AND location_id IS NOT NULL ORDER BY row_number, location_id
"""

COMPARE_LEVELS = """
UPDATE import_chunk c SET o_quantity = v.record,
    outcome = CASE WHEN v.record = c.quantity THEN 'duplicate'
        WHEN c.quantity < 0 THEN 'rejected' ELSE 'new' END,
    cause = CASE WHEN v.record IS DISTINCT FROM c.quantity AND c.quantity < 0
        THEN 'count_negative' ELSE '' END,
    detail = CASE WHEN v.record IS DISTINCT FROM c.quantity AND c.quantity < 0
        THEN c.identity ELSE '' END
FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::numeric[])
    v (row_number, product_id, location_id, record)
WHERE c.row_number = v.row_number AND c.product_id = v.product_id
  AND c.location_id = v.location_id AND c.outcome = 'new'
"""

INSERT_COUNTS = """
INSERT INTO inventory_stockcount (key, version, is_retracted, product_id, location_id,
    counted_quantity, counted_at, recorded_at, note, import_file_id, user_id)
SELECT count_key, coalesce(o_version, 0) + 1, false, named_product_id, location_id,
    quantity, counted_at, now(), note, %(import)s, %(user)s
FROM import_chunk WHERE outcome = ANY(%(written)s) ORDER BY row_number
"""

# Counts of the import that still hold, each with the version that held before.
OWN_COUNTS = """
SELECT c.id, f.survivor_id, c.location_id, b.id
FROM inventory_stockcount c JOIN inventory_product f ON f.id = c.product_id
LEFT JOIN LATERAL (
    SELECT v.id FROM inventory_stockcount v
    LEFT JOIN imports_import i ON i.id = v.import_file_id
    WHERE v.key = c.key AND v.version < c.version AND NOT v.is_retracted
      AND v.import_file_id IS DISTINCT FROM c.import_file_id
      AND coalesce(i.state, '') NOT IN ('undoing', 'undone', 'cancelled')
    ORDER BY v.version DESC LIMIT 1) b ON true
WHERE c.import_file_id = %s AND NOT c.is_retracted AND NOT EXISTS (
    SELECT FROM inventory_stockcount n WHERE n.key = c.key AND n.version > c.version)
ORDER BY c.id LIMIT %s
"""

NEXT_VERSIONS = """
INSERT INTO inventory_stockcount (key, version, is_retracted, product_id, location_id,
    counted_quantity, counted_at, recorded_at, note, import_file_id, user_id)
SELECT c.key, c.version + 1, o.base IS NULL, v.product_id, v.location_id,
    v.counted_quantity, v.counted_at, now(), v.note, v.import_file_id, v.user_id
FROM unnest(%s::bigint[], %s::bigint[]) AS o(own, base)
JOIN inventory_stockcount c ON c.id = o.own
JOIN inventory_stockcount v ON v.id = coalesce(o.base, o.own)
ORDER BY c.id
"""


def classify(cursor: CursorWrapper, stage: Stage, first: int, last: int) -> None:
    if not stage.is_preview:
        keep_survivors()
    chosen = {name: bool(stage.options.get(name)) for name in OPTIONS}
    made = {
        name: stage.is_preview and bool(stage.options.get(name)) for name in CREATED
    }
    arguments: dict[str, Any] = {
        "first": first,
        "last": last,
        "ignored": list(problems.IGNORED),
        **chosen,
        **made,
    }
    cursor.execute(stage.query(CHUNK), arguments)
    compare_levels(cursor)


def compare_levels(cursor: CursorWrapper) -> None:
    """A file of levels that says what the record says brings nothing new."""
    cursor.execute(LEVELS_STATED)
    rows = cursor.fetchall()
    records = stock_at([Then(product, place, at) for _, product, place, at, _ in rows])
    cursor.execute(
        COMPARE_LEVELS,
        [
            [row[0] for row in rows],
            [row[1] for row in rows],
            [row[2] for row in rows],
            records,
        ],
    )


def merge(cursor: CursorWrapper, stage: Stage) -> None:
    """Write the counts and reckon the stock of what they counted."""
    written = ["new"]
    if stage.options.get("accept_changes"):
        written.append("changed")
    cursor.execute(
        """SELECT DISTINCT product_id, location_id FROM import_chunk
        WHERE outcome = ANY(%s)""",
        [written],
    )
    levels = locked([(product, place) for product, place in cursor.fetchall()])
    cursor.execute(
        INSERT_COUNTS,
        {
            "import": stage.imported.pk,
            "user": stage.imported.created_by_id,
            "written": written,
        },
    )
    rebuild(*levels)


def locked(pairs: Sequence[tuple[int, int]]) -> list[StockLevel]:
    """The levels of these products and locations, locked in key order."""
    StockLevel.objects.bulk_create(
        [StockLevel(product_id=product, location_id=place) for product, place in pairs],
        ignore_conflicts=True,
    )
    levels = StockLevel.objects.raw(
        """SELECT * FROM inventory_stocklevel WHERE (product_id, location_id) IN (
            SELECT * FROM unnest(%s::bigint[], %s::bigint[]))
        ORDER BY id FOR NO KEY UPDATE""",
        [[product for product, _ in pairs], [place for _, place in pairs]],
    )
    return list(levels)


def undo(imported: Import) -> Iterator[int]:
    """Retract the counts chunk by chunk; a count it corrected holds again."""
    while rows := undo_chunk(imported):
        yield rows


@transaction.atomic
def undo_chunk(imported: Import) -> int:
    keep_survivors()
    with connection.cursor() as cursor:
        cursor.execute(OWN_COUNTS, [imported.pk, UNDO_ROWS])
        own = cursor.fetchall()
        levels = locked(sorted({(product, place) for _, product, place, _ in own}))
        cursor.execute(
            NEXT_VERSIONS, [[row[0] for row in own], [row[3] for row in own]]
        )
    rebuild(*levels)
    count_undone(imported, len(own))
    return len(own)


class CountEffect:
    """Where and when the file says stock was counted."""

    def __init__(self, stage: Stage) -> None:
        self.places: dict[str, int] = {}

    def add(self, cursor: CursorWrapper) -> None:
        cursor.execute(
            """SELECT location, count(*) FROM import_chunk WHERE outcome = 'new'
            GROUP BY location ORDER BY location"""
        )
        for location, rows in cursor.fetchall():
            self.places[location] = self.places.get(location, 0) + rows

    def sentences(self) -> list[str]:
        if not self.places:
            return ["Counts nothing: every row is here already or has to wait."]
        where = " and ".join(
            f"{rows:,} product{'s' if rows > 1 else ''} at {place}"
            for place, rows in self.places.items()
        )
        return [f"Counts {where}. Stock is reckoned anew from these counts."]
