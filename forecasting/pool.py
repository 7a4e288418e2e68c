"""Reduce: what all series of a run say together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.fit import ShardFit, independent_checks
from forecasting.packed import Packed
from forecasting.quantiles import LEAST_MEAN

CLASSES = 10
LEAST_CLASS_SERIES = 20
LEAST_CHECKS = 4
LEAST_RESIDUALS = 200
PHI_DEFAULT = 1.6
PHI_PSEUDO_CHECKS = 20.0
ABC_SHARES = (0.80, 0.95)
RESIDUAL_LEVELS = np.concatenate(
    [np.linspace(0.005, 0.95, 190), np.linspace(0.951, 0.999, 49)]
)


@dataclass(frozen=True, slots=True)
class PoolStats(Packed):
    """Pools of a run, by volume class (units per protection interval).

    ``edges`` : (n_classes - 1,), volumes between the classes.
    ``phi`` : (n_classes,), median variance ratio of each class.
    ``residuals`` : (n_classes, RESIDUAL_LEVELS), quantiles of standardised residuals,
    NaN where there are too few.
    ``prior_rate``, ``prior_days`` : (n_week_pools,), Gamma prior of the daily rate:
    its mean [units per day] and its weight [days].
    ``abc_cuts`` : (2,), least revenue of class A and of class B.
    """

    edges: NDArray[np.float64]
    phi: NDArray[np.float64]
    residuals: NDArray[np.float64]
    prior_rate: NDArray[np.float64]
    prior_days: NDArray[np.float64]
    abc_cuts: NDArray[np.float64]


def reduce(fits: Sequence[ShardFit]) -> PoolStats:
    """Pool the fits of all shards of a run; their order and size do not matter.

    Parameters
    ----------
    fits : one ShardFit per shard

    Returns
    -------
    PoolStats

    Raises
    ------
    ValueError
        If there is no shard.

    Notes
    -----
    The variance ratio of a class is the *median* of its members': a mean, or a pool
    weighted by volume, is ruled by the few fast movers and makes every slow mover
    look as restless as they are.
    """
    if not fits:
        raise ValueError("There is nothing to pool.")
    every = _together(fits)
    usable = (every.checks >= LEAST_CHECKS) & (volume(every) > 0)
    edges = _edges(volume(every)[usable])
    classes = np.searchsorted(edges, volume(every), side="right")
    n_classes = edges.size + 1
    phi = np.full(n_classes, PHI_DEFAULT)
    for c in range(n_classes):
        members = usable & (classes == c)
        if members.any():
            phi[c] = np.median(np.maximum(every.phi[members], 1.0))
    rate, days = _priors(every)
    return PoolStats(
        edges,
        phi,
        _residuals(every, usable, classes, phi),
        rate,
        days,
        abc_cuts(every.revenue),
    )


def volume(fit: ShardFit) -> NDArray[np.float64]:
    """Units per protection interval, the measure of the volume classes."""
    units: NDArray[np.float64] = fit.level * fit.protection_days
    return units


def shrunk_phi(
    own: NDArray[np.float64],
    checks: NDArray[np.float64],
    pooled: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Own variance ratio drawn to that of the class, by the checks behind it.

    Examples
    --------
    >>> shrunk_phi(np.array([5.0, 5.0]), np.array([0.0, 20.0]), np.array([1.5, 2.0]))
    array([1.5, 3.5])
    """
    shrunk: NDArray[np.float64] = (checks * own + PHI_PSEUDO_CHECKS * pooled) / (
        checks + PHI_PSEUDO_CHECKS
    )
    return np.maximum(shrunk, 1.0)


def abc_cuts(revenue: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least revenue of classes A and B: 80 % and 95 % of the whole.

    Examples
    --------
    >>> abc_cuts(np.array([80.0, 15.0, 4.0, 1.0])).tolist()
    [80.0, 15.0]
    """
    ranked = np.sort(revenue)[::-1]
    share = np.cumsum(ranked) / max(ranked.sum(), 1e-9)
    at = np.searchsorted(share, np.array(ABC_SHARES) - 1e-9)
    if not ranked.size:
        return np.zeros(2)
    return np.asarray(ranked[np.minimum(at, ranked.size - 1)], np.float64)


def _together(fits: Sequence[ShardFit]) -> ShardFit:
    return ShardFit(
        **{
            name: np.concatenate([getattr(fit, name) for fit in fits])
            for name in ShardFit.__dataclass_fields__
        }
    )


def _edges(volumes: NDArray[np.float64]) -> NDArray[np.float64]:
    classes = min(CLASSES, max(volumes.size // LEAST_CLASS_SERIES, 1))
    if classes == 1:
        return np.zeros(0)
    return np.quantile(volumes, np.arange(1, classes) / classes)


def _residuals(
    every: ShardFit,
    usable: NDArray[np.bool_],
    classes: NDArray[np.int64],
    phi: NDArray[np.float64],
) -> NDArray[np.float64]:
    own = shrunk_phi(every.phi, independent_checks(every), phi[classes])
    table = np.full((phi.size, RESIDUAL_LEVELS.size), np.nan)
    for c in range(phi.size):
        members = usable & (classes == c)
        mean = every.means[members].astype(np.float64)
        spread = np.sqrt(np.maximum(mean, LEAST_MEAN) * own[members][:, None])
        scaled = every.errors[members] / spread
        scaled = scaled[np.isfinite(scaled) & (mean > 0)]
        if scaled.size >= LEAST_RESIDUALS:
            table[c] = np.quantile(scaled, RESIDUAL_LEVELS)
    return table


def _priors(every: ShardFit) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and weight of the Gamma prior of each week pool, by moments."""
    pools = int(every.week_pool.max(initial=-1)) + 1
    rate, known = every.level, every.known_days > 0
    mean, days = np.zeros(pools), np.ones(pools)
    for pool in range(pools):
        members = rate[known & (every.week_pool == pool)]
        if members.size:
            mean[pool] = members.mean()
        if members.size > 2 and members.var() > 0:
            days[pool] = np.clip(mean[pool] / members.var(), 0.1, 28)
    return mean, days
