"""Which staged sale lines are new, changed, known, or have to wait."""

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from imports.problems import IGNORED
from imports.repeated import reject_repeated
from imports.staging import Stage
from inventory.ledger import keep_survivors
from inventory.models import SalesSource

# One writer of sale facts at a time: what is new is decided and written under it.
WRITER_LOCK = "SELECT pg_advisory_xact_lock(hashtext('sale lines'))"

# Tables grow faster here than their statistics: a plan that reads a small table from
# end to end for each row would take hours once it is large. A chunk that a crash of
# the server takes away is written again, with the count of rows done.
PACE = """
SET LOCAL enable_seqscan = off;
SET LOCAL work_mem = '64MB';
SET LOCAL synchronous_commit = off;
SET LOCAL lock_timeout = '5min'
"""

# OFFSET 0: what is decided once is not reckoned again for each column that asks for it.
CHUNK = """
CREATE TEMP TABLE import_chunk ON COMMIT DROP AS
WITH item AS MATERIALIZED (
    SELECT i.identity, p.id AS named_product_id, p.survivor_id AS product_id,
        i.identity = ANY(%(makes_identities)s) AS is_made,
        EXISTS (SELECT FROM sales_ignoredidentity x WHERE x.identity = i.identity
            AND (x.source_id = %(source)s OR x.source_id IS NULL)) AS is_left_out
    FROM (SELECT DISTINCT identity FROM {stage}
        WHERE row_number BETWEEN %(first)s AND %(last)s) i
    LEFT JOIN inventory_productalias a
        ON a.source_id = %(source)s AND a.identity = i.identity
    LEFT JOIN inventory_productalias g
        ON g.source_id IS NULL AND g.identity = i.identity
    LEFT JOIN inventory_product k ON k.sku = i.identity
    LEFT JOIN inventory_product p ON p.id = coalesce(a.product_id, g.product_id, k.id)
), line AS (
    SELECT s.*, l.id AS location_id,
        i.named_product_id, i.product_id, i.is_made, i.is_left_out,
        {key} AS fact_key,
        CASE WHEN s.line_kind = 'return' AND (s.is_kept_out OR NOT %(restock)s) THEN 0
            WHEN s.line_kind = 'write_off' THEN s.quantity
            ELSE -s.quantity END AS stock_change,
        CASE WHEN s.line_kind = 'return' AND %(by_sale)s
            THEN coalesce(s.sale_date, s.business_date)
            ELSE s.business_date END AS counted_on
    FROM {stage} s
    LEFT JOIN item i ON i.identity = s.identity
    LEFT JOIN inventory_location l
        ON l.name = s.location AND l.kind IN ('store', 'warehouse')
    WHERE s.row_number BETWEEN %(first)s AND %(last)s
), judged AS (
    SELECT line.*,
        o.id AS o_id, o.version AS o_version, o.is_retracted AS o_retracted,
        op.survivor_id AS o_product_id, o.location_id AS o_location_id,
        o.sold_at AS o_sold_at, o.business_date AS o_business_date,
        o.kind AS o_kind, o.quantity AS o_quantity,
        o.stock_change AS o_stock_change, o.net_amount AS o_net_amount,
        (op.survivor_id, o.location_id, o.sold_at, o.business_date,
            o.kind, o.quantity, o.stock_change, o.net_amount)
        IS NOT DISTINCT FROM
        (line.product_id, line.location_id, line.sold_at, line.counted_on,
            line.line_kind, line.quantity, line.stock_change, line.net_amount)
            AS is_same,
        d.kind AS day_kind
    FROM line
    LEFT JOIN LATERAL (
        SELECT * FROM inventory_saleline v
        WHERE v.source_id = %(source)s AND v.key = line.fact_key
        ORDER BY v.version DESC LIMIT 1) o ON true
    LEFT JOIN inventory_product op ON op.id = o.product_id
    LEFT JOIN sales_sourceday d
        ON d.location_id = line.location_id AND d.business_date = line.counted_on
    OFFSET 0
), decided AS (
    SELECT judged.*, CASE
        WHEN cause <> '' THEN cause
        WHEN is_void AND coalesce(o_retracted, true) THEN 'order_cancelled'
        WHEN product_id IS NULL AND is_no_product AND NOT %(takes_no_products)s
            AND NOT is_made THEN 'not_a_product'
        WHEN product_id IS NULL AND is_left_out AND NOT %(takes_left_out)s
            AND NOT is_made THEN 'left_out'
        WHEN location_id IS NULL AND NOT %(makes_locations)s THEN 'unknown_location'
        WHEN product_id IS NULL AND NOT %(makes_products)s AND NOT is_made
            THEN 'unknown_product'
        WHEN NOT o_retracted AND NOT is_same THEN 'changed'
        WHEN coalesce(o_retracted, true) AND day_kind <> %(kind)s THEN 'other_source'
        ELSE '' END AS why
    FROM judged
    OFFSET 0
)
SELECT row_number, {shown} fact_key AS key, held_key, receipt, reference, sold_at,
    counted_on AS business_date, line_kind, quantity, net_amount, stock_change,
    named_product_id, product_id, location_id,
    o_id, o_version, o_retracted, o_product_id, o_location_id, o_sold_at,
    o_business_date, o_kind, o_quantity, o_stock_change, o_net_amount,
    why AS cause,
    CASE why WHEN 'unknown_location' THEN location WHEN 'unknown_product' THEN identity
        WHEN 'other_source' THEN location || ', ' || business_date
        WHEN 'changed' THEN identity WHEN 'not_a_product' THEN identity
        WHEN 'left_out' THEN identity WHEN 'order_cancelled' THEN receipt
        ELSE detail END AS detail,
    CASE WHEN cause = ANY(%(ignored)s) THEN 'ignored'
        WHEN cause <> '' THEN 'rejected'
        WHEN why = 'unknown_product' AND %(ignore_products)s THEN 'ignored'
        WHEN why = 'unknown_location' AND %(ignore_locations)s THEN 'ignored'
        WHEN why = 'other_source' AND %(ignore_other_sources)s THEN 'ignored'
        WHEN why IN ('order_cancelled', 'not_a_product', 'left_out')
            THEN 'ignored'
        WHEN why = 'changed' THEN 'changed'
        WHEN why <> '' THEN 'parked'
        WHEN NOT o_retracted AND is_same THEN 'duplicate'
        ELSE 'new' END AS outcome
FROM decided
"""

