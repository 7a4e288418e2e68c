"""One order for one season: too few against too many. Pure."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

type Floats = NDArray[np.float64]


def critical_ratio(
    price: ArrayLike,
    cost: ArrayLike,
    salvage: ArrayLike = 0.0,
    goodwill: ArrayLike = 0.0,
) -> Floats:
    """The chance of selling out that is worth aiming at, less one.

    Parameters
    ----------
    price, cost, salvage : what a unit sells for, costs, and brings after the season
        [money per unit]
    goodwill : what a customer who goes away empty costs besides [money per unit]

    Returns
    -------
    cu / (cu + co) with cu = price − cost + goodwill and co = cost − salvage; 0 where a
    unit is sold at a loss.

    Raises
    ------
    ValueError
        If a unit left over brings more than it cost: then there is no end to it.

    Examples
    --------
    >>> critical_ratio(180, 110, 90).round(4).item()
    0.7778
    """
    pays, costs = np.asarray(price, np.float64), np.asarray(cost, np.float64)
    under = pays - costs + np.asarray(goodwill, np.float64)
    over = costs - np.asarray(salvage, np.float64)
    if (over <= 0).any():
        raise ValueError("A unit left over has to bring less than it cost.")
    ratio: Floats = np.clip(under / (under + over), 0.0, 1.0)
    return np.where(under <= 0, 0.0, ratio)


def least_quantity(distribution: ArrayLike, ratio: float) -> int:
    """Least whole Q whose chance of being enough is at least the ratio.

    Parameters
    ----------
    distribution : (n,), P(D <= q) for q = 0, 1, …
    ratio : critical ratio

    Returns
    -------
    Q [units]; the largest known one where none is enough.
    """
    cdf = np.asarray(distribution, np.float64)
    return min(int(np.searchsorted(cdf, ratio - 1e-12)), cdf.size - 1)


def season_quantiles(
    forecast: ArrayLike, past_ratios: ArrayLike, levels: ArrayLike
) -> Floats:
    """Demand of a season, from a forecast and how earlier forecasts turned out.

    Parameters
    ----------
    forecast : (n,), units expected over the season
    past_ratios : (m,), actual / forecast of comparable seasons or items
    levels : (k,), probabilities inside (0, 1)

    Returns
    -------
    (n, k) [units].

    Notes
    -----
    D = F × A/F: the ratios' own distribution where there are 20 or more, else the
    normal of their mean and spread, which says more than a few steps; never below 0.

    References
    ----------
    Fisher and Raman 1996; Cachon and Terwiesch, A/F ratios.
    """
    ratios, wanted = np.asarray(past_ratios, np.float64), np.asarray(levels, np.float64)
    if ratios.size >= 20:
        factor = np.quantile(ratios, wanted)
    else:
        spread = ratios.std(ddof=1) if ratios.size > 1 else 0.0
        factor = (
            ratios.mean() + special.ndtri(wanted) * spread
            if ratios.size
            else 1 + 0 * wanted
        )
    scaled: Floats = np.asarray(forecast, np.float64)[:, None] * np.maximum(factor, 0)
    return scaled


def normal_loss(stock: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> Floats:
    """Units short of normal demand, E[max(D − S, 0)] = sd [φ(z) − z (1 − Φ(z))].

    Examples
    --------
    >>> normal_loss(18.6, 15, 3).round(8).item()
    0.16830735
    """
    spread = np.asarray(sd, np.float64)
    gap = np.asarray(stock, np.float64) - np.asarray(mean, np.float64)
    z = np.asarray(gap / spread)
    return np.asarray(spread * (special.ndtr(-z) * -z + _density(z)), np.float64)


def _density(z: Floats) -> Floats:
    return np.asarray(np.exp(-z * z / 2) / np.sqrt(2 * np.pi))
