"""What an approver should look at: flags of an order, the gravest first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from accounts.models import User
from jit_backoffice.figures import counted, money, number
from purchasing.order_page import lines_today
from purchasing.orders import OrderQuerySet, PurchaseOrder, PurchaseOrderLine

if TYPE_CHECKING:
    from purchasing.order_page import LineToday

    type Lines = dict[int, list[LineToday]]

TIMES_THE_USUAL = 3
ENOUGH_ORDERS = 3
LAST_ORDERS = 8


@dataclass(frozen=True, slots=True)
class Flag:
    """``short`` for the list, ``text`` in full; ``colour`` of the palette."""

    kind: str
    colour: str
    icon: str
    short: str
    text: str


type Flags = dict[int, list[Flag]]


def flags_of(orders: Sequence[PurchaseOrder], lines: "Lines", person: User) -> Flags:
    """Flags of each order, in one query however many they are."""
    usual = usual_quantities(orders, lines)
    return {
        order.pk: [
            flag
            for flag in (
                far_above_usual(lines[order.pk], usual, order),
                new_cost(lines[order.pk]),
                below_minimum(order),
                above_limit(order, person),
                changed(lines[order.pk]),
                first_order(order),
            )
            if flag
        ]
        for order in orders
    }


def with_known_vendor(orders: OrderQuerySet) -> OrderQuerySet:
    """Whether the shop has ever sent an order to this vendor."""
    sent = PurchaseOrder.objects.filter(
        vendor=OuterRef("vendor"), sent_at__isnull=False
    )
    return orders.annotate(is_known_vendor=Exists(sent))


def lines_of(orders: Sequence[PurchaseOrder]) -> "Lines":
    found: Lines = defaultdict(list)
    for line in lines_today(orders):
        found[line.order_id].append(line)
    return found


def usual_quantities(
    orders: Sequence[PurchaseOrder], lines: "Lines"
) -> dict[tuple[int, int], Decimal]:
    """Median of the last orders of a product and location, where there are enough."""
    products = {line.product_id for found in lines.values() for line in found}
    past = PurchaseOrderLine.objects.filter(
        product__in=products,
        quantity__gt=0,
        order__location__in={order.location_id for order in orders},
        order__sent_at__isnull=False,
    ).order_by("-order__sent_at")
    history: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    rows = past.values_list("order__location_id", "product_id", "quantity")
    for location, product, quantity in rows[: 40 * max(len(products), 1)]:
        if len(history[location, product]) < LAST_ORDERS:
            history[location, product].append(quantity)
    return {
        pair: median(quantities)
        for pair, quantities in history.items()
        if len(quantities) >= ENOUGH_ORDERS
    }


def far_above_usual(
    lines: "Sequence[LineToday]",
    usual: dict[tuple[int, int], Decimal],
    order: PurchaseOrder,
) -> Flag | None:
    found = [
        (line, known)
        for line in lines
        if (known := usual.get((order.location_id, line.product_id)))
        and line.quantity >= TIMES_THE_USUAL * known
    ]
    if not found:
        return None
    line, known = max(found, key=lambda pair: pair[0].quantity / pair[1])
    times = int(line.quantity / known)
    more = f" And {counted(len(found) - 1, 'more line,more lines')}." * (len(found) > 1)
    return Flag(
        "unusual",
        "red",
        "exclamation-octagon-fill",
        f"{times} times the usual",
        f"{times} times the usual quantity. {line.product}: {number(line.quantity)} "
        f"instead of {number(known)}.{more}",
    )


def new_cost(lines: "Sequence[LineToday]") -> Flag | None:
    found = [
        (line, line.cost_today)
        for line in lines
        if line.quantity
        and line.cost_today is not None
        and line.cost_today != line.unit_cost
    ]
    if not found:
        return None
    before = sum((line.total for line, _ in found), Decimal(0))
    now = sum((line.quantity * cost for line, cost in found), Decimal(0))
    share = abs(float((now - before) / before)) * 100 if before else 100.0
    word = f"Cost {'up' if now >= before else 'down'} {share:.0f} %"
    first, cost = found[0]
    return Flag(
        "cost",
        "amber",
        "exclamation-triangle-fill",
        word,
        f"{word} since suggested on {counted(len(found), 'line,lines')}. "
        f"{first.product}: {number(first.unit_cost, 2)} then, {number(cost, 2)} now.",
    )


def below_minimum(order: PurchaseOrder) -> Flag | None:
    missing = order.vendor.minimum_order_value - order.total
    if missing <= 0:
        return None
    word = f"{money(missing, order.currency)} below minimum"
    minimum = money(order.vendor.minimum_order_value, order.currency)
    return Flag(
        "minimum",
        "amber",
        "exclamation-triangle-fill",
        word,
        f"{word} of {order.vendor}, which is {minimum}.",
    )


def above_limit(order: PurchaseOrder, person: User) -> Flag | None:
    if person.may_approve_total(order.total):
        return None
    limit = money(person.approval_limit, order.currency)
    return Flag(
        "limit",
        "grey",
        "lock",
        "Above your limit",
        f"Above your limit of {limit}. Somebody with a higher limit has to approve it.",
    )


def changed(lines: "Sequence[LineToday]") -> Flag | None:
    count = sum(line.suggested_quantity != line.quantity for line in lines)
    if not count:
        return None
    word = f"{counted(count, 'line,lines')} changed"
    return Flag("changed", "grey", "pencil", word, f"{word} by the store.")


def first_order(order: PurchaseOrder) -> Flag | None:
    if getattr(order, "is_known_vendor", True):
        return None
    return Flag(
        "first",
        "violet",
        "stars",
        "First order",
        f"First order to {order.vendor}. Check the address and the terms.",
    )
