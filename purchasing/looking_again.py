"""Keeping outlooks and alerts true between two nights, as stock and orders change.

The plan stays the one of the night; what is on hand and what comes is looked at again.
Suggested orders wait for the next run.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from itertools import batched

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from forecasting.models import ReplenishmentPlan
from inventory.models import Location, StockLevel
from purchasing.alerting import settle_product_alerts
from purchasing.assessing import assess, gather
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from purchasing.outlook import StockOutlook
from purchasing.suggesting import at, save_outlooks, take_turn

RECENT = dt.timedelta(minutes=5)
BATCH = 500
MOST_AT_ONCE = 5000

type ByLocation = dict[int, set[int]]


@transaction.atomic
def look_again(location: Location, products: Collection[int]) -> None:
    """Assess products of a location anew, by the plan that their outlook rests on."""
    take_turn(location)
    outlooks = StockOutlook.objects.filter(location=location, product__in=products)
    plans = ReplenishmentPlan.objects.filter(
        location=location,
        product__in=outlooks.values("product"),
        as_of=Subquery(outlooks.order_by("-as_of").values("as_of")[:1]),
    )
    assessments = assess(gather(at(location, list(plans.select_related("product")))))
    save_outlooks(assessments)
    settle_product_alerts(location, assessments)


def look_at_changes() -> None:
    """Look again at what was sold, counted or ordered since; for every minute."""
    changed: ByLocation = defaultdict(set)
    for place, product in (*moved(), *reordered()):
        changed[place].add(product)
    for pk, location in Location.objects.in_bulk(changed).items():
        for products in batched(sorted(changed[pk]), BATCH, strict=False):
            look_again(location, products)


def moved() -> list[tuple[int, int]]:
    """Outlooks whose stock is no longer what is on hand."""
    level = StockLevel.objects.filter(
        product=OuterRef("product"), location=OuterRef("location")
    )
    now = StockOutlook.objects.annotate(level=Subquery(level.values("on_hand")[:1]))
    differs = ~Q(level=F("on_hand"), level__isnull=False, on_hand__isnull=False)
    rows = now.filter(differs).exclude(level=None, on_hand=None).order_by("pk")
    return list(rows.values_list("location", "product")[:MOST_AT_ONCE])


def reordered() -> list[tuple[int, int]]:
    """Products on orders that somebody has worked on a moment ago."""
    recent = timezone.now() - RECENT
    orders = PurchaseOrder.objects.filter(timeline__at__gte=recent).exclude(
        state=PurchaseOrder.State.SUGGESTED
    )
    lines = PurchaseOrderLine.objects.filter(order__in=orders)
    return list(lines.values_list("order__location", "product__survivor_id").distinct())
