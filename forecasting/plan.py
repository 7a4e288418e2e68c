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
from forecasting.lead_times import POINTS, LeadTimes, lead_times
from forecasting.levels import LEAST_KNOWN_DAYS
from forecasting.policy import base_stock
from forecasting.pool import (
    RESIDUAL_LEVELS,
    PoolStats,
    shrunk_phi,
    volume,
)
from forecasting.quantiles import LEVELS, demand_quantiles, ratio_over
from forecasting.shortage import (
    Demand,
    Spread,
    chance_enough,
    spread_of,
    stock_for_cycle,
    stock_for_fill,
    units_short,
)

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
    ``cycle_service`` : share of intervals without a stock-out to aim at instead,
    inside (0, 1); NaN where the fill rate is the aim.
    """

    lead_time_days: ArrayLike
    lead_time_sd_days: ArrayLike
    review_period_days: ArrayLike
    fill_rate: ArrayLike = 0.98
    quantum: ArrayLike = 1.0
    cycle_service: ArrayLike = np.nan


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


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """The plan's columns, (n,) each; ``quantiles`` (n, 6); ``daily_mean`` (n, 42).

    ``achieved_fill``, ``achieved_cycle`` : what the order-up-to level promises: it is
    whole, so that is more than the target; 1 where nothing is expected.
    """

    demand_per_day: NDArray[np.float64]
    expected_demand: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    variance_ratio: NDArray[np.float64]
    safety_stock: NDArray[np.float64]
    reorder_point: NDArray[np.float64]
    order_up_to_level: NDArray[np.float64]
    achieved_fill: NDArray[np.float64]
    achieved_cycle: NDArray[np.float64]
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
        _mean_over(outlook, days),
        ratio,
        outlook.residuals,
        RESIDUAL_LEVELS,
        outlook.kind,
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
    The level is that of demand mixed over the lead time's distribution; the quantiles
    shown beside it have its variance, ratio × mean + d² Var[L].

    References
    ----------
    Silver, Pyke and Thomas, 4th ed., ch. 6, demand during a random lead time.
    """
    view = outlook(fit, stats, factors)
    n = fit.n_series
    mean = _mean_over(view, fit.protection_days)
    per_day = mean / fit.protection_days
    wobble = per_day * np.square(_column(terms.lead_time_sd_days, n))
    ratio = view.variance_ratio + wobble / fit.protection_days
    aim = service_levels(view, terms)
    stock = base_stock(aim.level, mean, _column(terms.quantum, n))
    return sound(
        ShardPlan(
            per_day,
            mean,
            demand_quantiles(
                LEVELS, mean, ratio, view.residuals, RESIDUAL_LEVELS, view.kind
            ),
            ratio,
            stock.safety_stock,
            stock.reorder_point,
            stock.order_up_to_level,
            aim.fill,
            aim.cycle,
            view.level[:, None] * view.factor[:, :CHART_DAYS],
            view.method,
            view.abc,
        )
    )


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """Order-up-to levels and what they promise, (n,) each [units; -; -]."""

    level: NDArray[np.float64]
    fill: NDArray[np.float64]
    cycle: NDArray[np.float64]


def service_levels(view: Outlook, terms: PolicyTerms) -> ServiceLevels:
    """Least whole levels that reach the targets.

    Parameters
    ----------
    view : Outlook of the shard
    terms : PolicyTerms of its series

    Returns
    -------
    ServiceLevels

    Raises
    ------
    ValueError
        If a target is not inside (0, 1).

    Notes
    -----
    1 - fill = [n(S; L + R) - n(S; L)] / (d R), n being mixed over the lead times.

    References
    ----------
    Johnson, Lee, Davis and Hall 1995; Teunter 2009.
    """
    n = view.level.size
    for target in (terms.fill_rate, terms.cycle_service):
        if ((np.asarray(target) <= 0) | (np.asarray(target) >= 1)).any():
            raise ValueError("A service target lies between 0 and 1.")
    sd = _column(terms.lead_time_sd_days, n)
    found = ServiceLevels(np.zeros(n), np.ones(n), np.ones(n))
    for varies in (False, True):
        rows = np.flatnonzero((sd > 0) == varies)
        if rows.size:
            _aim(found, view, terms, rows, points=POINTS if varies else 1)
    return found


def _aim(
    found: ServiceLevels,
    view: Outlook,
    terms: PolicyTerms,
    rows: NDArray[np.int64],
    *,
    points: int,
) -> None:
    n = view.level.size
    review = _column(terms.review_period_days, n)[rows]
    lead = lead_times(
        _column(terms.lead_time_days, n)[rows],
        _column(terms.lead_time_sd_days, n)[rows],
        view.factor.shape[1] - int(np.ceil(review.max())),
    )
    lead = LeadTimes(lead.days[:, :points], lead.weight[:, :points])
    over = _demand(view, rows, lead, np.ceil(review).astype(np.int64))
    before = _demand(view, rows, lead, np.zeros(rows.size, np.int64))
    cycle_demand = np.maximum(
        (over.mean * over.weight).sum(axis=1)
        - (before.mean * before.weight).sum(axis=1),
        1e-12,
    )
    allowed = (1 - _column(terms.fill_rate, n)[rows]) * cycle_demand
    by_cycle = _column(terms.cycle_service, n)[rows]
    level = stock_for_fill(allowed, over, before)
    cycles = np.flatnonzero(~np.isnan(by_cycle))
    level[cycles] = stock_for_cycle(by_cycle[cycles], over.rows(cycles))
    short = units_short(level, over) - units_short(level, before)
    sells = over.mean.max(axis=1) > 0
    found.level[rows] = level
    found.fill[rows] = np.where(sells, np.clip(1 - short / cycle_demand, 0, 1), 1.0)
    found.cycle[rows] = np.where(sells, chance_enough(level, over), 1.0)


def _demand(
    view: Outlook,
    rows: NDArray[np.int64],
    lead: LeadTimes,
    more_days: NDArray[np.int64],
) -> Demand:
    days = lead.days + more_days[:, None]
    until = np.concatenate(
        [np.zeros((rows.size, 1)), np.cumsum(view.factor[rows], axis=1)], axis=1
    )
    mean = view.level[rows][:, None] * np.take_along_axis(until, days, axis=1)
    ratio = ratio_over(
        np.maximum(days, 1),
        view.protection_days[rows][:, None],
        view.variance_ratio[rows][:, None],
        view.alpha[rows][:, None],
    )
    return Demand(mean, ratio, lead.weight, view.kind[rows], view.spread)


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
    need = min(2 * int(fit.protection_days.max(initial=1)) + CHART_DAYS, HORIZON_DAYS)
    weekdays = weekdays_of(int(factors.first_weekday) + start, need)
    ahead = fit.week[:, weekdays].astype(np.float64)
    ahead *= factors.year[fit.year_pool, start : start + need]
    ahead *= factors.month[fit.week_pool][:, month_days(factors, need, start=start)]
    return ahead


def _abc(fit: ShardFit, stats: PoolStats) -> NDArray[np.str_]:
    a, b = stats.abc_cuts
    return np.where(fit.revenue >= a, "A", np.where(fit.revenue >= b, "B", "C"))
