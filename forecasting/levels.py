"""Masked exponential smoothing and its backtest, as matrix products."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ALPHAS = np.array([0.005, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.25, 0.4])
ORIGINS = 52
ORIGIN_STEP_DAYS = 7
LEAST_KNOWN_DAYS = 28
TRUST = 0.2


@dataclass(frozen=True, slots=True)
class Backtest:
    """Levels now, and what each smoothing constant foretold at past origins.

    ``level`` : (n, n_alpha) [units per usual day], 0 where nothing was observed.
    ``forecast`` : (n, n_origins, n_alpha) [units on the observed days of an interval].
    ``actual`` : (n, n_origins) [units on the same days].
    ``complete`` : bool, (n, n_origins), every day observed and enough history before.
    ``tested`` : bool, (n, n_origins), at least half of the days observed.
    """

    level: NDArray[np.float64]
    forecast: NDArray[np.float64]
    actual: NDArray[np.float64]
    complete: NDArray[np.bool_]
    tested: NDArray[np.bool_]


def origins(n_days: int, interval_days: int) -> NDArray[np.int64]:
    """Columns of the last known day at the past origins, newest first.

    Only origins whose interval is over, with ``LEAST_KNOWN_DAYS`` before them.

    Examples
    --------
    >>> origins(50, 7).tolist()
    [42, 35, 28]
    """
    last = n_days - 1 - interval_days - ORIGIN_STEP_DAYS * np.arange(ORIGINS)
    return last[last >= LEAST_KNOWN_DAYS - 1]


def smoothing_weights(
    n_days: int, ends: NDArray[np.int64], alphas: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights (1 - alpha)^age of each day as seen from each origin.

    Returns
    -------
    float64, (n_days, n_ends × n_alpha); 0 for days after the origin.

    Examples
    --------
    >>> smoothing_weights(3, np.array([1]), np.array([0.5])).ravel().tolist()
    [0.5, 1.0, 0.0]
    """
    age = ends[None, :, None] - np.arange(n_days)[:, None, None]
    weights = (1 - alphas) ** np.maximum(age, 0) * (age >= 0)
    return np.asarray(weights.reshape(n_days, -1), np.float64)


def smooth(
    sold: NDArray[np.floating],
    exposure: NDArray[np.floating],
    weights: NDArray[np.floating],
) -> NDArray[np.floating]:
    """Weighted sum of sales over weighted sum of exposure.

    Parameters
    ----------
    sold : (n, n_days), sales on observed days [units]
    exposure : (n, n_days), calendar factor on observed days, else 0
    weights : (n_days, n_columns)

    Returns
    -------
    (n, n_columns) level [units per usual day]; 0 where nothing was observed.

    Notes
    -----
    With all exposures 1 this is exponential smoothing started at its own weighted
    mean. A day that was not observed, or on which the shop is closed, has no weight
    in the numerator nor in the denominator: it is neither a zero nor a guess.
    """
    below = exposure @ weights
    above = sold @ weights
    level: NDArray[np.floating] = np.divide(
        above, below, out=np.zeros_like(above), where=below > 1e-6
    )
    return level


def backtest(
    demand: NDArray[np.float32],
    observed: NDArray[np.uint8],
    factor: NDArray[np.float32],
    interval_days: int,
) -> Backtest:
    """Every alpha at every weekly origin, by two matrix products.

    Parameters
    ----------
    demand, observed : (n, n_days) [units per day; 0/1]
    factor : (n, n_days) calendar factor of each day
    interval_days : length of the interval foretold, at least 1

    Returns
    -------
    Backtest
    """
    n_days = demand.shape[1]
    ends = origins(n_days, interval_days)
    columns = np.append(ends, n_days - 1)
    weights = smoothing_weights(n_days, columns, ALPHAS).astype(demand.dtype)
    seen = observed.astype(demand.dtype)
    sold, exposure = demand * seen, factor * seen
    levels = smooth(sold, exposure, weights)
    levels = levels.reshape(len(demand), columns.size, ALPHAS.size)
    shape = (len(demand), ends.size)
    actual, scale, days = np.zeros(shape), np.zeros(shape), np.zeros(shape, np.int32)
    known = np.cumsum(observed, axis=1, dtype=np.int32)
    for k, end in enumerate(ends):
        window = slice(end + 1, end + 1 + interval_days)
        actual[:, k] = sold[:, window].sum(axis=1, dtype=np.float64)
        scale[:, k] = exposure[:, window].sum(axis=1)
        days[:, k] = known[:, end + interval_days] - known[:, end]
        days[known[:, end] < LEAST_KNOWN_DAYS, k] = 0
    return Backtest(
        levels[:, -1].astype(np.float64),
        levels[:, :-1].astype(np.float64) * scale[:, :, None],
        actual,
        days == interval_days,
        2 * days >= interval_days,
    )


def mixture(
    error: NDArray[np.float64], checks: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How much each smoothing constant counts, by its own past errors.

    Parameters
    ----------
    error : (n, n_origins, n_alpha) errors of interval forecasts [units], 0 where not
        complete
    checks : (n,) independent completed intervals

    Returns
    -------
    (n, n_alpha), rows add up to 1; equal shares where nothing was checked.

    Notes
    -----
    Share ~ (mean squared error) ^ (-``TRUST`` · checks / 2): the likelihood of normal
    errors, tempered, since the intervals share days and the best of a year is mostly
    luck. A mixture of forecasts is better than the one that looks best.

    References
    ----------
    Bates and Granger 1969, combination of forecasts.

    Examples
    --------
    >>> mixture(np.array([[[1.0, 1.0]]]), np.array([4.0])).tolist()
    [[0.5, 0.5]]
    """
    squares = (error**2).sum(axis=1)
    floor = squares.max(axis=1, keepdims=True) * 1e-12 + 1e-300
    score = np.log(np.maximum(squares, floor))
    score -= score.min(axis=1, keepdims=True)
    shares = np.exp(-TRUST / 2 * checks[:, None] * score)
    mixed: NDArray[np.float64] = shares / shares.sum(axis=1, keepdims=True)
    return mixed
