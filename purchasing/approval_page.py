"""What an approver compares: the order against its suggestion and the last order."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Min

from purchasing.order_flags import Flag
from purchasing.order_page import OrderPage, OrderRow, order_page
from purchasing.orders import PurchaseOrder, PurchaseOrderLine

if TYPE_CHECKING:
    from purchasing.order_page import LineToday

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that is not as suggested, with the last order of the same product."""

    row: OrderRow
    last_quantity: Decimal | None

    @property
    def suggested(self) -> Decimal | None:
        return self.row.line.suggested_quantity

    @property
    def change(self) -> Decimal:
        return self.row.line.quantity - (self.suggested or ZERO)

    @property
    def effect(self) -> Decimal:
        return (self.change * self.row.line.unit_cost).quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class DifferenceGroup:
    word: str
    icon: str
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class ApprovalPage:
    order: PurchaseOrder
    page: OrderPage
    flags: Sequence[Flag]
    groups: Sequence[DifferenceGroup]
    unchanged: Sequence[OrderRow]
    last_order: PurchaseOrder | None

    @property
    def suggested_total(self) -> Decimal:
        costs = (
            (row.line.suggested_quantity or ZERO) * row.line.unit_cost
            for row in self.page.rows
        )
        return sum(costs, ZERO).quantize(Decimal("0.01"))

    @property
    def above_suggested(self) -> Decimal:
        return self.order.total - self.suggested_total

    @property
    def above_suggested_share(self) -> Decimal | None:
        if not self.suggested_total:
            return None
        return self.above_suggested / self.suggested_total

    @property
    def difference_count(self) -> int:
        return sum(len(group.differences) for group in self.groups)

    @property
    def unchanged_total(self) -> Decimal:
        return sum((row.line.total for row in self.unchanged), ZERO)

    @property
    def last_delay_days(self) -> int | None:
        """How late the last order came; its first receipt against its due day."""
        last = self.last_order
        if last is None or last.due_on is None:
            return None
        first = getattr(last, "first_received_at", None)
        if first is None:
            return None
        arrived = first.astimezone(last.location.zone).date()
        late: int = (arrived - last.due_on).days
        return late


def approval_page(
    order: PurchaseOrder, lines: "Sequence[LineToday]", flags: Sequence[Flag]
) -> ApprovalPage:
    page = order_page(order, lines=lines)
    last = last_order_before(order)
    quantities = last_quantities(last)
    return ApprovalPage(
        order=order,
        page=page,
        flags=flags,
        groups=difference_groups(page.rows, quantities),
        unchanged=[row for row in page.rows if not differs(row)],
        last_order=last,
    )


def last_order_before(order: PurchaseOrder) -> PurchaseOrder | None:
    earlier = PurchaseOrder.objects.filter(
        vendor=order.vendor_id, location=order.location_id, sent_at__isnull=False
    ).exclude(pk=order.pk)
    known = earlier.select_related("location").annotate(
        first_received_at=Min("receipts__received_at")
    )
    newest: PurchaseOrder | None = known.order_by("-sent_at").first()
    return newest


def last_quantities(order: PurchaseOrder | None) -> dict[int, Decimal]:
    if order is None:
        return {}
    lines = PurchaseOrderLine.objects.filter(order=order)
    return dict(lines.values_list("product_id", "quantity"))


def differs(row: OrderRow) -> bool:
    return row.line.suggested_quantity != row.line.quantity


def difference_groups(
    rows: Sequence[OrderRow], last: dict[int, Decimal]
) -> list[DifferenceGroup]:
    found: dict[str, list[Difference]] = {"changed": [], "added": [], "removed": []}
    for row in rows:
        if differs(row):
            difference = Difference(row, last.get(row.line.product_id))
            found[kind_of(row)].append(difference)
    groups = [
        DifferenceGroup("Changed by the store", "pencil", found["changed"]),
        DifferenceGroup("Added", "plus-lg", found["added"]),
        DifferenceGroup("Removed", "dash-lg", found["removed"]),
    ]
    return [group for group in groups if group.differences]


def kind_of(row: OrderRow) -> str:
    if row.line.suggested_quantity is None:
        return "added"
    return "changed" if row.line.quantity else "removed"
