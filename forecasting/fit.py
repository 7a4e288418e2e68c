"""First pass over a shard: what each series says for itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.calendar import (
    HORIZON_DAYS,
    WEEK_WINDOW_DAYS,
    CalendarFactors,
    month_days,
    weekdays_of,
)
from forecasting.levels import ALPHAS, ORIGINS, backtest, mixture
from forecasting.packed import Packed
from forecasting.panel import Panel, SeriesGroups

BLOCK = 2048
OWN_WEEK_PSEUDO_UNITS = 400.0
REVENUE_DAYS = 364


@dataclass(frozen=True, slots=True)
class ShardFit(Packed):
    """Compact result of the first pass; all the pool and the second pass need.

    ``level``, ``alpha``, ``phi`` : (n,): level now [units per usual day], smoothing
    constant, both of the mixture; variance ratio of its interval forecasts.
    ``checks`` : (n,), completed intervals behind them.
    ``errors``, ``means`` : (n, ORIGINS), error and forecast of the mixture at past
    origins [units per interval], NaN where not complete.
    ``week`` : (n, 7), own week profile. ``week_pool``, ``year_pool`` : (n,).
    ``known_days`` : (n,), observed days. ``units`` : (n,), sold on them.
    ``revenue`` : (n,), last 52 weeks [money]. ``protection_days`` : (n,).
    """

    level: NDArray[np.float64]
    alpha: NDArray[np.float64]
    phi: NDArray[np.float64]
    checks: NDArray[np.int64]
    errors: NDArray[np.float32]
    means: NDArray[np.float32]
    week: NDArray[np.float32]
    week_pool: NDArray[np.int32]
    year_pool: NDArray[np.int32]
    known_days: NDArray[np.int64]
    units: NDArray[np.float64]
    revenue: NDArray[np.float64]
    protection_days: NDArray[np.int64]

    @property
    def n_series(self) -> int:
        return len(self.checks)


def independent_checks(fit: ShardFit) -> NDArray[np.float64]:
    """Checks, counted down where their intervals overlap."""
    return np.asarray(fit.checks * np.minimum(1.0, 7 / fit.protection_days), np.float64)


def fit_shard(
    panel: Panel,
    groups: SeriesGroups,
    factors: CalendarFactors,
    protection_days: ArrayLike,
) -> ShardFit:
    """Levels and backtests of every series of a shard.

    Parameters
    ----------
    panel : Panel of the shard, on the days of ``factors``
    groups : SeriesGroups of its series
    factors : CalendarFactors of the run
    protection_days : int, (n_series,), lead time + review period, whole days

    Returns
    -------
    ShardFit. A series' row depends on nothing but the series and ``factors``.

    Raises
    ------
    ValueError
        If a protection interval is outside 1 … ``HORIZON_DAYS`` days.
    """
    days = np.broadcast_to(np.asarray(protection_days, np.int64), (panel.n_series,))
    if days.size and (days.min() < 1 or days.max() > HORIZON_DAYS):
        raise ValueError(f"An interval has 1 to {HORIZON_DAYS} days.")
    fit = _empty(panel, groups, days)
    for length in np.unique(days):
        members = np.flatnonzero(days == length)
        for start in range(0, members.size, BLOCK):
            _fit_block(fit, panel, factors, members[start : start + BLOCK])
    fit.revenue[:] *= groups.price
    return fit


def _empty(panel: Panel, groups: SeriesGroups, days: NDArray[np.int64]) -> ShardFit:
    n = panel.n_series
    return ShardFit(
        level=np.zeros(n),
        alpha=np.zeros(n),
        phi=np.ones(n),
        checks=np.zeros(n, np.int64),
        errors=np.full((n, ORIGINS), np.nan, np.float32),
        means=np.full((n, ORIGINS), np.nan, np.float32),
        week=np.ones((n, 7), np.float32),
        week_pool=groups.week,
        year_pool=groups.year,
        known_days=panel.observed.sum(axis=1, dtype=np.int64),
        units=np.zeros(n),
        revenue=np.zeros(n),
        protection_days=days,
    )


def _fit_block(
    fit: ShardFit, panel: Panel, factors: CalendarFactors, rows: NDArray[np.int64]
) -> None:
    demand, observed = panel.demand[rows], panel.observed[rows]
    recent = demand[:, -REVENUE_DAYS:].sum(axis=1, dtype=np.float64)
    fit.units[rows] = demand.sum(axis=1, dtype=np.float64)
    fit.revenue[rows] = recent
    weekdays = weekdays_of(int(factors.first_weekday), panel.n_days)
    pool_week = factors.week[fit.week_pool[rows]]
    fit.week[rows] = _own_week(demand, observed, weekdays, pool_week)
    factor = fit.week[rows][:, weekdays]
    factor *= factors.year[fit.year_pool[rows], : panel.n_days]
    factor *= factors.month[fit.week_pool[rows]][:, month_days(factors, panel.n_days)]
    tested = backtest(demand, observed, factor, int(fit.protection_days[rows[0]]))
    overlap = min(1.0, 7 / int(fit.protection_days[rows[0]]))
    error = np.where(
        tested.tested[:, :, None], tested.actual[:, :, None] - tested.forecast, 0.0
    )
    share = mixture(error, overlap * tested.tested.sum(axis=1, dtype=np.float64))
    done = tested.complete
    fit.checks[rows] = done.sum(axis=1)
    error = np.where(done, np.matmul(error, share[:, :, None])[:, :, 0], 0.0)
    foretold = np.matmul(tested.forecast, share[:, :, None])[:, :, 0]
    squares, usual = (error**2).sum(axis=1), (foretold * done).sum(axis=1)
    fit.level[rows] = (tested.level * share).sum(axis=1)
    fit.alpha[rows] = share @ ALPHAS
    fit.phi[rows] = np.divide(
        squares, usual, out=np.ones_like(squares), where=usual > 0
    )
    count = done.shape[1]
    fit.errors[rows, :count] = np.where(done, error, np.nan)
    fit.means[rows, :count] = np.where(done, foretold, np.nan)


def _own_week(
    demand: NDArray[np.float32],
    observed: NDArray[np.uint8],
    weekdays: NDArray[np.int64],
    pool: NDArray[np.float32],
) -> NDArray[np.float32]:
    hot = np.eye(7, dtype=np.float32)[weekdays[-WEEK_WINDOW_DAYS:]]
    seen = observed[:, -WEEK_WINDOW_DAYS:].astype(np.float32)
    units = (demand[:, -WEEK_WINDOW_DAYS:] * seen) @ hot
    share = seen @ hot / np.maximum(seen.sum(axis=1, keepdims=True), 1)
    prior = OWN_WEEK_PSEUDO_UNITS / 7
    usual = units.sum(axis=1, keepdims=True) * share + prior
    raw = (units + prior * pool) / usual
    return np.asarray(raw / raw.mean(axis=1, keepdims=True), np.float32)
