"""Losses against the bars, coverage and bias, of all origins. Pure but for a file."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from bars import Ewma, ewma, last_interval, textbook
from cases import INTERVAL_LEVELS, Case, Floats
from numpy.typing import NDArray
from ours import daily, daily_mean, interval, random_spells, view_of
from terms import DAILY_LEVELS, autoets_file

from forecasting.accuracy import coverage_gap

INTERVALS = (10, 14)
MAIN_INTERVAL = 14
PROMISED = (0.9, 0.95, 0.98)
DECILES = 10
TOLD, UNTOLD = "known to the forecast", "unknown to it"


@dataclass(slots=True)
class Outcomes:
    """What came true of the promises over one interval length, origin by origin."""

    actual: list[Floats] = field(default_factory=list)
    quantiles: list[Floats] = field(default_factory=list)
    decile: list[NDArray[np.int64]] = field(default_factory=list)

    def add(self, case: Case, quantiles: Floats, mean: Floats, days: int) -> None:
        ranked = mean[:, :days].sum(axis=1).argsort().argsort()
        self.actual.append(case.total(days))
        self.quantiles.append(quantiles)
        self.decile.append(ranked * DECILES // ranked.size)


@dataclass(frozen=True, slots=True)
class Coverage:
    """``within`` : share of outcomes at or below the quantile; gaps of the shares."""

    within: float
    gap: float
    worst_decile_gap: float


@dataclass(frozen=True, slots=True)
class DailyLosses:
    """Losses of one rule over 28 days."""

    scaled_error: float
    nine_quantile: float


@dataclass(slots=True)
class Scores:
    """``ratios`` : name of a bar → loss over the bar's loss, an entry per origin."""

    ratios: dict[str, list[float]] = field(default_factory=dict)
    biases: dict[str, list[float]] = field(default_factory=dict)
    outcomes: dict[int, Outcomes] = field(default_factory=dict)
    series: list[int] = field(default_factory=list)
    autoets_origins: int = 0
    autoets_seconds: float = 0.0
    autoets_version: str = ""

    def add(self, name: str, ratio: float) -> None:
        self.ratios.setdefault(name, []).append(ratio)


def score(scores: Scores, case: Case, at: int) -> None:
    """Everything of one origin, the ``at``-th."""
    scores.series.append(len(case.past))
    bar = ewma(case)
    mean = daily_mean(view_of(case, MAIN_INTERVAL))
    score_days(scores, case, bar, mean)
    for days in INTERVALS:
        score_interval(scores, case, bar, days)
    score_bias(scores, case, mean, at)


def score_days(scores: Scores, case: Case, bar: Ewma, mean: Floats) -> None:
    error, loss = case.scaled_error, case.nine_quantile_loss
    levels, bar_levels = daily(case, mean), bar.daily(DAILY_LEVELS)
    other = autoets_losses(scores, case)
    scores.add("scaled error / EWMA bar", error(mean) / error(bar.mean))
    scores.add("scaled error / AutoETS(7)", error(mean) / other.scaled_error)
    scores.add("nine-quantile loss / EWMA bar", loss(levels) / loss(bar_levels))
    scores.add("nine-quantile loss / AutoETS(7)", loss(levels) / other.nine_quantile)


def autoets_losses(scores: Scores, case: Case) -> DailyLosses:
    """NaN at an origin at which AutoETS was not run."""
    if not autoets_file(case.origin).exists():
        return DailyLosses(np.nan, np.nan)
    with np.load(autoets_file(case.origin)) as kept:
        scores.autoets_origins += 1
        scores.autoets_seconds += float(kept["seconds"])
        scores.autoets_version = str(kept["version"])
        return DailyLosses(
            case.scaled_error(kept["mean"]), case.nine_quantile_loss(kept["quantiles"])
        )


def score_interval(scores: Scores, case: Case, bar: Ewma, days: int) -> None:
    view = view_of(case, days)
    quantiles = interval(view, days)
    ours = case.interval_loss(quantiles, days)
    rules = {
        "textbook normal": textbook(case, days),
        "last interval + z·sd": last_interval(case, days),
        "EWMA bar": bar.interval(days),
    }
    for name, rule in rules.items():
        named = f"interval loss, {days} days / {name}"
        scores.add(named, ours / case.interval_loss(rule, days))
    outcomes = scores.outcomes.setdefault(days, Outcomes())
    outcomes.add(case, quantiles, daily_mean(view), days)


def score_bias(scores: Scores, case: Case, mean: Floats, at: int) -> None:
    """Forecast of all series with spells out of stock over that without, less one."""
    gone = random_spells(case, at)
    for name, masked in ((TOLD, True), (UNTOLD, False)):
        found = daily_mean(view_of(case, MAIN_INTERVAL, gone, masked=masked))
        scores.biases.setdefault(name, []).append(found.sum() / mean.sum() - 1)


def coverages(outcomes: Outcomes, last: int | None = None) -> Iterator[Coverage]:
    """Of each level of ``PROMISED``, over all origins or the ``last`` of them."""
    chosen = slice(-last if last else None, None)
    actual = np.concatenate(outcomes.actual[chosen])
    quantiles = np.concatenate(outcomes.quantiles[chosen])
    decile = np.concatenate(outcomes.decile[chosen])
    for level in PROMISED:
        promised = quantiles[:, INTERVAL_LEVELS.index(level)]
        gaps = [
            coverage_gap(actual[decile == row], promised[decile == row], level)
            for row in range(DECILES)
        ]
        yield Coverage(
            float((actual <= promised).mean()),
            coverage_gap(actual, promised, level),
            max(gaps),
        )


def middle(values: list[float], last: int | None = None) -> float:
    """Median of the origins, or of the ``last`` of them, that have a figure."""
    chosen = np.array(values[-last:] if last else values)
    found = chosen[~np.isnan(chosen)]
    return float(np.median(found)) if found.size else np.nan
