"""How long stock lasts, from forecast and dated deliveries. Pure.

Days are columns: column 0 is the day after the plan's ``as_of``. A delivery is on the
shelf for the whole of its day.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.quantiles import nb_cdf, nb_loss, nb_quantile

type Array = NDArray[np.float64]

MEDIAN, LOW_LEVEL = 0.5, 0.9
RANGE = (0.1, 0.9)
BANDS = (50, 80, 95)
WEEK = 7
OUT, RUNS_OUT, LOW, ENOUGH, UNKNOWN = range(5)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery: the row of its item, its day (column) and its units."""

    row: int
    day: int
    quantity: float


@dataclass(frozen=True, slots=True)
class Cover:
    """Days until stock has run out, (n,) each; NaN: not within the days looked at.

    ``likely`` is the median; one in ten runs out before ``low``, one in ten lasts
    longer than ``high``.
    """

    low: Array
    likely: Array
    high: Array


@dataclass(frozen=True, slots=True)
class StockPath:
    """Stock at the end of each day, (days,) per level.

    ``bands`` : (3, 2, days), lower and upper edge of 50, 80 and 95 %.
    """

    median: Array
    bands: Array


def demand_until(daily_mean: Array, days: int) -> Array:
    """Expected demand up to and including each day.

    Parameters
    ----------
    daily_mean : (n, h), at least a week [units per day]
    days : columns wanted

    Returns
    -------
    (n, days) [units]. Beyond the forecast its last week repeats.

    Examples
    --------
    >>> demand_until(np.array([[1, 2, 3, 4, 5, 6, 7.0]]), 9)[0, -3:].tolist()
    [28.0, 29.0, 31.0]
    """
    known = daily_mean.shape[1]
    columns = np.arange(days)
    beyond = columns >= known
    columns[beyond] = known - WEEK + (columns[beyond] - known) % WEEK
    total: Array = np.cumsum(daily_mean[:, columns], axis=1)
    return total


def supply(on_hand: Array, arrivals: Sequence[Arrival], days: int) -> Array:
    """Stock on each day if nothing were sold: (n, days) [units].

    Parameters
    ----------
    on_hand : (n,), a negative record counts as an empty shelf [units]
    arrivals : dated deliveries; those after the last day are left out
    days : columns wanted

    Examples
    --------
    >>> supply(np.array([31.0]), [Arrival(0, 1, 12.0)], 3).tolist()
    [[31.0, 43.0, 43.0]]
    """
    stock = np.repeat(np.maximum(on_hand, 0.0)[:, None], days, axis=1)
    for arrival in arrivals:
        stock[arrival.row, max(arrival.day, 0) :] += arrival.quantity
    return stock


def chance_of_lasting(stock: Array, demand: Array, ratio: Array) -> Array:
    """P(demand up to the end of each day ≤ stock of that day).

    Parameters
    ----------
    stock, demand : (n, days), of ``supply`` and ``demand_until`` [units]
    ratio : (n,), variance / mean of demand [-]

    Returns
    -------
    (n, days); 1 where nothing is expected.

    Notes
    -----
    Negative binomial with the plan's ratio on every day: it is measured over the
    protection interval, so that the first days are drawn a little too wide. The
    chance that stock *first* runs out on a day is not asked: until then nothing is
    lost, and a quantile of demand above the stock is a quantile that ran out.
    """
    chance = np.ones(stock.shape)
    sells = demand > 0
    wide = np.broadcast_to(ratio[:, None], stock.shape)
    chance[sells] = nb_cdf(stock[sells], demand[sells], wide[sells])
    return chance


def runs_out_after(chance: Array, level: float) -> Array:
    """Days until the ``level`` quantile of demand first exceeds the stock.

    Parameters
    ----------
    chance : (n, days), of ``chance_of_lasting``
    level : probability inside (0, 1)

    Returns
    -------
    (n,) [days, with the part of the last one]; NaN where it never does.
    """
    short = chance < level
    first = np.argmax(short, axis=1)
    rows = np.arange(len(chance))
    after = chance[rows, first]
    before = np.where(first > 0, chance[rows, first - 1], 1.0)
    part = (before - level) / np.maximum(before - after, 1e-12)
    return np.where(short.any(axis=1), first + np.clip(part, 0, 1), np.nan)


