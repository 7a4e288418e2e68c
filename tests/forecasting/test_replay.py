import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasting import panel, peer_rules
from forecasting.lead_times import LeadTimes
from forecasting.replay import (
    OrderRule,
    Outcome,
    Supply,
    base_stock_rule,
    drawn_lead_days,
    frontier,
    order_quantity,
    our_levels,
    over_reviews,
    simulate,
    stock_at_fill,
    until,
    worst_decile_at_fill,
)
from forecasting.service import PolicyTerms
from tests.forecasting.cases import FIRST, groups_of


def levels_of(*levels, reviews):
    return np.repeat(np.array(levels, float)[:, None], reviews, axis=1)


def test_three_items_by_hand():
    """Six days, reviewed every second one; worked out on paper."""
    demand = np.array(
        [[2, 2, 2, 2, 2, 2], [3, 0, 1, 0, 5, 1], [1, 0, 4, 2, 3, 1]], float
    )
    lead = np.repeat([[0, 1, 3]], 3, axis=0)
    supply = Supply(lead, [5, 2, 8], 2, case_pack=[1, 1, 6])
    rule = base_stock_rule(levels_of([5, 4, 8], reviews=3))
    found = simulate(rule, demand, supply, warm_up_days=0)
    assert found.opening.tolist() == [[5, 2, 8]]
    assert found.received.tolist() == [[8, 5, 6]]
    assert found.sold.tolist() == [[12, 7, 9]]
    assert found.short.tolist() == [[0, 3, 2]]
    assert found.closing.tolist() == [[1, 0, 5]]
    assert found.average_stock.tolist() == [[2, 1, pytest.approx(23 / 6)]]
    assert found.days_short.tolist() == [[0, 2, 1]]
    assert found.orders.tolist() == [[2, 3, 2]]


def test_warm_up_is_left_out():
    demand = np.array([[9.0, 0, 1, 1]])
    supply = Supply(np.zeros((4, 1), int), [0], 1)
    rule = base_stock_rule(levels_of([2], reviews=4))
    found = simulate(rule, demand, supply, warm_up_days=2)
    assert (found.sold[0, 0], found.short[0, 0]) == (2, 0)
    assert found.opening[0, 0] == 2


def test_a_delivery_comes_after_its_own_lead_time():
    demand = np.zeros((1, 6))
    supply = Supply(np.array([[4], [1], [1]]), [0], 2)
    rule = base_stock_rule(np.array([[[1.0], [3.0], [3.0]]]))
    stock = [
        float(simulate(rule, demand[:, :day], supply, day - 1).closing[0, 0])
        for day in range(1, 7)
    ]
    assert stock == [0, 0, 0, 2, 3, 3]


