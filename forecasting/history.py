"""The last protection intervals of one series, for the explanation's bars."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Intervals:
    """Sums of past intervals, oldest first, and whether stock ran out in them."""

    demand: NDArray[np.float64]
    had_stockout: NDArray[np.bool_]


def last_intervals(
    demand_row: NDArray[np.float32],
    observed_row: NDArray[np.uint8],
    days: int,
    count: int = 26,
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
