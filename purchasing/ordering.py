"""The verbs of a purchase order, from the suggestion to the vendor.

Each verb locks the order, takes one step from the state that the person saw, and
writes it down. Whoever comes second gets Conflict; what the rules forbid, Refused.
"""

import datetime as dt
from decimal import ROUND_CEILING, Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Role, User
from accounts.policy import ACTIONS
from inventory.models import Location
from jit_backoffice.figures import money
from purchasing.editing import (
    LineChange,
    add_line,
    change_line,
    change_lines,
    take_new_costs,
)
from purchasing.orders import AboveLimit, Conflict, PurchaseOrder, Refused
from purchasing.sending import believe_sent, queue_mail, withdraw_mail
from purchasing.timing import arrival_if_sent, expected_when_sent, order_by
from purchasing.transitions import advance, conflict, locked, record
from vendors.models import Vendor, VendorProduct

__all__ = [
    "AboveLimit",
    "Conflict",
    "LineChange",
    "Refused",
    "add_line",
    "approve",
    "cancel",
    "change_line",
    "change_lines",
    "close",
    "confirm",
    "duplicate",
    "mark_sent",
    "send",
    "send_again",
    "send_back",
    "start",
    "submit",
    "take_new_costs",
]

State = PurchaseOrder.State
NO_APPROVAL = {
    "approved_by": None,
    "approved_at": None,
    "approved_version": None,
    "approved_total": None,
}


@transaction.atomic
def start(
    vendor: Vendor,
    *,
    location: Location,
    by: User | None,
    at: dt.datetime | None = None,
) -> PurchaseOrder:
    """An empty draft, for what a person orders without a suggestion."""
    moment = at or timezone.now()
    order: PurchaseOrder = PurchaseOrder.objects.create(
        vendor=vendor,
        location=location,
        currency=vendor.currency,
        order_by=order_by(vendor, location, moment),
        expected_on=arrival_if_sent(vendor, location, moment),
    )
    record(order, "started", by=by, at=at)
    return order


@transaction.atomic
def submit(
    order: PurchaseOrder, *, by: User, seen: str = "", at: dt.datetime | None = None
) -> PurchaseOrder:
    current = locked(order, states=(State.SUGGESTED, State.DRAFT), seen=seen, by=by)
    check_worth_sending(current)
    advance(
        current,
        State.SUBMITTED,
        submitted_by=by,
        submitted_at=at or timezone.now(),
        sent_back_reason="",
    )
    record(current, "submitted", by=by, at=at, note=total_of(current))
    return current


@transaction.atomic
def approve(
    order: PurchaseOrder, *, by: User, version: int, at: dt.datetime | None = None
) -> PurchaseOrder:
    """Approve exactly the version, and with it the total, that the person saw."""
    current = locked(order, states=(State.SUBMITTED,))
    if current.version != version:
        raise conflict(current)
    check_limit(current, by)
    advance(
        current,
        State.APPROVED,
        approved_by=by,
        approved_at=at or timezone.now(),
        approved_version=current.version,
        approved_total=current.total,
    )
    record(current, "approved", by=by, at=at, note=total_of(current))
    return current


@transaction.atomic
def send_back(
    order: PurchaseOrder,
    *,
    reason: str,
    by: User,
    seen: str = "",
    at: dt.datetime | None = None,
) -> PurchaseOrder:
    current = locked(order, states=(State.SUBMITTED, State.APPROVED), seen=seen, by=by)
    if not reason.strip():
        raise Refused("Say what has to change, so that the store can mend it.")
    withdraw_mail(current)
    advance(current, State.DRAFT, sent_back_reason=reason[:250], **NO_APPROVAL)
    record(current, "sent_back", by=by, at=at, note=reason)
    return current


@transaction.atomic
def send(
    order: PurchaseOrder, *, by: User, seen: str = "", at: dt.datetime | None = None
) -> PurchaseOrder:
    """Hand the order to the outbox; it counts as sent when the mail server took it."""
    current = locked(order, states=(State.APPROVED,), seen=seen, by=by)
    if not current.vendor.email:
        raise Refused(
            f"{current.vendor} has no e-mail address. Add one on the vendor's page, "
            "or order by phone and mark the order as sent."
        )
    if not current.vendor.is_active:
        raise Refused(f"{current.vendor} is no longer in use.")
    message = queue_mail(current, by=by)
    record(current, "queued", by=by, at=at, note=f"To {message.recipient}")
    return current


@transaction.atomic
def mark_sent(
    order: PurchaseOrder,
    *,
    by: User | None,
    seen: str = "",
    note: str = "",
    at: dt.datetime | None = None,
) -> PurchaseOrder:
    """The vendor has the order: by phone, or by a mail nobody could confirm."""
    current = locked(order, states=(State.APPROVED,), seen=seen, by=by)
    believe_sent(current)
    withdraw_mail(current)
    moment = at or timezone.now()
    expected_on = expected_when_sent(current, moment)
    advance(current, State.SENT, sent_at=moment, expected_on=expected_on)
    record(current, "marked_sent", by=by, at=at, note=note)
    return current


