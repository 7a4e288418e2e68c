"""Stock levels for a promised service."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.quantiles import GAMMA_FROM, nb_loss, nb_quantile


@dataclass(frozen=True, slots=True)
class StockLevels:
    """Levels of a periodic base-stock policy, (n,) each [units]."""

    safety_stock: NDArray[np.float64]
    reorder_point: NDArray[np.float64]
    order_up_to_level: NDArray[np.float64]


def fill_rate_level(
    target: NDArray[np.float64],
    mean: NDArray[np.float64],
    ratio: NDArray[np.float64],
    review_demand: NDArray[np.float64],
    lead_mean: NDArray[np.float64],
    lead_ratio: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Smallest S with which the share ``target`` of demand is met from stock.

    Parameters
    ----------
    target : fill rate inside (0, 1), (n,)
    mean, ratio : demand over lead time + review period [units; variance / mean], (n,)
    review_demand : expected demand between two orders [units], (n,)
    lead_mean, lead_ratio : the same over the lead time alone, (n,)

    Returns
    -------
    float64, (n,), whole units; 0 where nothing is expected.

    Raises
    ------
    ValueError
        If a target is not inside (0, 1).

    Notes
    -----
    1 - fill = [n(S; L + R) - n(S; L)] / (d R). The second term are the units that
    were short at the last delivery already and must not count twice.

    References
    ----------
    Johnson, Lee, Davis and Hall 1995; Teunter 2009.
    """
    if ((target <= 0) | (target >= 1)).any():
        raise ValueError("A fill rate lies between 0 and 1.")
    level = np.zeros(mean.shape)
    sells = mean > 0
    if not sells.any():
        return level
    mean, ratio = mean[sells], ratio[sells]
    lead_mean, lead_ratio = lead_mean[sells], lead_ratio[sells]
    allowed = (1 - target[sells]) * review_demand[sells]
    step = np.maximum(np.floor(mean / GAMMA_FROM), 1.0)
    low, high = np.full(mean.shape, -step), _ceiling(allowed, mean, ratio)
    rows = np.flatnonzero(high - low > step)
    while rows.size:
        middle = np.floor((low[rows] + high[rows]) / 2)
        stock = np.maximum(middle, 0)
        short = nb_loss(stock, mean[rows], ratio[rows]) - np.where(
            lead_mean[rows] > 0,
            nb_loss(stock, np.maximum(lead_mean[rows], 1e-9), lead_ratio[rows]),
            0.0,
        )
        enough = (short <= allowed[rows]) & (middle >= 0)
        high[rows[enough]] = middle[enough]
        low[rows[~enough]] = middle[~enough]
        rows = rows[(high - low)[rows] > step[rows]]
    level[sells] = high
    return level


def _ceiling(
    allowed: NDArray[np.float64],
    mean: NDArray[np.float64],
    ratio: NDArray[np.float64],
) -> NDArray[np.float64]:
    """A stock that is surely enough: E[max(D - S, 0)] <= var / (4 (S - mean))."""
    ceiling: NDArray[np.float64] = (
        np.ceil(mean + mean * ratio / (4 * np.maximum(allowed, 1e-6))) + 2
    )
    return ceiling


def cycle_service_level(
    target: NDArray[np.float64],
    mean: NDArray[np.float64],
    ratio: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Smallest S that lasts through the share ``target`` of protection intervals.

    Parameters
    ----------
    target : probability inside (0, 1), (n,)
    mean, ratio : demand over lead time + review period [units; variance / mean], (n,)

    Returns
    -------
    float64, (n,), whole units.
    """
    level = np.zeros(mean.shape)
    for wanted in np.unique(target):
        rows = target == wanted
        level[rows] = nb_quantile(float(wanted), mean[rows], ratio[rows])
    return level


def base_stock(
    level: NDArray[np.float64],
    mean: NDArray[np.float64],
    quantum: NDArray[np.float64],
) -> StockLevels:
    """Levels around an order-up-to level.

    Parameters
    ----------
    level : S [units], (n,)
    mean : expected demand over the same interval [units], (n,)
    quantum : smallest amount that is counted [units], (n,)

    Returns
    -------
    StockLevels: s = S less one quantum, never below 0; safety stock = S - mean, never
    below 0. Where nothing is expected all three are 0.
    """
    return StockLevels(
        np.where(mean > 0, np.maximum(level - mean, 0), 0.0),
        np.maximum(level - quantum, 0.0),
        level,
    )
