"""Taking back what one import of sales wrote, and only that."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from imports.importing import count_undone
from imports.models import Import
from inventory.ledger import keep_survivors
from sales import pairing
from sales.classifying import PACE, WRITER_LOCK
from sales.merging import begin_effects, follow, lock_levels

CHUNK_LINES = 20_000

# Lines of one import lie together; what other imports wrote between is passed over.
EXTENT = """
SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM inventory_saleline
WHERE import_file_id = %s AND NOT is_retracted
"""

# Lines of the import that still count, each with what counted before it: the newest
# earlier version that is no retraction and whose own import stands. OFFSET 0: newer
# versions are asked for line by line; joined, each line would be held against all.
OWN_LINES = """
CREATE TEMP TABLE own_line ON COMMIT DROP AS
SELECT c.*, b.id AS base_id
FROM inventory_saleline c
LEFT JOIN LATERAL (
    SELECT v.id FROM inventory_saleline v
    LEFT JOIN imports_import i ON i.id = v.import_file_id
    WHERE c.version > 1 AND v.source_id = c.source_id AND v.key = c.key
      AND v.version < c.version AND NOT v.is_retracted
      AND v.import_file_id IS DISTINCT FROM %(import)s
      AND coalesce(i.state, '') NOT IN ('undoing', 'undone', 'cancelled')
    ORDER BY v.version DESC LIMIT 1) b ON true
WHERE c.id BETWEEN %(first)s AND %(last)s
  AND c.import_file_id = %(import)s AND NOT c.is_retracted
  AND NOT EXISTS (
      SELECT FROM inventory_saleline n
      WHERE n.source_id = c.source_id AND n.key = c.key AND n.version > c.version
        AND n.version > 1 OFFSET 0)
"""

EFFECTS = """
INSERT INTO sale_effect
SELECT f.survivor_id, c.location_id, c.sold_at, c.business_date, c.kind, -c.quantity,
    -c.stock_change, -c.net_amount, -1
FROM own_line c JOIN inventory_product f ON f.id = c.product_id
UNION ALL
SELECT f.survivor_id, b.location_id, b.sold_at, b.business_date, b.kind, b.quantity,
    b.stock_change, b.net_amount, 1
FROM own_line JOIN inventory_saleline b ON b.id = base_id
JOIN inventory_product f ON f.id = b.product_id
"""

NEXT_VERSIONS = """
INSERT INTO inventory_saleline (source_id, key, version, is_retracted, kind,
    product_id, location_id, sold_at, business_date, is_daily_total, quantity,
    stock_change, net_amount, receipt, import_file_id, recorded_at)
SELECT c.source_id, c.key, c.version + 1, c.base_id IS NULL, v.kind,
    v.product_id, v.location_id, v.sold_at, v.business_date, v.is_daily_total,
    v.quantity, v.stock_change, v.net_amount, v.receipt, v.import_file_id, now()
FROM own_line c JOIN inventory_saleline v ON v.id = coalesce(c.base_id, c.id)
ORDER BY c.id
"""


def undo(imported: Import) -> Iterator[int]:
    """Retract the import's lines chunk by chunk; a line it corrected is as before."""
    begin, end = extent(imported)
    for first in range(begin, end + 1, CHUNK_LINES):
        lines = undo_chunk(imported, first, min(first + CHUNK_LINES - 1, end))
        if lines:
            yield lines


@transaction.atomic
def extent(imported: Import) -> tuple[int, int]:
    """First and last of the import's lines.

    Who writes them anew, undoing what had changed them, is waited for; later ones see
    that the import is being undone.
    """
    with connection.cursor() as cursor:
        cursor.execute(PACE)
        cursor.execute(WRITER_LOCK)
        cursor.execute(EXTENT, [imported.pk])
        begin, end = cursor.fetchone()
    return begin, end


@transaction.atomic
def undo_chunk(imported: Import, first: int, last: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(PACE)
        cursor.execute(WRITER_LOCK)
        keep_survivors()
        arguments = {"import": imported.pk, "first": first, "last": last}
        cursor.execute(OWN_LINES, arguments)
        lines: int = cursor.rowcount
        if lines:
            take_back(cursor, imported)
            count_undone(imported, lines)
        cursor.execute("DROP TABLE own_line")
    return lines


def take_back(cursor: CursorWrapper, imported: Import) -> None:
    begin_effects(cursor)
    cursor.execute(EFFECTS)
    lock_levels(cursor)
    cursor.execute(NEXT_VERSIONS)
    follow(cursor, kind=imported.file_kind.source_kind)
    cursor.execute("DROP TABLE sale_effect")
    pairing.pair_undone(cursor)
