"""Second pass over a shard: forecast and stock levels of every series."""

from dataclasses import dataclass, fields, replace

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
from forecasting.policy import base_stock, fill_rate_level
from forecasting.pool import (
    RESIDUAL_LEVELS,
    PoolStats,
    shrunk_phi,
    volume,
)
from forecasting.quantiles import LEVELS, demand_quantiles, ratio_over

CHART_DAYS = 42
WORDS = {"method", "abc"}
SMOOTHED, PRIOR, NO_SALES = "smoothed level", "category prior", "no sales"
NOT_RECKONED = "could not be reckoned"


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """Terms of supply of each series, arrays of shape (n,) or single numbers.

    ``lead_time_days``, ``lead_time_sd_days`` : mean and sd of the lead time [days].
    ``review_period_days`` : days between two orders, at least 1.
    ``fill_rate`` : share of demand to be met from stock, inside (0, 1).
    ``quantum`` : smallest amount counted of the product [units].
    """

    lead_time_days: ArrayLike
    lead_time_sd_days: ArrayLike
    review_period_days: ArrayLike
    fill_rate: ArrayLike = 0.98
    quantum: ArrayLike = 1.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a shard expects, before any policy.

    ``level`` : (n,) [units per usual day]; ``variance_ratio`` : (n,), over the
    protection interval; ``alpha`` : (n,); ``method``, ``abc`` : str arrays, (n,);
    ``residuals`` : (n, n_residual_levels); ``factor`` : (n, days ahead).
    """

    level: NDArray[np.float64]
    variance_ratio: NDArray[np.float64]
    alpha: NDArray[np.float64]
    method: NDArray[np.str_]
    abc: NDArray[np.str_]
    residuals: NDArray[np.float64]
    factor: NDArray[np.float64]
    protection_days: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """The plan's columns, (n,) each; ``quantiles`` (n, 6); ``daily_mean`` (n, 42)."""

    demand_per_day: NDArray[np.float64]
    expected_demand: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    variance_ratio: NDArray[np.float64]
    safety_stock: NDArray[np.float64]
    reorder_point: NDArray[np.float64]
    order_up_to_level: NDArray[np.float64]
    daily_mean: NDArray[np.float64]
    method: NDArray[np.str_]
    abc: NDArray[np.str_]


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
        stats.residuals[classes],
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
        levels, _mean_over(outlook, days), ratio, outlook.residuals, RESIDUAL_LEVELS
    )


def plan_shard(
    fit: ShardFit, stats: PoolStats, factors: CalendarFactors, terms: PolicyTerms
) -> ShardPlan:
    """Forecast and stock levels of a shard: the columns of its plan rows.

    Parameters
    ----------
    fit : ShardFit of the shard
    stats : PoolStats of the run
    factors : CalendarFactors of the run
    terms : PolicyTerms of its series

    Returns
    -------
    ShardPlan. ``expected_demand``, ``quantiles`` and ``variance_ratio`` are over the
    fit's protection interval and include the spread of the lead time.

    Notes
    -----
    Random lead time: variance = ratio × mean + d² Var[L].

    References
    ----------
    Silver, Pyke and Thomas, 4th ed., ch. 6, demand during a random lead time.
    """
    view = outlook(fit, stats, factors)
    n = fit.n_series
    mean = _mean_over(view, fit.protection_days)
    per_day = mean / fit.protection_days
    wobble = per_day * np.square(_column(terms.lead_time_sd_days, n))
    lead_days = np.minimum(_column(terms.lead_time_days, n), fit.protection_days)
    lead_mean = per_day * lead_days
    lead_ratio = ratio_over(
        np.maximum(lead_days, 1), fit.protection_days, view.variance_ratio, view.alpha
    )
    ratio = view.variance_ratio + wobble / fit.protection_days
    lead_ratio += wobble / np.maximum(lead_days, 1)
    level = fill_rate_level(
        _column(terms.fill_rate, n),
        mean,
        ratio,
        per_day * _column(terms.review_period_days, n),
        lead_mean,
        lead_ratio,
    )
    stock = base_stock(level, mean, _column(terms.quantum, n))
    return sound(
        ShardPlan(
            per_day,
            mean,
            demand_quantiles(LEVELS, mean, ratio, view.residuals, RESIDUAL_LEVELS),
            ratio,
            stock.safety_stock,
            stock.reorder_point,
            stock.order_up_to_level,
            view.level[:, None] * view.factor[:, :CHART_DAYS],
            view.method,
            view.abc,
        )
    )


def sound(plan: ShardPlan) -> ShardPlan:
    """A plan without a number that is none: such a series is named, and holds nothing.

    The others of its shard are left as they are.
    """
    columns = {
        f.name: getattr(plan, f.name) for f in fields(plan) if f.name not in WORDS
    }
    bad = np.zeros(plan.method.shape, bool)
    for values in columns.values():
        odd = ~np.isfinite(values) | (values < 0)
        bad |= odd.reshape(bad.size, -1).any(axis=1)
    clean = {
        name: np.where(bad.reshape(-1, *(1,) * (values.ndim - 1)), 0.0, values)
        for name, values in columns.items()
    }
    return replace(plan, **clean, method=np.where(bad, NOT_RECKONED, plan.method))


def _column(value: ArrayLike, n: int) -> NDArray[np.float64]:
    return np.broadcast_to(np.asarray(value, np.float64), (n,))


def _mean_over(outlook: Outlook, days: ArrayLike) -> NDArray[np.float64]:
    total = np.cumsum(outlook.factor, axis=1)
    last = np.broadcast_to(np.asarray(days, np.int64), (len(total),)) - 1
    mean: NDArray[np.float64] = outlook.level * total[np.arange(len(total)), last]
    return mean


def _factors_ahead(fit: ShardFit, factors: CalendarFactors) -> NDArray[np.float64]:
    start = int(factors.n_days)
    need = min(max(int(fit.protection_days.max(initial=1)), CHART_DAYS), HORIZON_DAYS)
    weekdays = weekdays_of(int(factors.first_weekday) + start, need)
    ahead = fit.week[:, weekdays].astype(np.float64)
    ahead *= factors.year[fit.year_pool, start : start + need]
    ahead *= factors.month[fit.week_pool][:, month_days(factors, need, start=start)]
    return ahead


def _abc(fit: ShardFit, stats: PoolStats) -> NDArray[np.str_]:
    a, b = stats.abc_cuts
    return np.where(fit.revenue >= a, "A", np.where(fit.revenue >= b, "B", "C"))
