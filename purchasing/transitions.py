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
    order: PurchaseOrder, *, states: Collection[str], seen: str = ""
) -> PurchaseOrder:
    """The order as it is now, locked against every other verb until the commit.

    ``seen`` is the stamp that the person's page showed.
    """
    rows = PurchaseOrder.objects.select_for_update(no_key=True)
    current: PurchaseOrder | None = rows.filter(pk=order.pk).first()
    if current is None:
        raise Conflict(order)
    if current.state not in states or (seen and seen != current.stamp):
        raise conflict(current)
    return current


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
