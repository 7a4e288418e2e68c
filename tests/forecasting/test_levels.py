import doctest
import importlib

import numpy as np
import pytest
from statsmodels.tsa.holtwinters import SimpleExpSmoothing

from forecasting import calendar, panel
from forecasting.history import last_intervals
from forecasting.levels import backtest, mixture, smooth, smoothing_weights
from tests.forecasting.cases import FIRST

MODULES = [
    "accuracy",
    "calendar",
    "history",
    "levels",
    "panel",
    "plan",
    "policy",
    "pool",
    "quantiles",
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    assert not doctest.testmod(importlib.import_module(f"forecasting.{name}")).failed


@pytest.mark.parametrize("alpha", [0.02, 0.1, 0.4])
def test_smoothing_equals_statsmodels(alpha):
    series = np.random.default_rng(4).poisson(3, 250).astype(float)
    weights = smoothing_weights(250, np.array([249]), np.array([alpha]))
    ours = smooth(series[None], np.ones((1, 250)), weights)[0, 0]
    started = (1 - alpha) ** 250
    model = SimpleExpSmoothing(
        series, initialization_method="known", initial_level=2.0
    ).fit(smoothing_level=alpha, optimized=False)
    expected = (1 - started) * ours + started * 2.0
    assert model.forecast(1)[0] == pytest.approx(expected, rel=1e-10)


def test_masked_equals_shorter_history_and_unmasked():
    series = np.random.default_rng(4).poisson(3, (1, 60)).astype(float)
    weights = smoothing_weights(60, np.array([59]), np.array([0.1]))
    seen = np.ones((1, 60))
    seen[:, :20] = 0
    tail = smoothing_weights(40, np.array([39]), np.array([0.1]))
    masked = smooth(series * seen, seen, weights)
    assert masked[0, 0] == pytest.approx(
        smooth(series[:, 20:], np.ones((1, 40)), tail)[0, 0]
    )


def test_yearly_index_finds_a_summer_peak_and_keeps_noise_flat():
    days = np.arange(800)
    peak = FIRST.toordinal() + days
    wave = np.exp(0.4 * np.cos(2 * np.pi * (peak % 365.25 - 200) / 365.25))
    rng = np.random.default_rng(8)
    start = FIRST.toordinal()
    found = calendar.yearly_index(
        rng.poisson(200 * wave).astype(float), np.full(800, 10.0), start
    )
    np.testing.assert_allclose(found[:800] / wave, (found[:800] / wave).mean(), 0.03)
    noise = rng.gamma(2, 50, 800)
    flat = calendar.yearly_index(noise, np.full(800, 10.0), start)
    assert flat.max() / flat.min() < 1.2
    short = calendar.yearly_index(noise[:300], np.full(300, 10.0), start)
    assert (short == 1).all()


def test_panel_guards_its_numbers():
    built = panel.build([[1, np.nan, -2, np.inf]], FIRST)
    assert built.demand.tolist() == [[1, 0, 0, 0]]
    assert built.observed.tolist() == [[1, 0, 1, 0]]
    with pytest.raises(ValueError, match="outside"):
        panel.scatter(np.array([3]), np.array([0]), [1], (2, 2))
    with pytest.raises(ValueError, match="same shape"):
        panel.build(np.ones((2, 3)), FIRST, np.ones((2, 2)))


def test_last_intervals_start_at_the_first_known_day():
    seen = np.array([0, 0, 1, 1, 0, 1, 1, 1])
    found = last_intervals(np.arange(8.0), seen, 3)
    assert found.demand.tolist() == [9.0, 18.0]
    assert found.had_stockout.tolist() == [True, False]


def test_shards_of_other_days_are_not_merged():
    groups = panel.SeriesGroups(*(np.zeros(1, np.int32),) * 2, np.ones(1, np.float32))
    parts = [
        calendar.group_totals(panel.build(np.ones((1, n)), FIRST), groups, 1, 1)
        for n in (5, 6)
    ]
    with pytest.raises(ValueError, match="different days"):
        calendar.merge(parts)
    with pytest.raises(ValueError, match="nothing"):
        calendar.merge([])


def test_mixture_trusts_past_errors_the_more_the_more_were_checked():
    error = np.array([[[1.0, 2.0]]])
    few, many = (mixture(error, np.array([checks]))[0] for checks in (4.0, 40.0))
    assert few.sum() == pytest.approx(1)
    assert many.sum() == pytest.approx(1)
    assert 0.5 < few[0] < many[0] < 1


def test_mixture_of_what_was_never_checked_is_even():
    assert mixture(np.zeros((1, 3, 4)), np.zeros(1)).tolist() == [[0.25] * 4]


def test_interval_half_of_it_on_sale_is_tested_on_those_days_alone():
    demand = np.full((1, 60), 2.0, np.float32)
    observed = np.ones((1, 60), np.uint8)
    observed[0, -3:] = 0
    tried = backtest(demand, observed, np.ones((1, 60), np.float32), 7)
    assert tried.tested[0, 0]
    assert not tried.complete[0, 0]
    assert tried.actual[0, 0] == 8
    assert tried.forecast[0, 0] == pytest.approx(8)
