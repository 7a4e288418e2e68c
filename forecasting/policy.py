"""Stock levels for a promised service."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class StockLevels:
    """Levels of a periodic base-stock policy, (n,) each [units]."""

    safety_stock: NDArray[np.float64]
    reorder_point: NDArray[np.float64]
    order_up_to_level: NDArray[np.float64]


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
