"""Second pass over a shard: forecast and stock levels of every series."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from forecasting.calendar import CalendarFactors
from forecasting.fit import ShardFit
from forecasting.outlook import CHART_DAYS, mean_over, outlook
from forecasting.policy import base_stock
from forecasting.pool import RESIDUAL_LEVELS, PoolStats
from forecasting.quantiles import LEVELS, demand_quantiles
from forecasting.service import PolicyTerms, service_levels

WORDS = {"method", "abc"}
NOT_RECKONED = "could not be reckoned"


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
    mean = mean_over(view, fit.protection_days)
    per_day = mean / fit.protection_days
    wobble = per_day * np.square(terms.column("lead_time_sd_days", n))
    ratio = view.variance_ratio + wobble / fit.protection_days
    aim = service_levels(view, terms)
    stock = base_stock(aim.level, mean, terms.column("quantum", n))
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
