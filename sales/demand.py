"""Which sale each cancellation takes back. Pure."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

WINDOW = dt.timedelta(hours=24)


class Event(NamedTuple):
    """A sale or a cancellation of one product, customer and quantity.

    ``line`` is the id of the sale line, ``key`` what it is known by in its source:
    ids depend on the order of files, keys do not.
    """

    line: int
    key: bytes
    at: dt.datetime
    is_cancellation: bool


class Pair(NamedTuple):
    sale: int
    cancellation: int


def pair(events: Iterable[Event]) -> list[Pair]:
    """Pair each cancellation with the latest unpaired sale of the 24 hours before it.

    Parameters
    ----------
    events : sales and cancellations of one group, in any order

    Returns
    -------
    Pairs in the order of their cancellations; who is left has no partner.

    Notes
    -----
    Events are taken by moment, then sales before cancellations, then by key, so the
    result is a function of the set. Sales that wait for a cancellation are a stack;
    once its top is older than the window, all below it are too.

    Examples
    --------
    Of two equal sales the later one is cancelled; the other stays demand:

    >>> def at(hour):
    ...     return dt.datetime(2011, 3, 1) + dt.timedelta(hours=hour)
    >>> def sale(line, hour):
    ...     return Event(line, bytes([line]), at(hour), is_cancellation=False)
    >>> def cancellation(line, hour):
    ...     return Event(line, bytes([line]), at(hour), is_cancellation=True)
    >>> pair([sale(1, 9), sale(2, 10), cancellation(3, 11)])
    [Pair(sale=2, cancellation=3)]

    A second cancellation takes the earlier one; a third has no partner:

    >>> events = [cancellation(line, 12) for line in (3, 4, 5)]
    >>> pair([*events, sale(2, 10), sale(1, 9)])
    [Pair(sale=2, cancellation=3), Pair(sale=1, cancellation=4)]

    A sale after the cancellation, or more than 24 hours before it, is none of its:

    >>> pair([sale(1, 0), cancellation(2, 25), sale(3, 26)])
    []
    >>> pair([sale(1, 1), cancellation(2, 25)])
    [Pair(sale=1, cancellation=2)]
    """
    pairs: list[Pair] = []
    unpaired: list[Event] = []
    for event in sorted(events, key=_order):
        if not event.is_cancellation:
            unpaired.append(event)
        elif unpaired and unpaired[-1].at >= event.at - WINDOW:
            pairs.append(Pair(unpaired.pop().line, event.line))
    return pairs


def _order(event: Event) -> tuple[dt.datetime, bool, bytes]:
    return event.at, event.is_cancellation, event.key
