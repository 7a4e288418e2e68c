"""Cancellations and the sales that they take back, kept true as lines come and go.

Pairs are derived from the set of lines (``sales.demand``), whatever the order of the
files. A line that comes, changes or goes touches its group: same source, product,
customer reference and quantity. Only groups that have a cancellation are looked at.
Whoever calls holds the lock of the one writer of sale lines.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any, LiteralString

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet
from django.utils import timezone

from imports.models import Import
from inventory.models import SaleLine, SalesSource
from sales.demand import Event, Pair, pair
from sales.models import PairingHint

KEEP_HINTS = dt.timedelta(days=30)

BEGIN = """
CREATE TEMP TABLE pairing_group (source_id bigint, product_id bigint,
    reference bytea, quantity numeric) ON COMMIT DROP
"""

REFERENCE = "decode(substr(c.reference, 5), 'hex')"

ADD_HINTS = f"""
INSERT INTO sales_pairinghint
    (line_id, product_id, reference, is_cancellation, recorded_at)
SELECT s.id, s.product_id, {REFERENCE}, s.kind = 'cancellation', now()
FROM import_chunk c JOIN inventory_saleline s
    ON s.source_id = %(source)s AND s.key = c.key
    AND s.version = coalesce(c.o_version, 0)
        + CASE c.outcome WHEN 'duplicate' THEN 0 ELSE 1 END
WHERE c.reference <> '' AND c.line_kind IN ('sale', 'cancellation')
  AND c.outcome = ANY(%(outcomes)s)
ORDER BY s.product_id, 3, s.id
ON CONFLICT (line_id) DO NOTHING
"""  # noqa: S608

TOUCH_CHUNK = f"""
INSERT INTO pairing_group
SELECT DISTINCT %(source)s::bigint, c.product_id, {REFERENCE}, abs(c.quantity)
FROM import_chunk c
WHERE c.reference <> '' AND c.line_kind IN ('sale', 'cancellation')
  AND c.outcome = ANY(%(outcomes)s)
"""  # noqa: S608

# Lines that no longer count, each with the version that has taken its place, if any.
LEFT = """
CREATE TEMP TABLE left_line ON COMMIT DROP AS
SELECT line.id AS old_id, n.id AS new_id, n.product_id,
    n.kind = 'cancellation' AS is_cancellation
FROM {lines} line LEFT JOIN (inventory_saleline o JOIN inventory_saleline n
    ON n.source_id = o.source_id AND n.key = o.key AND n.version = o.version + 1)
    ON o.id = CASE WHEN NOT line.is_gone THEN line.id END
WHERE EXISTS (SELECT FROM sales_pairinghint h WHERE h.line_id = line.id)
   OR EXISTS (SELECT FROM sales_pairing p WHERE p.sale_id = line.id)
   OR EXISTS (SELECT FROM sales_pairing p WHERE p.cancellation_id = line.id)
"""

CHANGED = """(
    SELECT o_id AS id, false AS is_gone FROM import_chunk WHERE outcome = 'changed')"""
TAKEN_BACK = "(SELECT id, base_id IS NULL AS is_gone FROM own_line)"

DISSOLVE = """
DELETE FROM sales_pairing WHERE sale_id IN (SELECT old_id FROM left_line)
    OR cancellation_id IN (SELECT old_id FROM left_line)
RETURNING sale_id, cancellation_id
"""

# Groups that the new versions enter, and those whose pairs were parted. A line that
# had no partner changes nothing for others when it goes: nobody looked past it.
TOUCH_LEFT = """
INSERT INTO pairing_group
SELECT s.source_id, p.survivor_id, h.reference, abs(s.quantity)
FROM (
    SELECT new_id AS id, old_id AS hinted FROM left_line WHERE new_id IS NOT NULL
    UNION SELECT parted, parted FROM unnest(%(parted)s::bigint[]) parted) t