# What only the check looks at; of a row that comes in, no cells are needed any more.
SHOWN = sql.SQL("raw, identity, name, category, location, gross_amount, warning,")
WRITTEN = sql.SQL("CASE why WHEN '' THEN '' ELSE raw END AS raw,")

# The day, or order and receipt, of a key stay in front (sales.line_keys).
DAY_KEY = sql.SQL(
    "substring(s.key, 1, 4) || substring(sha256(s.key || int8send(l.id)), 1, 12)"
)
RECEIPT_KEY = sql.SQL("s.key")

NUMBER_EQUAL_LINES = """
WITH repeated AS (
    SELECT coalesce(held_key, key) AS same FROM {stage} WHERE cause = ''
    GROUP BY 1 HAVING count(*) > 1
), numbered AS (
    SELECT s.row_number, row_number() OVER (PARTITION BY r.same
        ORDER BY s.is_void, s.quantity, s.net_amount, s.gross_amount, s.sold_at,
            s.raw) AS n
    FROM {stage} s JOIN repeated r ON r.same = coalesce(s.held_key, s.key)
    WHERE s.cause = ''
)
UPDATE {stage} s
SET key = substring(s.key, 1, 9)
        || substring(sha256(s.key || int4send(n.n::int)), 1, 7),
    held_key = substring(s.held_key, 1, 9)
        || substring(sha256(s.held_key || int4send(n.n::int)), 1, 7)
FROM numbered n WHERE n.row_number = s.row_number AND n.n > 1
"""

# An item sells nothing when all its named rows say so; rows without a name follow.
SETTLE_NO_PRODUCTS = """
WITH said AS (
    SELECT identity, bool_and(is_no_product) AS all_say_so
    FROM {stage} WHERE identity IN (
        SELECT identity FROM {stage} WHERE is_no_product AND cause = '')
    GROUP BY identity
)
UPDATE {stage} s SET is_no_product = said.all_say_so
FROM said WHERE said.identity = s.identity
    AND s.is_no_product IS DISTINCT FROM said.all_say_so
"""


def source_of(stage: Stage) -> SalesSource | None:
    return SalesSource.objects.filter(name=stage.imported.profile).first()


def classify(
    cursor: CursorWrapper, stage: Stage, first: int, last: int, *, key: sql.SQL
) -> None:
    """Make import_chunk of the rows first to last, each with its outcome."""
    source = source_of(stage)
    options = stage.options
    cursor.execute(PACE)
    if not stage.is_preview:
        cursor.execute(WRITER_LOCK)
        keep_survivors()
    cursor.execute(
        stage.query(CHUNK, key=key, shown=SHOWN if stage.is_preview else WRITTEN),
        {
            "source": source.pk if source else None,
            "kind": stage.kind.source_kind,
            "first": first,
            "last": last,
            "restock": options.get("returns", "shelf") == "shelf",
            "makes_products": stage.is_preview and bool(options.get("create_products")),
            "makes_identities": options.get("create_identities", [])
            if stage.is_preview
            else [],
            "takes_no_products": bool(options.get("import_no_products")),
            "takes_left_out": bool(options.get("import_left_out")),
            "by_sale": options.get("return_date") == "sale",
            "makes_locations": stage.is_preview
            and bool(options.get("create_locations")),
            "ignored": list(IGNORED),
            "ignore_products": bool(options.get("ignore_products")),
            "ignore_locations": bool(options.get("ignore_locations")),
            "ignore_other_sources": bool(options.get("ignore_other_sources")),
        },
    )


def classify_receipts(
    cursor: CursorWrapper, stage: Stage, first: int, last: int
) -> None:
    classify(cursor, stage, first, last, key=RECEIPT_KEY)


def classify_days(cursor: CursorWrapper, stage: Stage, first: int, last: int) -> None:
    classify(cursor, stage, first, last, key=DAY_KEY)


def prepare_receipts(cursor: CursorWrapper, stage: Stage) -> None:
    number_equal_lines(cursor, stage)
    cursor.execute(stage.query(SETTLE_NO_PRODUCTS))


def prepare_days(cursor: CursorWrapper, stage: Stage) -> None:
    reject_repeated(cursor, stage, cause="same_day_twice", key="held_key")
    cursor.execute(stage.query(SETTLE_NO_PRODUCTS))


def number_equal_lines(cursor: CursorWrapper, stage: Stage) -> None:
    """Equal lines of one receipt get numbers, by content and not by place in the file.

    So a file sorted the other way round gives the same keys.
    """
    cursor.execute("SET work_mem = '64MB'")
    cursor.execute(stage.query(NUMBER_EQUAL_LINES))
    cursor.execute("RESET work_mem")
