"""The list of suggested orders, the most costly to leave out first."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from django.db.models import (
    Count,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from purchasing.orders import OrderQuerySet, PurchaseOrder, PurchaseOrderLine
from purchasing.outlook import StockOutlook
from vendors.terms import next_order_time


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggested order, and by when it can still be placed."""

    order: PurchaseOrder
    order_by: dt.datetime
    arrives_on: dt.date | None
    is_late: bool


URGENCY = PurchaseOrderLine.Urgency
MONEY = DecimalField(max_digits=14, decimal_places=2)


def suggestions(orders: OrderQuerySet) -> QuerySet[PurchaseOrder]:
    """Suggested orders with their counts, and the sales lost a day without them."""
    lost = (
        StockOutlook.objects.filter(
            location=OuterRef("location"),
            offer__vendor=OuterRef("vendor"),
            suggested_quantity__gt=0,
        )
        .order_by()
        .values("location")
        .annotate(money=Sum("lost_per_day"))
        .values("money")
    )
    found = orders.filter(state=PurchaseOrder.State.SUGGESTED).annotate(
        line_count=Count("lines"),
        must_count=Count("lines", filter=Q(lines__urgency=URGENCY.MUST)),
        should_count=Count("lines", filter=Q(lines__urgency=URGENCY.SHOULD)),
        lost_per_day=Coalesce(Subquery(lost), Value(0), output_field=MONEY),
        missing=F("vendor__minimum_order_value") - F("total"),
    )
    sorted_ones = found.order_by("-lost_per_day", "order_by", "pk")
    return cast(
        "QuerySet[PurchaseOrder]", sorted_ones.select_related("vendor", "location")
    )


def with_next_chance(
    orders: Iterable[PurchaseOrder], now: dt.datetime
) -> list[Suggestion]:
    """After the cut-off an order leaves at the next, and arrives that much later."""
    return [suggestion_of(order, now) for order in orders]


def suggestion_of(order: PurchaseOrder, now: dt.datetime) -> Suggestion:
    planned = order.order_by
    if planned is None or planned >= now:
        return Suggestion(order, planned or now, order.expected_on, False)
    chance = next_order_time(order.vendor, order.location, now)
    zone = order.location.zone
    later = chance.astimezone(zone).date() - planned.astimezone(zone).date()
    expected = order.expected_on and order.expected_on + later
    return Suggestion(order, chance, expected, True)
