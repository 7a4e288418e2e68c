import numpy as np
import pytest
from scipy import stats

from forecasting.quantiles import nb_loss, nb_quantile
from forecasting.shortage import stock_for_cycle, stock_for_fill
from tests.forecasting.cases import demand_over, plan_of

MEANS = [0.05, 0.7, 3.0, 40.0, 800.0]
RATIOS = [1.02, 1.6, 8.0]


def size_of(mean, ratio):
    return mean / (ratio - 1), 1 / ratio


@pytest.mark.parametrize("mean", MEANS)
@pytest.mark.parametrize("ratio", RATIOS)
def test_nb_loss_equals_brute_force(mean, ratio):
    units = np.arange(40_000)
    mass = stats.nbinom.pmf(units, *size_of(mean, ratio))
    for stock in (0, 1, 2, 5, round(mean), round(2 * mean) + 3):
        plain = (np.maximum(units - stock, 0) * mass).sum()
        assert float(nb_loss(stock, mean, ratio)) == pytest.approx(plain, abs=1e-8)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99])
def test_nb_quantile_equals_scipy(level):
    mean, ratio = (a.ravel() for a in np.meshgrid(MEANS, RATIOS))
    exact = stats.nbinom.ppf(level, *size_of(mean, ratio))
    np.testing.assert_array_equal(nb_quantile(level, mean, ratio), exact)


def test_poisson_loss_of_cachon_and_terwiesch():
    """SCIENCE row 44: Poisson(1.25); the least ratio is 1.02, hence the tolerance."""
    published = [1.25, 0.53650, 0.18114, 0.04961, 0.01134]
    np.testing.assert_allclose(nb_loss(np.arange(5), 1.25, 1.0), published, atol=0.006)


def test_poisson_newsvendor_of_snyder_and_shen():
    """SCIENCE rows 17 and 18: Poisson(50) at .70/.88 is 56, Poisson(6) at 4/5 is 8."""
    found = stock_for_cycle(np.array([0.7 / 0.88, 0.8]), demand_over([50.0, 6.0], 1.0))
    assert found.tolist() == [56, 8]


@pytest.mark.parametrize("lead_days", [0, 3, 10])
@pytest.mark.parametrize("target", [0.9, 0.98])
def test_promised_fill_rate_is_reached(lead_days, target):
    rng, review, rate, ratio = np.random.default_rng(2), 7, 1.4, 2.5
    level = stock_for_fill(
        np.array([(1 - target) * rate * review]),
        demand_over([rate * (lead_days + review)], ratio),
        demand_over([rate * lead_days], ratio),
    )[0]
    demand = rng.negative_binomial(*size_of(rate, ratio), 7 * 60_000)
    reach = fill_rate_of(demand, level, lead_days, review)
    assert target - 0.004 <= reach <= target + 0.03


def fill_rate_of(demand, level, lead_days, review):
    """Backorders; orders bring the position to the level every ``review`` days."""
    total = np.concatenate([[0], np.cumsum(demand)])
    orders = np.arange(0, len(demand) - lead_days - 2 * review, review)
    before = total[orders + lead_days] - total[orders]
    after = total[orders + lead_days + review] - total[orders]
    short = np.maximum(after - level, 0) - np.maximum(before - level, 0)
    return 1 - short.sum() / (after - before).sum()


def test_bad_levels_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        nb_quantile(1.0, np.ones(1), np.ones(1))
    with pytest.raises(ValueError, match="between 0 and 1"):
        plan_of(np.ones((1, 60)), fill_rate=1.0)
