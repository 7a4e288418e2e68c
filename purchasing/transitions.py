"""How an order changes state: locked, checked, changed, and written down.

Rows are locked in one order everywhere: order, its lines by key, stock levels.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from accounts.models import User
from purchasing.orders import Conflict, OrderEvent, PurchaseOrder


def locked(
    order: PurchaseOrder,
    *,
    states: Collection[str],
    seen: str = "",
    by: User | None = None,
) -> PurchaseOrder:
    """The order as it is now, locked against every other verb until the commit.

    ``seen`` is the stamp that the page of this person showed.
    """
    rows = PurchaseOrder.objects.select_for_update(no_key=True)
    current: PurchaseOrder | None = rows.filter(pk=order.pk).first()
    if current is None:
        raise Conflict(order)
    if current.state not in states or overtaken(current, seen, by):
        raise conflict(current)
    return current


def overtaken(order: PurchaseOrder, seen: str, by: User | None) -> bool:
    """Whether anybody else has changed the order since this person's page.

    A person's own steps, from another tab or a moment ago, are no surprise.
    """
    if not seen or seen == order.stamp:
        return False
    version, _, _ = seen.partition("-")
    if by is None or not version.isdecimal():
        return True
    later = order.timeline.filter(version__gt=int(version))
    newest = order.timeline.order_by("-pk").first()
    mine = newest is not None and newest.user_id == by.pk
    return not mine or later.exclude(user=by).exists()


def conflict(order: PurchaseOrder) -> Conflict:
    newest = order.timeline.select_related("user").order_by("-pk").first()
    return Conflict(order, newest)


def advance(order: PurchaseOrder, state: str, **changes: Any) -> PurchaseOrder:
    """Take the step from the state and version that were read; exactly one row."""
    rows = PurchaseOrder.objects.filter(
        pk=order.pk, state=order.state, version=order.version
    )
    if rows.update(state=state, **changes) != 1:
        raise conflict(order)
    order.refresh_from_db()
    return order


def record(
    order: PurchaseOrder,
    verb: str,
    *,
    by: User | None,
    note: str = "",
    at: dt.datetime | None = None,
) -> OrderEvent:
    return OrderEvent.objects.create(
        order=order,
        verb=verb,
        version=order.version,
        note=note[:500],
        user=by,
        at=at or timezone.now(),
    )
