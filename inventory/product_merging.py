"""The same item twice: a product counts as another, and may be taken apart again.

Facts keep the product they name; merging changes only what it counts as. So a merge
can be taken back at any time, whatever came in between. While it is done no fact is
written; rooms above bring along what they reckon from the facts.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from inventory.alerts import Alert
from inventory.catalogue import DistinctPair, Product, ProductMerge
from inventory.facts import StockCount
from inventory.introducing import INTRODUCTION
from inventory.ledger import SURVIVORS_CHANGE, rebuild
from inventory.stock import StockLevel

PLACES = """
SELECT location_id FROM inventory_saleline WHERE product_id = ANY(%(products)s)
UNION
SELECT location_id FROM inventory_stockcount WHERE product_id = ANY(%(products)s)
UNION
SELECT l.id FROM inventory_stockmove m
JOIN inventory_location l ON l.id IN (m.from_location_id, m.to_location_id)
WHERE m.product_id = ANY(%(products)s) AND l.kind IN ('store', 'warehouse')
"""

# That nothing was there when a product was added says nothing about the item, if the
# other product had been counted.
NEEDLESS_INTRODUCTIONS = """
WITH standing AS (
    SELECT c.*, c.product_id = ANY(%(products)s) AS is_moved,
        starts_with(c.key, %(introduction)s) AS is_introduction
    FROM inventory_stockcount c JOIN inventory_product f ON f.id = c.product_id
    WHERE f.survivor_id IN (%(was)s, %(now)s) AND NOT c.is_retracted
      AND NOT EXISTS (
          SELECT FROM inventory_stockcount n
          WHERE n.key = c.key AND n.version > c.version)
)
SELECT s.key FROM standing s WHERE is_introduction AND EXISTS (
    SELECT FROM standing o WHERE o.location_id = s.location_id
      AND o.is_moved <> s.is_moved AND NOT o.is_introduction)
"""


@dataclass(frozen=True, slots=True)
class Change:
    """Products that counted as one product and now count as another.

    ``carried``: what rooms moved along with a merge, and move back where ``is_back``.
    """

    products: list[int]
    was: int
    now: int
    carried: dict[str, Any]
    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Follower:
    """What a room does before and after products change what they count as."""

    leave: Callable[[Change], None]
    arrive: Callable[[Change], None]


_followers: list[Follower] = []


def register(follower: Follower) -> None:
    _followers.append(follower)


@transaction.atomic
def merge(product: Product, *, into: Product, by: User | None = None) -> ProductMerge:
    """From now on a product counts as another; what was merged into it comes along."""
    take_turn()
    product.refresh_from_db()
    into.refresh_from_db()
    check(product, into=into)
    into = into.merged_into or into
    family = list(Product.objects.filter(survivor_id=product.pk).order_by("pk"))
    change = Change([one.pk for one in family], product.pk, into.pk, {})
    carry_out(change)
    Alert.objects.filter(product=product, closed_at=None).update(
        closed_at=timezone.now()
    )
    return ProductMerge.objects.create(
        product=product, into=into, merged_by=by, carried=change.carried
    )


def check(product: Product, *, into: Product) -> None:
    """Raise ValidationError where a product cannot count as the other."""
    if product.merged_into_id is not None:
        raise ValidationError(f"{product.sku} is merged already. Separate it first.")
    if product.pk == into.survivor_id:
        raise ValidationError("A product cannot be merged into itself.")


@transaction.atomic
def separate(product: Product, *, by: User | None = None) -> bool:
    """Take a merge back: the product is one of its own again. False: it was already."""
    take_turn()
    standing = ProductMerge.objects.filter(product=product, separated_at=None).first()
    if standing is None:
        return False
    was = Product.objects.get(pk=product.pk).survivor_id
    family = [product.pk, *merged_below(product.pk)]
    carry_out(Change(family, was, product.pk, standing.carried, is_back=True))
    ProductMerge.objects.filter(pk=standing.pk).update(
        separated_at=timezone.now(), separated_by=by
    )
    return True


def tell_apart(one: Product, other: Product, *, by: User | None = None) -> None:
    """Remember that two products are not the same, however alike they look."""
    first, second = sorted((one.pk, other.pk))
    DistinctPair.objects.get_or_create(
        first_id=first, second_id=second, defaults={"decided_by": by}
    )


def take_turn() -> None:
    """One at a time, and while no fact is being written."""
    with connection.cursor() as cursor:
        cursor.execute(SURVIVORS_CHANGE)


def merged_below(product: int) -> list[int]:
    """All that came into a product by merges that stand, however far down."""
    standing = ProductMerge.objects.filter(separated_at=None)
    found, level = [], [product]
    while level:
        level = list(standing.filter(into__in=level).values_list("product", flat=True))
        found += level
    return found


def carry_out(change: Change) -> None:
    for follower in _followers:
        follower.leave(change)
    settle_introductions(change)
    Product.objects.filter(pk=change.now).update(merged_into=None)
    others = Product.objects.filter(pk__in=change.products).exclude(pk=change.now)
    others.update(merged_into=change.now)
    for follower in _followers:
        follower.arrive(change)
    settle_levels(change)


def settle_introductions(change: Change) -> None:
    """Retract what only says that a new product had no stock; or say it again."""
    if change.is_back:
        keys = change.carried.get("introductions", [])
    else:
        keys = needless_introductions(change)
        change.carried["introductions"] = keys
    newest = StockCount.objects.filter(key__in=keys).order_by("key", "-version")
    StockCount.objects.bulk_create(
        [
            next_version(count, is_retracted=not change.is_back)
            for count in newest.distinct("key")
            if count.is_retracted == change.is_back
        ]
    )


def needless_introductions(change: Change) -> list[str]:
    arguments: dict[str, Any] = {
        "products": change.products,
        "was": change.was,
        "now": change.now,
        "introduction": INTRODUCTION,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEEDLESS_INTRODUCTIONS, arguments)
        return [key for (key,) in cursor.fetchall()]


def next_version(count: StockCount, *, is_retracted: bool) -> StockCount:
    return StockCount(
        key=count.key,
        version=count.version + 1,
        is_retracted=is_retracted,
        product_id=count.product_id,
        location_id=count.location_id,
        counted_quantity=count.counted_quantity,
        counted_at=count.counted_at,
        user_id=count.user_id,
        note=count.note,
    )


def settle_levels(change: Change) -> None:
    """Reckon the stock of both anew; a level without any fact goes."""
    both = (change.was, change.now)
    places = {product: places_of(product) for product in both}
    StockLevel.objects.bulk_create(
        [StockLevel(product_id=pk, location_id=at) for pk in both for at in places[pk]],
        ignore_conflicts=True,
    )
    levels = StockLevel.objects.filter(product__in=both).order_by("pk")
    locked = list(levels.select_for_update(no_key=True))
    rebuild(*locked)
    baseless = [
        level.pk
        for level in locked
        if level.location_id not in places[level.product_id]
    ]
    StockLevel.objects.filter(pk__in=baseless).delete()


def places_of(product: int) -> Collection[int]:
    """Where something is known of all that counts as a product."""
    family = list(
        Product.objects.filter(survivor_id=product).values_list("pk", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(PLACES, {"products": family})
        return {place for (place,) in cursor.fetchall()}
