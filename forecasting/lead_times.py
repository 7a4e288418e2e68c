"""The lead time as a distribution over whole days. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

POINTS = 8


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """Lead times of n series.

    ``days`` : int, (n, K), whole days a delivery may take, at least 0. ``weight`` :
    (n, K), chance of each; rows add up to 1.
    """

    days: NDArray[np.int64]
    weight: NDArray[np.float64]

    def rows(self, chosen: NDArray[np.int64]) -> "LeadTimes":
        return LeadTimes(self.days[chosen], self.weight[chosen])


def lead_times(mean_days: ArrayLike, sd_days: ArrayLike, most_days: int) -> LeadTimes:
    """Lead times of which only mean and sd are known.

    Parameters
    ----------
    mean_days, sd_days : (n,) [days], at least 0
    most_days : longest lead time that is reckoned with

    Returns
    -------
    LeadTimes: one length, counted up to a whole day, where nothing varies; else
    ``POINTS`` equally likely ones of the gamma distribution of these moments.

    Notes
    -----
    Each length stands for its share of the distribution at the share's middle; the
    spread that this cuts off at the ends is put back by stretching around the mean.

    Examples
    --------
    >>> lead_times([2.5], [0.0], 90).days[:, 0].tolist()
    [3]
    >>> lead_times([10.0], [4.0], 90).days.tolist()
    [[4, 6, 8, 9, 10, 12, 14, 17]]
    """
    mean, sd = np.broadcast_arrays(
        np.asarray(mean_days, np.float64), np.asarray(sd_days, np.float64)
    )
    shape = (mean.size, POINTS)
    varies = (sd > 0) & (mean > 0)
    days = np.repeat(np.ceil(mean - 1e-9)[:, None], POINTS, axis=1)
    weight = np.zeros(shape)
    weight[:, 0] = 1.0
    if varies.any():
        middle = (np.arange(POINTS) + 0.5) / POINTS
        k = (mean[varies] / sd[varies]) ** 2
        scale = mean[varies] / k
        points = special.gammaincinv(k[:, None], middle) * scale[:, None]
        off = points - points.mean(axis=1, keepdims=True)
        stretch = sd[varies] / np.maximum(off.std(axis=1), 1e-9)
        days[varies] = np.rint(mean[varies][:, None] + off * stretch[:, None])
        weight[varies] = 1 / POINTS
    return LeadTimes(np.clip(days, 0, most_days).astype(np.int64), weight)
