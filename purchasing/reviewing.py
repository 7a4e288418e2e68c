"""The list of suggested orders, the most costly to leave out first."""

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
