"""Years of sale lines made by SQL, with the keys, indices and days of real ones."""

import datetime as dt

import psycopg
from till_file import PRODUCTS, STORES

LINES_PER_RECEIPT = 2
LINES_PER_DAY = 20_000
LAST_DAY = dt.date(2025, 12, 31)
AT_ONCE = 500_000

PARENTS = f"""
INSERT INTO inventory_salessource (name, kind) VALUES ('Past', 'sale_lines');
INSERT INTO inventory_location (name, kind, time_zone, "group", address, is_active)
SELECT 'Store ' || n, 'store', 'UTC', 'all', '', true
FROM generate_series(0, {STORES} - 1) n;
INSERT INTO inventory_product
    (sku, name, barcode, category, unit, quantum, price, is_active, created_at)
SELECT 'TEA-' || lpad(n::text, 4, '0'), 'House blend ' || n, '', 'Tea ' || n % 8,
    'piece', 1, 4, true, now()
FROM generate_series(0, {PRODUCTS} - 1) n;
"""

LINES = """
INSERT INTO inventory_saleline (source_id, key, version, is_retracted, kind,
    product_id, location_id, sold_at, business_date, is_daily_total, quantity,
    stock_change, net_amount, receipt, recorded_at)
SELECT s.id, int4send((n / {per_receipt})::int)
        || substring(sha256(int8send(n / {per_receipt})), 1, 5)
        || substring(sha256(int8send(n)), 1, 7),
    1, false, 'sale', p.ids[1 + (hashint8(n) & 65535) %% {products}],
    l.ids[1 + (hashint8(n / {per_receipt}) & 65535) %% {stores}],
    d.day + make_interval(secs => 30000 + n %% {per_day}), d.day::date, false, 1, -1, 4,
    'R-' || n / {per_receipt}, now()
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
CROSS JOIN LATERAL (
    SELECT %(begin)s::timestamptz
        + make_interval(days => (n / {per_day})::int) AS day) d
CROSS JOIN (SELECT id FROM inventory_salessource WHERE name = 'Past') s
CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM inventory_product) p
CROSS JOIN (SELECT array_agg(id ORDER BY id) AS ids FROM inventory_location
    WHERE kind = 'store' AND name LIKE 'Store %%') l
"""

FOLLOWING = """
INSERT INTO sales_dailysales (product_id, location_id, business_date, sold, cancelled,
    returned, revenue)
SELECT product_id, location_id, business_date, sum(quantity), 0, 0, sum(net_amount)
FROM inventory_saleline GROUP BY 1, 2, 3;
INSERT INTO sales_sourceday (location_id, business_date, kind, lines)
SELECT location_id, business_date, 'sale_lines', count(*)
FROM inventory_saleline GROUP BY 1, 2;
INSERT INTO inventory_stocklevel (product_id, location_id)
SELECT DISTINCT product_id, location_id FROM sales_dailysales;
"""


def fill_past(address: str, lines: int) -> dt.date:
    """Write the lines, and tell the last day that has some."""
    begin = LAST_DAY - dt.timedelta(days=(lines - 1) // LINES_PER_DAY)
    text = LINES.format(
        per_receipt=LINES_PER_RECEIPT,
        per_day=LINES_PER_DAY,
        products=PRODUCTS,
        stores=STORES,
    )
    with psycopg.connect(address, autocommit=True) as server:
        server.execute("SET TIME ZONE 'UTC'")
        server.execute("SET synchronous_commit = off")
        server.execute("SET work_mem = '256MB'")
        server.execute(PARENTS)
        server.execute("SET session_replication_role = replica")  # no triggers
        ledger = definition_of(server, "sale_line_ledger")
        server.execute("DROP INDEX sale_line_ledger")
        for first in range(0, lines, AT_ONCE):
            last = min(first + AT_ONCE, lines) - 1
            server.execute(text, {"first": first, "last": last, "begin": begin})
        server.execute(ledger)
        server.execute(FOLLOWING)
        server.execute("VACUUM ANALYZE")
        server.execute("CHECKPOINT")
    return LAST_DAY


def definition_of(server: "psycopg.Connection[tuple[str]]", index: str) -> str:
    found = server.execute("SELECT pg_get_indexdef(%s::regclass)", [index]).fetchone()
    assert found
    return found[0]
