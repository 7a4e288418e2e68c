"""What the product forecasts at an origin, by the functions of the nightly run."""

import datetime as dt

import numpy as np
from bars import pool_of
from cases import INTERVAL_LEVELS, Case, Floats
from numpy.typing import NDArray
from terms import DAILY_LEVELS, HISTORY_DAYS, HORIZON

from forecasting import calendar, panel
from forecasting.fit import fit_shard
from forecasting.outlook import Outlook, outlook, quantiles_over
from forecasting.pool import RESIDUAL_LEVELS, reduce
from forecasting.quantiles import demand_quantiles

SPELL_SHARE = 0.1
LONGEST_SPELL = 14
SEED = 20161


def view_of(
    case: Case, days: int, gone: NDArray[np.bool_] | None = None, *, masked: bool = True
) -> Outlook:
    """The outlook over a protection interval of ``days``.

    ``gone`` : bool, (n, n_days), days on which nothing could be sold; ``masked`` :
    whether the forecast is told.
    """
    begin = max(case.past.shape[1] - HISTORY_DAYS, 0)
    columns = np.arange(begin, case.past.shape[1])
    demand, observed = case.past[:, begin:], columns >= case.first[:, None]
    if gone is not None:
        demand = np.where(gone[:, begin:], 0, demand)
        observed = observed & ~gone[:, begin:] if masked else observed
    shard = panel.build(demand, case.first_day + dt.timedelta(days=begin), observed)
    groups = panel.SeriesGroups(
        pool_of(case.store, case.department),
        pool_of(case.department),
        case.price.astype(np.float32),
    )
    n_week, n_year = groups.week.max() + 1, groups.year.max() + 1
    totals = calendar.group_totals(shard, groups, n_week, n_year)
    factors = calendar.factors(totals)
    fit = fit_shard(shard, groups, factors, days)
    return outlook(fit, reduce([fit]), factors)


def daily_mean(view: Outlook) -> Floats:
    """Expected demand of each of the 28 days, (n, 28)."""
    return view.level[:, None] * view.factor[:, :HORIZON]


def interval(view: Outlook, days: int) -> Floats:
    return quantiles_over(view, days, INTERVAL_LEVELS)


def daily(case: Case, mean: Floats) -> Floats:
    """Quantiles of single days, (n, 28, 9), about the means of the interval's fit.

    The spread is measured on one-day errors; h days ahead its excess over a Poisson
    grows with 1 + (h - 1) a², the variance of the h-th error of exponential smoothing.
    """
    one = view_of(case, 1)
    found = np.zeros((*mean.shape, len(DAILY_LEVELS)))
    for ahead in range(HORIZON):
        growth = 1 + ahead * one.alpha**2
        found[:, ahead] = demand_quantiles(
            DAILY_LEVELS,
            mean[:, ahead],
            1 + (one.variance_ratio - 1) * growth,
            one.residuals,
            RESIDUAL_LEVELS,
            one.kind,
        )
    return found


def random_spells(case: Case, at: int) -> NDArray[np.bool_]:
    """A tenth of the days since the first sale, in spells of 1 to 14 days."""
    random = np.random.default_rng([SEED, at])
    n, n_days = case.past.shape
    usual = (1 + LONGEST_SPELL) / 2
    # So that spells that run into each other still cover a tenth.
    starts = random.random((n, n_days)) < -np.log(1 - SPELL_SHARE) / usual
    length = random.integers(1, LONGEST_SPELL + 1, (n, n_days))
    left = np.zeros(n, np.int64)
    gone = np.zeros((n, n_days), bool)
    for day in range(n_days):
        left = np.maximum(left - 1, np.where(starts[:, day], length[:, day], 0))
        gone[:, day] = left > 0
    return gone & (np.arange(n_days) >= case.first[:, None])
