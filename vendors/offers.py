"""What files say of vendors and offers, shared by price lists and product lists."""

from django.db import connection
from django.db.backends.utils import CursorWrapper

from imports import problems
from imports.kinds import Fix
from imports.staging import Stage
from inventory.models import Shop
from vendors.models import Vendor, VendorProduct

# One vendor per written name, however its letters are.
FIND_VENDOR = """
LEFT JOIN (
    SELECT DISTINCT ON (lower(name)) * FROM vendors_vendor ORDER BY lower(name), id
) v ON lower(v.name) = lower(s.vendor)
"""

# A new offer ranks behind those that the product has already.
RANK = "coalesce(r.offers, 0) + 1 AS rank"
COUNT_OFFERS = """
LEFT JOIN (
    SELECT product_id, count(*) AS offers FROM vendors_vendorproduct GROUP BY product_id
) r ON r.product_id = o.id
"""

UNKNOWN_VENDORS = """
SELECT DISTINCT ON (lower(s.vendor)) s.vendor FROM {stage} s
LEFT JOIN vendors_vendor v ON lower(v.name) = lower(s.vendor)
WHERE v.id IS NULL AND s.cause = '' AND s.vendor <> ''
ORDER BY lower(s.vendor), s.row_number
"""

STILL_AS_IMPORTED = """
SELECT t.id FROM vendors_vendorproduct t
JOIN imports_importedchange m ON t.id = m.record_id
WHERE m.id = ANY(%s) AND to_jsonb(t) @> m.after
"""

ODD_COSTS = """
SELECT row_number, 'cost_unusual' AS cause, identity || ': ' || trim_scale(o_cost)
    || ' → ' || trim_scale(cost) AS detail
FROM import_chunk
WHERE outcome = 'changed' AND o_cost > 0 AND (cost >= 2 * o_cost OR cost <= o_cost / 2)
"""

ABOVE_PRICE = """
SELECT row_number, 'cost_above_price' AS cause, identity || ': '
    || trim_scale(cost) || ' against ' || trim_scale(price) AS detail
FROM import_chunk
WHERE outcome IN ('new', 'changed') AND price > 0 AND cost > price
  AND (cost, price) IS DISTINCT FROM (o_cost, o_price)
"""

CREATE_VENDORS = Fix(
    "create_vendors",
    cause="unknown_vendor",
    word="Create {n}",
    told="Vendors that are not known yet are created.",
    back="Park them instead",
)


def label_odd_rows() -> None:
    problems.label_causes(
        cost_unusual="The cost at least doubles or halves",
        cost_above_price="It costs more than it sells for",
    )


def create_vendors(stage: Stage) -> None:
    """Vendors that a person ticked, in the shop's currency; again changes nothing."""
    if not stage.options.get("create_vendors"):
        return
    with connection.cursor() as cursor:
        cursor.execute(stage.query(UNKNOWN_VENDORS))
        unknown = [name for (name,) in cursor.fetchall()]
    currency = Shop.load().currency
    for name in unknown:
        Vendor.objects.get_or_create(name=name, defaults={"currency": currency})


def withdraw(cursor: CursorWrapper, changes: list[int]) -> None:
    """Take back offers that an import made and nobody has changed since."""
    cursor.execute(STILL_AS_IMPORTED, [changes])
    made = [pk for (pk,) in cursor.fetchall()]
    VendorProduct.objects.filter(pk__in=made).delete()
