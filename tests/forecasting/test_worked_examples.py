"""Published numbers, by their row in the collection of worked examples.

Sources: [S] Snyder and Shen, Fundamentals of Supply Chain Theory, 2nd ed.; [CT] Cachon
and Terwiesch, Matching Supply with Demand; [CM] Chopra and Meindl; [Na] Nahmias.
"""

import numpy as np
import pytest
from scipy.stats import norm, poisson

from forecasting.lots import (
    Breaks,
    economic_order_quantity,
    lot_cost,
    lot_made_over_time,
    lot_with_backorders,
    lot_with_breaks,
)
from forecasting.newsvendor import critical_ratio, least_quantity, normal_loss
from forecasting.quantiles import nb_cdf, nb_loss
from forecasting.shortage import stock_for_cycle
from tests.forecasting.cases import demand_over


def breaks(least, price):
    return Breaks(np.array(least, float), np.array(price, float))


def test_worked_example_01_economic_lot():
    """[S] example 3.1"""
    lot = economic_order_quantity(1300, 8, 0.225)
    assert lot.quantity == pytest.approx(304.0468, abs=1e-4)
    assert lot.cost == pytest.approx(68.4105, abs=1e-4)
    assert lot_cost(250, 1300, 8, 0.225) == pytest.approx(69.725)


def test_worked_example_02_economic_lot_of_a_fast_mover():
    """[S] problem 3.1"""
    lot = economic_order_quantity(182_500, 2250, 275)
    assert lot.quantity == pytest.approx(1728.1098, abs=1e-4)
    assert lot.cost == pytest.approx(475_230.207, abs=1e-3)


def test_worked_example_03_all_units_discount():
    """[S] example 3.6"""
    lot = lot_with_breaks(1300, 8, 0.3, breaks([0, 400, 800], [0.75, 0.72, 0.68]))
    assert lot.cost == pytest.approx(978.60)
    assert lot.quantity == 800


def test_worked_example_04_all_units_discount_at_the_last_break():
    lot = lot_with_breaks(1000, 200, 0.2, breaks([0, 200, 500], [500, 475, 450]))
    assert (lot.quantity, lot.cost) == (500, 472_900)


def test_worked_example_05_all_units_discount_of_a_fast_mover():
    """[S] problem 3.12a"""
    offer = breaks([0, 1200, 2400], [1490, 1220, 1100])
    lot = lot_with_breaks(182_500, 2250, 0.25, offer)
    assert lot.cost == pytest.approx(201_251_093.75)


def test_worked_example_06_incremental_discount():
    """[S] example 3.7"""
    offer = breaks([0, 400, 800], [0.75, 0.72, 0.68])
    lot = lot_with_breaks(1300, 8, 0.3, offer, incremental=True)
    assert lot.quantity == pytest.approx(304.04678, abs=1e-5)
    assert lot.cost == pytest.approx(1043.41053, abs=1e-5)


def test_worked_example_07_incremental_discount_that_pays():
    offer = breaks([0, 300, 600], [100, 90, 80])
    lot = lot_with_breaks(2400, 150, 0.25, offer, incremental=True)
    assert lot.quantity == pytest.approx(1481.89068, abs=1e-5)
    assert lot.cost == pytest.approx(222_762.81368, abs=1e-4)


@pytest.mark.parametrize(
    ("given", "quantity", "share", "cost"),
    [
        ((1300, 8, 0.225, 5), 310.81256, 0.0430622, 66.92136),
        ((2080, 40, 40.05, 60), 83.23545, 0.40030, 1999.14824),
    ],
)
def test_worked_examples_08_09_lot_with_backorders(given, quantity, share, cost):
    """[S] example 3.8"""
    lot, waits = lot_with_backorders(*given)
    assert lot.quantity == pytest.approx(quantity, abs=1e-5)
    assert waits == pytest.approx(share, abs=1e-5)
    assert lot.cost == pytest.approx(cost, abs=1e-5)


def test_worked_example_10_lot_made_over_time():
    lot = lot_made_over_time(1300, 8, 0.225, 1700)
    assert lot.quantity == pytest.approx(626.80849, abs=1e-5)
    assert lot.cost == pytest.approx(33.18398, abs=1e-5)


