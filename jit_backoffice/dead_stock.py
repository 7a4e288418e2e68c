"""Stock that no longer sells, and the money that lies in it."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import (
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from inventory.models import Location, StockCount, StockLevel
from sales.models import DailySales
from vendors.models import VendorProduct

DEAD_DAYS = 90


def dead_stock(locations: Sequence[Location], today: dt.date) -> QuerySet[StockLevel]:
    """Levels without a sale in 90 days, known for longer; the dearest first.

    ``last_sold`` is the date of the last sale, ``value`` the stock at cost.
    """
    since = today - dt.timedelta(days=DEAD_DAYS)
    pair = Q(product=OuterRef("product"), location=OuterRef("location"))
    sold = DailySales.objects.filter(pair, sold__gt=0)
    counts = StockCount.objects.filter(
        product__survivor_id=OuterRef("product"),
        location=OuterRef("location"),
        counted_at__date__lt=since,
    )
    offers = VendorProduct.objects.filter(product=OuterRef("product"))
    cost = Coalesce(
        F("product__cost"), Subquery(offers.order_by("rank").values("cost")[:1])
    )
    last = sold.order_by("-business_date").values("business_date")[:1]
    return (
        StockLevel.objects.filter(location__in=locations, on_hand__gt=0)
        .filter(~Exists(sold.filter(business_date__gt=since)))
        .filter(Exists(sold) | Exists(counts))
        .annotate(
            last_sold=Subquery(last, output_field=DateField()),
            value=ExpressionWrapper(
                F("on_hand") * cost,
                output_field=DecimalField(max_digits=14, decimal_places=2),
            ),
        )
        .order_by(F("value").desc(nulls_last=True), "pk")
    )
