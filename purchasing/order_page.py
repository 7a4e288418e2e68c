"""What a person sees of an order: its lines beside what is needed, in groups."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.utils import timezone

from forecasting.models import ReplenishmentPlan
from inventory.models import StockLevel
from jit_backoffice.charts import Meter, meter
from purchasing.deliveries import Receipt
from purchasing.incoming import incoming_lines
from purchasing.orders import OrderEvent, PurchaseOrder, PurchaseOrderLine
from purchasing.outbox import OutboxMessage
from vendors.models import VendorProduct

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Today(TypedDict):
        on_hand: Any
        cost_today: Any
        next_on: str

    type LineToday = WithAnnotations[PurchaseOrderLine, Today]

ZERO = Decimal(0)
BY_HAND = "by_hand"
URGENCIES = ("must", "should", "fill_up", BY_HAND)
METER_PARTS = {"must": "must", "should": "should", "fill_up": "fill", BY_HAND: "part"}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A line beside what is there, what comes and what will sell."""

    line: "LineToday"
    incoming: Decimal
    expected_demand: Decimal | None
    demand_per_day: float

    @property
    def on_hand(self) -> Decimal | None:
        known: Decimal | None = self.line.on_hand
        return known

    @property
    def cost_today(self) -> Decimal | None:
        known: Decimal | None = self.line.cost_today
        return known

    @property
    def packs(self) -> Decimal:
        return self.line.quantity / self.line.case_pack

    @property
    def is_changed(self) -> bool:
        suggested = self.line.suggested_quantity
        return suggested is not None and suggested != self.line.quantity

    @property
    def urgency(self) -> str:
        return BY_HAND if self.line.suggested_quantity is None else self.line.urgency

    @property
    def lasts_days(self) -> float | None:
        """How long the stock lasts with what comes and with this order."""
        if self.on_hand is None or not self.demand_per_day:
            return None
        stock = max(self.on_hand, ZERO) + self.incoming + self.line.quantity
        return float(stock) / self.demand_per_day

    @property
    def has_new_cost(self) -> bool:
        return self.cost_today not in (None, self.line.unit_cost)

    @property
    def open_quantity(self) -> Decimal:
        return self.line.open_quantity


@dataclass(frozen=True, slots=True)
class RowGroup:
    urgency: str
    rows: Sequence[OrderRow]

    @property
    def total(self) -> Decimal:
        return sum((row.line.total for row in self.rows), ZERO)


@dataclass(frozen=True, slots=True)
class OrderPage:
    order: PurchaseOrder
    rows: Sequence[OrderRow]
    days: int | None
    next_delivery_on: dt.date | None
    problem: str = ""

    @property
    def groups(self) -> list[RowGroup]:
        found = [
            RowGroup(urgency, [row for row in self.rows if row.urgency == urgency])
            for urgency in URGENCIES
        ]
        return [group for group in found if group.rows]

    @property
    def changed_count(self) -> int:
        return sum(row.is_changed for row in self.rows)

    @property
    def line_count(self) -> int:
        return sum(row.line.quantity > 0 for row in self.rows)

    @property
    def packs(self) -> Decimal:
        return sum((row.packs for row in self.rows), ZERO)

    @property
    def units(self) -> Decimal:
        return sum((row.line.quantity for row in self.rows), ZERO)

    @property
    def new_costs(self) -> list[OrderRow]:
        return [row for row in self.rows if row.has_new_cost]

    @property
    def is_past_cutoff(self) -> bool:
        cutoff = self.order.order_by
        return cutoff is not None and cutoff <= timezone.now()

    @property
    def minimum(self) -> Decimal:
        return self.order.vendor.minimum_order_value

    @property
    def above_minimum(self) -> Decimal:
        return self.order.total - self.minimum

    @property
    def missing(self) -> Decimal:
        return max(-self.above_minimum, ZERO)

    @property
    def minimum_meter(self) -> Meter:
        parts = [(float(g.total), METER_PARTS[g.urgency]) for g in self.groups]
        most = max(self.order.total, self.minimum) * Decimal("1.15")
        return meter(parts, goal=float(self.minimum), total=float(most) or 1.0)


