"""Rows of the product list: what is on hand and in which state, where one looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, cast

from django.db.models import Count, Prefetch, QuerySet

from inventory.catalogue import Product
from inventory.places import Location
from inventory.stock import StockLevel

WORST_FIRST = ("out", "runs_out", "low", "unknown", "enough")
OUT_OF_RANGE = "inactive"
SORTS = {
    "name": ("name", "pk"),
    "sku": ("sku",),
    "category": ("category", "name", "pk"),
}


class Outlook(Protocol):
    """What is read here of the outlook, which is written from above."""

    location_id: int
    state: str


@dataclass(frozen=True, slots=True)
class ProductRow:
    product: Product
    on_hand: Decimal | None
    state: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person looks for in the list."""

    text: str = ""
    category: str = ""
    state: str = ""
    sort: str = "name"

    def products(self, locations: Sequence[Location]) -> QuerySet[Product]:
        if self.state == OUT_OF_RANGE:
            found = Product.objects.filter(is_active=False, merged_into=None)
        else:
            found = Product.objects.in_use()
        if self.text:
            found = found.matching(self.text)
        if self.category:
            found = found.filter(category=self.category)
        if self.state in WORST_FIRST:
            found = found.in_state(self.state, locations)
        return cast(QuerySet[Product], found.order_by(*SORTS[self.sort]))


def with_stock(
    products: QuerySet[Product], locations: Sequence[Location]
) -> QuerySet[Product]:
    """Bring the levels and outlooks along, in two queries for all of them."""
    here = StockLevel.objects.filter(location__in=locations)
    return products.prefetch_related(Prefetch("levels", here), "outlooks")


def product_row(product: Product, locations: Sequence[Location]) -> ProductRow:
    known = [x.on_hand for x in product.levels.all() if x.on_hand is not None]
    here = {location.pk for location in locations}
    outlooks = cast(Any, product).outlooks.all()
    states = {row.state for row in outlooks if row.location_id in here}
    worst = next((state for state in WORST_FIRST if state in states), "")
    return ProductRow(product, sum(known, Decimal(0)) if known else None, worst)


def count_states(locations: Sequence[Location]) -> dict[str, int]:
    """How many products are in each state in one of the locations."""
    rows = Product.objects.in_use().filter(outlooks__location__in=locations)
    counted = rows.order_by().values_list("outlooks__state")
    return dict(counted.annotate(n=Count("pk", distinct=True)))
