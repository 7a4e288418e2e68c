"""Products and locations that a sales file names and a person wants created."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import Q

from imports.reading import FileProblem
from imports.staging import Stage
from inventory.models import Location, Product, ProductAlias, SalesSource, Shop
from inventory.places import settle_if_new
from inventory.similarity import plain
from sales import leaving_out

UNKNOWN_LOCATIONS = """
SELECT s.location, s.zone
FROM (SELECT location, min(row_number) AS row_number FROM {stage}
    WHERE cause = '' GROUP BY location) first
JOIN {stage} s USING (location, row_number)
WHERE NOT EXISTS (
    SELECT FROM inventory_location l WHERE lower(l.name) = lower(s.location))
ORDER BY s.location
"""

# What nothing in the catalogue goes by.
UNKNOWN = """
CREATE TEMP TABLE unknown ON COMMIT DROP AS
SELECT identity FROM (SELECT DISTINCT identity FROM {stage} WHERE cause = '') s
WHERE NOT EXISTS (
    SELECT FROM inventory_productalias a WHERE a.identity = s.identity
    AND (a.source_id = %(source)s OR a.source_id IS NULL))
AND NOT EXISTS (SELECT FROM inventory_product k WHERE k.sku = s.identity)
"""

# Of these, what a person wants created.
UNKNOWN_ITEMS = """
CREATE TEMP TABLE unknown_item ON COMMIT DROP AS
SELECT s.identity, s.identity AS item, min(s.row_number) AS first_row,
    coalesce(max(s.sold_at) FILTER (WHERE s.line_kind = 'sale'
        AND s.is_no_product IS NOT NULL AND coalesce(s.gross_amount, 1) > 0),
        max(s.sold_at)) AS last_at,
    max(s.sold_at) FILTER (WHERE s.quantity > 0 AND s.gross_amount >= 0) AS priced_at
FROM unknown JOIN {stage} s USING (identity)
WHERE s.cause = '' AND NOT s.is_void
    AND (s.identity = ANY(%(chosen)s) OR (%(all)s
        AND (%(no_products)s OR NOT coalesce(s.is_no_product, false))
        AND (%(left_out)s OR NOT EXISTS (
            SELECT FROM sales_ignoredidentity i WHERE i.identity = s.identity
            AND (i.source_id = %(source)s OR i.source_id IS NULL)))))
GROUP BY s.identity
"""

NAME_ITEMS = """
UPDATE unknown_item u SET item = n.item
FROM unnest(%(identities)s::text[], %(items)s::text[]) AS n (identity, item)
WHERE u.identity = n.identity AND u.item <> n.item
"""

# One product per item, described by its latest sale that names it (a write-off may
# say “damaged” there); its price is the latest price per unit that can be told.
NEW_PRODUCTS = """
CREATE TEMP TABLE new_product ON COMMIT DROP AS
WITH described AS (
    SELECT DISTINCT ON (u.item) u.item, s.name, s.category
    FROM {stage} s JOIN unknown_item u
        ON u.identity = s.identity AND u.last_at = s.sold_at
    ORDER BY u.item, u.last_at DESC, s.line_kind <> 'sale', s.is_no_product IS NULL,
        u.identity <> u.item, s.row_number
), priced AS (
    SELECT DISTINCT ON (u.item) u.item, round(s.gross_amount / s.quantity, 4) AS price
    FROM {stage} s JOIN unknown_item u
        ON u.identity = s.identity AND u.priced_at = s.sold_at
    WHERE s.quantity > 0 AND s.gross_amount >= 0
    ORDER BY u.item, u.priced_at DESC, s.row_number
), coded AS (
    SELECT u.item, max(s.barcode) AS barcode
    FROM {stage} s JOIN unknown_item u USING (identity)
    WHERE s.barcode <> '' GROUP BY u.item HAVING min(s.barcode) = max(s.barcode)
)
SELECT item, left(item, 120) AS sku, coalesce(nullif(d.name, ''), left(item, 250))
    AS name, d.category, coalesce(c.barcode, '') AS barcode, p.price
