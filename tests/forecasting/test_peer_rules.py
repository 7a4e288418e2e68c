"""The worked figures of the programs' own papers and sources."""

import numpy as np
import pytest

from forecasting import panel, peer_rules
from forecasting.replay import order_quantity
from tests.forecasting.cases import FIRST


def seen(*rows, observed=None):
    return panel.build(np.array(rows, float), FIRST, observed)


def ordered(rule, on_hand, incoming=0.0, pack=1, moq=0):
    shape = rule.point.shape
    on_hand, incoming = np.full(shape, float(on_hand)), np.full(shape, float(incoming))
    return order_quantity(rule, on_hand, incoming, pack, moq)[:, 0].tolist()


@pytest.mark.parametrize(
    ("sold", "days", "cover", "expected"),
    [
        (14, 7, 14, 28),  # "last X days"
        (50, 2, 5, 125),  # "sale dates"
    ],
)
def test_stocky_suggests_rate_times_days(sold, days, cover, expected):
    shop = seen([9, 9, *[sold / days] * days])
    rule = peer_rules.stocky_gross(shop, 3, [cover], days)
    assert ordered(rule, on_hand=0) == [expected]
    assert ordered(rule, on_hand=1, incoming=1000) == [expected]


def test_stocky_net_takes_off_what_is_there_and_comes():
    shop = seen([2.0] * 30)
    rule = peer_rules.stocky_net(shop, 7, [14])
    assert ordered(rule, on_hand=10, incoming=4) == [14]
    assert ordered(rule, on_hand=10, incoming=5) == [0]


def test_stocky_min_max_orders_below_the_minimum():
    rule = peer_rules.stocky_min_max(seen([2.0] * 60), 7, [14])
    assert ordered(rule, on_hand=14) == [0]
    assert ordered(rule, on_hand=13) == [29]


def test_nothing_is_suggested_where_nothing_sells():
    idle = seen([0.0] * 60)
    for rule in (
        peer_rules.stocky_gross(idle, 3, [14]),
        peer_rules.stocky_min_max(idle, 3, [14]),
        peer_rules.inventory_planner_by_date(idle, 3, [14]),
        peer_rules.oca_safety_stock(idle, 3, 7, [2]),
        peer_rules.erpnext(idle, 3, 7, [7]),
        peer_rules.last_interval(idle, 10, [2]),
    ):
        assert ordered(rule, on_hand=0) == [0]


def test_netstock_example_of_a_fixed_rule():
    """102 against a reorder point of 113 and a level of 139: 37."""
    rule = peer_rules.fixed_min_max(np.array([[113.0]]), np.array([[139.0]]))
    assert ordered(rule, on_hand=102) == [37]
    assert ordered(rule, on_hand=113) == [0]


def test_inventory_planner_counts_days_in_stock():
    """10 units in half a month in stock are 20 a month."""
    sales = [0.0] * 15 + [1.0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1]
    in_stock = np.array([[0] * 15 + [1] * 15])
    shop = seen(sales, observed=in_stock)
    kind = peer_rules.inventory_planner_recent(shop, 10, [20])
    assert kind.up_to.tolist() == [[20]]
    by_date = peer_rules.inventory_planner_by_date(shop, 12, [18])
    assert ordered(by_date, on_hand=9) == [0]
    assert ordered(by_date, on_hand=8) == [12]


@pytest.mark.parametrize(
    ("lead", "safety", "minimum"),
    [
        (4, 9.87, 14),
        (12, 17.09, 30),
    ],
)
def test_oca_example_of_a_slow_mover(lead, safety, minimum):
    """10 units every 10th day over 360 days: d 1, s 3."""
    shop = seen([10.0, *[0] * 9] * 36)
    rule = peer_rules.oca_safety_stock(shop, lead, 0, [1.6449])
    assert rule.up_to.tolist() == [[minimum]]
    assert ordered(rule, on_hand=minimum) == [0]
    assert ordered(rule, on_hand=minimum - 1) == [1]
    sd = shop.demand.std(ddof=1)
    assert 1.6449 * sd * np.sqrt(lead) == pytest.approx(safety, rel=0.002)


def test_oca_example_of_a_fast_mover():
    """Source's own test: minimum 129,927, with a cycle of 5 days maximum 159,177."""
    mean, sd = np.array([5850.03]), np.array([20444.87])
    rule = peer_rules.oca_min_max(mean, sd, 7, 5, [1.6449])
    assert rule.point[0, 0] == pytest.approx(129_927, abs=1)
    assert rule.up_to[0, 0] == 159_177  # of the minimum before rounding


def test_erpnext_orders_the_greater_of_quantity_and_lack():
    shop = seen([2.0] * 90)
    rule = peer_rules.erpnext(shop, 5, 7, [0, 7])
    assert rule.point.tolist() == [[10], [24]]
    assert ordered(rule, on_hand=10) == [14, 14]
    assert ordered(rule, on_hand=2) == [14, 22]
    assert ordered(rule, on_hand=25) == [0, 0]


def test_textbook_normal_by_hand():
    """Days of 1 and 3: mean 2, sd √(56/55); over 4 days 8 + 2 · 2 · sd."""
    rule = peer_rules.textbook_normal(seen([1.0, 3.0] * 28), 4, [0, 2])
    assert rule.up_to.tolist() == [[8], [np.ceil(8 + 4 * np.sqrt(56 / 55))]]


def test_last_interval_by_hand():
    """Sums 10, 14, 10 …: differences ±4, thirteen of each, sd √(26 · 16 / 25)."""
    sums = [10.0, 14.0] * 13 + [10.0]
    rule = peer_rules.last_interval(seen(sums), 1, [0, 1])
    assert rule.up_to.tolist() == [[10], [np.ceil(10 + np.sqrt(26 * 16 / 25))]]


def test_average_cover_of_thirty_days():
    rule = peer_rules.average_cover(seen([9.0] * 30 + [2.0] * 30), [5, 7.2])
    assert rule.up_to.tolist() == [[10], [15]]
