"""How questions about the values of a file are put: each answer shows what it means."""

import datetime as dt

from django.utils.formats import date_format

from imports.detecting import DATE_ORDERS
from imports.values import DateOrder, Dates, RowProblem, number


def date_choices(example: str) -> list[tuple[str, str]]:
    """
    >>> date_choices("03/04/2026")
    [('dmy', '3 April 2026, the day first'), ('mdy', '4 March 2026, the month first')]
    """
    day_first, month_first = as_day(example, "dmy"), as_day(example, "mdy")
    if not day_first or not month_first:
        return [(order, DATE_ORDERS[order]) for order in ("dmy", "mdy")]
    return [
        ("dmy", f"{day_first}, the day first"),
        ("mdy", f"{month_first}, the month first"),
    ]


def as_day(text: str, order: DateOrder) -> str:
    try:
        iso = Dates(order).iso(text)
    except RowProblem:
        return ""
    return date_format(dt.date.fromisoformat(iso), "j F Y")


def number_choices(example: str) -> list[tuple[str, str]]:
    """
    >>> number_choices("1,234")
    [('point', '1234, with a mark for thousands'), ('comma', '1.234, a decimal mark')]
    """
    if not example:
        return [("point", "1,234.50"), ("comma", "1.234,50")]
    grouped, decimal = "with a mark for thousands", "a decimal mark"
    by_point, by_comma = (
        number(example, cause="number_unreadable", decimal_comma=comma)
        for comma in (False, True)
    )
    return [
        ("point", f"{by_point}, {decimal if '.' in by_point else grouped}"),
        ("comma", f"{by_comma}, {decimal if '.' in by_comma else grouped}"),
    ]
