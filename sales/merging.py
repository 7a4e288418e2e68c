"""Sale lines written as facts, and what follows from them, in one transaction.

A change of lines is put into ``sale_effect``: a line that now counts with its amounts
and +1, one that no longer does with their negatives and −1. Daily sales, stock and the
source of each day follow from it; a cancellation is a return there, until
``sales.pairing`` finds the sale it takes back.
"""

from django.db.backends.utils import CursorWrapper

from imports.staging import Stage
from inventory.models import SalesSource
from sales import pairing

EFFECT_COLUMNS = """product_id bigint, location_id bigint, sold_at timestamptz,
    business_date date, kind text, quantity numeric, stock_change numeric,
    net_amount numeric, sign int"""

LOCK_LEVELS = (
    """INSERT INTO inventory_stocklevel (product_id, location_id)
    SELECT DISTINCT product_id, location_id FROM sale_effect
    ORDER BY product_id, location_id ON CONFLICT DO NOTHING""",
    """SELECT count(*) FROM (
        SELECT 1 FROM inventory_stocklevel
        WHERE (product_id, location_id) IN
            (SELECT product_id, location_id FROM sale_effect)
        ORDER BY id FOR NO KEY UPDATE) locked""",
)

EFFECTS_OF_CHUNK = """
INSERT INTO sale_effect
SELECT product_id, location_id, sold_at, business_date, line_kind, quantity,
    stock_change, net_amount, 1
FROM import_chunk WHERE outcome = ANY(%(written)s)
UNION ALL
SELECT o_product_id, o_location_id, o_sold_at, o_business_date, o_kind, -o_quantity,
    -o_stock_change, -o_net_amount, -1
FROM import_chunk WHERE outcome = 'changed' AND 'changed' = ANY(%(written)s)
"""

INSERT_LINES = """
INSERT INTO inventory_saleline (source_id, key, version, is_retracted, kind,
    product_id, location_id, sold_at, business_date, is_daily_total, quantity,
    stock_change, net_amount, receipt, import_file_id, recorded_at)
SELECT %(source)s, key, coalesce(o_version, 0) + 1, false, line_kind,
    named_product_id, location_id, sold_at, business_date, %(is_daily)s, quantity,
    stock_change, net_amount, receipt, %(import)s, now()
FROM import_chunk WHERE outcome = ANY(%(written)s)
"""

FOLLOW = (
    """INSERT INTO sales_dailysales (product_id, location_id, business_date,
        sold, cancelled, returned, revenue)
    SELECT product_id, location_id, business_date,
        coalesce(sum(quantity) FILTER (WHERE kind = 'sale'), 0), 0,
        coalesce(-sum(quantity) FILTER (WHERE kind IN ('return', 'cancellation')), 0),
        coalesce(sum(net_amount), 0)
    FROM sale_effect WHERE kind <> 'write_off' GROUP BY 1, 2, 3
    HAVING bool_or(quantity <> 0 OR coalesce(net_amount, 0) <> 0)
    ORDER BY 1, 2, 3
    ON CONFLICT (product_id, location_id, business_date) DO UPDATE SET
        sold = sales_dailysales.sold + excluded.sold,
        returned = sales_dailysales.returned + excluded.returned,
        revenue = sales_dailysales.revenue + excluded.revenue""",
    """DELETE FROM sales_dailysales d USING
        (SELECT DISTINCT product_id, location_id, business_date FROM sale_effect
         WHERE sign < 0 OR quantity < 0) e
    WHERE (d.product_id, d.location_id, d.business_date)
        = (e.product_id, e.location_id, e.business_date)
      AND d.sold = 0 AND d.cancelled = 0 AND d.returned = 0 AND d.revenue = 0""",
    """INSERT INTO sales_sourceday (location_id, business_date, kind, lines)
    SELECT location_id, business_date, %(kind)s, sum(sign) FROM sale_effect
    GROUP BY 1, 2 HAVING sum(sign) <> 0 ORDER BY 1, 2
    ON CONFLICT (location_id, business_date) DO UPDATE
        SET lines = sales_sourceday.lines + excluded.lines""",
    """DELETE FROM sales_sourceday d USING
        (SELECT DISTINCT location_id, business_date FROM sale_effect
         WHERE sign < 0) e
    WHERE (d.location_id, d.business_date) = (e.location_id, e.business_date)
      AND d.lines = 0""",
    """UPDATE inventory_stocklevel l SET on_hand = l.on_hand + e.change
    FROM (SELECT v.id, sum(s.stock_change) AS change
          FROM sale_effect s
          JOIN inventory_stocklevel v USING (product_id, location_id)
          WHERE s.sold_at > v.anchor_at GROUP BY v.id) e
    WHERE l.id = e.id AND e.change <> 0""",
)


def begin_effects(cursor: CursorWrapper) -> None:
    cursor.execute(f"CREATE TEMP TABLE sale_effect ({EFFECT_COLUMNS}) ON COMMIT DROP")


def lock_levels(cursor: CursorWrapper) -> None:
    """Levels are locked in key order before the facts are written.

    So a count never misses a sale that is being written beside it.
    """
    for statement in LOCK_LEVELS:
        cursor.execute(statement)


def follow(cursor: CursorWrapper, *, kind: str) -> None:
    """Bring everything that follows from sale lines up to the effects."""
    for statement in FOLLOW:
        cursor.execute(statement, {"kind": kind} if "%(kind)s" in statement else None)


def merge(cursor: CursorWrapper, stage: Stage, *, is_daily: bool) -> None:
    """Write the new, and the accepted changed lines of import_chunk."""
    written = ["new"]
    if stage.options.get("accept_changes"):
        written.append("changed")
    source = SalesSource.objects.get(name=stage.imported.profile)
    begin_effects(cursor)
    cursor.execute(EFFECTS_OF_CHUNK, {"written": written})
    if cursor.rowcount:
        lock_levels(cursor)
        cursor.execute(
            INSERT_LINES,
            {
                "source": source.pk,
                "is_daily": is_daily,
                "import": stage.imported.pk,
                "written": written,
            },
        )
        follow(cursor, kind=stage.kind.source_kind)
    cursor.execute("DROP TABLE sale_effect")
    pairing.pair_chunk(cursor, source, written=written)


def merge_receipts(cursor: CursorWrapper, stage: Stage) -> None:
    merge(cursor, stage, is_daily=False)


def merge_days(cursor: CursorWrapper, stage: Stage) -> None:
    merge(cursor, stage, is_daily=True)
