"""How one file spells its values; each distinct text is read once. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache, partial
from types import MappingProxyType

from imports.values import (
    MOST_CACHED,
    DateOrder,
    Dates,
    RowProblem,
    clean,
    number,
    product_code,
)
from imports.written_dates import Clock, read_clock

NOTHING: Mapping[str, object] = MappingProxyType({})
NO_CODES = {"-", "--", "n/a", "N/A"}

once = lru_cache(MOST_CACHED)


class Spelling:
    """Readers of the cells of one file, and what a person decided about it."""

    def __init__(
        self,
        date_order: DateOrder = "ymd",
        *,
        decimal_comma: bool = False,
        options: Mapping[str, object] = NOTHING,
    ) -> None:
        read = partial(number, decimal_comma=decimal_comma)
        self.options = options
        self.dates = Dates(date_order)
        self.moment = self.dates.moment
        self.clock = once(clock)
        self.name = once(clean)
        self.code = once(code)
        self.word = once(word)
        self.units = once(partial(read, cause="quantity_not_a_number"))
        self.amount = once(partial(filled, partial(read, cause="number_unreadable")))
        self.times = once(times)

    def needed(self, text: str, label: str) -> str:
        name = self.name(text)
        if not name:
            raise RowProblem("empty_value", label)
        return name


def filled(read: "partial[str]", text: str) -> str:
    return read(text) if text.strip() else ""


def code(text: str) -> str:
    """A SKU as text; a dash stands for none."""
    found = product_code(text)
    return "" if found in NO_CODES else found


def word(text: str) -> str:
    return clean(text).casefold().rstrip(".?!")


def clock(text: str) -> Clock:
    told = read_clock(clean(text))
    if told is None:
        raise RowProblem("time_unreadable", text)
    return told


def times(quantity: str, price: str) -> str:
    """
    >>> times("3", "2.555"), times("-2", "1.50"), times("3", "")
    ('7.66', '-3.00', '')
    """
    return f"{Decimal(quantity) * Decimal(price):.2f}" if price else ""


def added(first: str, second: str) -> str:
    """
    >>> added("76.00", "-4.00"), added("76.00", ""), added("", "")
    ('72.00', '76.00', '')
    """
    if not first or not second:
        return first or second
    return str(Decimal(first) + Decimal(second))


def less(first: str, second: str) -> str:
    """
    >>> less("76", "4"), less("76.00", "")
    ('72', '76.00')
    """
    return str(Decimal(first) - Decimal(second)) if second else first


def negative(text: str) -> str:
    """What was brought back, whatever sign the file writes.

    >>> negative("1.0"), negative("-1.0"), negative("")
    ('-1.0', '-1.0', '')
    """
    return text if not text or text.startswith("-") else f"-{text}"
