"""Small generated shops for the forecasting tests."""

from datetime import date

import numpy as np

from forecasting import calendar, panel
from forecasting.fit import fit_shard
from forecasting.plan import plan_shard
from forecasting.pool import RESIDUAL_LEVELS, reduce
from forecasting.service import PolicyTerms
from forecasting.shortage import Demand, spread_of

FIRST = date(2024, 1, 1)


def groups_of(n):
    pools = np.zeros(n, np.int32)
    return panel.SeriesGroups(pools, pools, np.ones(n, np.float32))


def plan_of(demand, *, days=14, observed=None, sizes=None, order=None, **terms):
    """Plan of a whole run, cut into shards of ``sizes`` and joined again."""
    demand = np.asarray(demand, float)
    observed = np.ones(demand.shape) if observed is None else np.asarray(observed)
    cuts = np.cumsum(sizes or [len(demand)])[:-1]
    order = np.arange(len(demand)) if order is None else order
    shards = [
        panel.build(demand[rows], FIRST, observed[rows])
        for rows in np.split(order, cuts)
    ]
    groups = [groups_of(shard.n_series) for shard in shards]
    totals = [
        calendar.group_totals(shard, group, 1, 1)
        for shard, group in zip(shards, groups, strict=True)
    ]
    factors = calendar.factors(calendar.merge(totals))
    fits = [
        fit_shard(shard, group, factors, days)
        for shard, group in zip(shards, groups, strict=True)
    ]
    stats = reduce(fits)
    supply = PolicyTerms(max(days - 7, 0), 0, min(7, days), **terms)
    return [plan_shard(fit, stats, factors, supply) for fit in fits]


def joined(plans, column):
    return np.concatenate([getattr(plan, column) for plan in plans])


NO_POOL = spread_of(np.full((1, RESIDUAL_LEVELS.size), np.nan), RESIDUAL_LEVELS)


def demand_over(mean, ratio, spread=NO_POOL):
    """Demand of series over equally likely intervals: means of (n,) or (n, K)."""
    mean = np.asarray(mean, float)
    mean = mean[:, None] if mean.ndim == 1 else mean
    weight = np.full(mean.shape, 1 / mean.shape[1])
    ratio = np.broadcast_to(ratio, mean.shape).astype(float)
    return Demand(mean, ratio, weight, np.zeros(len(mean), np.int64), spread)
