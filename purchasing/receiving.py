"""Goods come in: a receipt, its stock moves and the order in one transaction."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from inventory.ledger import record_move, survivors_of
from inventory.models import Location, StockLevel, StockMove
from jit_backoffice.figures import number
from purchasing.deliveries import Receipt, ReceiptLine
from purchasing.orders import PurchaseOrder, PurchaseOrderLine, Refused
from purchasing.transitions import advance, conflict, locked, record

State = PurchaseOrder.State
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What came of one line.

    ``over_quantity`` is how much of it a person agreed to keep above the order;
    ``close_rest`` gives up what is missing.
    """

    line_pk: int
    quantity: Decimal
    over_quantity: Decimal = ZERO
    close_rest: bool = False


class OverReceipt(Refused):
    """More came than was ordered, and nobody has agreed to keep it yet."""

    def __init__(self, line: PurchaseOrderLine, over_quantity: Decimal) -> None:
        self.line = line
        self.over_quantity = over_quantity
        super().__init__(
            f"{line.product}: {number(over_quantity)} more than ordered. Keep or "
            "return them?"
        )


@transaction.atomic
def receive(
    order: PurchaseOrder,
    *,
    lines: Sequence[Arrival],
    by: User | None,
    key: str,
    received_at: dt.datetime | None = None,
    note: str = "",
) -> Receipt:
    """Book what came; the same key again gives the receipt that is there already."""
    current = locked(order, states=State.values)
    booked: Receipt | None = current.receipts.filter(idempotency_key=key).first()
    if booked:
        return booked
    check_may_receive(current)
    arrivals = {arrival.line_pk: arrival for arrival in lines}
    expected = locked_lines(current, arrivals)
    check_quantities(expected, arrivals)
    receipt = Receipt.objects.create(
        order=current,
        idempotency_key=key,
        received_at=received_at or timezone.now(),
        note=note[:250],
        user=by,
    )
    lock_levels(current, expected)
    vendors = Location.objects.virtual(Location.Kind.VENDOR)
    for line in sorted(expected, key=lambda line: line.product_id):
        book_line(receipt, line, arrivals[line.pk], vendors)
    settle_order(current, receipt, by=by)
    return receipt


def check_may_receive(order: PurchaseOrder) -> None:
    if order.state in PurchaseOrder.ON_THE_WAY:
        return
    if order.state == State.CANCELLED:
        raise Refused(f"{order.number} was cancelled. Nothing can be received for it.")
    if order.state in (State.RECEIVED, State.CLOSED):
        raise conflict(order)
    raise Refused(
        f"{order.number} has not been sent yet. Mark it as sent, then receive it."
    )


def locked_lines(
    order: PurchaseOrder, arrivals: dict[int, Arrival]
) -> list[PurchaseOrderLine]:
    lines = list(
        order.lines.filter(pk__in=arrivals)
        .select_related("product")
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    if len(lines) < len(arrivals):
        raise conflict(order)
    return lines


def check_quantities(
    lines: Sequence[PurchaseOrderLine], arrivals: dict[int, Arrival]
) -> None:
    if not any(a.quantity > 0 or a.close_rest for a in arrivals.values()):
        raise Refused("Enter what came: at least one line with more than 0.")
    for line in lines:
        arrival = arrivals[line.pk]
        if arrival.quantity < 0:
            raise Refused(f"{line.product}: less than 0 cannot come in.")
        over = max(arrival.quantity - line.open_quantity, ZERO)
        if over != arrival.over_quantity:
            raise OverReceipt(line, over)


def lock_levels(order: PurchaseOrder, lines: Sequence[PurchaseOrderLine]) -> None:
    """All levels at once in key order, so that two deliveries never deadlock."""
    products = set(survivors_of([line.product_id for line in lines]).values())
    StockLevel.objects.bulk_create(
        [StockLevel(product_id=pk, location=order.location) for pk in products],
        ignore_conflicts=True,
    )
    levels = StockLevel.objects.filter(location=order.location, product__in=products)
    list(levels.order_by("pk").select_for_update(no_key=True))


def book_line(
    receipt: Receipt, line: PurchaseOrderLine, arrival: Arrival, vendors: Location
) -> None:
    if arrival.quantity > 0:
        move = record_move(
            line.product,
            from_location=vendors,
            to_location=receipt.order.location,
            quantity=arrival.quantity,
            kind=StockMove.Kind.RECEIPT,
            occurred_at=receipt.received_at,
            idempotency_key=f"receipt:{receipt.pk}:{line.pk}",
            by=receipt.user,
            document=receipt.order.number,
        )
        ReceiptLine.objects.create(
            receipt=receipt,
            order_line=line,
            quantity=arrival.quantity,
            over_quantity=arrival.over_quantity,
            move=move,
        )
    rest = max(line.open_quantity - arrival.quantity, ZERO)
    PurchaseOrderLine.objects.filter(pk=line.pk).update(
        received_quantity=F("received_quantity") + arrival.quantity,
        closed_quantity=F("closed_quantity") + (rest if arrival.close_rest else ZERO),
    )


def settle_order(order: PurchaseOrder, receipt: Receipt, *, by: User | None) -> None:
    """Received when nothing is open any more, whether it came or was given up."""
    is_open = any(line.open_quantity for line in order.lines.all())
    advance(order, State.PARTLY_RECEIVED if is_open else State.RECEIVED)
    units = sum((line.quantity for line in receipt.lines.all()), ZERO)
    note = f"{number(units)} units" + (f", {receipt.note}" if receipt.note else "")
    record(order, "received", by=by, note=note, at=receipt.received_at)
