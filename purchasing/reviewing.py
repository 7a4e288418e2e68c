"""The list of suggested orders, the most costly to leave out first."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from inventory.models import Location
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from purchasing.outlook import StockOutlook
from purchasing.position import ZERO
from vendors.terms import next_order_time

Urgency = PurchaseOrderLine.Urgency


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggested order, what it is worth, and by when it can still be placed."""

    order: PurchaseOrder
    must: int
    should: int
    lost_per_day: Decimal
    order_by: dt.datetime
    arrives_on: dt.date | None
    is_late: bool

    @property
    def lines(self) -> int:
        return self.must + self.should

    @property
    def missing(self) -> Decimal:
        """What the vendor's minimum still asks for."""
        return self.order.vendor.minimum_order_value - self.order.total


def suggestions(locations: Sequence[Location], now: dt.datetime) -> list[Suggestion]:
    orders = PurchaseOrder.objects.filter(
        location__in=locations, state=PurchaseOrder.State.SUGGESTED
    )
    counts, lost = line_counts(locations), lost_by_vendor(locations)
    found = [
        suggestion_of(
            order,
            counts[order.pk],
            lost.get((order.location_id, order.vendor_id), ZERO),
            now,
        )
        for order in orders.select_related("vendor", "location")
    ]
    return sorted(found, key=lambda one: (-one.lost_per_day, one.order_by))


def line_counts(locations: Sequence[Location]) -> dict[int, dict[str, int]]:
    """Lines of each suggested order by urgency."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    lines = PurchaseOrderLine.objects.filter(
        order__location__in=locations, order__state=PurchaseOrder.State.SUGGESTED
    )
    rows = lines.order_by().values_list("order", "urgency").annotate(lines=Count("pk"))
    for order, urgency, number in rows:
        counts[order][urgency] = number
    return counts


def lost_by_vendor(locations: Sequence[Location]) -> dict[tuple[int, int], Decimal]:
    """Sales lost a day where nothing is ordered, by location and vendor."""
    rows = StockOutlook.objects.filter(
        location__in=locations,
        offer__isnull=False,
        suggested_quantity__gt=0,
        lost_per_day__isnull=False,
    )
    by_vendor = rows.order_by().values_list("location", "offer__vendor")
    summed = by_vendor.annotate(money=Sum("lost_per_day"))
    return {(location, vendor): money for location, vendor, money in summed}


def suggestion_of(
    order: PurchaseOrder, counts: dict[str, int], lost: Decimal, now: dt.datetime
) -> Suggestion:
    """After the cut-off an order leaves at the next, and arrives that much later."""
    planned = order.order_by or now
    chance, arrives_on = planned, order.expected_on
    if planned < now:
        chance = next_order_time(order.vendor, order.location, now)
        zone = order.location.zone
        later = chance.astimezone(zone).date() - planned.astimezone(zone).date()
        arrives_on = order.expected_on and order.expected_on + later
    return Suggestion(
        order,
        counts.get(Urgency.MUST, 0),
        counts.get(Urgency.SHOULD, 0),
        lost,
        chance,
        arrives_on,
        planned < now,
    )