def cover(on_hand: Array, chance: Array) -> Cover:
    """How many days the stock lasts, with its likely range; 0 on an empty shelf."""
    empty = on_hand <= 0
    low, likely, high = (
        np.where(empty, 0.0, runs_out_after(chance, level))
        for level in (RANGE[1], MEDIAN, RANGE[0])
    )
    return Cover(low, likely, high)


def stock_states(on_hand: Array, chance: Array, until: NDArray[np.int64]) -> Array:
    """State of each item, looking at the delivery you get if this order is skipped.

    Parameters
    ----------
    on_hand : (n,), NaN where never counted [units]
    chance : (n, days), of ``chance_of_lasting`` with deliveries on the way
    until : (n,), days before that delivery, at most the columns [days]

    Returns
    -------
    OUT: nothing on hand. RUNS_OUT: median demand exceeds the stock on some day
    before it. LOW: its 90 % quantile does. Else ENOUGH; UNKNOWN without a count.
    """
    looked_at = np.arange(chance.shape[1]) < until[:, None]
    least = np.where(looked_at, chance, 1.0).min(axis=1)
    answer = np.select(
        [np.isnan(on_hand), on_hand <= 0, least < MEDIAN, least < LOW_LEVEL],
        [UNKNOWN, OUT, RUNS_OUT, LOW],
        default=ENOUGH,
    )
    return answer.astype(np.float64)


def lost_per_day(
    stock: Array, demand: Array, ratio: Array, until: NDArray[np.int64]
) -> Array:
    """Units of demand expected to be lost per day until that delivery.

    Parameters
    ----------
    stock, demand, ratio, until : as above

    Returns
    -------
    (n,) [units per day].

    Notes
    -----
    What is lost by a day is the largest excess of demand over supply so far; its
    expectation is bounded from below by the largest expected excess, exact where no
    delivery is due before. Between deliveries the excess only grows: it is reckoned on
    the day before each and on the last day.
    """
    columns = np.arange(stock.shape[1])
    before_delivery = np.diff(stock, axis=1, append=stock[:, -1:]) > 0
    ends = before_delivery | (columns == until[:, None] - 1)
    looked_at = ends & (columns < until[:, None]) & (demand > 0)
    wide = np.broadcast_to(ratio[:, None], stock.shape)
    lost = np.zeros(stock.shape)
    lost[looked_at] = nb_loss(stock[looked_at], demand[looked_at], wide[looked_at])
    most: Array = lost.max(axis=1, initial=0.0)
    return most / np.maximum(until, 1)


def stock_path(
    on_hand: float, daily_mean: Array, ratio: float, added: Array
) -> StockPath:
    """Median and bands of one item's stock at the end of each day.

    Parameters
    ----------
    on_hand : a negative record counts as an empty shelf [units]
    daily_mean : (h,), at least a week [units per day]
    ratio : variance / mean of demand [-]
    added : (days,), units that arrive on each day [units]

    Returns
    -------
    StockPath, never below 0: what is not there is not sold later.

    Notes
    -----
    Along a quantile of demand from the last day on which the shelf was empty, so that
    the doubt begins anew with the delivery that fills it.
    """
    demand = demand_until(daily_mean[None, :], added.size)[0]
    shares = np.array(BANDS) / 100
    levels = np.sort(np.r_[(1 - shares) / 2, MEDIAN, (1 + shares) / 2])
    paths = np.array([_path(level, on_hand, demand, ratio, added) for level in levels])
    paths = np.sort(paths, axis=0)
    middle = len(BANDS)
    bands = [[paths[middle - n], paths[middle + n]] for n in range(1, middle + 1)]
    return StockPath(paths[middle], np.array(bands))


def _path(
    level: float, on_hand: float, demand: Array, ratio: float, added: Array
) -> Array:
    """Stock at the end of each day if demand takes its ``level`` quantile."""
    wide = np.full(added.size, ratio)
    supplied = np.cumsum(added)
    left = np.zeros(added.size)
    start, held, gone = 0, max(on_hand, 0.0), 0.0
    while start < added.size:
        taken = nb_quantile(level, demand[start:] - gone, wide[start:])
        before = supplied[start - 1] if start else 0.0
        stock = held + supplied[start:] - before - taken
        short = np.flatnonzero(stock <= 0)
        empty = start + int(short[0]) if short.size else added.size
        left[start:empty] = stock[: empty - start]
        later = np.flatnonzero(added[empty + 1 :])
        start = empty + 1 + int(later[0]) if later.size else added.size
        held, gone = 0.0, float(demand[start - 1])
    return left
