"""How good forecasts were."""

import numpy as np
from numpy.typing import NDArray


def pinball(
    actual: NDArray[np.float64], quantile: NDArray[np.float64], level: float
) -> NDArray[np.float64]:
    """Pinball loss of quantile forecasts.

    Parameters
    ----------
    actual, quantile : float64, same shape [units]
    level : probability the quantile was given for

    Returns
    -------
    float64, same shape [units].

    Examples
    --------
    >>> pinball(np.array([10.0, 0.0]), np.array([5.0, 5.0]), 0.9).round(3).tolist()
    [4.5, 0.5]
    """
    gap = actual - quantile
    return np.maximum(level * gap, (level - 1) * gap)


def coverage_gap(
    actual: NDArray[np.float64], quantile: NDArray[np.float64], level: float
) -> float:
    """How far the share of outcomes within the quantile is from its promise.

    Parameters
    ----------
    actual, quantile : float64, (n,) [units]
    level : promised probability

    Returns
    -------
    max(level - P(D <= S), P(D < S) - level, 0): no gap where ties on whole units can
    make up for it. NaN where nothing was compared.

    Examples
    --------
    >>> coverage_gap(np.array([1.0, 2.0]), np.array([1.0, 1.0]), 0.9)
    0.4
    """
    within, below = (actual <= quantile).mean(), (actual < quantile).mean()
    return float(max(level - within, below - level, 0))


def wape(actual: NDArray[np.float64], forecast: NDArray[np.float64]) -> float:
    """Sum of absolute errors over the sum of demand; NaN without demand.

    Examples
    --------
    >>> wape(np.array([8.0, 2.0]), np.array([6.0, 3.0]))
    0.3
    """
    total = actual.sum()
    return float(np.abs(actual - forecast).sum() / total) if total > 0 else np.nan


def bias(actual: NDArray[np.float64], forecast: NDArray[np.float64]) -> float:
    """Forecast over demand, less one; above 0 = forecast too much.

    Examples
    --------
    >>> bias(np.array([8.0, 2.0]), np.array([6.0, 5.0]))
    0.1
    """
    total = actual.sum()
    return float((forecast - actual).sum() / total) if total > 0 else np.nan
