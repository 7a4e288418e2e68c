"""Lists of orders: which state, which vendor, and what is on its way by day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest
from django.http import QueryDict
from django.utils import timezone

from inventory.models import Location
from purchasing.orders import OrderQuerySet, PurchaseOrder
from vendors.models import Vendor

State = PurchaseOrder.State
TABS: dict[str, tuple[str, tuple[str, ...]]] = {
    "open": ("Open", PurchaseOrder.INCOMING),
    "draft": ("Drafts", (State.DRAFT,)),
    "submitted": ("Waiting for approval", (State.SUBMITTED,)),
    "approved": ("To send", (State.APPROVED,)),
    "on_the_way": ("On the way", PurchaseOrder.ON_THE_WAY),
    "received": ("Received", (State.RECEIVED,)),
    "ended": ("Closed", (State.CLOSED, State.CANCELLED)),
}
SORTS = {
    "newest": (F("pk").desc(),),
    "due": (
        Coalesce("confirmed_on", "expected_on").asc(nulls_last=True),
        F("pk").desc(),
    ),
    "total": (F("total").desc(), F("pk").desc()),
}


@dataclass(frozen=True, slots=True)
class Tab:
    key: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """What the address asks for; unknown values fall back to the first choice."""

    state: str = "open"
    vendor: int | None = None
    text: str = ""
    sort: str = "newest"

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        vendor = query.get("vendor", "")
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            state=state if state in TABS else "open",
            vendor=int(vendor) if vendor.isdecimal() else None,
            text=query.get("q", "").replace("\0", "").strip()[:100],
            sort=sort if sort in SORTS else "newest",
        )

    @property
    def is_narrow(self) -> bool:
        return bool(self.vendor or self.text)

    def narrow(self, orders: OrderQuerySet) -> OrderQuerySet:
        """By vendor and text, without the state."""
        if self.vendor:
            orders = orders.filter(vendor=self.vendor)
        return matching(orders, self.text) if self.text else orders

    def rows(self, orders: OrderQuerySet) -> OrderQuerySet:
        chosen = self.narrow(orders).filter(state__in=TABS[self.state][1])
        ordered = chosen.order_by(*SORTS[self.sort]).with_mail_state()
        return ordered.select_related("vendor", "location").annotate(
            line_count=Count("lines", filter=Q(lines__quantity__gt=0))
        )


def matching(orders: OrderQuerySet, text: str) -> OrderQuerySet:
    """By number, vendor, or a product on the order."""
    digits = text.upper().removeprefix("PO-").removeprefix("PO")
    by_number = Q(pk=int(digits) - 1000) if digits.isdecimal() else Q()
    by_vendor = Q(vendor__name__icontains=text)
    by_product = Q(
        pk__in=PurchaseOrder.objects.filter(
            Q(lines__product__sku__iexact=text)
            | Q(lines__product__name__icontains=text)
        ).values("pk")
    )
    return orders.filter(by_number | by_vendor | by_product)


def tabs(orders: OrderQuerySet, filters: OrderFilters) -> list[Tab]:
    """Every state with its count, in one query."""
    counts = filters.narrow(orders).aggregate(
        **{
            key: Count("pk", filter=Q(state__in=states))
            for key, (_, states) in TABS.items()
        }
    )
    return [Tab(key, word, counts[key]) for key, (word, _) in TABS.items()]


def vendors_of(orders: OrderQuerySet) -> QuerySet[Vendor, Vendor]:
    return Vendor.objects.filter(pk__in=orders.order_by().values("vendor"))


@dataclass(frozen=True, slots=True)
class DeliveryGroup:
    word: str
    colour: str
    orders: Sequence[PurchaseOrder]


def deliveries_of(locations: Sequence[Location]) -> OrderQuerySet:
    """What is on its way, the latest first, with what is still to come."""
    orders = PurchaseOrder.objects.filter(
        location__in=locations, state__in=PurchaseOrder.ON_THE_WAY
    )
    left = Greatest(
        F("lines__quantity")
        - F("lines__closed_quantity")
        - F("lines__received_quantity"),
        Decimal(0),
    )
    found: OrderQuerySet = (
        orders.select_related("vendor", "location")
        .annotate(
            due=Coalesce("confirmed_on", "expected_on"),
            open_units=Sum(left),
            open_lines=Count(
                "lines",
                filter=Q(
                    lines__quantity__gt=F("lines__closed_quantity")
                    + F("lines__received_quantity")
                ),
            ),
        )
        .order_by(F("due").asc(nulls_last=True), "pk")
    )
    return found


def by_day(orders: Sequence[PurchaseOrder]) -> list[DeliveryGroup]:
    """Late, today, this week, later; a day is that of the location."""
    groups: dict[str, list[PurchaseOrder]] = {}
    for order in orders:
        groups.setdefault(word_of(order.due_on, order.today), []).append(order)
    return [
        DeliveryGroup(word, "red" if word == "Late" else "", found)
        for word, found in groups.items()
    ]


def word_of(due_on: dt.date | None, today: dt.date) -> str:
    if due_on is None:
        return "Without a day"
    ahead = (due_on - today).days
    if ahead < 0:
        return "Late"
    if ahead == 0:
        return "Today"
    return "In the next 7 days" if ahead <= 7 else "Later"


def late_count(locations: Sequence[Location]) -> int:
    """Orders whose day has passed, by the shop's clock."""
    on_the_way = PurchaseOrder.objects.filter(
        location__in=locations, state__in=PurchaseOrder.ON_THE_WAY
    )
    due = on_the_way.annotate(due=Coalesce("confirmed_on", "expected_on"))
    number: int = due.filter(due__lt=timezone.localdate()).count()
    return number