@transaction.atomic
def send_again(
    order: PurchaseOrder, *, by: User, seen: str = "", at: dt.datetime | None = None
) -> PurchaseOrder:
    """A person takes the risk that the vendor gets the same mail twice."""
    current = locked(order, states=(State.APPROVED,), seen=seen, by=by)
    message = queue_mail(current, by=by, again=True)
    record(current, "sent_again", by=by, at=at, note=f"To {message.recipient}")
    return current


@transaction.atomic
def confirm(
    order: PurchaseOrder,
    *,
    confirmed_on: dt.date,
    by: User | None,
    seen: str = "",
    at: dt.datetime | None = None,
) -> PurchaseOrder:
    """The vendor names the day; a later call moves it."""
    current = locked(order, states=PurchaseOrder.ON_THE_WAY, seen=seen, by=by)
    sent_at = current.sent_at
    if sent_at and confirmed_on < sent_at.astimezone(current.location.zone).date():
        raise Refused("The delivery cannot be before the order was sent.")
    partly = current.state == State.PARTLY_RECEIVED
    state = State.PARTLY_RECEIVED if partly else State.CONFIRMED
    advance(current, state, confirmed_on=confirmed_on)
    record(current, "confirmed", by=by, at=at, note=f"For {confirmed_on:%-d %b %Y}")
    return current


@transaction.atomic
def cancel(
    order: PurchaseOrder,
    *,
    by: User | None,
    reason: str = "",
    seen: str = "",
    at: dt.datetime | None = None,
) -> PurchaseOrder:
    """Give up what has not come; what was received stays received."""
    current = locked(order, states=PurchaseOrder.INCOMING, seen=seen, by=by)
    withdraw_mail(current)
    if current.state == State.PARTLY_RECEIVED:
        return close_rest(current, "cancelled_rest", by=by, reason=reason, at=at)
    advance(current, State.CANCELLED, **NO_APPROVAL)
    record(current, "cancelled", by=by, at=at, note=reason)
    return current


@transaction.atomic
def close(
    order: PurchaseOrder,
    *,
    by: User | None,
    reason: str = "",
    seen: str = "",
    at: dt.datetime | None = None,
) -> PurchaseOrder:
    """Nothing more is expected: the open rest is closed."""
    current = locked(
        order, states=(State.PARTLY_RECEIVED, State.RECEIVED), seen=seen, by=by
    )
    return close_rest(current, "closed", by=by, reason=reason, at=at)


def close_rest(
    order: PurchaseOrder,
    verb: str,
    *,
    by: User | None,
    reason: str,
    at: dt.datetime | None,
) -> PurchaseOrder:
    for line in order.lines.select_for_update(no_key=True).order_by("pk"):
        if line.open_quantity:
            line.closed_quantity += line.open_quantity
            line.save(update_fields=["closed_quantity"])
    advance(order, State.CLOSED)
    record(order, verb, by=by, at=at, note=reason)
    return order


@transaction.atomic
def duplicate(
    order: PurchaseOrder, *, by: User, at: dt.datetime | None = None
) -> PurchaseOrder:
    """A new draft of the same goods at today's terms; nothing that happened since."""
    copy = start(order.vendor, location=order.location, by=by, at=at)
    offers = {
        offer.product_id: offer
        for offer in VendorProduct.objects.filter(vendor=order.vendor)
    }
    for line in order.lines.filter(quantity__gt=0).select_related("product"):
        if line.product_id in offers:
            pack = offers[line.product_id].case_pack
            quantity = (line.quantity / pack).to_integral_value(ROUND_CEILING) * pack
            add_line(copy, product=line.product, quantity=quantity, by=by)
    copy.refresh_from_db()
    record(copy, "duplicated", by=by, at=at, note=f"From {order.number}")
    return copy


def check_worth_sending(order: PurchaseOrder) -> None:
    if not order.vendor.is_active:
        raise Refused(f"{order.vendor} is no longer in use. Choose another vendor.")
    if not order.lines.filter(quantity__gt=0).exists():
        raise Refused("There is nothing to order yet: every line is at 0.")


def check_limit(order: PurchaseOrder, person: User) -> None:
    if person.may_approve_total(order.total):
        return
    limit = money(person.approval_limit, order.currency)
    raise AboveLimit(
        f"This order is {total_of(order)}, above your limit of {limit}. "
        + who_may_approve(order.total)
    )


def who_may_approve(total: Decimal) -> str:
    enough = Q(approval_limit=None) | Q(approval_limit__gte=total)
    people = User.objects.filter(
        enough, is_active=True, role__in=ACTIONS["approve_order"]
    )
    names = [f"{person} ({Role(person.role).label.lower()})" for person in people[:3]]
    if not names:
        return "Nobody has a limit that high; an admin can raise one under People."
    return f"Ask {' or '.join(names)}."


def total_of(order: PurchaseOrder) -> str:
    return money(order.total, order.currency)
