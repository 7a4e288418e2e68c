"""Shopify's order and refund webhooks: what is kept of them. Pure.

orders/create, orders/updated, orders/paid and orders/cancelled carry the whole order,
refunds/create one refund with the id of its order. An order keeps the
quantity that was bought: units that an edit or a refund took away are refund lines.
The amounts are those of the order export: price times quantity, less the discount of
the line.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sales.feeds.fields import moment_at, needed, rows_at, text_at, yes_at
from sales.feeds.orders import (
    FeedProblem,
    OrderLine,
    OrderState,
    ReturnLine,
    order_state,
)

# Not back to the shelf; "return", "cancel" and "legacy_restock" are.
KEPT_OUT = "no_restock"


def is_test(body: Mapping[str, Any]) -> bool:
    """Shopify marks the orders of its test notifications."""
    return yes_at(body, "test")


def read(body: Mapping[str, Any]) -> OrderState:
    if isinstance(body.get("line_items"), list):
        return read_order(body)
    if isinstance(body.get("refund_line_items"), list):
        return read_refund(body)
    raise FeedProblem(
        "This is neither an order nor a refund: it has no line_items and no "
        "refund_line_items."
    )


def read_order(body: Mapping[str, Any]) -> OrderState:
    returns: dict[str, ReturnLine] = {}
    for refund in rows_at(body, "refunds"):
        returns |= return_lines(refund)
    return order_state(
        needed(body, "id"),
        [order_line(item) for item in rows_at(body, "line_items")],
        returns,
        receipt=needed(body, "name"),
        updated_at=moment_at(body, "updated_at"),
        sold_at=moment_at(body, "created_at"),
        location=text_at(body, "location_id"),
        is_void=is_void(body),
    )


def is_void(body: Mapping[str, Any]) -> bool:
    voided = text_at(body, "financial_status") == "voided"
    return voided or bool(text_at(body, "cancelled_at"))


def read_refund(body: Mapping[str, Any]) -> OrderState:
    return order_state(
        needed(body, "order_id"),
        [],
        return_lines(body),
        updated_at=moment_at(body, "created_at"),
    )


def order_line(item: Mapping[str, Any]) -> OrderLine:
    quantity = needed(item, "quantity", "line_items: ")
    gross = times(text_at(item, "price"), quantity)
    return OrderLine(
        text_at(item, "sku"),
        item_name(item),
        quantity,
        less(gross, text_at(item, "total_discount")),
        gross,
    )


def item_name(item: Mapping[str, Any]) -> str:
    """As the order export names it: Title - Variant."""
    name = text_at(item, "name")
    if name:
        return name
    variant = text_at(item, "variant_title")
    title = needed(item, "title", "line_items: ")
    return f"{title} - {variant}" if variant else title


def return_lines(refund: Mapping[str, Any]) -> dict[str, ReturnLine]:
    returned_at = moment_at(refund, "created_at", "refunds: ")
    found = {}
    for line in rows_at(refund, "refund_line_items"):
        item = line.get("line_item")
        if not isinstance(item, dict):
            raise FeedProblem("refund_line_items: line_item is missing.")
        found[needed(line, "id", "refund_line_items: ")] = ReturnLine(
            text_at(item, "sku"),
            item_name(item),
            needed(line, "quantity", "refund_line_items: "),
            text_at(line, "subtotal"),
            returned_at,
            text_at(line, "location_id"),
            text_at(line, "restock_type") == KEPT_OUT,
        )
    return found


def times(price: str, quantity: str) -> str:
    """
    >>> times("16.00", "2"), times("", "2")
    ('32.00', '')
    """
    return str(decimal(price) * decimal(quantity)) if price else ""


def less(amount: str, discount: str) -> str:
    return str(decimal(amount) - decimal(discount or "0")) if amount else ""


def decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise FeedProblem(f"line_items: “{text[:40]}” is not a number.") from None
    if not value.is_finite() or abs(value.adjusted()) > 9:
        raise FeedProblem(f"line_items: “{text[:40]}” is not a number.")
    return value