@st.composite
def replays(draw):
    n, n_days, review, knobs = (draw(st.integers(1, most)) for most in (4, 30, 7, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    reviews = -(-n_days // review)
    shape = (knobs, reviews, n)
    point, up_to, least = (rng.integers(0, 20, shape).astype(float) for _ in range(3))
    rule = OrderRule(point, up_to, least, draw(st.booleans()))
    supply = Supply(
        rng.integers(0, 9, (reviews, n)),
        rng.integers(0, 15, n),
        review,
        case_pack=rng.integers(1, 7, n),
        moq=rng.integers(0, 9, n),
    )
    return rule, rng.poisson(3, (n, n_days)).astype(float), supply


@given(replays(), st.integers(0, 10))
@settings(deadline=None)
def test_no_unit_comes_from_nowhere(replay, warm_up):
    rule, demand, supply = replay
    warm_up = min(warm_up, demand.shape[1] - 1)
    found = simulate(rule, demand, supply, warm_up)
    assert (found.opening + found.received - found.sold == found.closing).all()
    counted = demand[:, warm_up:].sum(axis=1)
    assert (found.sold + found.short == counted).all()
    assert (found.closing >= 0).all()
    assert (found.received % 1 == 0).all()


@given(replays())
@settings(deadline=None, max_examples=40)
def test_a_knob_does_not_depend_on_its_neighbours(replay):
    rule, demand, supply = replay
    alone = OrderRule(
        rule.point[-1:], rule.up_to[-1:], rule.least[-1:], rule.counts_incoming
    )
    both, one = (simulate(r, demand, supply, 0) for r in (rule, alone))
    assert both.sold[-1].tolist() == one.sold[0].tolist()
    assert both.average_stock[-1].tolist() == one.average_stock[0].tolist()


def test_order_is_at_least_the_moq_in_whole_packs():
    one = np.ones((1, 1))
    rule = base_stock_rule(10 * one)
    sizes = [(1, 0, 3), (4, 0, 4), (1, 5, 5), (4, 5, 8)]
    for pack, moq, expected in sizes:
        assert order_quantity(rule, 7 * one, 0 * one, pack, moq)[0, 0] == expected
    assert order_quantity(rule, 7 * one, 3 * one, 4, 5)[0, 0] == 0


def test_a_replay_needs_days_and_rules():
    rule = base_stock_rule(levels_of([2], reviews=1))
    supply = Supply(np.zeros((4, 1), int), [0])
    with pytest.raises(ValueError, match="warm-up"):
        simulate(rule, np.zeros((1, 28)), supply)
    with pytest.raises(ValueError, match="review"):
        simulate(rule, np.zeros((1, 29)), supply)


def test_lead_times_are_drawn_by_their_weight():
    lead = LeadTimes(np.array([[2, 5], [1, 9]]), np.array([[0.25, 0.75], [1.0, 0.0]]))
    drawn = drawn_lead_days(lead, 4000, np.random.default_rng(7))
    assert (drawn[:, 0] == 2).mean() == pytest.approx(0.25, abs=0.03)
    assert set(drawn[:, 0]) == {2, 5}
    assert set(drawn[:, 1]) == {1}
    again = drawn_lead_days(lead, 4000, np.random.default_rng(7))
    assert (drawn == again).all()


def test_curve_of_fill_against_stock():
    zero = np.zeros((2, 2))
    sold, short = np.array([[90.0, 9], [60, 6]]), np.array([[10.0, 1], [40, 4]])
    stock = np.array([[20.0, 4], [8, 1]])
    outcome = Outcome(zero, zero, sold, zero, short, stock, zero, zero)
    units, money = frontier(outcome), frontier(outcome, [2.0, 10.0])
    assert units.fill.tolist() == pytest.approx([0.6, 0.9])
    assert (units.stock.tolist(), money.stock.tolist()) == ([9, 24], [26, 80])
    assert stock_at_fill(units, 0.7) == pytest.approx(14)
    assert worst_decile_at_fill(units, 0.75) == pytest.approx(0.75)
    assert np.isnan(stock_at_fill(units, 0.95))


KNOBS = [
    PolicyTerms(3, 0, 7, fill_rate=0.95),
    PolicyTerms(3, 1.5, 7, cycle_service=0.95),
]
PEERS = [
    lambda seen: peer_rules.textbook_normal(seen, 10, [1, 2]),
    lambda seen: peer_rules.last_interval(seen, 10, [1, 2]),
    lambda seen: peer_rules.average_cover(seen, [10, 20]),
    lambda seen: peer_rules.stocky_gross(seen, 3, [10, 20]),
    lambda seen: peer_rules.stocky_min_max(seen, 3, [10, 20]),
    lambda seen: peer_rules.inventory_planner_by_date(seen, 3, [10, 20]),
    lambda seen: peer_rules.oca_safety_stock(seen, 3, 7, [1, 2]),
    lambda seen: peer_rules.erpnext(seen, 3, 7, [0, 7]),
]


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
@settings(deadline=None, max_examples=12)
def test_no_rule_knows_the_future(seed, turn):
    rng = np.random.default_rng(seed)
    n_days, reviews = 240, [212, 219, 226, 233]
    demand = rng.negative_binomial(2, 0.4, (6, n_days)).astype(float)
    observed = (rng.random(demand.shape) < 0.95).astype(np.uint8)
    other, hidden = demand.copy(), observed.copy()
    other[:, reviews[turn] :] *= 9
    other[:, reviews[turn] :] += 3
    hidden[:, reviews[turn] :] = 0
    one = panel.build(demand, FIRST, observed)
    two = panel.build(other, FIRST, hidden)
    ours = [our_levels(p, groups_of(6), reviews, 10, KNOBS) for p in (one, two)]
    assert (ours[0][:, : turn + 1] == ours[1][:, : turn + 1]).all()
    if turn < 3:
        assert (ours[0][:, turn + 1 :] != ours[1][:, turn + 1 :]).any()
    for peer in PEERS:
        was, now = (over_reviews(peer, p, reviews) for p in (one, two))
        for column in ("point", "up_to", "least"):
            before, after = getattr(was, column), getattr(now, column)
            assert (before[:, : turn + 1] == after[:, : turn + 1]).all()


def test_more_promised_takes_more_stock():
    rng = np.random.default_rng(3)
    shop = panel.build(rng.poisson(4, (5, 200)), FIRST)
    knobs = [PolicyTerms(3, 0, 7, fill_rate=f) for f in (0.9, 0.97, 0.995)]
    levels = our_levels(shop, groups_of(5), [180, 187], 10, knobs)
    assert (np.diff(levels, axis=0) > 0).all()


def test_a_setting_stays_until_it_is_set_anew():
    shop = panel.build(np.arange(40.0)[None], FIRST)

    def rule(seen):
        return base_stock_rule(seen.demand[:, -1:].T.astype(float))

    found = over_reviews(rule, shop, [10, 20, 30], every=2)
    assert found.up_to[0, :, 0].tolist() == [9, 9, 29]
    assert until(shop, 30, 10).first_day.isoformat() == "2024-01-21"
