"""Stock states, cover and the bands of the projection chart."""

import doctest
import itertools

import numpy as np
import pytest

from forecasting.quantiles import nb_quantile
from purchasing import projection
from purchasing.projection import (
    ENOUGH,
    LOW,
    OUT,
    RUNS_OUT,
    UNKNOWN,
    Arrival,
    chance_of_lasting,
    cover,
    demand_until,
    lost_per_day,
    runs_out_after,
    stock_path,
    stock_states,
    supply,
)

UNTIL_NEXT = 10
RATIO = 1.5


def chance(on_hand, *arrivals, per_day=5.4, days=28):
    demand = demand_until(np.full((1, 42), per_day), days)
    stock = supply(np.array([float(on_hand)]), arrivals, days)
    return chance_of_lasting(stock, demand, np.array([RATIO]))


def state(on_hand, *arrivals, **terms):
    with np.errstate(invalid="ignore"):
        likely = chance(0 if on_hand is None else on_hand, *arrivals, **terms)
    known = np.array([np.nan if on_hand is None else float(on_hand)])
    return int(stock_states(known, likely, np.array([UNTIL_NEXT]))[0])


def quantile(level, days=UNTIL_NEXT, per_day=5.4):
    mean = np.array([days * per_day])
    return int(nb_quantile(level, mean, np.array([RATIO]))[0])


def test_examples_in_docstrings():
    assert not doctest.testmod(projection).failed


def test_state_changes_exactly_at_the_quantiles_of_demand():
    assert state(0) == OUT
    assert state(-2) == OUT
    assert state(1) == RUNS_OUT
    assert state(quantile(0.5) - 1) == RUNS_OUT
    assert state(quantile(0.5)) == LOW
    assert state(quantile(0.9) - 1) == LOW
    assert state(quantile(0.9)) == ENOUGH
    assert state(None) == UNKNOWN


def test_a_delivery_after_the_shelf_is_empty_does_not_save_it():
    assert state(9, Arrival(0, 4, 100)) == RUNS_OUT
    assert state(30, Arrival(0, 4, 100)) == ENOUGH
    assert state(30, Arrival(0, UNTIL_NEXT, 100)) == RUNS_OUT


def test_product_that_does_not_sell_has_enough_of_one():
    assert state(1, per_day=0) == ENOUGH
    assert state(0, per_day=0) == OUT


def test_cover_counts_dated_deliveries_and_widens_with_doubt():
    alone = cover(np.array([31.0]), chance(31))
    assert alone.likely[0] == pytest.approx(31 / 5.4, abs=0.4)
    assert alone.low[0] < alone.likely[0] < alone.high[0]
    with_delivery = cover(np.array([31.0]), chance(31, Arrival(0, 1, 12)))
    assert with_delivery.likely[0] == pytest.approx(43 / 5.4, abs=0.4)
    too_late = cover(np.array([31.0]), chance(31, Arrival(0, 20, 12)))
    assert too_late.likely[0] == alone.likely[0]


def test_empty_shelf_has_no_cover_and_a_full_one_no_end():
    empty = cover(np.array([0.0]), chance(0, Arrival(0, 3, 500)))
    assert empty.low[0] == empty.likely[0] == empty.high[0] == 0
    assert np.isnan(cover(np.array([1e4]), chance(1e4)).likely[0])


def test_more_stock_never_runs_out_sooner():
    days = [runs_out_after(chance(stock), 0.5)[0] for stock in range(1, 120)]
    assert all(a <= b for a, b in itertools.pairwise(days))


def test_lost_sales_per_day_against_simulation():
    rng = np.random.default_rng(7)
    days, mean, stock = 10, 5.4, 20.0
    draws = rng.negative_binomial(mean / (RATIO - 1), 1 / RATIO, (200_000, days))
    expected = np.maximum(draws.sum(axis=1) - stock, 0).mean() / days
    demand = demand_until(np.full((1, 42), mean), 28)
    found = lost_per_day(
        supply(np.array([stock]), [], 28), demand, np.array([RATIO]), np.array([days])
    )
    assert found[0] == pytest.approx(expected, rel=0.02)


def test_nothing_is_lost_where_nothing_sells():
    zero = np.zeros((1, 28))
    assert lost_per_day(zero, zero, np.array([RATIO]), np.array([10]))[0] == 0


def test_bands_enclose_each_other_and_never_fall_below_zero():
    added = np.zeros(28)
    added[[1, 3]] = 12, 30
    path = stock_path(31.0, np.full(42, 5.4), RATIO, added)
    (low50, high50), (low80, high80), (low95, high95) = path.bands
    assert (low95 <= low80).all()
    assert (low80 <= low50).all()
    assert (low50 <= path.median).all()
    assert (path.median <= high50).all()
    assert (high50 <= high80).all()
    assert (high80 <= high95).all()
    assert low95.min() == 0
    assert path.median[0] == 31 - quantile(0.5, days=1)


def test_doubt_begins_anew_with_the_delivery_that_fills_an_empty_shelf():
    added = np.zeros(40)
    added[25] = 100
    path = stock_path(50.0, np.full(42, 5.4), RATIO, added)
    assert path.median[12:25].max() == 0
    mean = np.array([5.4])
    taken = nb_quantile(0.5, mean, np.array([RATIO]))[0]
    assert path.median[25] == 100 - taken
    width = path.bands[2][1] - path.bands[2][0]
    assert width[35] > width[27] > 0


def test_forecast_of_42_days_serves_a_lead_time_of_90():
    week = np.array([1, 1, 1, 1, 1, 3, 3.0])
    total = demand_until(np.tile(week, 6)[None, :], 91)
    assert total[0, -1] == 13 * week.sum()
