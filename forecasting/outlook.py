"""What a shard expects to sell, before any policy. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.calendar import (
    HORIZON_DAYS,
    CalendarFactors,
    month_days,
    weekdays_of,
)
from forecasting.fit import ShardFit, independent_checks
from forecasting.levels import LEAST_KNOWN_DAYS
from forecasting.pool import RESIDUAL_LEVELS, PoolStats, shrunk_phi, volume
from forecasting.quantiles import LEVELS, demand_quantiles, ratio_over
from forecasting.shortage import Spread, spread_of

CHART_DAYS = 42
SMOOTHED, PRIOR, NO_SALES = "smoothed level", "category prior", "no sales"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a shard expects, before any policy.

    ``level`` : (n,) [units per usual day]; ``variance_ratio`` : (n,), over the
    protection interval; ``alpha`` : (n,); ``method``, ``abc`` : str arrays, (n,);
    ``residuals`` : (n_kinds, n_residual_levels), of each ``kind`` of series by volume,
    (n,); ``factor`` : (n, days ahead).
    """

    level: NDArray[np.float64]
    variance_ratio: NDArray[np.float64]
    alpha: NDArray[np.float64]
    method: NDArray[np.str_]
    abc: NDArray[np.str_]
    residuals: NDArray[np.float64]
    kind: NDArray[np.int64]
    spread: Spread
    factor: NDArray[np.float64]
    protection_days: NDArray[np.int64]


def outlook(fit: ShardFit, stats: PoolStats, factors: CalendarFactors) -> Outlook:
    """Level, dispersion and calendar of each series, drawn to its pools.

    Parameters
    ----------
    fit : ShardFit of the shard
    stats : PoolStats of the run
    factors : CalendarFactors of the run

    Returns
    -------
    Outlook

    Notes
    -----
    Series of fewer than ``LEAST_KNOWN_DAYS`` known days:
    Gamma-Poisson, level = (b × category mean + units) / (b + days), and the variance
    ratio grows by the uncertainty of that level, interval / (b + days).
    """
    classes = np.searchsorted(stats.edges, volume(fit), side="right")
    checks = independent_checks(fit)
    ratio = shrunk_phi(fit.phi, checks, stats.phi[classes])
    level = fit.level
    short = fit.known_days < LEAST_KNOWN_DAYS
    weight = stats.prior_days[fit.week_pool] * ratio
    backed = fit.known_days + weight
    drawn = (weight * stats.prior_rate[fit.week_pool] + fit.known_days * level) / backed
    level = np.where(short, drawn, level)
    doubt = np.where(fit.checks == 0, fit.protection_days / backed, 0.0)
    ratio = ratio * (1 + doubt)
    silent = (fit.units <= 0) & ~(short & (fit.known_days == 0))
    method = np.where(silent, NO_SALES, np.where(short, PRIOR, SMOOTHED))
    return Outlook(
        np.where(silent, 0.0, level),
        ratio,
        fit.alpha,
        method,
        _abc(fit, stats),
        stats.residuals,
        classes,
        spread_of(stats.residuals, RESIDUAL_LEVELS),
        _factors_ahead(fit, factors),
        fit.protection_days,
    )


def quantiles_over(
    outlook: Outlook, days: ArrayLike, levels: tuple[float, ...] = LEVELS
) -> NDArray[np.float64]:
    """Quantiles of demand over the first ``days`` days after as_of.

    Parameters
    ----------
    outlook : Outlook of the shard
    days : int, (n,) or one number, 1 … ``HORIZON_DAYS``
    levels : probabilities inside (0, 1)

    Returns
    -------
    float64, (n, len(levels)) [units].
    """
    ratio = ratio_over(
        days, outlook.protection_days, outlook.variance_ratio, outlook.alpha
    )
    return demand_quantiles(
        levels,
        mean_over(outlook, days),
        ratio,
        outlook.residuals,
        RESIDUAL_LEVELS,
        outlook.kind,
    )


def mean_over(outlook: Outlook, days: ArrayLike) -> NDArray[np.float64]:
    """Expected demand of the first ``days`` days after as_of, (n,) [units]."""
    total = np.cumsum(outlook.factor, axis=1)
    last = np.broadcast_to(np.asarray(days, np.int64), (len(total),)) - 1
    mean: NDArray[np.float64] = outlook.level * total[np.arange(len(total)), last]
    return mean


def _factors_ahead(fit: ShardFit, factors: CalendarFactors) -> NDArray[np.float64]:
    start = int(factors.n_days)
    need = min(2 * int(fit.protection_days.max(initial=1)) + CHART_DAYS, HORIZON_DAYS)
    weekdays = weekdays_of(int(factors.first_weekday) + start, need)
    ahead = fit.week[:, weekdays].astype(np.float64)
    ahead *= factors.year[fit.year_pool, start : start + need]
    ahead *= factors.month[fit.week_pool][:, month_days(factors, need, start=start)]
    return ahead


def _abc(fit: ShardFit, stats: PoolStats) -> NDArray[np.str_]:
    a, b = stats.abc_cuts
    return np.where(fit.revenue >= a, "A", np.where(fit.revenue >= b, "B", "C"))