@pytest.mark.parametrize(
    ("holding", "penalty", "mean", "sd", "quantity", "cost"),
    [
        (0.18, 0.70, 50, 8, 56.60396, 1.99761),
        (43, 79, 900, 60, 922.72140, 2718.19678),
    ],
)
def test_worked_examples_14_15_normal_newsvendor(
    holding, penalty, mean, sd, quantity, cost
):
    """[S] example 4.3"""
    ratio = critical_ratio(penalty, 0.0, -holding)
    best = mean + norm.ppf(ratio) * sd
    short = normal_loss(best, mean, sd)
    assert best == pytest.approx(quantity, abs=1e-5)
    assert holding * (best - mean + short) + penalty * short == pytest.approx(
        cost, abs=1e-4
    )


@pytest.mark.parametrize(
    ("mean", "ratio", "quantity"), [(50, 0.70 / 0.88, 56), (6, 4 / 5, 8)]
)
def test_worked_examples_17_18_poisson_newsvendor(mean, ratio, quantity):
    """[S] section 4.3.2"""
    cdf = poisson.cdf(np.arange(200), mean)
    assert least_quantity(cdf, ratio) == quantity
    level = stock_for_cycle(np.array([ratio]), demand_over([float(mean)], 1.0))
    assert level.tolist() == [quantity]


def test_worked_example_21_normal_loss():
    """[S] appendix C"""
    assert normal_loss(1.3, 0, 1) == pytest.approx(0.04552796, abs=1e-8)
    assert normal_loss(18.6, 15, 3) == pytest.approx(0.16830735, abs=1e-8)


def test_worked_example_44_poisson_loss_and_distribution():
    """[CT] table of Poisson(1.25); our least variance ratio is 1.02."""
    published = [1.25, 0.53650, 0.18114, 0.04961, 0.01134, 0.00221]
    np.testing.assert_allclose(nb_loss(np.arange(6), 1.25, 1.0), published, atol=0.006)
    cdf = [0.286505, 0.644636, 0.868468, 0.961731, 0.990876]
    np.testing.assert_allclose(nb_cdf(np.arange(5), 1.25, 1.0), cdf, atol=0.006)


def test_worked_example_45_normal_loss_of_a_tutorial():
    """[CT] L(2) = .0085, so N(1000, 300) is short of 2.55 at 1600."""
    assert normal_loss(2, 0, 1) == pytest.approx(0.0085, abs=5e-5)
    assert normal_loss(1600, 1000, 300) == pytest.approx(2.5472, abs=1e-4)


def test_worked_example_46_wetsuits():
    """[CT] O'Neill, N(3192, 1181)"""
    ratio = critical_ratio(180, 110, 90)
    assert ratio == pytest.approx(0.7778, abs=1e-4)
    assert 4090 <= 3192 + norm.ppf(ratio) * 1181 <= 4101
    short = normal_loss(3500, 3192, 1181)
    assert short == pytest.approx(333.5, abs=1)
    assert 1 - short / 3192 == pytest.approx(0.896, abs=5e-4)


def test_worked_example_48_economic_lot_of_a_store():
    """[CM] D 12,000, S 4,000, holding 100 a year"""
    assert economic_order_quantity(12_000, 4000, 100).quantity == pytest.approx(
        980, abs=0.5
    )


def test_worked_example_49_discount_of_drugs_online():
    """[CM]"""
    offer = breaks([0, 5000, 10_000], [3, 2.96, 2.92])
    lot = lot_with_breaks(120_000, 100, 0.2, offer)
    assert (lot.quantity, lot.cost) == (10_000, pytest.approx(354_520))


def test_worked_example_50_stock_of_a_shop():
    """[CM] B&M, N(2500, 500) a week, two weeks, reorder at 6,000 with lots of 10,000"""
    mean, sd = 5000, 500 * np.sqrt(2)
    short = normal_loss(6000, mean, sd)
    assert norm.cdf(6000, mean, sd) == pytest.approx(0.92, abs=0.005)
    assert short == pytest.approx(25, abs=0.5)
    assert 1 - short / 10_000 == pytest.approx(0.9975, abs=1e-4)
    assert norm.ppf(0.90) * sd == pytest.approx(906, abs=1)


def test_worked_example_52_newsvendor_of_a_department_store():
    """[CM] Bloomingdale, N(350, 100), ratio .88"""
    assert 350 + norm.ppf(0.88) * 100 == pytest.approx(468, abs=0.6)
