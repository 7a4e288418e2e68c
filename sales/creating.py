"""Products and locations that a sales file names and a person wants created."""

from django.db import IntegrityError, connection, transaction

from imports.reading import FileProblem
from imports.staging import Stage
from inventory.models import Location, SalesSource, Shop
from sales import leaving_out

UNKNOWN_LOCATIONS = """
SELECT DISTINCT ON (s.location) s.location, s.zone FROM {stage} s
WHERE s.cause = '' AND NOT EXISTS (
    SELECT FROM inventory_location l WHERE lower(l.name) = lower(s.location))
ORDER BY s.location, s.row_number
"""

# One product per identity, described by its latest row; its price is the latest
# price per unit that can be told.
CREATE_PRODUCTS = """
CREATE TEMP TABLE new_product ON COMMIT DROP AS
WITH unknown AS MATERIALIZED (
    SELECT s.identity, min(s.row_number) AS first_row, max(s.sold_at) AS last_at,
        max(s.sold_at) FILTER (WHERE s.quantity > 0 AND s.gross_amount >= 0)
            AS priced_at
    FROM {stage} s WHERE s.cause = '' AND NOT s.is_void
        AND (%(no_products)s OR NOT coalesce(s.is_no_product, false))
    GROUP BY s.identity
    HAVING NOT EXISTS (
        SELECT FROM inventory_productalias a WHERE a.identity = s.identity
        AND (a.source_id = %(source)s OR a.source_id IS NULL))
    AND NOT EXISTS (SELECT FROM inventory_product k WHERE k.sku = s.identity)
    AND (%(left_out)s OR NOT EXISTS (
        SELECT FROM sales_ignoredidentity i WHERE i.identity = s.identity
        AND (i.source_id = %(source)s OR i.source_id IS NULL)))
), described AS (
    SELECT DISTINCT ON (s.identity) s.identity, s.name, s.category
    FROM {stage} s JOIN unknown u ON u.identity = s.identity AND u.last_at = s.sold_at
    ORDER BY s.identity, s.row_number
), priced AS (
    SELECT DISTINCT ON (s.identity) s.identity,
        round(s.gross_amount / s.quantity, 4) AS price
    FROM {stage} s JOIN unknown u ON u.identity = s.identity AND u.priced_at = s.sold_at
    WHERE s.quantity > 0 AND s.gross_amount >= 0
    ORDER BY s.identity, s.row_number
)
SELECT u.identity, left(u.identity, 120) AS sku,
    coalesce(nullif(d.name, ''), left(u.identity, 250)) AS name, d.category, p.price
FROM unknown u JOIN described d USING (identity) LEFT JOIN priced p USING (identity)
ORDER BY u.first_row
"""

INSERT_PRODUCTS = """
INSERT INTO inventory_product
    (sku, name, barcode, category, unit, quantum, price, is_active, created_at)
SELECT sku, name, '', category, 'piece', 1, price, true, now() FROM new_product
ON CONFLICT (sku) DO NOTHING
"""

INSERT_ALIASES = """
INSERT INTO inventory_productalias (source_id, identity, product_id)
SELECT %(source)s, n.identity, p.id
FROM new_product n JOIN inventory_product p ON p.sku = n.sku
ON CONFLICT DO NOTHING
"""


def create(stage: Stage) -> None:
    """The sales source, and what a person ticked; again changes nothing."""
    source = open_source(stage)
    if stage.options.get("create_locations"):
        create_locations(stage)
    if stage.options.get("create_products"):
        create_products(stage, source)
    if stage.options.get("ignore_products"):
        leaving_out.learn(stage, source)


def open_source(stage: Stage) -> SalesSource:
    name = stage.imported.profile
    source, _ = SalesSource.objects.get_or_create(
        name=name, defaults={"kind": stage.kind.source_kind}
    )
    if source.kind != stage.kind.source_kind:
        raise FileProblem(
            f"“{name}” already names another kind of sales source. Choose another name."
        )
    return source


def create_locations(stage: Stage) -> None:
    shop_zone = Shop.load().time_zone
    with connection.cursor() as cursor:
        cursor.execute(stage.query(UNKNOWN_LOCATIONS))
        unknown = cursor.fetchall()
    for name, zone in unknown:
        try:
            with transaction.atomic():
                Location.objects.create(name=name, time_zone=zone or shop_zone)
        except IntegrityError:
            continue  # somebody else has just created it


def create_products(stage: Stage, source: SalesSource) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        arguments = {
            "source": source.pk,
            "no_products": bool(stage.options.get("import_no_products")),
            "left_out": bool(stage.options.get("import_left_out")),
        }
        cursor.execute(stage.query(CREATE_PRODUCTS), arguments)
        cursor.execute(INSERT_PRODUCTS)
        cursor.execute(INSERT_ALIASES, {"source": source.pk})
        cursor.execute("DROP TABLE new_product")
