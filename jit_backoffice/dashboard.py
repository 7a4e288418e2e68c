"""What the dashboard shows: how fresh, four figures, and one list of what to do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Min, Q, Sum
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.policy import can
from forecasting.models import PlanRun
from inventory.models import Location
from jit_backoffice.figures import counted, day, deadline, money
from jit_backoffice.health import last_day_due
from purchasing.models import OutboxMessage, PurchaseOrder, StockOutlook
from sales.models import DailySales

State = PurchaseOrder.State
SHORT = (StockOutlook.State.OUT, StockOutlook.State.RUNS_OUT)


@dataclass(frozen=True, slots=True)
class Freshness:
    """Nobody orders on stale figures: until when sales are known and planned."""

    is_fresh: bool
    sales_until: dt.date | None
    planned: dt.date | None
    finished_at: dt.datetime | None
    due: dt.date


@dataclass(frozen=True, slots=True)
class Todo:
    """Something a person can do now; ``per_day`` is the sales at risk a day."""

    per_day: Decimal
    title: str
    why: str
    by: str
    colour: str
    url: str
    verb: str


def freshness(locations: Sequence[Location]) -> Freshness:
    here = Location.objects.filter(pk__in=[place.pk for place in locations])
    due = last_day_due(list(here.prefetch_related("closes")), timezone.now())
    zones = {place.time_zone for place in locations}
    runs = PlanRun.objects.filter(state=PlanRun.State.DONE, time_zone__in=zones)
    last = runs.order_by("-business_date", "-attempt").first()
    sold = DailySales.objects.filter(location__in=locations)
    return Freshness(
        last is not None and last.business_date >= due,
        sold.aggregate(last=Max("business_date"))["last"],
        last.business_date if last else None,
        last.finished_at if last else None,
        due,
    )


def stock_figures(locations: Sequence[Location]) -> dict[str, Any]:
    """Products that run out, what that costs a day, and how many are counted."""
    outlooks = StockOutlook.objects.filter(location__in=locations)
    return outlooks.aggregate(
        runs_out=Count("pk", filter=Q(state__in=SHORT)),
        lost_per_day=Sum("lost_per_day", filter=Q(state__in=SHORT)),
        counted=Count("pk", filter=~Q(state=StockOutlook.State.UNKNOWN)),
        uncounted=Count("pk", filter=Q(state=StockOutlook.State.UNKNOWN)),
        products=Count("pk"),
    )


def open_orders(locations: Sequence[Location]) -> list[PurchaseOrder]:
    """Orders that ask for something, with the sales at risk of their products."""
    outlook = "lines__product__outlooks"
    here = Q(**{f"{outlook}__location": F("location")})
    short = here & Q(**{f"{outlook}__state__in": SHORT})
    orders = PurchaseOrder.objects.filter(
        location__in=locations,
        state__in=(
            State.SUGGESTED,
            State.DRAFT,
            State.SUBMITTED,
            *PurchaseOrder.ON_THE_WAY,
        ),
    )
    return list(
        orders.select_related("vendor", "location").annotate(
            per_day=Sum(f"{outlook}__lost_per_day", filter=here),
            short=Count(outlook, filter=short),
            after=Min(f"{outlook}__next_delivery_on", filter=here),
        )
    )


def todos(
    user: User,
    orders: Sequence[PurchaseOrder],
    locations: Sequence[Location],
    figures: dict[str, Any],
) -> list[Todo]:
    """One list, ranked by the sales at risk each day."""
    found = [
        todo
        for order in orders
        for make in (to_order, to_chase, to_approve)
        if (todo := make(order, user, where(order, locations)))
    ]
    found += to_settle(locations, user)
    if figures["uncounted"] and can(user, "count_stock"):
        found.append(to_count(figures["uncounted"]))
    return sorted(found, key=lambda todo: todo.per_day, reverse=True)


def where(order: PurchaseOrder, locations: Sequence[Location]) -> str:
    """For which location; not said where there is only one."""
    return f" for {order.location}" if len(locations) > 1 else ""


def to_order(order: PurchaseOrder, user: User, where: str) -> Todo | None:
    if order.state not in (State.SUGGESTED, State.DRAFT):
        return None
    if not can(user, "edit_order"):
        return None
    short, after = order.short, order.after  # type: ignore[attr-defined]
    why = f"{counted(short, 'product runs,products run')} out before {day(after)}"
    if not short:
        why = f"Nothing runs out yet; {money(order.total, order.currency)} suggested"
    return Todo(
        at_risk(order),
        f"Order from {order.vendor}{where}",
        why,
        deadline(order.order_by),
        "amber" if short else "grey",
        reverse("order", args=[order.pk]),
        "Review order",
    )


def to_chase(order: PurchaseOrder, user: User, where: str) -> Todo | None:
    if not order.is_late or order.due_on is None:
        return None
    days = (timezone.localdate() - order.due_on).days
    short = order.short  # type: ignore[attr-defined]
    out = f"; {counted(short, 'product runs,products run')} out" if short else ""
    return Todo(
        at_risk(order),
        f"Chase {order.vendor}",
        f"{order.number}{where} is {counted(days, 'day,days')} late{out}",
        "Now",
        "red",
        reverse("order", args=[order.pk]),
        "Open order",
    )


def to_approve(order: PurchaseOrder, user: User, where: str) -> Todo | None:
    if order.state != State.SUBMITTED or not can(user, "approve_order"):
        return None
    return Todo(
        at_risk(order),
        f"Approve {order.vendor}{where}",
        f"{order.number}, {money(order.total, order.currency)}, waits for approval",
        deadline(order.order_by),
        "amber",
        reverse("approval", args=[order.pk]),
        "Review order",
    )


def to_settle(locations: Sequence[Location], user: User) -> list[Todo]:
    """Mails of which nobody knows whether the vendor has them."""
    if not can(user, "send_order"):
        return []
    mails = OutboxMessage.objects.filter(
        state=OutboxMessage.State.UNCERTAIN, order__location__in=locations
    ).select_related("order__vendor")
    return [
        Todo(
            Decimal(0),
            f"Ask {mail.order.vendor} whether {mail.order.number} arrived",
            "The mail may not have reached them; it is not sent again by itself",
            "Now",
            "red",
            reverse("order", args=[mail.order_id]),
            "Open order",
        )
        for mail in mails
    ]


def to_count(uncounted: int) -> Todo:
    return Todo(
        Decimal(0),
        f"Count {counted(uncounted, 'product that was,products that were')} never "
        "counted",
        "Nothing is suggested for them until then",
        "This week",
        "grey",
        reverse("count_list"),
        "Start count",
    )


def at_risk(order: PurchaseOrder) -> Decimal:
    return order.per_day or Decimal(0)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class OrderTile:
    """Vendors to order from today, the sum, and the first cut-off."""

    orders: int
    vendors: int
    total: Decimal
    first: dt.datetime | None


def order_tile(orders: Sequence[PurchaseOrder]) -> OrderTile:
    """Suggestions and drafts whose cut-off comes before tomorrow."""
    end = timezone.localtime().replace(hour=23, minute=59)
    due = [
        order
        for order in orders
        if order.state in (State.SUGGESTED, State.DRAFT)
        and (order.order_by is None or order.order_by <= end)
    ]
    cutoffs = [order.order_by for order in due if order.order_by]
    return OrderTile(
        len(due),
        len({order.vendor_id for order in due}),
        sum((order.total for order in due), Decimal(0)),
        min(cutoffs, default=None),
    )


def due_first(order: PurchaseOrder) -> tuple[dt.date, int]:
    return (order.due_on or dt.date.max, order.pk)
