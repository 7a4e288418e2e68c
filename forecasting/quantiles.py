"""Distribution of demand over an interval: negative binomial and pooled residuals."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

LEVELS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
LEAST_RATIO = 1.02
LEAST_MEAN = 0.1
GAMMA_FROM = 2000.0


def nb_cdf(k: ArrayLike, mean: ArrayLike, ratio: ArrayLike) -> NDArray[np.float64]:
    """P(D <= k) of a negative binomial.

    Parameters
    ----------
    k : whole units; below 0 the answer is 0
    mean : expected demand, above 0 [units]
    ratio : variance / mean, at least ``LEAST_RATIO`` counts [-]

    Returns
    -------
    float64, broadcast shape.

    Notes
    -----
    size r = mean / (ratio - 1), p = 1 / ratio; F(k) = I_p(r, k + 1).

    Examples
    --------
    >>> round(float(nb_cdf(0, 2.0, 2.0)), 4)
    0.25
    """
    units = np.asarray(k, np.float64)
    spread = np.maximum(ratio, LEAST_RATIO)
    size = np.asarray(mean) / (spread - 1)
    inside: NDArray[np.float64] = special.betainc(
        size, np.maximum(units, 0) + 1, 1 / spread
    )
    return np.where(units < 0, 0.0, inside)


def nb_quantile(
    level: float, mean: NDArray[np.float64], ratio: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Smallest whole k with P(D <= k) >= level, by integer bisection.

    Parameters
    ----------
    level : probability inside (0, 1)
    mean, ratio : float64, same shape [units; -]

    Returns
    -------
    float64; 0 where the mean is 0. Above ``GAMMA_FROM`` units the gamma
    distribution of the same moments, rounded up.

    Raises
    ------
    ValueError
        If the level is not inside (0, 1).

    Examples
    --------
    >>> nb_quantile(0.95, np.array([0.0, 2.0]), np.array([2.0, 2.0])).tolist()
    [0.0, 6.0]
    """
    if not 0 < level < 1:
        raise ValueError("A quantile level lies between 0 and 1.")
    spread = np.maximum(ratio, LEAST_RATIO)
    found = np.zeros(mean.shape)
    large = mean > GAMMA_FROM
    found[large] = np.ceil(
        special.gammaincinv(mean[large] / spread[large], level) * spread[large]
    )
    small = (mean > 0) & ~large
    found[small] = _bisect(level, mean[small], spread[small])
    return found


def _bisect(
    level: float, mean: NDArray[np.float64], ratio: NDArray[np.float64]
) -> NDArray[np.float64]:
    reach = np.sqrt(level / (1 - level))
    low = np.full(mean.shape, -1.0)
    high = np.ceil(mean + reach * np.sqrt(mean * ratio)) + 1  # Cantelli's bound
    open_rows = np.flatnonzero(high - low > 1)
    while open_rows.size:
        middle = np.floor((low[open_rows] + high[open_rows]) / 2)
        enough = nb_cdf(middle, mean[open_rows], ratio[open_rows]) >= level
        high[open_rows[enough]] = middle[enough]
        low[open_rows[~enough]] = middle[~enough]
        open_rows = open_rows[(high - low)[open_rows] > 1]
    return np.asarray(high, np.float64)


def nb_loss(stock: ArrayLike, mean: ArrayLike, ratio: ArrayLike) -> NDArray[np.float64]:
    """Expected units short, E[max(D - S, 0)], of a negative binomial.

    Parameters
    ----------
    stock : S, whole units, at least 0
    mean, ratio : expected demand, above 0 [units]; variance / mean [-]

    Returns
    -------
    float64, broadcast shape [units].

    Notes
    -----
    n(S) = mean · P(D' > S - 1) - S · P(D > S), with D' of size r + 1 and the same p.

    References
    ----------
    Silver, Pyke and Thomas, 4th ed., loss functions; checked against the plain sum.

    Examples
    --------
    >>> round(float(nb_loss(0, 2.0, 2.0)), 6)
    2.0
    """
    units = np.asarray(stock, np.float64)
    spread = np.maximum(ratio, LEAST_RATIO)
    size = np.asarray(mean) / (spread - 1)
    p = 1 / spread
    above = np.where(
        units < 1, 1.0, 1 - special.betainc(size + 1, np.maximum(units, 1), p)
    )
    loss = np.asarray(mean) * above - units * (1 - nb_cdf(units, mean, spread))
    return np.maximum(np.asarray(loss, np.float64), 0.0)


def demand_quantiles(
    levels: Sequence[float],
    mean: NDArray[np.float64],
    ratio: NDArray[np.float64],
    residuals: NDArray[np.float64],
    residual_levels: NDArray[np.float64],
    kind: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Quantiles of demand over an interval, negative binomial and pool half and half.

    Parameters
    ----------
    levels : probabilities inside (0, 1), any order
    mean, ratio : float64, (n,) [units; variance / mean]
    residuals : (n_kinds, n_residual_levels), quantiles of pooled standardised
        residuals, NaN where there is no pool
    residual_levels : (n_residual_levels,), rising probabilities
    kind : int, (n,), row of ``residuals`` of each series

    Returns
    -------
    float64, (n, len(levels)), never below 0, rising with the level.
    """
    answer = np.zeros((mean.size, len(levels)))
    spread = np.sqrt(np.maximum(mean, LEAST_MEAN) * ratio) * (mean > 0)
    for column in np.argsort(levels):
        level = levels[column]
        exact = nb_quantile(level, mean, ratio)
        pooled = _at(level, residuals, residual_levels)[kind]
        seen = np.maximum(mean + spread * pooled, 0)
        answer[:, column] = np.where(np.isnan(seen), exact, (exact + seen) / 2)
    order = np.argsort(levels)
    answer[:, order] = np.maximum.accumulate(answer[:, order], axis=1)
    return answer


def _at(
    level: float, table: NDArray[np.float64], grid: NDArray[np.float64]
) -> NDArray[np.float64]:
    place = np.interp(level, grid, np.arange(grid.size))
    below = int(place)
    above = min(below + 1, grid.size - 1)
    share = place - below
    column: NDArray[np.float64] = table[:, below] * (1 - share) + (
        table[:, above] * share
    )
    return column


def ratio_over(
    days: ArrayLike, base_days: ArrayLike, ratio: ArrayLike, alpha: ArrayLike
) -> NDArray[np.float64]:
    """Variance ratio over another interval than the one it was measured on.

    Parameters
    ----------
    days, base_days : lengths wanted and measured [days]
    ratio : variance / mean over ``base_days``
    alpha : smoothing constant of the level

    Returns
    -------
    float64, broadcast shape.

    Notes
    -----
    The excess over 1 grows with 1 + a (H - 1) + a² (H - 1)(2H - 1) / 6, the variance
    of the sum of H errors of exponential smoothing, per day.

    References
    ----------
    Hyndman, Koehler, Ord and Snyder 2008, forecast variance over a lead time.
    """
    a = np.asarray(alpha, np.float64)

    def growth(h: NDArray[np.float64]) -> NDArray[np.float64]:
        result: NDArray[np.float64] = 1 + a * (h - 1) + a**2 * (h - 1) * (2 * h - 1) / 6
        return result

    wanted, measured = np.asarray(days, np.float64), np.asarray(base_days, np.float64)
    excess = np.maximum(np.asarray(ratio, np.float64) - 1, 0)
    return 1 + excess * growth(wanted) / growth(measured)