def lines_today(
    orders: Iterable[PurchaseOrder],
) -> "QuerySet[LineToday, LineToday]":
    """Lines with the stock and the vendor's price of today, in one query."""
    level = StockLevel.objects.filter(
        product=OuterRef("product"), location=OuterRef("order__location")
    )
    offer = VendorProduct.objects.filter(
        product=OuterRef("product"), vendor=OuterRef("order__vendor")
    )
    lines = PurchaseOrderLine.objects.filter(order__in=orders).annotate(
        on_hand=Subquery(level.values("on_hand")[:1]),
        cost_today=Subquery(offer.values("cost")[:1]),
        next_on=KT("explanation__inputs__next_delivery_on"),
    )
    known = lines.select_related("product").defer("explanation")
    return known.order_by("product__name", "pk")


def order_page(
    order: PurchaseOrder,
    problem: str = "",
    lines: "Sequence[LineToday] | None" = None,
) -> OrderPage:
    """The whole page in a handful of queries, however many lines there are."""
    lines = list(lines_today([order])) if lines is None else lines
    products = [line.product_id for line in lines]
    plans = newest_plans(order, products) if order.is_editable else {}
    coming = incoming(order, products) if order.is_editable else {}
    rows = [
        OrderRow(
            line=line,
            incoming=coming.get(line.product_id, ZERO),
            expected_demand=whole(plans.get(line.product_id)),
            demand_per_day=per_day(plans.get(line.product_id)),
        )
        for line in lines
    ]
    return OrderPage(
        order, rows, common_days(plans.values()), after_next(lines), problem
    )


def newest_plans(
    order: PurchaseOrder, products: Sequence[int]
) -> dict[int, ReplenishmentPlan]:
    plans = ReplenishmentPlan.objects.filter(
        location=order.location_id, product__in=products
    )
    newest = plans.order_by("product_id", "-as_of").distinct("product_id")
    return {plan.product_id: plan for plan in newest.defer("daily_mean")}


def incoming(order: PurchaseOrder, products: Sequence[int]) -> dict[int, Decimal]:
    """What comes without this order."""
    sums: dict[int, Decimal] = {}
    for line in incoming_lines(
        [order.location], order.today, products=products, without=order
    ):
        known = sums.get(line.product_id, ZERO)
        sums[line.product_id] = known + line.counted_quantity
    return sums


def whole(plan: ReplenishmentPlan | None) -> Decimal | None:
    if plan is None:
        return None
    return Decimal(repr(plan.expected_demand)).quantize(Decimal(1), ROUND_HALF_UP)


def per_day(plan: ReplenishmentPlan | None) -> float:
    return plan.demand_per_day if plan else 0.0


def common_days(plans: Iterable[ReplenishmentPlan]) -> int | None:
    """The days that all lines look ahead, if they look equally far."""
    days = {round(plan.protection_days) for plan in plans}
    return days.pop() if len(days) == 1 else None


def after_next(lines: "Iterable[LineToday]") -> dt.date | None:
    """The delivery after this one, as the explanations of the lines have it."""
    dates = [line.next_on for line in lines if line.next_on]
    return dt.date.fromisoformat(min(dates)) if dates else None


def last_mail(order: PurchaseOrder) -> OutboxMessage | None:
    """The newest mail of an order that has been approved, without its files."""
    states = PurchaseOrder.State
    if order.state in (states.SUGGESTED, states.DRAFT, states.SUBMITTED):
        return None
    mails = order.mails.defer("pdf", "csv", "body").order_by("-pk")
    newest: OutboxMessage | None = mails.first()
    return newest


def receipts(order: PurchaseOrder) -> Sequence[Receipt]:
    if order.sent_at is None:
        return []
    found = order.receipts.select_related("user")
    return list(found.prefetch_related("lines__order_line__product"))


def timeline(order: PurchaseOrder) -> list[OrderEvent]:
    """Newest first."""
    return list(order.timeline.select_related("user").order_by("-at", "-pk")[:60])