FROM (SELECT item, min(first_row) AS first_row FROM unknown_item GROUP BY item) u
JOIN described d USING (item) LEFT JOIN priced p USING (item)
LEFT JOIN coded c USING (item)
ORDER BY u.first_row
"""

INSERT_PRODUCTS = """
INSERT INTO inventory_product
    (sku, name, barcode, category, unit, quantum, price, is_active, created_at)
SELECT sku, name, barcode, category, 'piece', 1, price, true, now() FROM new_product
ON CONFLICT (sku) DO NOTHING
"""

INSERT_ALIASES = """
INSERT INTO inventory_productalias (source_id, identity, product_id)
SELECT %(source)s, u.identity, p.id
FROM unknown_item u JOIN new_product n USING (item)
JOIN inventory_product p ON p.sku = n.sku
ON CONFLICT DO NOTHING
"""

ALIAS_KNOWN = """
INSERT INTO inventory_productalias (source_id, identity, product_id)
SELECT %(source)s, * FROM unnest(%(identities)s::text[], %(products)s::bigint[])
ON CONFLICT DO NOTHING
"""

FORGET_KNOWN = "DELETE FROM unknown_item WHERE identity = ANY(%(identities)s)"


def create(stage: Stage) -> None:
    """The sales source, and what a person ticked; again changes nothing."""
    source = open_source(stage)
    if stage.options.get("create_locations"):
        create_locations(stage)
    if stage.options.get("create_products") or stage.options.get("create_identities"):
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
    closes_at = dt.time.fromisoformat(stage.options.get("day_ends_at") or "00:00")
    with connection.cursor() as cursor:
        cursor.execute(stage.query(UNKNOWN_LOCATIONS))
        unknown = cursor.fetchall()
    for name, zone in unknown:
        location = Location(name=name, time_zone=zone or shop_zone)
        settle_if_new(location, day_ends_at=closes_at)


@transaction.atomic
def create_products(stage: Stage, source: SalesSource) -> None:
    """One product for all spellings of an item; a known one gets a new spelling."""
    arguments = {
        "source": source.pk,
        "all": bool(stage.options.get("create_products")),
        "chosen": stage.options.get("create_identities", []),
        "no_products": bool(stage.options.get("import_no_products")),
        "left_out": bool(stage.options.get("import_left_out")),
    }
    with connection.cursor() as cursor:
        cursor.execute(stage.query(UNKNOWN), arguments)
        cursor.execute("ANALYZE unknown")
        cursor.execute(stage.query(UNKNOWN_ITEMS), arguments)
        cursor.execute("SELECT identity FROM unknown_item ORDER BY last_at, -first_row")
        identities = [identity for (identity,) in cursor.fetchall()]
        known = known_spellings(identities, source)
        arguments |= {"identities": list(known), "products": list(known.values())}
        cursor.execute(ALIAS_KNOWN, arguments)
        cursor.execute(FORGET_KNOWN, arguments)
        # The latest spelling stands for all of them.
        items = {plain(identity): identity for identity in identities}
        arguments |= {
            "identities": identities,
            "items": [items[plain(identity)] for identity in identities],
        }
        cursor.execute(NAME_ITEMS, arguments)
        cursor.execute(stage.query(NEW_PRODUCTS), arguments)
        cursor.execute(INSERT_PRODUCTS)
        cursor.execute(INSERT_ALIASES, arguments)
        cursor.execute("DROP TABLE new_product, unknown_item, unknown")


def known_spellings(identities: Sequence[str], source: SalesSource) -> dict[str, int]:
    """Of these, the ones that one product goes by, but for case and blanks.

    Merged products are one.
    """
    if not identities:
        return {}
    products: defaultdict[str, set[int]] = defaultdict(set)
    aliases = ProductAlias.objects.filter(Q(source=None) | Q(source=source))
    for identity, product in (
        *Product.objects.values_list("sku", "survivor_id"),
        *aliases.values_list("identity", "product__survivor_id"),
    ):
        products[plain(identity)].add(product)
    return {
        identity: min(own)
        for identity in identities
        if len(own := products.get(plain(identity), set())) == 1
    }