JOIN sales_pairinghint h ON h.line_id = t.hinted
JOIN inventory_saleline s ON s.id = t.id
JOIN inventory_product p ON p.id = s.product_id
"""

MOVE_HINTS = (
    """DELETE FROM sales_pairinghint h USING left_line l
    WHERE h.line_id = l.old_id AND l.new_id IS NULL""",
    """UPDATE sales_pairinghint h SET line_id = l.new_id, product_id = l.product_id,
        is_cancellation = l.is_cancellation
    FROM left_line l WHERE h.line_id = l.old_id""",
)

TOUCH_PRODUCTS = """
INSERT INTO pairing_group
SELECT s.source_id, p.survivor_id, h.reference, abs(s.quantity)
FROM inventory_product p JOIN sales_pairinghint h ON h.product_id = p.id
JOIN inventory_saleline s ON s.id = h.line_id
WHERE h.is_cancellation AND p.survivor_id = ANY(%(products)s)
"""

KEEP_CANCELLED = """
CREATE TEMP TABLE cancelled_group ON COMMIT DROP AS
WITH cancelled AS MATERIALIZED (
    SELECT DISTINCT s.source_id, p.survivor_id AS product_id, h.reference,
        -s.quantity AS quantity
    FROM sales_pairinghint h JOIN inventory_saleline s ON s.id = h.line_id
    JOIN inventory_product p ON p.id = h.product_id
    WHERE h.is_cancellation
)
SELECT row_number() OVER () AS number, g.*
FROM (SELECT DISTINCT * FROM pairing_group) g
JOIN cancelled USING (source_id, product_id, reference, quantity)
"""

# Where one of a pair has lost its hint, the pair can no longer be derived: it stays.
EVENTS = """
SELECT g.number, s.id, s.key, s.sold_at, h.is_cancellation
FROM cancelled_group g JOIN inventory_product p ON p.survivor_id = g.product_id
JOIN sales_pairinghint h ON h.product_id = p.id AND h.reference = g.reference
JOIN inventory_saleline s ON s.id = h.line_id AND s.source_id = g.source_id
    AND s.quantity = CASE WHEN h.is_cancellation THEN -g.quantity ELSE g.quantity END
WHERE s.quantity <> 0
  AND NOT EXISTS (
    SELECT FROM sales_pairing x WHERE x.sale_id = s.id AND NOT EXISTS (
        SELECT FROM sales_pairinghint o WHERE o.line_id = x.cancellation_id))
  AND NOT EXISTS (
    SELECT FROM sales_pairing x WHERE x.cancellation_id = s.id AND NOT EXISTS (
        SELECT FROM sales_pairinghint o WHERE o.line_id = x.sale_id))
