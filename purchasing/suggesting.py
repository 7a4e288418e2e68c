"""Suggested orders, stock outlooks and alerts of locations, made anew from the plan.

Running it again changes nothing: suggestions are replaced, never added to, and what
a person drafted, approved or sent already counts as incoming. No draft is touched.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched

from django.db import connection, transaction
from django.db.models import F

from forecasting.models import ReplenishmentPlan
from inventory.models import Location
from purchasing.alerting import settle_alerts
from purchasing.assessing import (
    ONE_DAY,
    Assessment,
    State,
    StockReader,
    assess,
    gather,
    with_incoming,
)
from purchasing.explaining import explanation
from purchasing.incoming import ByProduct, by_product, incoming_lines
from purchasing.orders import OrderEvent, PurchaseOrder, PurchaseOrderLine
from purchasing.outlook import StockOutlook
from vendors.models import Vendor

BATCH = 2000
LOCK = 7_311
URGENT = (State.OUT, State.RUNS_OUT)
OUTLOOK_FIELDS = (
    "offer",
    "as_of",
    "state",
    "on_hand",
    "incoming",
    "incoming_on",
    "inventory_position",
    "reorder_point",
    "suggested_quantity",
    "cover_days_low",
    "cover_days",
    "cover_days_high",
    "runs_out_on",
    "order_by",
    "delivery_on",
    "next_delivery_on",
    "lost_per_day",
)
LINE_FIELDS = (
    "vendor_sku",
    "case_pack",
    "suggested_quantity",
    "quantity",
    "unit_cost",
    "cost_source",
    "urgency",
    "explanation",
)


@dataclass(frozen=True, slots=True)
class SuggestionReport:
    """What is open after the run, over all its locations."""

    alerts: int
    suggested_orders: int


def refresh(
    locations: Sequence[Location],
    as_of: dt.date,
    *,
    stock: StockReader | None = None,
) -> SuggestionReport:
    """Bring outlooks, suggested orders and alerts up to the plan of ``as_of``.

    ``stock`` reads what is on hand: now, if left out.
    """
    alerts = orders = 0
    for location in sorted(locations, key=lambda place: place.pk):
        assessments = assess_location(location, as_of, stock)
        write_outlooks(location, assessments)
        orders += write_suggestions(location, assessments, as_of + ONE_DAY)
        alerts += settle_alerts(location, as_of + ONE_DAY, assessments)
    return SuggestionReport(alerts, orders)


def assess_location(
    location: Location, as_of: dt.date, stock: StockReader | None = None
) -> list[Assessment]:
    plans = (
        ReplenishmentPlan.objects.filter(location=location, as_of=as_of)
        .filter(product__is_active=True, product__merged_into=None)
        .select_related("product")
        .order_by("product_id")
    )
    return [
        assessment
        for part in batched(plans.iterator(chunk_size=BATCH), BATCH, strict=False)
        for assessment in assess(gather(at(location, part), stock=stock))
    ]


def at(
    location: Location, plans: Sequence[ReplenishmentPlan]
) -> Sequence[ReplenishmentPlan]:
    """The same location on each, so that it is not read again."""
    for plan in plans:
        plan.location = location
    return plans


@transaction.atomic
def write_outlooks(location: Location, assessments: Sequence[Assessment]) -> None:
    take_turn(location)
    kept = [one.case.plan.product_id for one in assessments]
    StockOutlook.objects.filter(location=location).exclude(product__in=kept).delete()
    save_outlooks(assessments)


def save_outlooks(assessments: Sequence[Assessment]) -> None:
    StockOutlook.objects.bulk_create(
        [outlook_of(one) for one in assessments],
        update_conflicts=True,
        unique_fields=["product", "location"],
        update_fields=OUTLOOK_FIELDS,
        batch_size=BATCH,
    )


def outlook_of(assessment: Assessment) -> StockOutlook:
    case = assessment.case
    first = min((line.due_on for line in case.incoming), default=None)
    return StockOutlook(
        product_id=case.plan.product_id,
        location_id=case.plan.location_id,
        offer=case.terms.offer,
        as_of=case.plan.as_of,
        state=assessment.state,
        on_hand=case.on_hand,
        incoming=case.counted_incoming,
        incoming_on=first,
        inventory_position=case.position,
        reorder_point=case.reorder_point,
        suggested_quantity=case.size.quantity if case.size else None,
        cover_days_low=assessment.cover_low,
        cover_days=assessment.cover_days,
        cover_days_high=assessment.cover_high,
        runs_out_on=assessment.runs_out_on,
        order_by=case.deliveries.order_by,
        delivery_on=case.deliveries.delivery_on,
        next_delivery_on=case.deliveries.next_delivery_on,
        lost_per_day=assessment.lost_per_day,
    )


@transaction.atomic
def write_suggestions(
    location: Location, assessments: Sequence[Assessment], today: dt.date
) -> int:
    """Replace the suggested orders of a location: how many there are now.

    They are locked first and what is incoming is read after that: an edit that made
    a draft of one of them a moment ago is seen, and one that waits finds it changed.
    """
    take_turn(location)
    suggested = PurchaseOrder.objects.filter(
        location=location, state=PurchaseOrder.State.SUGGESTED
    )
    standing = {
        order.vendor_id: order
        for order in suggested.order_by("pk").select_for_update(no_key=True)
    }
    wanted = lines_by_vendor(location, assessments, today)
    gone = [order.pk for pk, order in standing.items() if pk not in wanted]
    PurchaseOrder.objects.filter(pk__in=gone).delete()
    for vendor, lines in wanted.items():
        rewrite(standing.get(vendor) or begin(location, lines), lines)
    return len(wanted)


def take_turn(location: Location) -> None:
    """Two runs over the same location go one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, location.pk])


