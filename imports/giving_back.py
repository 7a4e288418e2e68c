"""Undoing an import of records: what still holds goes back, later changes stay."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from imports.importing import count_undone
from imports.models import Import
from imports.records import CHECK_AT_ONCE, Table

UNDO_ROWS = 5_000

OWN_CHANGES = """
SELECT id FROM imports_importedchange
WHERE import_file_id = %(import)s AND "table" = %(table)s AND NOT is_undone
ORDER BY record_id LIMIT %(limit)s
"""

# Values that this import set, each with the next later change of the same value.
BEGIN_UNDO = """
CREATE TEMP TABLE undone_value ON COMMIT DROP AS
SELECT m.id, m.record_id, m.before IS NULL AS is_made, k.key,
    m.before -> k.key AS was, k.value AS became, n.id AS later_id,
    n.before -> k.key = k.value AS later_builds_on_it
FROM imports_importedchange m
CROSS JOIN LATERAL jsonb_each(m.after) k
LEFT JOIN LATERAL (
    SELECT c.id, c.before FROM imports_importedchange c
    WHERE c."table" = m."table" AND c.record_id = m.record_id AND c.id > m.id
      AND NOT c.is_undone AND c.after ? k.key
    ORDER BY c.id LIMIT 1) n ON true
WHERE m.id = ANY(%(changes)s)
"""

# A later change that built on a value which goes, goes back to what was before both.
BUILD_ON_EARLIER = """
UPDATE imports_importedchange c SET before = c.before || v.patch
FROM (SELECT later_id, jsonb_object_agg(key, was) AS patch FROM undone_value
      WHERE later_builds_on_it AND NOT is_made GROUP BY later_id) v
WHERE c.id = v.later_id AND c.before IS NOT NULL
"""

GIVE_BACK = """
UPDATE {table} t SET ({columns}) =
    (SELECT {columns} FROM jsonb_populate_record(t, p.patch))
FROM (SELECT v.record_id, jsonb_object_agg(v.key, v.was) AS patch
      FROM undone_value v JOIN {table} x ON x.id = v.record_id
      WHERE NOT v.is_made AND v.later_id IS NULL
        AND to_jsonb(x) -> v.key IS NOT DISTINCT FROM v.became
      GROUP BY v.record_id) p
WHERE t.id = p.record_id
"""

# Whoever changed a record after the import that made it has it made from now on.
INHERIT = """
UPDATE imports_importedchange c
SET before = NULL, after = m.after || c.after
FROM imports_importedchange m
JOIN LATERAL (
    SELECT n.id FROM imports_importedchange n
    WHERE n."table" = m."table" AND n.record_id = m.record_id AND n.id > m.id
      AND NOT n.is_undone ORDER BY n.id LIMIT 1) heir ON true
WHERE m.id = ANY(%(changes)s) AND m.before IS NULL AND c.id = heir.id
RETURNING m.id
"""

ORPHANS = """
SELECT id FROM imports_importedchange
WHERE id = ANY(%(changes)s) AND before IS NULL AND NOT id = ANY(%(inherited)s)
"""


def undo(imported: Import, tables: Sequence[Table]) -> Iterator[int]:
    """Give back chunk by chunk what the import replaced; last the main table."""
    for table in reversed(tables):
        while changes := undo_chunk(imported, table):
            yield changes if table.is_main else 0


@transaction.atomic
def undo_chunk(imported: Import, table: Table) -> int:
    arguments: dict[str, Any] = {"import": imported.pk, "table": table.name}
    with connection.cursor() as cursor:
        cursor.execute(OWN_CHANGES, arguments | {"limit": UNDO_ROWS})
        changes = [pk for (pk,) in cursor.fetchall()]
        if not changes:
            return 0
        cursor.execute(CHECK_AT_ONCE)
        take_back(cursor, table, changes)
        cursor.execute(
            "UPDATE imports_importedchange SET is_undone = true WHERE id = ANY(%s)",
            [changes],
        )
    if table.is_main:
        count_undone(imported, len(changes))
    return len(changes)


def take_back(cursor: CursorWrapper, table: Table, changes: list[int]) -> None:
    cursor.execute(BEGIN_UNDO, {"changes": changes})
    cursor.execute(BUILD_ON_EARLIER)
    columns = ", ".join(table.columns)
    cursor.execute(GIVE_BACK.format(table=table.name, columns=columns))
    cursor.execute("DROP TABLE undone_value")
    cursor.execute(INHERIT, {"changes": changes})
    inherited = [pk for (pk,) in cursor.fetchall()]
    cursor.execute(ORPHANS, {"changes": changes, "inherited": inherited})
    table.retire(cursor, [pk for (pk,) in cursor.fetchall()])
