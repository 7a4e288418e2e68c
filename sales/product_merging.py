"""What follows for sales when a product counts as another: days, pairs and spells.

No sale line is written meanwhile: its writers wait for who merges products.
"""

import datetime as dt

from django.db import connection
from django.db.models import Q

from inventory.models import Location
from inventory.product_merging import Change, Follower, register
from sales import pairing
from sales.demand import Pair
from sales.merging import begin_effects, follow, lock_levels
from sales.models import Pairing
from sales.stockouts import recompute_stockouts

ONE_DAY = dt.timedelta(days=1)

EFFECTS = """
INSERT INTO sale_effect (product_id, location_id, sold_at, business_date, kind,
    quantity, stock_change, net_amount, sign)
SELECT owner.product_id, s.location_id, s.sold_at, s.business_date, s.kind,
    owner.sign * s.quantity, owner.sign * s.stock_change, owner.sign * s.net_amount,
    owner.sign
FROM inventory_saleline s
CROSS JOIN (VALUES (%(was)s, -1), (%(now)s, 1)) AS owner (product_id, sign)
WHERE s.product_id = ANY(%(products)s) AND NOT s.is_retracted
  AND NOT EXISTS (
      SELECT FROM inventory_saleline n
      WHERE n.source_id = s.source_id AND n.key = s.key
        AND n.version > s.version AND n.version > 1)
"""


def leave(change: Change) -> None:
    """What the pairs of these products add to the days of the one they counted as."""
    with connection.cursor() as cursor:
        pairing.count(cursor, pairs_of(change.products), sign=-1)


def arrive(change: Change) -> None:
    with connection.cursor() as cursor:
        begin_effects(cursor)
        cursor.execute(
            EFFECTS,
            {"was": change.was, "now": change.now, "products": change.products},
        )
        lock_levels(cursor)
        follow(cursor, kind="")  # no line comes or goes, so no day's source changes
        cursor.execute("DROP TABLE sale_effect")
        pairing.count(cursor, pairs_of(change.products), sign=1)
        pairing.pair_products(cursor, [change.was, change.now])
    for location in Location.objects.real().filter(is_active=True).order_by("pk"):
        through = location.today() - ONE_DAY
        recompute_stockouts([location], through, products=[change.was, change.now])


def pairs_of(products: list[int]) -> list[Pair]:
    pairs = Pairing.objects.filter(
        Q(sale__product__in=products) | Q(cancellation__product__in=products)
    )
    return [Pair(*row) for row in pairs.values_list("sale_id", "cancellation_id")]


register(Follower(leave=leave, arrive=arrive))
