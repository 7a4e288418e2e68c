"""The shop's own JSON: one order per message, as docs/feeds.md tells. Pure."""

from collections.abc import Mapping
from typing import Any

from sales.feeds.fields import moment_at, needed, rows_at, text_at, yes_at
from sales.feeds.orders import (
    FeedProblem,
    OrderLine,
    OrderState,
    ReturnLine,
    order_state,
)


def is_test(body: Mapping[str, Any]) -> bool:
    return yes_at(body, "test")


def read(body: Mapping[str, Any]) -> OrderState:
    lines = [order_line(line) for line in rows_at(body, "lines")]
    returns = {
        needed(line, "id", "returns: "): return_line(line)
        for line in rows_at(body, "returns")
    }
    order = needed(body, "order")
    if not lines and not returns:
        raise FeedProblem("The order has neither lines nor returns.")
    if not lines:
        return order_state(order, [], returns, updated_at=moment_at(body, "updated_at"))
    return order_state(
        order,
        lines,
        returns,
        receipt=order,
        updated_at=moment_at(body, "updated_at"),
        sold_at=moment_at(body, "sold_at"),
        location=text_at(body, "location"),
        is_void=yes_at(body, "cancelled"),
    )


def order_line(line: Mapping[str, Any]) -> OrderLine:
    net = text_at(line, "net_amount")
    return OrderLine(
        text_at(line, "sku"),
        item_of(line, "lines: "),
        needed(line, "quantity", "lines: "),
        net,
        text_at(line, "gross_amount") or net,
    )


def return_line(line: Mapping[str, Any]) -> ReturnLine:
    return ReturnLine(
        text_at(line, "sku"),
        item_of(line, "returns: "),
        needed(line, "quantity", "returns: "),
        text_at(line, "net_amount"),
        moment_at(line, "returned_at", "returns: "),
        text_at(line, "location"),
        line.get("restock") is False,
    )


def item_of(line: Mapping[str, Any], where: str) -> str:
    name = text_at(line, "name")
    if not name and not text_at(line, "sku"):
        raise FeedProblem(f"{where}sku or name is missing.")
    return name
