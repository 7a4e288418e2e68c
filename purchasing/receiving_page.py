"""Receiving on a phone: what was typed of each line, and what is still to be asked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Self

from django.http import QueryDict

from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from purchasing.receiving import Arrival

ZERO = Decimal(0)
MOST = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class ReceivingLine:
    """A line of the order and what was typed beside it; empty: not looked at yet."""

    line: PurchaseOrderLine
    typed: str = ""
    missing: str = "stay"
    over: str = ""
    is_asked: bool = False

    @classmethod
    def of(cls, line: PurchaseOrderLine, data: QueryDict, is_asked: bool) -> Self:
        return cls(
            line,
            data.get(f"came-{line.pk}", "").strip().replace(",", "."),
            data.get(f"missing-{line.pk}", "stay"),
            data.get(f"over-{line.pk}", ""),
            is_asked,
        )

    @property
    def came(self) -> Decimal | None:
        """What was typed, if it is a quantity of this product."""
        try:
            quantity = Decimal(self.typed)
        except InvalidOperation:
            return None
        if not quantity.is_finite() or not 0 <= quantity < MOST:
            return None
        return quantity if quantity % self.line.product.quantum == 0 else None

    @property
    def is_checked(self) -> bool:
        return self.came is not None

    @property
    def error(self) -> str:
        if self.typed and self.came is None:
            return "Type what came, such as 12."
        if self.is_asked and self.too_many and not self.over:
            return f"Say whether you keep the {self.too_many.normalize():f} too many."
        return ""

    @property
    def as_ordered(self) -> bool:
        return self.came == self.line.open_quantity

    @property
    def short(self) -> Decimal:
        left = self.line.open_quantity - self.came if self.came is not None else ZERO
        return max(left, ZERO)

    @property
    def too_many(self) -> Decimal:
        if self.came is None:
            return ZERO
        return max(self.came - self.line.open_quantity, ZERO)

    @property
    def codes(self) -> str:
        """What a scanner may read of this line."""
        product = self.line.product
        known = (product.barcode, product.sku, self.line.vendor_sku)
        return "|".join(code for code in known if code)

    def arrival(self) -> Arrival | None:
        """What is booked; nothing for a line that nobody has looked at."""
        if self.came is None:
            return None
        kept = self.too_many if self.over == "keep" else ZERO
        quantity = self.came - self.too_many + kept
        return Arrival(
            self.line.pk,
            quantity,
            over_quantity=kept,
            close_rest=bool(self.short) and self.missing == "close",
        )


@dataclass(frozen=True, slots=True)
class ReceivingPage:
    order: PurchaseOrder
    lines: Sequence[ReceivingLine]
    key: str
    problem: str = ""

    @property
    def checked(self) -> list[ReceivingLine]:
        return [line for line in self.lines if line.is_checked]

    @property
    def units(self) -> Decimal:
        return sum((line.came or ZERO for line in self.lines), ZERO)

    @property
    def open_units(self) -> Decimal:
        return sum((line.line.open_quantity for line in self.lines), ZERO)

    @property
    def is_clear(self) -> bool:
        return not any(line.error for line in self.lines)

    def arrivals(self) -> list[Arrival]:
        found = [line.arrival() for line in self.lines]
        return [a for a in found if a and (a.quantity > 0 or a.close_rest)]


def receiving_page(
    order: PurchaseOrder, data: QueryDict, *, is_asked: bool = False
) -> ReceivingPage:
    """The open lines of an order, with what was typed so far."""
    lines = order.lines.select_related("product").order_by("product__name", "pk")
    return ReceivingPage(
        order,
        [
            ReceivingLine.of(line, data, is_asked)
            for line in lines
            if line.open_quantity
        ],
        data.get("key", "") or uuid.uuid4().hex,
    )
