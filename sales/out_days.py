"""Days on which a product lay nowhere on the shelf, from its ledger. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOVE, SALE, COUNT = 0, 1, 2


@dataclass(frozen=True, slots=True)
class LedgerEvents:
    """What happened to many series, sorted by series, time and kind.

    ``series`` : int, number of the series. ``day`` : int, its business date.
    ``kind`` : MOVE, SALE or COUNT. ``quantity`` : int, change of stock, or what was
    counted [thousandths of a unit].
    """

    series: NDArray[np.int64]
    day: NDArray[np.int64]
    kind: NDArray[np.int64]
    quantity: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spells:
    """Runs of days, last day included; arrays of the same length."""

    series: NDArray[np.int64]
    first_day: NDArray[np.int64]
    last_day: NDArray[np.int64]


def stock_after(events: LedgerEvents) -> NDArray[np.float64]:
    """Stock after each event; NaN before the first count of its series.

    Examples
    --------
    >>> events = LedgerEvents(
    ...     np.zeros(3, int), np.arange(3), np.array([1, 2, 1]), np.array([-5, 9, -2])
    ... )
    >>> stock_after(events).tolist()
    [nan, 9.0, 7.0]
    """
    place = np.arange(events.kind.size)
    counted = events.kind == COUNT
    changes = np.cumsum(np.where(counted, 0, events.quantity))
    anchor = np.maximum.accumulate(np.where(counted, place, -1))
    known = (anchor >= 0) & (events.series[anchor] == events.series)
    stock = events.quantity[anchor] + changes - changes[anchor]
    return np.where(known, stock, np.nan)


def out_spells(events: LedgerEvents, through: int) -> Spells:
    """Days on which there was nothing on the shelf from open to close.

    Parameters
    ----------
    events : LedgerEvents
    through : last day that is over

    Returns
    -------
    Spells, sorted by series and day; a spell that lasts ends on ``through``.

    Notes
    -----
    A day on which something was sold is no such day, whatever the record says. A
    sale out of a shelf that was empty already shows that the record is wrong: from
    then on nothing is known until a count or a delivery fills it again.
    """
    if not events.series.size:
        return _joined(*(np.empty(0, np.int64),) * 3)
    starts = _group_starts(events)
    ends = np.append(starts[1:], events.series.size) - 1
    series, day = events.series[starts], events.day[starts]
    stock = stock_after(events)
    after = stock[ends]
    same = np.append(False, series[1:] == series[:-1])
    before = np.where(same, np.append(np.nan, after[:-1]), np.nan)
    peak = np.maximum.reduceat(np.where(np.isnan(stock), np.inf, stock), starts)
    sold = np.bitwise_or.reduceat(events.kind == SALE, starts)
    was_filled = (peak > 0) | ~(before <= 0)
    out = (after == 0) | ((after < 0) & was_filled)
    empty = same & np.append(False, out[:-1]) & (peak <= 0) & ~sold
    last = np.append(series[1:] != series[:-1], True)
    until = np.where(last, through, np.append(day[1:], 0) - 1)
    gap = out & (until > day)
    return _joined(
        np.concatenate([series[empty], series[gap]]),
        np.concatenate([day[empty], day[gap] + 1]),
        np.concatenate([day[empty], until[gap]]),
    )


def _group_starts(events: LedgerEvents) -> NDArray[np.int64]:
    """Where a new day of a series begins."""
    changed = (np.diff(events.series) != 0) | (np.diff(events.day) != 0)
    return np.append(0, np.flatnonzero(changed) + 1)


def _joined(
    series: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64]
) -> Spells:
    """Spells that touch become one."""
    if not series.size:
        return Spells(series, first, last)
    order = np.lexsort((first, series))
    series, first, last = series[order], first[order], last[order]
    apart = np.append(True, (np.diff(series) != 0) | (first[1:] > last[:-1] + 1))
    starts = np.flatnonzero(apart)
    ends = np.append(starts[1:], series.size) - 1
    return Spells(series[starts], first[starts], last[ends])
