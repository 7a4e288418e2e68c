"""The last protection intervals of one series, for the explanation's bars."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.packed import Packed
from forecasting.panel import Panel

PAST_INTERVALS = 26


@dataclass(frozen=True, slots=True)
class Intervals:
    """Sums of past intervals, oldest first, and whether stock ran out in them."""

    demand: NDArray[np.float64]
    had_stockout: NDArray[np.bool_]


def last_intervals(
    demand_row: NDArray[np.float32],
    observed_row: NDArray[np.uint8],
    days: int,
    count: int = PAST_INTERVALS,
) -> Intervals:
    """Demand in the last ``count`` whole intervals that do not overlap.

    Parameters
    ----------
    demand_row, observed_row : shape (n_days,), oldest first [units per day; 0/1]
    days : length of an interval, at least 1
    count : at most this many

    Returns
    -------
    Intervals of min(count, known days // days) entries; days before the first
    observed day are not known.

    Raises
    ------
    ValueError
        If ``days`` is below 1.

    Examples
    --------
    >>> last_intervals(np.ones(7), np.ones(7), 3).demand.tolist()
    [3.0, 3.0]
    """
    if days < 1:
        raise ValueError("An interval has at least one day.")
    seen = np.flatnonzero(observed_row)
    known = len(demand_row) - int(seen[0]) if seen.size else 0
    n = min(count, known // days)
    start = len(demand_row) - n * days
    sums = np.asarray(demand_row[start:], np.float64).reshape(n, days).sum(axis=1)
    closed = np.asarray(observed_row[start:]).reshape(n, days) == 0
    return Intervals(sums, closed.any(axis=1))


@dataclass(frozen=True, slots=True)
class ShardHistory(Packed):
    """The last intervals of each series, newest last, padded in front.

    ``demand``, ``had_stockout`` : (n, PAST_INTERVALS) [units; bool].
    ``count`` : (n,), how many of them are known.
    """

    demand: NDArray[np.float64]
    had_stockout: NDArray[np.bool_]
    count: NDArray[np.int64]


def shard_history(panel: Panel, days: NDArray[np.int64]) -> ShardHistory:
    """``last_intervals`` of every series of a shard.

    Parameters
    ----------
    panel : Panel
    days : (n_series,), length of an interval of each series, at least 1

    Returns
    -------
    ShardHistory
    """
    shape = (panel.n_series, PAST_INTERVALS)
    history = ShardHistory(
        np.zeros(shape), np.zeros(shape, bool), np.zeros(shape[0], np.int64)
    )
    seen = panel.observed != 0
    first = np.where(seen.any(axis=1), seen.argmax(axis=1), panel.n_days)
    for length in np.unique(days):
        rows = np.flatnonzero(days == length)
        whole = min(PAST_INTERVALS, panel.n_days // int(length))
        if not whole:
            continue
        past = slice(panel.n_days - whole * int(length), None)
        cut = (rows.size, whole, int(length))
        sums = panel.demand[rows, past].astype(np.float64).reshape(cut).sum(axis=2)
        history.demand[rows, -whole:] = sums
        history.had_stockout[rows, -whole:] = ~seen[rows, past].reshape(cut).all(axis=2)
        known = (panel.n_days - first[rows]) // int(length)
        history.count[rows] = np.minimum(known, whole)
    return history
