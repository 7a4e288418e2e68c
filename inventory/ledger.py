"""Writing facts of stock, and the stock that follows from them.

Every verb writes its facts and the cached level in one transaction. Stock is the
latest current count plus everything that happened after it.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.models import User
from inventory.catalogue import Product
from inventory.facts import StockCount, StockMove
from inventory.places import Location
from inventory.stock import StockLevel

# Counts at one moment of products that are the same item are parts of one count.
STOCK_FROM_FACTS = """
WITH asked AS (
    SELECT * FROM unnest(%(products)s::bigint[], %(locations)s::bigint[])
        AS a (product_id, location_id)
), counted AS (
    SELECT DISTINCT ON (c.product_id, c.location_id) f.survivor_id, c.location_id,
        c.counted_at, c.counted_quantity
    FROM inventory_stockcount c JOIN inventory_product f ON f.id = c.product_id
    WHERE NOT c.is_retracted
      AND (%(all)s OR (f.survivor_id, c.location_id) IN (SELECT * FROM asked))
      AND NOT EXISTS (
          SELECT FROM inventory_stockcount n
          WHERE n.key = c.key AND n.version > c.version)
    ORDER BY c.product_id, c.location_id, c.counted_at DESC, c.id DESC
), anchor AS (
    SELECT survivor_id AS product_id, location_id, newest AS counted_at,
        sum(counted_quantity) AS counted_quantity
    FROM (SELECT c.*, max(counted_at) OVER (PARTITION BY survivor_id, location_id)
              AS newest FROM counted c) c
    WHERE counted_at = newest GROUP BY survivor_id, location_id, newest
), pair AS (
    SELECT product_id, location_id FROM anchor
    UNION
    SELECT product_id, location_id FROM inventory_stocklevel
    WHERE %(all)s OR (product_id, location_id) IN (SELECT * FROM asked)
)
SELECT p.product_id, p.location_id, a.counted_at,
    a.counted_quantity
    + (SELECT coalesce(sum(s.stock_change), 0)
       FROM inventory_product f JOIN inventory_saleline s ON s.product_id = f.id
       WHERE f.survivor_id = p.product_id AND s.location_id = p.location_id
         AND s.sold_at > a.counted_at AND NOT s.is_retracted
         AND NOT EXISTS (
             SELECT FROM inventory_saleline n
             WHERE n.source_id = s.source_id AND n.key = s.key
               AND n.version > s.version AND n.version > 1))
    + (SELECT coalesce(sum(CASE WHEN m.to_location_id = p.location_id
                           THEN m.quantity ELSE -m.quantity END), 0)
       FROM inventory_product f JOIN inventory_stockmove m ON m.product_id = f.id
       WHERE f.survivor_id = p.product_id AND m.occurred_at > a.counted_at
         AND p.location_id IN (m.to_location_id, m.from_location_id))
FROM pair p
LEFT JOIN anchor a USING (product_id, location_id)
ORDER BY p.product_id, p.location_id
"""


# Many facts are written side by side; while products are merged, none is.
SURVIVORS_STAY = "SELECT pg_advisory_xact_lock_shared(hashtext('survivors'))"
SURVIVORS_CHANGE = "SELECT pg_advisory_xact_lock(hashtext('survivors'))"

WRITE_LEVELS = """
UPDATE inventory_stocklevel l SET on_hand = f.on_hand, anchor_at = f.anchor_at
FROM unnest(%(on_hand)s::numeric[], %(anchor_at)s::timestamptz[],
            %(products)s::bigint[], %(locations)s::bigint[])
    f (on_hand, anchor_at, product_id, location_id)
WHERE l.product_id = f.product_id AND l.location_id = f.location_id
"""


@dataclass(frozen=True, slots=True)
class FactStock:
    """What the facts say of a product in a location; None when never counted."""

    product_id: int
    location_id: int
    anchor_at: dt.datetime | None
    on_hand: Decimal | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A cached level that is not what the facts say."""

    product_id: int
    location_id: int
    recorded: Decimal | None
    from_facts: Decimal | None


def stock_from_facts(levels: Sequence[StockLevel] | None = None) -> list[FactStock]:
    """Stock from counts, sales and moves alone: of these levels, or of all."""
    arguments: dict[str, Any] = {
        "all": levels is None,
        "products": [level.product_id for level in levels or ()],
        "locations": [level.location_id for level in levels or ()],
    }
    with connection.cursor() as cursor:
        cursor.execute(STOCK_FROM_FACTS, arguments)
        return [FactStock(*row) for row in cursor.fetchall()]