def lines_by_vendor(
    location: Location, assessments: Sequence[Assessment], today: dt.date
) -> dict[int, list[Assessment]]:
    """What to order, by vendor, with what is incoming at this moment."""
    fresh = by_product(incoming_lines([location], today))
    wanted: dict[int, list[Assessment]] = defaultdict(list)
    for one in up_to_date(assessments, fresh):
        offer, size = one.case.terms.offer, one.case.size
        if offer is not None and size is not None and size.quantity > 0:
            wanted[offer.vendor_id].append(one)
    return wanted


def up_to_date(
    assessments: Sequence[Assessment], fresh: ByProduct
) -> Iterator[Assessment]:
    """Assessed again where what is incoming has changed since."""
    cases = with_incoming([one.case for one in assessments], fresh)
    changed = [
        new for new, old in zip(cases, assessments, strict=True) if new is not old.case
    ]
    again = iter(assess(changed))
    for case, one in zip(cases, assessments, strict=True):
        yield one if case is one.case else next(again)


def begin(location: Location, lines: Sequence[Assessment]) -> PurchaseOrder:
    vendor = vendor_of(lines)
    order: PurchaseOrder = PurchaseOrder.objects.create(
        vendor=vendor,
        location=location,
        state=PurchaseOrder.State.SUGGESTED,
        currency=vendor.currency,
    )
    note = f"From the forecast of {lines[0].case.plan.as_of:%-d %b %Y}"
    OrderEvent.objects.create(
        order=order, verb="suggested", version=order.version, note=note
    )
    return order


def rewrite(order: PurchaseOrder, lines: Sequence[Assessment]) -> None:
    """Make the order's lines these; where nothing differs, nothing is written."""
    wanted = {one.case.plan.product_id: line_of(order, one) for one in lines}
    standing = {line.product_id: line for line in order.lines.all()}
    gone = [line.pk for pk, line in standing.items() if pk not in wanted]
    fresh = [line for pk, line in wanted.items() if pk not in standing]
    changed = [
        line for pk, line in standing.items() if pk in wanted and take(line, wanted[pk])
    ]
    order.lines.filter(pk__in=gone).delete()
    PurchaseOrderLine.objects.bulk_create(fresh, batch_size=BATCH)
    PurchaseOrderLine.objects.bulk_update(changed, LINE_FIELDS, batch_size=500)
    head = {
        "order_by": min(one.case.deliveries.order_by for one in lines),
        "expected_on": max(one.case.deliveries.delivery_on for one in lines),
        "total": sum((line.total for line in wanted.values()), Decimal(0)),
    }
    same = all(getattr(order, name) == value for name, value in head.items())
    if gone or fresh or changed or not same:
        version = F("version") + 1 if standing else order.version
        PurchaseOrder.objects.filter(pk=order.pk).update(version=version, **head)


def take(line: PurchaseOrderLine, wanted: PurchaseOrderLine) -> bool:
    """Copy what is wanted of a standing line: whether that changed anything."""
    changed = False
    for name in LINE_FIELDS:
        if getattr(line, name) != getattr(wanted, name):
            setattr(line, name, getattr(wanted, name))
            changed = True
    return changed


def line_of(order: PurchaseOrder, assessment: Assessment) -> PurchaseOrderLine:
    case = assessment.case
    offer, size = case.terms.offer, case.size
    if offer is None or size is None:
        raise ValueError("Only what a vendor sells and what was counted is suggested.")
    urgent = assessment.state in URGENT
    urgency = PurchaseOrderLine.Urgency
    return PurchaseOrderLine(
        order=order,
        product_id=case.plan.product_id,
        vendor_sku=offer.vendor_sku,
        case_pack=offer.case_pack,
        suggested_quantity=size.quantity,
        quantity=size.quantity,
        unit_cost=offer.cost,
        cost_source=f"Price list of {offer.vendor}",
        urgency=urgency.MUST if urgent else urgency.SHOULD,
        explanation=explanation(assessment),
    )


def vendor_of(lines: Sequence[Assessment]) -> Vendor:
    offer = lines[0].case.terms.offer
    if offer is None:
        raise ValueError("A suggested order has a vendor.")
    return offer.vendor
