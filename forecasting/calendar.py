"""Week, month and year: how much of a usual day each day is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from forecasting.packed import Packed
from forecasting.panel import Panel, SeriesGroups

HORIZON_DAYS = 550
WEEK_WINDOW_DAYS = 364
WEEK_PSEUDO_UNITS = 400.0
MONTH_PSEUDO_UNITS = 300.0 * 31
YEAR_LEAST_DAYS = 550
YEAR_DAYS = 365.25
YEAR_HARMONICS = 2
YEAR_LIMIT = 2.0
BLOCK = 4096


@dataclass(frozen=True, slots=True)
class GroupTotals(Packed):
    """Sums of a shard by pool, to be added over shards.

    ``week_units``, ``week_open`` : float64, (n_week, 7): units and observed series-days
    by weekday (0 = Monday) over the last 52 weeks.
    ``month_units``, ``month_open`` : float64, (n_week, 31): the same by day of the
    month over the whole panel.
    ``year_units``, ``year_open`` : float64, (n_year, n_days): the same by day.
    ``first_day`` : int64, ordinal of the panel's first day, shape ().
    """

    week_units: NDArray[np.float64]
    week_open: NDArray[np.float64]
    month_units: NDArray[np.float64]
    month_open: NDArray[np.float64]
    year_units: NDArray[np.float64]
    year_open: NDArray[np.float64]
    first_day: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CalendarFactors(Packed):
    """Factors on the panel's days and ``HORIZON_DAYS`` after it.

    ``week`` : float32, (n_week, 7), mean 1, Monday first.
    ``month`` : float32, (n_week, 31), mean 1, first of the month first.
    ``year`` : float32, (n_year, n_days + HORIZON_DAYS), around 1.
    ``n_days`` : int64, days of the panel, shape ().
    ``first_day`` : int64, ordinal of the first column, shape ().
    """

    week: NDArray[np.float32]
    month: NDArray[np.float32]
    year: NDArray[np.float32]
    n_days: NDArray[np.int64]
    first_day: NDArray[np.int64]

    @property
    def first_weekday(self) -> int:
        return date.fromordinal(int(self.first_day)).weekday()


def group_totals(
    panel: Panel, groups: SeriesGroups, n_week: int, n_year: int
) -> GroupTotals:
    """What a shard knows about the week and the year of its pools.

    Parameters
    ----------
    panel : Panel
    groups : SeriesGroups of the panel's series
    n_week, n_year : number of pools over all shards

    Returns
    -------
    GroupTotals, float64 so that the sum does not depend on the shards.
    """
    recent = slice(max(panel.n_days - WEEK_WINDOW_DAYS, 0), None)
    weekdays = weekdays_of(panel.first_day.weekday(), panel.n_days)
    hot = np.eye(7)[weekdays[recent]]
    dates = np.eye(31)[days_of_month(panel.first_day.toordinal(), panel.n_days)]
    week_units, week_open = np.zeros((n_week, 7)), np.zeros((n_week, 7))
    month_units, month_open = np.zeros((n_week, 31)), np.zeros((n_week, 31))
    year_units = np.zeros((n_year, panel.n_days))
    year_open = np.zeros((n_year, panel.n_days))
    for start in range(0, panel.n_series, BLOCK):
        block = slice(start, start + BLOCK)
        seen = panel.observed[block].astype(np.float64)
        sold = panel.demand[block] * seen
        np.add.at(week_units, groups.week[block], sold[:, recent] @ hot)
        np.add.at(week_open, groups.week[block], seen[:, recent] @ hot)
        np.add.at(month_units, groups.week[block], sold @ dates)
        np.add.at(month_open, groups.week[block], seen @ dates)
        for pool in np.unique(groups.year[block]):
            mine = groups.year[block] == pool
            year_units[pool] += sold[mine].sum(axis=0)
            year_open[pool] += seen[mine].sum(axis=0)
    first = np.array(panel.first_day.toordinal(), np.int64)
    return GroupTotals(
        week_units, week_open, month_units, month_open, year_units, year_open, first
    )


def merge(parts: Sequence[GroupTotals]) -> GroupTotals:
    """Add the totals of all shards (same pools, same days).

    Raises
    ------
    ValueError
        If there is no part, or the parts cover different days.
    """
    if not parts:
        raise ValueError("There is nothing to merge.")
    if len({(int(p.first_day), p.year_units.shape) for p in parts}) > 1:
        raise ValueError("The shards cover different days or pools.")
    return GroupTotals(
        np.sum([p.week_units for p in parts], axis=0),
        np.sum([p.week_open for p in parts], axis=0),
        np.sum([p.month_units for p in parts], axis=0),
        np.sum([p.month_open for p in parts], axis=0),
        np.sum([p.year_units for p in parts], axis=0),
        np.sum([p.year_open for p in parts], axis=0),
        parts[0].first_day,
    )


def factors(totals: GroupTotals) -> CalendarFactors:
    """Week and month profiles and yearly indices of all pools.

    Parameters
    ----------
    totals : GroupTotals over all shards

    Returns
    -------
    CalendarFactors
    """
    n_days = totals.year_units.shape[1]
    year = np.ones((totals.year_units.shape[0], n_days + HORIZON_DAYS), np.float32)
    for pool in range(year.shape[0]):
        year[pool] = yearly_index(
            totals.year_units[pool], totals.year_open[pool], int(totals.first_day)
        )
    return CalendarFactors(
        week_profiles(totals.week_units, totals.week_open),
        month_profiles(totals.month_units, totals.month_open),
        year,
        np.array(n_days, np.int64),
        totals.first_day,
    )


def week_profiles(
    units: NDArray[np.float64], open_days: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Weekday profiles, each shrunk to that of all pools together.

    Parameters
    ----------
    units, open_days : float64, (n_week, 7) [units; series-days]

    Returns
    -------
    float32, (n_week, 7), mean 1. Flat where nothing was sold.

    Examples
    --------
    >>> flat = week_profiles(np.zeros((1, 7)), np.zeros((1, 7)))
    >>> flat.tolist()
    [[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]
    """
    return _shrunk_profiles(units, open_days, WEEK_PSEUDO_UNITS)


