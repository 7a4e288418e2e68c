"""Changing the lines of an order; every change voids what was approved."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from inventory.models import Product
from jit_backoffice.figures import day, money, number
from purchasing.orders import PurchaseOrder, PurchaseOrderLine, Refused
from purchasing.sending import withdraw_mail
from purchasing.transitions import advance, conflict, locked, record
from vendors.models import VendorProduct

State = PurchaseOrder.State
AFTER_EDIT = {
    State.SUGGESTED: State.DRAFT,
    State.DRAFT: State.DRAFT,
    State.SUBMITTED: State.SUBMITTED,
    State.APPROVED: State.SUBMITTED,
}


@dataclass(frozen=True, slots=True)
class LineChange:
    """What a person wants of one line; 0 takes it off the order."""

    line_pk: int
    quantity: Decimal
    reason: str = ""


def change_line(
    order: PurchaseOrder,
    *,
    line: PurchaseOrderLine,
    quantity: Decimal,
    by: User | None,
    reason: str = "",
    seen: str = "",
    at: dt.datetime | None = None,
) -> PurchaseOrder:
    change = LineChange(line.pk, quantity, reason)
    return change_lines(order, changes=[change], by=by, seen=seen, at=at)


@transaction.atomic
def change_lines(
    order: PurchaseOrder,
    *,
    changes: Sequence[LineChange],
    by: User | None,
    seen: str = "",
    at: dt.datetime | None = None,
) -> PurchaseOrder:
    """Set quantities and reasons; lines that stay as they are cost no version."""
    current = locked(order, states=PurchaseOrder.EDITABLE, seen=seen, by=by)
    lines = {
        line.pk: line
        for line in current.lines.select_related("product")
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    }
    if not {change.line_pk for change in changes} <= lines.keys():
        raise conflict(current)
    notes = [
        note for change in changes if (note := change_of(lines[change.line_pk], change))
    ]
    if not notes:
        return current
    return edited(current, verb="changed", note="; ".join(notes), by=by, at=at)


def change_of(line: PurchaseOrderLine, change: LineChange) -> str:
    """Write one change and say it in words; nothing where nothing changes."""
    if (line.quantity, line.reason) == (change.quantity, change.reason):
        return ""
    check_packs(line.case_pack, change.quantity)
    is_same = line.quantity == change.quantity
    moved = "" if is_same else f"{number(line.quantity)} → {number(change.quantity)}"
    line.quantity = change.quantity
    line.reason = change.reason[:250]
    line.save(update_fields=["quantity", "reason"])
    reason = f"({change.reason})" if moved and change.reason else change.reason
    return (
        f"{line.product}: {moved} {reason or ('' if moved else 'no reason')}".rstrip()
    )


@transaction.atomic
def add_line(
    order: PurchaseOrder,
    *,
    product: Product,
    quantity: Decimal,
    by: User | None,
    reason: str = "",
    seen: str = "",
    at: dt.datetime | None = None,
) -> PurchaseOrder:
    """Put another product of this vendor on the order, at the vendor's price."""
    current = locked(order, states=PurchaseOrder.EDITABLE, seen=seen, by=by)
    offer = VendorProduct.objects.filter(vendor=current.vendor, product=product).first()
    if offer is None:
        raise Refused(f"{current.vendor} does not sell {product}.")
    if current.lines.filter(product=product).exists():
        raise Refused(f"{product} is on this order already.")
    check_packs(offer.case_pack, quantity)
    if quantity <= 0:
        raise Refused("Order at least one pack.")
    PurchaseOrderLine.objects.create(
        order=current,
        product=product,
        vendor_sku=offer.vendor_sku,
        case_pack=offer.case_pack,
        quantity=quantity,
        unit_cost=offer.cost,
        cost_source=price_of_today(current),
        reason=reason[:250],
    )
    note = f"{product}: {number(quantity)}"
    return edited(current, verb="added", note=note, by=by, at=at)


@transaction.atomic
def take_new_costs(
    order: PurchaseOrder, *, by: User, seen: str = "", at: dt.datetime | None = None
) -> PurchaseOrder:
    """Reckon the order at what the vendor asks today."""
    current = locked(order, states=PurchaseOrder.EDITABLE, seen=seen, by=by)
    costs = dict(
        VendorProduct.objects.filter(vendor=current.vendor).values_list(
            "product", "cost"
        )
    )
    dearer = [
        line
        for line in current.lines.select_for_update(no_key=True).order_by("pk")
        if costs.get(line.product_id, line.unit_cost) != line.unit_cost
    ]
    if not dearer:
        return current
    for line in dearer:
        line.unit_cost = costs[line.product_id]
        line.cost_source = price_of_today(current)
        line.save(update_fields=["unit_cost", "cost_source"])
    before = money(current.total, current.currency)
    return edited(current, verb="repriced", note=f"Was {before}", by=by, at=at)


def edited(
    order: PurchaseOrder,
    *,
    verb: str,
    note: str,
    by: User | None,
    at: dt.datetime | None,
) -> PurchaseOrder:
    """The next version, with its total; an approval of the one before is void."""
    withdraw_mail(order)
    advance(
        order,
        AFTER_EDIT[State(order.state)],
        version=F("version") + 1,
        total=sum((line.total for line in order.lines.all()), Decimal(0)),
        approved_by=None,
        approved_at=None,
        approved_version=None,
        approved_total=None,
    )
    record(order, verb, by=by, at=at, note=note)
    return order


def check_packs(case_pack: Decimal, quantity: Decimal) -> None:
    if quantity < 0:
        raise Refused("An order cannot be less than 0.")
    if quantity % case_pack:
        raise Refused(f"This is sold in packs of {number(case_pack)}.")


def price_of_today(order: PurchaseOrder) -> str:
    return f"{order.vendor}, price on {day(timezone.now())}"
