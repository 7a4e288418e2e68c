import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, norm

from forecasting.lead_times import lead_times
from forecasting.pool import RESIDUAL_LEVELS
from forecasting.shortage import (
    SCAN_STEPS,
    chance_enough,
    spread_of,
    stock_for_cycle,
    stock_for_fill,
    units_short,
)
from tests.forecasting.cases import demand_over

NORMAL = spread_of(norm.ppf(RESIDUAL_LEVELS)[None], RESIDUAL_LEVELS)


def short_by_hand(stock, mean, ratio):
    k = np.arange(4000)
    chance = nbinom.pmf(k, mean / (ratio - 1), 1 / ratio)
    return float((np.maximum(k - stock, 0) * chance).sum())


@given(st.floats(0.05, 900), st.floats(1.1, 6), st.floats(0.001, 0.3))
@settings(deadline=None, max_examples=60)
def test_least_stock_for_a_fill_rate(mean, ratio, share):
    over, before = demand_over([mean], ratio), demand_over([mean / 2], ratio)
    allowed = np.array([share * mean / 2])
    (level,) = stock_for_fill(allowed, over, before)

    def short(stock):
        return short_by_hand(stock, mean, ratio) - short_by_hand(stock, mean / 2, ratio)

    assert short(level) <= allowed[0] * (1 + 1e-6) + 1e-9
    assert level == 0 or short(level - 1) >= allowed[0] * (1 - 1e-6) - 1e-9


def test_scanning_and_bisection_agree_where_they_meet():
    means = np.array([299.0, 299.9, 300.1, 301.0])
    over, before = demand_over(means, 3.0, NORMAL), demand_over(means / 2, 2.0, NORMAL)
    levels = stock_for_fill(means * 0.01, over, before)
    assert (np.diff(levels) >= 0).all()
    assert levels[-1] - levels[0] <= 4


def test_short_of_the_blend_lies_between_its_halves():
    counted, both = demand_over([20.0], 2.0), demand_over([20.0], 2.0, NORMAL)
    stock = np.array([30.0])
    normal = np.sqrt(40) * (
        norm.pdf(10 / np.sqrt(40)) - 10 / np.sqrt(40) * norm.sf(10 / np.sqrt(40))
    )
    expected = (units_short(stock, counted)[0] + normal) / 2
    assert units_short(stock, both)[0] == pytest.approx(expected, rel=0.02)


@given(st.floats(0.05, 500), st.floats(1.1, 6), st.floats(0.5, 0.995))
@settings(deadline=None, max_examples=60)
def test_least_stock_for_a_cycle_service_level(mean, ratio, target):
    over = demand_over([mean], ratio, NORMAL)
    (level,) = stock_for_cycle(np.array([target]), over)
    assert chance_enough(np.array([level]), over)[0] >= target - 1e-9
    if level:
        assert chance_enough(np.array([level - 1]), over)[0] < target


def test_promised_fill_is_reached_with_random_lead_times():
    rng = np.random.default_rng(3)
    times = lead_times(np.array([7.0]), np.array([3.0]), 90)
    over = demand_over(4.0 * (times.days + 7), 1.0001)
    before = demand_over(np.maximum(4.0 * times.days, 1e-9), 1.0001)
    (level,) = stock_for_fill(np.array([0.05 * 28]), over, before)
    days = rng.choice(times.days[0], 200_000)
    until_delivery = rng.poisson(4.0 * days)
    until_next = until_delivery + rng.poisson(28, days.size)
    short = np.maximum(until_next - level, 0) - np.maximum(until_delivery - level, 0)
    assert 1 - short.mean() / 28 == pytest.approx(0.95, abs=0.01)


def test_lead_time_that_varies_needs_more_stock():
    levels = []
    for sd in (0.0, 2.0, 5.0):
        times = lead_times(np.array([10.0]), np.array([sd]), 90)
        over, before = (
            demand_over(2.0 * (times.days + 7), 1.5),
            demand_over(2.0 * times.days, 1.5),
        )
        levels.append(stock_for_fill(np.array([0.28]), over, before)[0])
    assert levels[0] < levels[1] < levels[2]


def test_lead_times_keep_mean_and_spread():
    times = lead_times(np.array([30.0, 5.0]), np.array([8.0, 0.0]), 365)
    assert (times.days * times.weight).sum(axis=1) == pytest.approx([30, 5], abs=0.2)
    assert times.days[0].std() == pytest.approx(8, abs=0.3)


def test_level_beyond_the_walk_is_the_least_too():
    over, before = demand_over([250.0], 5000.0), demand_over([100.0], 5000.0)
    allowed = np.array([3.0])
    (level,) = stock_for_fill(allowed, over, before)

    def short(stock):
        at = np.array([stock])
        return units_short(at, over)[0] - units_short(at, before)[0]

    assert level > SCAN_STEPS
    assert short(level) <= 3.0 < short(level - 1)
