"""The orders of the last weeks and what came of them, by the verbs of purchasing."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from inventory.models import Location, Product
from jit_backoffice.demo.deliveries import DemoOrder
from jit_backoffice.demo.generating import DemoShop
from jit_backoffice.demo.setting_up import BUYER, CHIEF_BUYER, MANAGER, SECOND_MANAGER
from purchasing import ordering
from purchasing.editing import edited
from purchasing.models import PurchaseOrder, PurchaseOrderLine
from purchasing.receiving import Arrival, receive
from purchasing.transitions import locked
from vendors.models import Vendor

NAMESPACE = uuid.UUID("8b7a5c0e-6a0f-4c2b-9a55-0f1d2c3b4a59")
WRITTEN, SUBMITTED, APPROVED, SENT = (
    dt.time(8, 50),
    dt.time(9, 5),
    dt.time(9, 40),
    dt.time(10, 10),
)
CONFIRMED, DELIVERED, SETTLED = dt.time(10, 30), dt.time(7, 40), dt.time(16, 0)
CONFIRMS_FROM_DAYS = 4
CLOSED_AFTER_DAYS = 21
TWICE = 2

type Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the orders are written with."""

    shop: DemoShop
    places: list[Location]
    people: dict[str, User]
    vendors: dict[str, Vendor]
    products: dict[str, Product]

    @property
    def end(self) -> int:
        return self.shop.size.days

    def at(self, day: int, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(self.shop.date(day), time, self.places[0].zone)

    def product(self, item: int) -> Product:
        return self.products[self.shop.items[item].sku]

    def manager(self, place: int) -> User:
        return self.people[SECOND_MANAGER if place == 1 else MANAGER]

    def identity(self, name: str) -> uuid.UUID:
        """The order's uuid: a resumed load finds what it has written already."""
        shop = self.shop
        return uuid.uuid5(NAMESPACE, f"{shop.seed} {shop.last_day} {name}")


def orders_of_ledger(shop: DemoShop) -> Iterator[DemoOrder]:
    """Orders that came in or were written since everything was counted."""
    for order in shop.trade.orders:
        if order.arrivals[-1].day >= shop.first_ledger_day:
            yield order


def write_past_orders(desk: Desk, report: Report) -> None:
    orders = list(orders_of_ledger(desk.shop))
    known = set(PurchaseOrder.objects.values_list("uuid", flat=True))
    for number, order in enumerate(orders):
        identity = desk.identity(f"order {number}")
        if identity not in known:
            write_order(desk, order, identity)
        report(number + 1, len(orders))


@transaction.atomic
def write_order(desk: Desk, order: DemoOrder, identity: uuid.UUID) -> None:
    written = send_order(desk, order, identity)
    confirm_order(desk, order, written)
    receive_order(desk, order, written)


def send_order(desk: Desk, order: DemoOrder, identity: uuid.UUID) -> PurchaseOrder:
    day, place = order.ordered_on, order.place
    manager, buyer = desk.manager(place), desk.people[BUYER]
    written = ordering.start(
        desk.vendors[order.vendor],
        location=desk.places[place],
        by=manager,
        at=desk.at(day, WRITTEN),
    )
    PurchaseOrder.objects.filter(pk=written.pk).update(
        uuid=identity, created_at=desk.at(day, WRITTEN)
    )
    written = add_lines(desk, order, written)
    written = ordering.submit(written, by=manager, at=desk.at(day, SUBMITTED))
    if not buyer.may_approve_total(written.total):
        buyer = desk.people[CHIEF_BUYER]
    written = ordering.approve(
        written, by=buyer, version=written.version, at=desk.at(day, APPROVED)
    )
    return ordering.mark_sent(
        written, by=buyer, note="In the vendor's web shop", at=desk.at(day, SENT)
    )


@transaction.atomic
def add_lines(desk: Desk, order: DemoOrder, written: PurchaseOrder) -> PurchaseOrder:
    """All lines in one change of the order."""
    current = locked(written, states=PurchaseOrder.EDITABLE)
    items = [(desk.shop.items[item], units) for item, units in order.units.items()]
    PurchaseOrderLine.objects.bulk_create(
        PurchaseOrderLine(
            order=current,
            product=desk.products[item.sku],
            vendor_sku=item.vendor_sku,
            case_pack=item.case_pack,
            quantity=units,
            unit_cost=item.cost,
            cost_source=f"Price list of {order.vendor}",
        )
        for item, units in items
    )
    return edited(
        current,
        verb="added",
        note=f"{len(items)} products",
        by=desk.manager(order.place),
        at=desk.at(order.ordered_on, WRITTEN),
    )


def confirm_order(desk: Desk, order: DemoOrder, written: PurchaseOrder) -> None:
    """Vendors that take their time name the day, on the day after."""
    slow = order.due_on - order.ordered_on >= CONFIRMS_FROM_DAYS
    if slow and order.ordered_on + 1 < min(desk.end, order.arrivals[0].day):
        ordering.confirm(
            written,
            confirmed_on=desk.shop.date(order.due_on),
            by=desk.people[BUYER],
            at=desk.at(order.ordered_on + 1, CONFIRMED),
        )


def receive_order(desk: Desk, order: DemoOrder, written: PurchaseOrder) -> None:
    came = [arrival for arrival in order.arrivals if arrival.day < desk.end]
    lines = {line.product_id: line for line in written.lines.all()}
    for part, arrival in enumerate(came):
        receive(
            written,
            lines=[
                Arrival(line_of(lines, desk, item).pk, Decimal(units))
                for item, units in arrival.units.items()
            ],
            by=desk.manager(order.place),
            key=f"{written.uuid}-{part}",
            received_at=desk.at(arrival.day, DELIVERED),
        )
    if came and came == list(order.arrivals):
        settle(desk, order, written)
    elif came:
        ordering.confirm(
            written,
            confirmed_on=desk.shop.date(order.arrivals[-1].day),
            by=desk.people[BUYER],
            at=desk.at(came[-1].day, SETTLED),
        )


def line_of(
    lines: dict[int, PurchaseOrderLine], desk: Desk, item: int
) -> PurchaseOrderLine:
    return lines[desk.product(item).pk]


def settle(desk: Desk, order: DemoOrder, written: PurchaseOrder) -> None:
    """Close what the vendor could not deliver, and what was paid long ago."""
    last = order.arrivals[-1].day
    came = sum(sum(arrival.units.values()) for arrival in order.arrivals)
    reason = ""
    if came < sum(order.units.values()):
        reason = "The vendor cannot deliver the rest"
    elif last + CLOSED_AFTER_DAYS < desk.end:
        reason = "Invoice paid"
    if reason:
        day = min(last + 1, desk.end - 1)
        buyer = desk.people[BUYER]
        ordering.close(written, by=buyer, reason=reason, at=desk.at(day, SETTLED))


def cancel_doubles(desk: Desk) -> None:
    """Two orders that were written twice by mistake."""
    vendors = ("Tidewater Coffee", "Nordmill Foods")[:TWICE]
    for number, vendor in enumerate(vendors):
        identity = desk.identity(f"double {number}")
        first = (
            PurchaseOrder.objects.filter(
                vendor=desk.vendors[vendor], state=PurchaseOrder.State.CLOSED
            )
            .order_by("-pk")
            .first()
        )
        if first and not PurchaseOrder.objects.filter(uuid=identity).exists():
            cancel_double(desk, first, identity)


@transaction.atomic
def cancel_double(desk: Desk, first: PurchaseOrder, identity: uuid.UUID) -> None:
    buyer = desk.people[BUYER]
    at = first.submitted_at or desk.at(desk.end - 1, WRITTEN)
    copy = ordering.duplicate(first, by=buyer, at=at)
    PurchaseOrder.objects.filter(pk=copy.pk).update(uuid=identity, created_at=at)
    later = at + dt.timedelta(minutes=25)
    ordering.cancel(copy, by=buyer, reason="Ordered twice", at=later)
