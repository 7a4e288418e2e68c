"""Order-up-to levels for a promised service. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.lead_times import POINTS, LeadTimes, lead_times
from forecasting.outlook import Outlook
from forecasting.quantiles import ratio_over
from forecasting.shortage import (
    Demand,
    chance_enough,
    stock_for_cycle,
    stock_for_fill,
    units_short,
)


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

    def column(self, name: str, n: int) -> NDArray[np.float64]:
        """One of the terms for each of n series."""
        return np.broadcast_to(np.asarray(getattr(self, name), np.float64), (n,))


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
    by_fill, by_cycle = np.asarray(terms.fill_rate), np.asarray(terms.cycle_service)
    inside = ((by_fill > 0) & (by_fill < 1)).all()
    if not inside or (by_cycle <= 0).any() or (by_cycle >= 1).any():
        raise ValueError("A service target lies between 0 and 1.")
    sd = terms.column("lead_time_sd_days", n)
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
    review = terms.column("review_period_days", n)[rows]
    lead = lead_times(
        terms.column("lead_time_days", n)[rows],
        terms.column("lead_time_sd_days", n)[rows],
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
    allowed = (1 - terms.column("fill_rate", n)[rows]) * cycle_demand
    by_cycle = terms.column("cycle_service", n)[rows]
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
    # A series that is no number is named by the plan; here it must not stop others.
    sound = np.isfinite(mean) & np.isfinite(ratio)
    return Demand(
        np.where(sound, mean, 0.0),
        np.where(sound, ratio, 1.0),
        lead.weight,
        view.kind[rows],
        view.spread,
    )