def month_profiles(
    units: NDArray[np.float64], open_days: NDArray[np.float64]
) -> NDArray[np.float32]:
    """What each day of the month is worth: pay days, benefits, rent.

    Parameters
    ----------
    units, open_days : float64, (n_week, 31) [units; series-days]

    Returns
    -------
    float32, (n_week, 31), mean 1. Flat where nothing was sold.

    Notes
    -----
    Each day is averaged with its neighbours (1 : 2 : 1, the 31st beside the 1st), as
    money comes a day early or late; then shrunk like the week.

    Examples
    --------
    >>> bool((month_profiles(np.zeros((1, 31)), np.zeros((1, 31))) == 1).all())
    True
    """
    return _shrunk_profiles(
        _with_neighbours(units), _with_neighbours(open_days), MONTH_PSEUDO_UNITS
    )


def _with_neighbours(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    day_before, day_after = np.roll(sums, 1, axis=-1), np.roll(sums, -1, axis=-1)
    return sums / 2 + (day_before + day_after) / 4


def _shrunk_profiles(
    units: NDArray[np.float64], open_days: NDArray[np.float64], pseudo_units: float
) -> NDArray[np.float32]:
    flat = np.ones(units.shape[-1])
    everyone = _profile(units.sum(axis=0), open_days.sum(axis=0), flat, pseudo_units)
    return _profile(units, open_days, everyone, pseudo_units).astype(np.float32)


def _profile(
    units: NDArray[np.float64],
    open_days: NDArray[np.float64],
    prior: NDArray[np.float64],
    pseudo_units: float,
) -> NDArray[np.float64]:
    total = units.sum(axis=-1, keepdims=True)
    days = open_days.sum(axis=-1, keepdims=True)
    flat = np.full(units.shape, 1 / prior.size)
    share = np.divide(open_days, days, out=flat, where=days > 0)
    raw = (units + pseudo_units * prior / prior.size) / (
        total * share + pseudo_units / prior.size
    )
    level: NDArray[np.float64] = raw / raw.mean(axis=-1, keepdims=True)
    return level


def yearly_index(
    units: NDArray[np.float64], open_days: NDArray[np.float64], first_ordinal: int
) -> NDArray[np.float32]:
    """Yearly index of one pool on its days and ``HORIZON_DAYS`` after them.

    Parameters
    ----------
    units, open_days : float64, (n_days,) [units; observed series-days]
    first_ordinal : proleptic ordinal of the first day

    Returns
    -------
    float32, (n_days + HORIZON_DAYS,), around 1; flat below ``YEAR_LEAST_DAYS``.

    Notes
    -----
    log of the weekly rate per series ~ trend + two harmonics of the year by least
    squares; the harmonics are shrunk by max(0, 1 - 1/F) with F of their joint test,
    the positive-part James-Stein factor, and cut to [1/2, 2].

    References
    ----------
    James and Stein 1961; Efron and Morris 1973 (positive part).
    """
    flat = np.ones(units.size + HORIZON_DAYS, np.float32)
    weeks = units.size // 7
    skip = units.size - weeks * 7
    sold = units[skip:].reshape(weeks, 7).sum(axis=1)
    seen = open_days[skip:].reshape(weeks, 7).sum(axis=1)
    usable = (sold > 0) & (seen > 0)
    if usable.sum() * 7 < YEAR_LEAST_DAYS:
        return flat
    rate = np.log(sold[usable] / seen[usable])
    if np.ptp(rate) < 1e-9:
        return flat
    from statsmodels.regression.linear_model import OLS  # slow to import

    middle = first_ordinal + skip + 7 * np.arange(weeks) + 3
    design = np.column_stack([np.ones(weeks), middle - middle[-1], _waves(middle)])
    fitted = OLS(rate, design[usable]).fit()
    wanted = np.eye(design.shape[1])[2:]
    strength = float(np.squeeze(fitted.f_test(wanted).fvalue))
    if not np.isfinite(strength):
        return flat
    shrink = max(0.0, 1 - 1 / max(strength, 1e-9))
    waves = _waves(first_ordinal + np.arange(flat.size))
    index = np.exp(shrink * (waves @ fitted.params[2:]))
    return np.asarray(np.clip(index, 1 / YEAR_LIMIT, YEAR_LIMIT), np.float32)


def _waves(ordinals: NDArray[np.int64]) -> NDArray[np.float64]:
    angle = 2 * np.pi * ordinals[:, None] / YEAR_DAYS * np.arange(1, YEAR_HARMONICS + 1)
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1)


def weekdays_of(first_weekday: int, n_days: int) -> NDArray[np.int64]:
    """Weekday numbers (0 = Monday) of consecutive days.

    Examples
    --------
    >>> weekdays_of(5, 4).tolist()
    [5, 6, 0, 1]
    """
    return (first_weekday + np.arange(n_days)) % 7


def days_of_month(first_ordinal: int, n_days: int) -> NDArray[np.int64]:
    """Days of the month (0 = the first) of consecutive days.

    Examples
    --------
    >>> days_of_month(date(2024, 2, 28).toordinal(), 3).tolist()
    [27, 28, 0]
    """
    days = np.datetime64(date.fromordinal(first_ordinal)) + np.arange(n_days)
    months = days.astype("datetime64[M]")
    return np.asarray((days - months.astype("datetime64[D]")).astype(np.int64))


def month_days(
    factors: CalendarFactors, n_days: int, *, start: int = 0
) -> NDArray[np.int64]:
    """Days of the month of the panel's days from column ``start`` on."""
    return days_of_month(int(factors.first_day) + start, n_days)
