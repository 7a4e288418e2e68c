import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting import calendar, panel
from forecasting.fit import ShardFit, fit_shard
from forecasting.outlook import outlook, quantiles_over
from forecasting.plan import NOT_RECKONED, plan_shard
from forecasting.pool import PoolStats, reduce
from forecasting.service import PolicyTerms
from tests.forecasting.cases import FIRST, groups_of, joined, plan_of

COLUMNS = (
    "demand_per_day",
    "expected_demand",
    "quantiles",
    "variance_ratio",
    "safety_stock",
    "reorder_point",
    "order_up_to_level",
    "daily_mean",
)


def shop(n=60, days=400, seed=3):
    rng = np.random.default_rng(seed)
    rates = rng.gamma(0.7, 4, (n, 1))
    return rng.negative_binomial(rates, 0.5, (n, days))


@pytest.mark.parametrize("sizes", [[1, 59], [20, 20, 20], [7, 50, 3]])
def test_plan_does_not_depend_on_shards_or_order(sizes):
    demand = shop()
    order = np.random.default_rng(1).permutation(len(demand))
    whole, parts = plan_of(demand), plan_of(demand, sizes=sizes, order=order)
    for column in COLUMNS:
        np.testing.assert_allclose(
            joined(parts, column), joined(whole, column)[order], rtol=1e-5, atol=1e-9
        )


def test_same_input_gives_same_output_to_the_bit():
    first, again = plan_of(shop())[0], plan_of(shop())[0]
    for column in COLUMNS:
        assert (getattr(first, column) == getattr(again, column)).all()


@pytest.mark.parametrize(
    ("demand", "method"),
    [
        (np.full((1, 3), 2.0), "category prior"),
        (np.zeros((1, 400)), "no sales"),
        (np.full((1, 400), 5.0), "smoothed level"),
        (np.full((1, 30), np.nan), "category prior"),
        (np.full((1, 200), 1e12), "smoothed level"),
        (np.full((1, 1), -4.0), "no sales"),
        (np.eye(1, 300, 150) * 40, "smoothed level"),
        (np.full((1, 60), 0.125), "smoothed level"),
    ],
    ids=[
        "3-day",
        "zero",
        "constant",
        "nan",
        "huge",
        "negative",
        "one-sale",
        "kilograms",
    ],
)
def test_odd_series_fall_back_and_stay_finite(demand, method):
    plan = plan_of(demand)[0]
    assert plan.method[0] == method
    for column in COLUMNS:
        values = getattr(plan, column)
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    assert (np.diff(plan.quantiles, axis=1) >= 0).all()


def test_constant_demand_is_foretold_exactly():
    plan = plan_of(np.full((1, 400), 5.0))[0]
    assert plan.expected_demand[0] == pytest.approx(70)
    assert plan.daily_mean.shape == (1, 42)


def test_month_of_history_is_enough_for_a_cafe():
    plan = plan_of(shop(40, 31))[0]
    recent = shop(40, 31).mean(axis=1)
    assert set(plan.method) <= {"smoothed level", "no sales"}
    assert plan.demand_per_day.sum() == pytest.approx(recent.sum(), rel=0.1)


@given(st.floats(0.6, 0.98))
@settings(deadline=None, max_examples=10)
def test_levels_rise_with_the_target(target):
    low = plan_of(shop(20, 200), fill_rate=target)[0]
    high = plan_of(shop(20, 200), fill_rate=target + 0.015)[0]
    assert (high.order_up_to_level >= low.order_up_to_level).all()
    assert (high.reorder_point >= low.reorder_point).all()


def test_stockout_days_do_not_lower_the_level():
    demand, observed = shop(40, 400), np.ones((40, 400))
    gone = np.random.default_rng(5).random((40, 400)) < 0.2
    true = plan_of(demand)[0].demand_per_day.sum()
    observed[gone] = 0
    masked = plan_of(np.where(gone, 0, demand), observed=observed)[0]
    blind = plan_of(np.where(gone, 0, demand))[0]
    assert masked.demand_per_day.sum() == pytest.approx(true, rel=0.03)
    assert blind.demand_per_day.sum() < 0.9 * true


def test_closed_weekday_is_foretold_as_closed():
    demand = shop(30, 364) + 3
    demand[:, 6::7] = 0
    plan = plan_of(demand)[0]
    assert plan.daily_mean[:, 6].sum() < 0.2 * plan.daily_mean[:, 5].sum()
    assert plan.expected_demand.sum() == pytest.approx(
        demand[:, -56:].mean() * 14 * 30, rel=0.05
    )


def run_of(demand):
    shard = panel.build(demand, FIRST)
    groups = groups_of(shard.n_series)
    factors = calendar.factors(calendar.group_totals(shard, groups, 1, 1))
    fit = fit_shard(shard, groups, factors, 10)
    return fit, reduce([fit]), factors


def test_quantiles_rise_with_level_and_horizon():
    view = outlook(*run_of(shop()))
    ahead = np.stack([quantiles_over(view, days) for days in range(1, 43)])
    assert (np.diff(ahead, axis=2) >= 0).all()
    assert (np.diff(ahead.mean(axis=1), axis=0) >= 0).all()


def test_fits_and_pools_survive_as_bytes():
    fit, stats, factors = run_of(shop())
    assert (ShardFit.from_bytes(fit.to_bytes()).level == fit.level).all()
    assert (PoolStats.from_bytes(stats.to_bytes()).phi == stats.phi).all()
    packed = calendar.CalendarFactors.from_bytes(factors.to_bytes())
    assert (packed.week == factors.week).all()


def test_interval_below_a_day_is_refused():
    shard = panel.build(np.ones((1, 5)), FIRST)
    groups = groups_of(1)
    factors = calendar.factors(calendar.group_totals(shard, groups, 1, 1))
    with pytest.raises(ValueError, match="1 to 550 days"):
        fit_shard(shard, groups, factors, 0)


def test_slow_movers_keep_their_own_dispersion():
    """Finding: a volume-weighted pool makes slow movers as restless as fast ones."""
    rng = np.random.default_rng(11)
    slow = rng.poisson(0.3, (200, 500))
    level = rng.gamma(4, 50, (40, 72)).repeat(7, axis=1)[:, :500]
    plan = plan_of(np.concatenate([slow, rng.poisson(level)]))[0]
    weighted = np.average(plan.variance_ratio, weights=plan.expected_demand)
    assert weighted > 20
    assert np.median(plan.variance_ratio[:200]) < 2


def test_pay_days_are_foretold():
    days = calendar.days_of_month(FIRST.toordinal(), 810)
    wanted = np.where(days < 5, 30.0, 10.0)
    demand = np.random.default_rng(2).poisson(wanted, (60, 810))
    plan = plan_of(demand[:, :760])[0]
    ahead = days[760 : 760 + plan.daily_mean.shape[1]]
    early, late = ahead == 2, ahead == 17
    assert plan.daily_mean[:, early].mean() > 2.2 * plan.daily_mean[:, late].mean()


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_series_that_is_no_number_is_named_and_stops_no_other(number):
    fit, stats, factors = run_of(shop())
    terms = PolicyTerms(7, 2, 7)
    before = plan_shard(fit, stats, factors, terms)
    fit.level[0] = number
    plan = plan_shard(fit, stats, factors, terms)
    assert plan.method[0] == NOT_RECKONED
    assert plan.order_up_to_level[0] == 0
    assert (plan.order_up_to_level[1:] == before.order_up_to_level[1:]).all()
