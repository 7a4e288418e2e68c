"""Orders on their way, as a file that can be edited and imported again."""

from collections.abc import Iterable
from decimal import Decimal

from accounts.models import User
from imports.exporting import Export, Row, register
from purchasing.orders import PurchaseOrder, PurchaseOrderLine

COLUMNS = (
    "number",
    "vendor",
    "location",
    "sku",
    "name",
    "ordered",
    "received",
    "cost",
    "ordered_on",
    "expected_on",
)


def rows(user: User | None) -> Iterable[Row]:
    orders = PurchaseOrder.objects.visible_to(user) if user else PurchaseOrder.objects
    lines = PurchaseOrderLine.objects.filter(
        order__in=orders.filter(state__in=PurchaseOrder.ON_THE_WAY)
    ).select_related("order__vendor", "order__location", "product")
    for line in lines.order_by("order", "pk").iterator():
        order, ordered = line.order, line.quantity - line.closed_quantity
        if ordered > Decimal(0):
            yield (
                order.imported_number or order.number,
                order.vendor.name,
                order.location.name,
                line.product.sku,
                line.product.name,
                ordered,
                line.received_quantity,
                line.unit_cost,
                sent_on(order),
                order.due_on,
            )


def sent_on(order: PurchaseOrder) -> str:
    at = order.sent_at
    return at.astimezone(order.location.zone).date().isoformat() if at else ""


def register_export() -> None:
    register(Export("orders", "Open orders", COLUMNS, rows))