"""

KNOWN_PAIRS = """
SELECT sale_id, cancellation_id FROM sales_pairing
WHERE sale_id = ANY(%(lines)s) OR cancellation_id = ANY(%(lines)s)
"""

REMOVE = "DELETE FROM sales_pairing WHERE cancellation_id = ANY(%(cancellations)s)"

ADD = """
INSERT INTO sales_pairing (sale_id, cancellation_id)
SELECT * FROM unnest(%(sales)s::bigint[], %(cancellations)s::bigint[])
"""

FORGET_HELD = """
UPDATE imports_heldrow h SET values = h.values - 'reference' FROM imports_import i
WHERE i.id = h.import_file_id AND i.finished_at < %s AND h.values ? 'reference'
"""

# A pair moves its quantity: returned on the day of the cancellation without it,
# cancelled on the day of the sale with it.
COUNT = (
    """CREATE TEMP TABLE pair_effect ON COMMIT DROP AS
    WITH pair AS (
        SELECT * FROM unnest(%(sales)s::bigint[], %(cancellations)s::bigint[])
            AS x (sale_id, cancellation_id))
    SELECT p.survivor_id AS product_id, s.location_id, s.business_date,
        %(sign)s * s.quantity AS cancelled, 0 AS returned
    FROM pair JOIN inventory_saleline s ON s.id = sale_id
    JOIN inventory_product p ON p.id = s.product_id
    UNION ALL
    SELECT p.survivor_id, c.location_id, c.business_date, 0, %(sign)s * c.quantity
    FROM pair JOIN inventory_saleline c ON c.id = cancellation_id
    JOIN inventory_product p ON p.id = c.product_id""",
    """INSERT INTO sales_dailysales (product_id, location_id, business_date,
        sold, cancelled, returned, revenue)
    SELECT product_id, location_id, business_date, 0, sum(cancelled), sum(returned), 0
    FROM pair_effect GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (product_id, location_id, business_date) DO UPDATE SET
        cancelled = sales_dailysales.cancelled + excluded.cancelled,
        returned = sales_dailysales.returned + excluded.returned""",
    """DELETE FROM sales_dailysales d USING
        (SELECT DISTINCT product_id, location_id, business_date FROM pair_effect) e
    WHERE (d.product_id, d.location_id, d.business_date)
        = (e.product_id, e.location_id, e.business_date)
      AND d.sold = 0 AND d.cancelled = 0 AND d.returned = 0 AND d.revenue = 0""",
    "DROP TABLE pair_effect",
)


def pair_chunk(
    cursor: CursorWrapper, source: SalesSource, *, written: Collection[str]
) -> None:
    """After the lines of import_chunk were written: pair what they touch."""
    cursor.execute(BEGIN)
    if "changed" in written:
        leave(cursor, CHANGED)
    arguments: dict[str, Any] = {
        "source": source.pk,
        "outcomes": [*written, "duplicate"],
    }
    cursor.execute(TOUCH_CHUNK, arguments)
    if cursor.rowcount:
        cursor.execute(ADD_HINTS, arguments)
    settle(cursor)


def pair_undone(cursor: CursorWrapper) -> None:
    """After the lines of own_line were taken back: pair who is left."""
    cursor.execute(BEGIN)
    leave(cursor, TAKEN_BACK)
    settle(cursor)


def pair_products(cursor: CursorWrapper, products: Collection[int]) -> None:
    """After products became one, or two again: pair their lines anew."""
    cursor.execute(BEGIN)
    cursor.execute(TOUCH_PRODUCTS, {"products": list(products)})
    settle(cursor)


def leave(cursor: CursorWrapper, lines: LiteralString) -> None:
    """Part the pairs of lines that no longer count, and pass on their hints."""
    cursor.execute(LEFT.replace("{lines}", lines))
    if cursor.rowcount:
        cursor.execute(DISSOLVE)
        pairs = [Pair(*row) for row in cursor.fetchall()]
        count(cursor, pairs, sign=-1)
        parted = [line for one in pairs for line in one]
        cursor.execute(TOUCH_LEFT, {"parted": parted})
        for statement in MOVE_HINTS:
            cursor.execute(statement)
    cursor.execute("DROP TABLE left_line")


def settle(cursor: CursorWrapper) -> None:
    """Pair the touched groups anew, and correct daily sales by the difference."""
    cursor.execute("SELECT EXISTS (SELECT FROM pairing_group)")
    if cursor.fetchone()[0]:
        cursor.execute(KEEP_CANCELLED)
        if cursor.rowcount:
            pair_groups(cursor)
        cursor.execute("DROP TABLE cancelled_group")
    cursor.execute("DROP TABLE pairing_group")


def pair_groups(cursor: CursorWrapper) -> None:
    groups: dict[int, list[Event]] = defaultdict(list)
    cursor.execute(EVENTS)
    for number, line, key, at, is_cancellation in cursor.fetchall():
        groups[number].append(Event(line, bytes(key), at, is_cancellation))
    lines = [event.line for events in groups.values() for event in events]
    cursor.execute(KNOWN_PAIRS, {"lines": lines})
    known = {Pair(*row) for row in cursor.fetchall()}
    wanted = {found for events in groups.values() for found in pair(events)}
    gone, come = sorted(known - wanted), sorted(wanted - known)
    cursor.execute(REMOVE, columns(gone))
    cursor.execute(ADD, columns(come))
    count(cursor, gone, sign=-1)
    count(cursor, come, sign=1)


def count(cursor: CursorWrapper, pairs: Collection[Pair], *, sign: int) -> None:
    if not pairs:
        return
    for statement in COUNT:
        cursor.execute(statement, columns(pairs) | {"sign": sign})


def columns(pairs: Collection[Pair]) -> dict[str, Any]:
    return {
        "sales": [one.sale for one in pairs],
        "cancellations": [one.cancellation for one in pairs],
    }


def unpaired_cancellations(imported: Import) -> QuerySet[SaleLine]:
    """Cancellations of an import that count as returned: no sale fits them."""
    lines: QuerySet[SaleLine] = SaleLine.objects.current().filter(
        import_file=imported, kind=SaleLine.Kind.CANCELLATION, cancels=None
    )
    return lines


def forget_hints() -> None:
    """Whose a line was is forgotten 30 days after its import; pairs stay.

    So is whose a row was that still waits, or was refused.
    """
    long_ago = timezone.now() - KEEP_HINTS
    PairingHint.objects.filter(recorded_at__lt=long_ago).delete()
    with connection.cursor() as cursor:
        cursor.execute(FORGET_HELD, [long_ago])