def reconcile() -> list[Difference]:
    """Levels that differ from the facts; nothing is corrected here."""
    recorded = {
        (level.product_id, level.location_id): level.on_hand
        for level in StockLevel.objects.all()
    }
    return [
        Difference(
            fact.product_id,
            fact.location_id,
            recorded.get((fact.product_id, fact.location_id)),
            fact.on_hand,
        )
        for fact in stock_from_facts()
        if recorded.get((fact.product_id, fact.location_id)) != fact.on_hand
    ]


@transaction.atomic
def record_move(
    product: Product,
    *,
    from_location: Location,
    to_location: Location,
    quantity: Decimal,
    kind: StockMove.Kind,
    occurred_at: dt.datetime,
    idempotency_key: str,
    by: User | None = None,
    reason: str = "",
    document: str = "",
) -> StockMove:
    """Move goods between two locations; the same key again changes nothing."""
    levels = locked_levels(product, from_location, to_location)
    try:
        with transaction.atomic():
            move = StockMove.objects.create(
                product=product,
                from_location=from_location,
                to_location=to_location,
                quantity=quantity,
                kind=kind,
                occurred_at=occurred_at,
                idempotency_key=idempotency_key,
                user=by,
                reason=reason,
                document=document,
            )
    except IntegrityError:
        known = StockMove.objects.filter(idempotency_key=idempotency_key).first()
        if known is None:
            raise
        return known
    for level in levels:
        arrived = level.location_id == to_location.pk
        apply_change(level, quantity if arrived else -quantity, occurred_at)
    return move


@transaction.atomic
def record_count(
    product: Product,
    *,
    location: Location,
    counted_quantity: Decimal,
    counted_at: dt.datetime,
    key: str,
    by: User | None = None,
    note: str = "",
) -> StockCount:
    """Write what was counted; the same key again corrects the earlier count.

    The same figures under the same key change nothing: a form sent twice.
    """
    (level,) = locked_levels(product, location)
    known = StockCount.objects.filter(key=key).order_by("-version").first()
    if known and known.says(counted_quantity, counted_at):
        return known
    count = StockCount.objects.create(
        key=key,
        version=known.version + 1 if known else 1,
        product=product,
        location=location,
        counted_quantity=counted_quantity,
        counted_at=counted_at,
        user=by,
        note=note,
    )
    rebuild(level)
    return count


@transaction.atomic
def retract_count(count: StockCount, *, by: User | None = None) -> None:
    """Take a count back: stock follows from the count before it, or is unknown."""
    (level,) = locked_levels(count.product, count.location)
    versions = StockCount.objects.filter(key=count.key)
    newest = versions.order_by("-version")[0]
    if newest.is_retracted:
        return
    StockCount.objects.create(
        key=count.key,
        version=newest.version + 1,
        is_retracted=True,
        product=newest.product,
        location=newest.location,
        counted_quantity=newest.counted_quantity,
        counted_at=newest.counted_at,
        user=by,
    )
    rebuild(level)


def locked_levels(product: Product, *locations: Location) -> list[StockLevel]:
    """Levels of the places that can be counted, made if absent, locked in key order.

    They are those of the product that this one counts as. A level is locked before
    its fact is written, so that a count never misses a fact that is being written
    beside it.
    """
    real = [place for place in locations if place.kind in Location.REAL]
    (survivor,) = survivors_of([product.pk]).values()
    StockLevel.objects.bulk_create(
        [StockLevel(product_id=survivor, location=place) for place in real],
        ignore_conflicts=True,
    )
    levels = StockLevel.objects.filter(product=survivor, location__in=real)
    return list(levels.order_by("pk").select_for_update(no_key=True))


def keep_survivors() -> None:
    """Let no products be merged or separated until this transaction is over.

    Who writes facts asks for it before reading what a product counts as.
    """
    with connection.cursor() as cursor:
        cursor.execute(SURVIVORS_STAY)


def survivors_of(products: Collection[int]) -> dict[int, int]:
    """What each of these products counts as, until this transaction is over."""
    keep_survivors()
    rows = Product.objects.filter(pk__in=products)
    return dict(rows.values_list("pk", "survivor_id"))


def apply_change(level: StockLevel, change: Decimal, occurred_at: dt.datetime) -> None:
    """Add what happened after the anchor; what was before it is already counted."""
    later = StockLevel.objects.filter(pk=level.pk, anchor_at__lt=occurred_at)
    later.update(on_hand=F("on_hand") + change)


def rebuild(*levels: StockLevel) -> None:
    """Reckon locked levels anew from the facts."""
    facts = stock_from_facts(levels)
    arguments: dict[str, Any] = {
        "on_hand": [fact.on_hand for fact in facts],
        "anchor_at": [fact.anchor_at for fact in facts],
        "products": [fact.product_id for fact in facts],
        "locations": [fact.location_id for fact in facts],
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE_LEVELS, arguments)
