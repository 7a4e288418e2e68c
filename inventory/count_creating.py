"""Products and locations that a stock file names and a person wants created."""

from django.db import connection, transaction

from imports.records import CHECK_AT_ONCE
from imports.staging import Stage
from inventory.models import Location, Shop
from inventory.places import settle_if_new

UNKNOWN_LOCATIONS = """
SELECT DISTINCT ON (lower(s.location)) s.location FROM {stage} s
WHERE s.cause = '' AND NOT EXISTS (
    SELECT FROM inventory_location l WHERE lower(l.name) = lower(s.location))
ORDER BY lower(s.location), s.row_number
"""

CREATE_PRODUCTS = """
INSERT INTO inventory_product
    (sku, name, barcode, category, unit, quantum, price, is_active, created_at)
SELECT DISTINCT ON (s.identity) left(s.identity, 120),
    coalesce(nullif(s.name, ''), left(s.identity, 250)), s.barcode, '', 'piece',
    CASE WHEN s.quantity % 1 = 0 THEN 1 ELSE 0.001 END, NULL, true, now()
FROM {stage} s
WHERE s.cause = '' AND s.quantity IS NOT NULL
  AND NOT EXISTS (SELECT FROM inventory_product k WHERE k.sku = s.identity)
  AND NOT EXISTS (
      SELECT FROM inventory_productalias a
      WHERE a.source_id IS NULL AND a.identity = s.identity)
ORDER BY s.identity, s.row_number
ON CONFLICT (sku) DO NOTHING
"""

# An identity that is longer than a SKU may be goes on as another name.
KEEP_LONG_IDENTITIES = """
INSERT INTO inventory_productalias (source_id, identity, product_id)
SELECT DISTINCT NULL::bigint, s.identity, p.id
FROM {stage} s JOIN inventory_product p ON p.sku = left(s.identity, 120)
WHERE s.cause = '' AND length(s.identity) > 120
ON CONFLICT DO NOTHING
"""


def create(stage: Stage) -> None:
    """What a person ticked; again changes nothing."""
    if stage.options.get("create_locations"):
        create_locations(stage)
    if stage.options.get("create_products"):
        create_products(stage)


def create_locations(stage: Stage) -> None:
    zone = Shop.load().time_zone
    with connection.cursor() as cursor:
        cursor.execute(stage.query(UNKNOWN_LOCATIONS))
        unknown = [name for (name,) in cursor.fetchall()]
    for name in unknown:
        settle_if_new(Location(name=name, time_zone=zone))


@transaction.atomic
def create_products(stage: Stage) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CHECK_AT_ONCE)
        cursor.execute(stage.query(CREATE_PRODUCTS))
        cursor.execute(stage.query(KEEP_LONG_IDENTITIES))
