"""The simple rules to be measured against, in NumPy and SciPy alone. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from cases import INTERVAL_LEVELS, Case, Floats
from numpy.typing import NDArray
from scipy.stats import nbinom, norm
from terms import HISTORY_DAYS, HORIZON

SMOOTHING = 0.1
START_DAYS = 14
YEAR = 364
TEXTBOOK_DAYS = 56
DIFFERENCES = 26
LEAST_RATIO = 1.02
LEAST_MEAN = 1e-6


@dataclass(frozen=True, slots=True)
class Ewma:
    """Smoothing of .1 and a week profile by store × category, and its spread.

    ``mean`` : (n, 28) [units per day]. ``ratio`` : (n,), mean squared one-day error
    over mean forecast of the last year: the negative binomial's moment dispersion.
    """

    mean: Floats
    ratio: Floats

    def daily(self, levels: Sequence[float]) -> Floats:
        ratio = self.ratio[:, None]
        return np.stack([quantile(u, self.mean, ratio) for u in levels], axis=2)

    def interval(self, days: int) -> Floats:
        mean = self.mean[:, :days].sum(axis=1)
        found = [quantile(u, mean, self.ratio) for u in INTERVAL_LEVELS]
        return np.stack(found, axis=1)


def quantile(level: float, mean: Floats, ratio: Floats) -> Floats:
    """Quantile of a negative binomial by its mean and variance / mean."""
    spread = np.maximum(ratio, LEAST_RATIO)
    size = np.maximum(mean, LEAST_MEAN) / (spread - 1)
    return np.asarray(nbinom.ppf(level, size, 1 / spread), np.float64)


def ewma(case: Case) -> Ewma:
    """Untuned: no year, no month, one smoothing constant, own dispersion only."""
    known = case.past.shape[1]
    factor = week_factor(case, known + HORIZON)
    begin = max(known - HISTORY_DAYS, 0)
    first = np.maximum(case.first, begin)
    level, square, foretold = np.zeros((3, len(case.past)))
    for day in range(begin, known):
        going, starts = first < day, first == day
        now = factor[:, day]
        error = case.past[:, day] - level * now
        if day >= known - YEAR:
            square += np.where(going, error**2, 0)
            foretold += np.where(going, level * now, 0)
        level = np.where(going, level + SMOOTHING * error / now, level)
        if starts.any():
            days = slice(day, day + START_DAYS)
            begun = case.past[starts, days] / factor[starts, days]
            level[starts] = begun.mean(axis=1)
    mean = level[:, None] * factor[:, known:]
    return Ewma(mean, square / np.maximum(foretold, LEAST_MEAN))


def week_factor(case: Case, n_days: int) -> Floats:
    """Weekday profile of the last year by store × category, on all days, (n, days)."""
    category = [name.rsplit("_", 1)[0] for name in case.department]
    pool = pool_of(case.store, np.array(category))
    weekday = (case.first_day.weekday() + np.arange(n_days)) % 7
    recent = slice(case.past.shape[1] - YEAR, case.past.shape[1])
    profile = np.ones((pool.max() + 1, 7))
    for row in range(len(profile)):
        units = case.past[pool == row, recent].sum(axis=0)
        sums = np.bincount(weekday[recent], units, minlength=7)
        profile[row] = sums / sums.mean()
    return profile[pool][:, weekday]


def pool_of(*names: NDArray[np.str_]) -> NDArray[np.int32]:
    """A number for each combination of names."""
    joined = np.array(["|".join(row) for row in zip(*names, strict=True)])
    return np.unique(joined, return_inverse=True)[1].astype(np.int32)


def textbook(case: Case, days: int) -> Floats:
    """56-day mean and standard deviation, normal, the root of the days, (n, 6)."""
    recent = case.past[:, -TEXTBOOK_DAYS:]
    mean = days * recent.mean(axis=1, keepdims=True)
    sd = np.sqrt(days) * recent.std(axis=1, ddof=1, keepdims=True)
    return np.maximum(mean + norm.ppf(INTERVAL_LEVELS) * sd, 0)


def last_interval(case: Case, days: int) -> Floats:
    """The last interval's sum + z · sd of 26 differences of such sums, (n, 6)."""
    count = DIFFERENCES + 1
    recent = case.past[:, -count * days :].reshape(-1, count, days).sum(axis=2)
    sd = np.diff(recent, axis=1).std(axis=1, ddof=1, keepdims=True)
    return np.maximum(recent[:, -1:] + norm.ppf(INTERVAL_LEVELS) * sd, 0)
