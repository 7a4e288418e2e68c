"""What is known of one order, folded from messages in any order and number. Pure.

``fold`` is a join: the same whichever message comes first, and however often. The
newest message tells the lines; returns add up by their ids, each as it was told last;
what was ever seen tells which lines an edit took away.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple


class FeedProblem(Exception):
    """A message that cannot be understood; the text says why, in plain words."""


class OrderLine(NamedTuple):
    """One line sold; texts as the message writes them."""

    sku: str
    item: str
    quantity: str
    net_amount: str
    gross_amount: str

    @property
    def identity(self) -> str:
        return self.sku or self.item


class ReturnLine(NamedTuple):
    """Goods that came back; ``is_kept_out``: not to the shelf.

    ``told_at``: moment of the message, in UTC, so that texts sort as moments do.
    """

    sku: str
    item: str
    quantity: str
    net_amount: str
    returned_at: str
    location: str
    is_kept_out: bool
    told_at: str = ""

    @property
    def identity(self) -> str:
        return self.sku or self.item


class LiveRow(NamedTuple):
    """A row as it is staged: its fields are the columns of the live kinds."""

    receipt: str
    kind: str
    sku: str
    item: str
    location: str
    at: str
    quantity: str
    net_amount: str
    gross_amount: str
    is_void: str = ""
    is_kept_out: str = ""


@dataclass(frozen=True, slots=True)
class OrderState:
    """An order as far as messages have told it; one message is such a state, too.

    ``order`` is the shop's own id. ``receipt`` is empty as long as only a return of
    the order is known. ``seen`` counts each item at its most; ``returned`` names every
    item that a return was ever said to be of.
    """

    order: str
    receipt: str = ""
    updated_at: str = ""
    sold_at: str = ""
    location: str = ""
    is_void: bool = False
    lines: tuple[OrderLine, ...] = ()
    seen: Mapping[str, int] = field(default_factory=dict)
    returns: Mapping[str, ReturnLine] = field(default_factory=dict)
    returned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "OrderState":
        lines = tuple(OrderLine(*line) for line in stored["lines"])
        returns = {
            ident: ReturnLine(*line) for ident, line in stored["returns"].items()
        }
        returned = {ident: tuple(names) for ident, names in stored["returned"].items()}
        return cls(
            **{**stored, "lines": lines, "returns": returns, "returned": returned}
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def rank(self) -> tuple[bool, dt.datetime, str]:
        """The newest tells; of two at the same moment always the same one."""
        told = (self.receipt, self.sold_at, self.location, self.is_void, self.lines)
        return (
            bool(self.receipt),
            dt.datetime.fromisoformat(self.updated_at),
            json.dumps(told),
        )


def order_state(
    order: str,
    lines: list[OrderLine],
    returns: Mapping[str, ReturnLine],
    *,
    updated_at: str,
    **told: Any,
) -> OrderState:
    """What one message tells of an order."""
    told_at = dt.datetime.fromisoformat(updated_at).astimezone(dt.UTC).isoformat()
    seen = dict(sorted(Counter(line.identity for line in lines).items()))
    return OrderState(
        order,
        lines=tuple(sorted(lines)),
        seen=seen,
        returns={
            ident: line._replace(told_at=told_at)
            for ident, line in sorted(returns.items())
        },
        returned={ident: (line.identity,) for ident, line in sorted(returns.items())},
        updated_at=updated_at,
        **told,
    )


def fold(one: OrderState, other: OrderState) -> OrderState:
    """Both together; which came first does not matter."""
    newest = max(one, other, key=lambda state: state.rank)
    seen = {
        identity: max(one.seen.get(identity, 0), other.seen.get(identity, 0))
        for identity in sorted({*one.seen, *other.seen})
    }
    idents = sorted({*one.returns, *other.returns})
    returns = {
        ident: max(
            filter(None, (one.returns.get(ident), other.returns.get(ident))),
            key=lambda line: (line.told_at, line),
        )
        for ident in idents
    }
    returned = {
        ident: tuple(
            sorted({*one.returned.get(ident, ()), *other.returned.get(ident, ())})
        )
        for ident in idents
    }
    return OrderState(
        newest.order,
        newest.receipt,
        newest.updated_at,
        newest.sold_at,
        newest.location,
        newest.is_void,
        newest.lines,
        seen,
        returns,
        returned,
    )


def live_rows(state: OrderState) -> Iterator[LiveRow]:
    """Rows of the order; none before the order itself is known."""
    if not state.receipt:
        return
    void = "yes" if state.is_void else ""
    for line in [*state.lines, *missing_lines(state)]:
        gone = void or ("" if line.quantity else "yes")
        yield LiveRow(
            state.receipt,
            "sale",
            line.sku,
            line.item,
            state.location,
            state.sold_at,
            line.quantity or "0",
            line.net_amount,
            line.gross_amount,
            gone,
        )
    for ident, back in state.returns.items():
        row = LiveRow(
            f"{state.receipt} return {ident}",
            "return",
            back.sku,
            back.item,
            back.location or state.location,
            back.returned_at,
            negative(back.quantity),
            negative(back.net_amount),
            negative(back.net_amount),
            void,
            "yes" if back.is_kept_out else "",
        )
        yield row
        for identity in state.returned[ident]:
            if identity != back.identity:
                yield row._replace(sku="", item=identity, is_void="yes")


def missing_lines(state: OrderState) -> Iterator[OrderLine]:
    """Lines that an edit took away; without a quantity, as nothing was sold."""
    now = Counter(line.identity for line in state.lines)
    for identity, most in state.seen.items():
        for _ in range(most - now[identity]):
            yield OrderLine("", identity, "", "", "")


def negative(text: str) -> str:
    """
    >>> negative("2"), negative("-2.50"), negative("0"), negative("")
    ('-2', '-2.50', '0', '')
    """
    bare = text.strip().lstrip("-+")
    return f"-{bare}" if bare.strip("0.") else bare
