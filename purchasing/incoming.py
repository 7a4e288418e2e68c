"""What is incoming: a query over open orders and transfers, never a counter."""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, QuerySet
from scipy import special

from inventory.models import Location, Transfer
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from purchasing.position import ZERO
from purchasing.timing import arrival_if_sent
from vendors.models import Vendor

ONE_IN_TEN_IS_LATER = 0.9
LEAST_DELAY_DAYS = 3


@dataclass(frozen=True, slots=True)
class IncomingLine:
    """Goods that will come to a location, and on which day they are counted.

    ``due_on`` is what was promised; ``expected_on`` is what we count on: the same,
    or later when it is overdue, or None when so late that it counts as nothing.
    ``is_on_the_way``: sent to the vendor or shipped, so that it can arrive.
    """

    product_id: int
    location_id: int
    quantity: Decimal
    due_on: dt.date
    expected_on: dt.date | None
    is_on_the_way: bool
    document: str
    order_id: int | None = None

    @property
    def counted_quantity(self) -> Decimal:
        return ZERO if self.expected_on is None else self.quantity


type ByProduct = dict[tuple[int, int], list[IncomingLine]]


def counted_on(due_on: dt.date, today: dt.date, delay_days: int) -> dt.date | None:
    """The day on which a delivery that is due then is counted on.

    Examples
    --------
    >>> monday = dt.date(2026, 11, 23)
    >>> counted_on(dt.date(2026, 11, 22), monday, 3).isoformat()
    '2026-11-25'
    >>> counted_on(dt.date(2026, 11, 19), monday, 3) is None
    True
    """
    if due_on >= today:
        return due_on
    latest = due_on + dt.timedelta(days=delay_days)
    return latest if latest >= today else None


def usual_delay_days(vendor: Vendor) -> int:
    """Nine in ten deliveries of the vendor are no later than this.

    A vendor without a known spread is given a few days all the same: an order of
    yesterday is not lost.
    """
    spread = special.ndtri(ONE_IN_TEN_IS_LATER) * float(vendor.lead_time_sd_days)
    return max(math.ceil(spread), LEAST_DELAY_DAYS)


def incoming_lines(
    locations: Sequence[Location],
    today: dt.date,
    *,
    products: Collection[int] | None = None,
    without: PurchaseOrder | None = None,
) -> list[IncomingLine]:
    """All that counts towards the inventory position, as seen on ``today``.

    Suggested orders never count. ``without`` leaves one order out.
    """
    lines = open_order_lines(locations)
    transfers = Transfer.objects.filter(
        to_location__in=locations, arrived_at=None
    ).select_related("product")
    if products is not None:
        lines = lines.filter(product__survivor_id__in=products)
        transfers = transfers.filter(product__survivor_id__in=products)
    if without is not None:
        lines = lines.exclude(order=without)
    return [*ordered(lines, today), *shipped(transfers, today)]


def by_product(lines: Sequence[IncomingLine]) -> ByProduct:
    """Lines of each (product, location), first to arrive first."""
    found: ByProduct = defaultdict(list)
    for line in sorted(lines, key=lambda line: (line.due_on, line.document)):
        found[line.product_id, line.location_id].append(line)
    return found


def open_order_lines(
    locations: Sequence[Location],
) -> QuerySet[PurchaseOrderLine, PurchaseOrderLine]:
    """Lines of orders in progress of which something is still to come."""
    orders = PurchaseOrder.objects.filter(location__in=locations).incoming()
    lines = PurchaseOrderLine.objects.filter(order__in=orders).filter(
        quantity__gt=F("received_quantity") + F("closed_quantity")
    )
    return lines.select_related("product", "order__vendor", "order__location")


def ordered(
    lines: QuerySet[PurchaseOrderLine, PurchaseOrderLine], today: dt.date
) -> Iterator[IncomingLine]:
    dates: dict[int, tuple[dt.date, dt.date | None]] = {}
    for line in lines:
        order = line.order
        if order.pk not in dates:
            dates[order.pk] = order_dates(order, today)
        due_on, expected_on = dates[order.pk]
        yield IncomingLine(
            line.product.survivor_id,
            order.location_id,
            line.open_quantity,
            due_on,
            expected_on,
            order.state in PurchaseOrder.ON_THE_WAY,
            order.number,
            order.pk,
        )


def order_dates(order: PurchaseOrder, today: dt.date) -> tuple[dt.date, dt.date | None]:
    """When an order is due and on which day it is counted.

    What was not sent yet cannot be late: it comes as if it were sent now.
    """
    promised = order.confirmed_on or order.expected_on
    if order.state in PurchaseOrder.ON_THE_WAY and promised:
        return promised, counted_on(promised, today, usual_delay_days(order.vendor))
    morning = dt.datetime.combine(today, dt.time(), order.location.zone)
    earliest = arrival_if_sent(order.vendor, order.location, morning)
    due_on = max(promised or earliest, earliest)
    return due_on, due_on


def shipped(
    transfers: QuerySet[Transfer, Transfer], today: dt.date
) -> Iterator[IncomingLine]:
    for transfer in transfers:
        yield IncomingLine(
            transfer.product.survivor_id,
            transfer.to_location_id,
            transfer.quantity,
            transfer.expected_on,
            counted_on(transfer.expected_on, today, LEAST_DELAY_DAYS),
            True,
            transfer.number,
        )
