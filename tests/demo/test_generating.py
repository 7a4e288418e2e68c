import datetime as dt

import numpy as np
import pytest

from jit_backoffice.demo.assortment import barcode
from jit_backoffice.demo.buying import DEPOT
from jit_backoffice.demo.demand import CLOSED, STORES
from jit_backoffice.demo.generating import Size, generate
from jit_backoffice.demo.terms import VENDORS, vendor_named

LAST_DAY = dt.date(2026, 11, 22)
SMALL = Size(items=40, days=120, receipt_days=10, ledger_days=40)


@pytest.fixture(scope="module")
def shop():
    return generate(LAST_DAY)


def of(shop, category):
    return np.array([item.category == category for item in shop.items])


def days_in(shop, month):
    return np.array([shop.date(day).month == month for day in range(shop.size.days)])


def test_the_same_seed_gives_the_same_shop():
    first, again = (generate(LAST_DAY, seed=5, size=SMALL) for _ in range(2))
    assert first.items == again.items
    assert first.till == again.till
    assert first.trade.orders == again.trade.orders
    assert (first.trade.stock == again.trade.stock).all()


def test_another_seed_gives_another_shop():
    first, other = (generate(LAST_DAY, seed=seed, size=SMALL) for seed in (5, 6))
    assert (first.trade.sold != other.trade.sold).any()


def test_assortment_has_400_products_of_8_categories_and_8_vendors(shop):
    assert len({item.sku for item in shop.items}) == 400
    assert len({item.name for item in shop.items}) == 400
    assert len({item.barcode for item in shop.items}) == 400
    assert len({item.category for item in shop.items}) == 8
    assert {item.vendor for item in shop.items} == {vendor.name for vendor in VENDORS}
    assert all(0 < item.cost < item.price for item in shop.items)


def test_barcode_ends_with_its_check_digit():
    digits = [int(digit) for digit in barcode(123)]
    assert sum(digits[::2]) % 10 == -3 * sum(digits[1::2]) % 10


def test_saturday_sells_more_than_monday(shop):
    weekday = np.array([shop.date(day).weekday() for day in range(shop.size.days)])
    units = shop.demand.units.sum(axis=(0, 1))
    assert units[weekday == 5].mean() > 1.4 * units[weekday == 0].mean()


def test_candles_peak_in_advent(shop):
    units = shop.demand.units[:, of(shop, "Candles & scents")].sum(axis=(0, 1))
    december, june = days_in(shop, 12), days_in(shop, 6)
    assert units[december].mean() > 2 * units[june].mean()


def test_promotions_lift_demand(shop):
    on_offer = shop.demand.on_offer
    steady = np.array([item.daily > 2 for item in shop.items])
    mean = shop.demand.mean[0][:, : shop.size.days]
    mean = mean / mean.mean(axis=1, keepdims=True)
    lifted = mean[steady][on_offer[steady]].mean()
    assert lifted > 1.4 * mean[steady][~on_offer[steady]].mean()
    assert 0.01 < on_offer.mean() < 0.1


def test_some_items_are_new_and_some_have_died(shop):
    units = shop.demand.units.sum(axis=0)
    half = shop.size.days // 2
    new = (units[:, : 2 * half - 150].sum(axis=1) == 0) & (units[:, -25:].sum(1) > 0)
    died = (units[:, :half].sum(axis=1) > 0) & (units[:, -90:].sum(axis=1) == 0)
    assert new.sum() >= 5
    assert died.sum() >= 5


def test_nothing_is_sold_on_closed_days(shop):
    closed = [
        (shop.date(day).month, shop.date(day).day) in CLOSED
        for day in range(shop.size.days)
    ]
    assert sum(closed) == 6
    assert shop.trade.sold[:, :, closed].sum() == 0


def test_sales_stop_where_the_shelf_is_empty(shop):
    trade, demand = shop.trade, shop.demand
    assert (trade.stock >= 0).all()
    assert (trade.sold <= demand.units).all()
    missed = (trade.sold < demand.units) & (trade.stock[:STORES] > 0)
    assert not missed.any()
    assert (trade.sold < demand.units).sum() > 500


def test_stock_follows_from_deliveries_and_sales(shop):
    trade = shop.trade
    change = np.zeros(trade.stock.shape, dtype=np.int64)
    change[:STORES] -= trade.sold
    for order in trade.orders:
        for arrival in order.arrivals:
            for item, units in arrival.units.items():
                if arrival.day < shop.size.days:
                    change[order.place, item, arrival.day] += units
    for transfer in trade.transfers:
        change[DEPOT, transfer.item, transfer.sent_on] -= transfer.units
        if transfer.sent_on + 1 < shop.size.days:
            change[transfer.store, transfer.item, transfer.sent_on + 1] += (
                transfer.units
            )
    for off in trade.write_offs:
        change[off.store, off.item, off.day] -= off.units
    lost = change[:, :, 1:] - np.diff(trade.stock, axis=2)
    assert set(np.unique(lost)) == {0, 1}
    assert lost[DEPOT].sum() == 0
    assert lost.mean() < 0.002


def test_orders_come_on_order_days_in_packs_above_the_minimum(shop):
    for order in shop.trade.orders:
        vendor = vendor_named(order.vendor)
        assert shop.date(order.ordered_on).weekday() in vendor.order_weekdays
        assert all(
            not units % shop.items[item].case_pack
            for item, units in order.units.items()
        )
        total = sum(shop.items[i].cost * units for i, units in order.units.items())
        assert float(total) >= vendor.minimum_order_value - 0.01


def test_nothing_comes_that_was_not_ordered(shop):
    for order in shop.trade.orders:
        came = dict.fromkeys(order.units, 0)
        for arrival in order.arrivals:
            assert arrival.day > order.ordered_on
            for item, units in arrival.units.items():
                came[item] += units
        assert all(came[item] <= units for item, units in order.units.items())


@pytest.mark.parametrize("weekday", range(7))
def test_the_last_day_has_a_late_and_a_half_delivered_order(weekday):
    shop = generate(LAST_DAY + dt.timedelta(days=weekday))
    end = shop.size.days
    to_come = [o for o in shop.trade.orders if o.arrivals[-1].day >= end]
    late = [o for o in to_come if o.due_on < end - 1 and o.arrivals[0].day >= end]
    partly = [o for o in to_come if o.arrivals[0].day < end]
    assert [order.vendor for order in late] == ["Linen House"]
    assert "Nordmill Foods" in {order.vendor for order in partly}
    assert len(to_come) > 8


def test_receipts_add_up_to_what_was_sold(shop):
    units = np.zeros_like(shop.trade.sold)
    for line in shop.till:
        day = (line.sold_at.date() - shop.demand.first_day).days
        units[line.store, line.item, day] += max(line.units, 0)
    days = shop.size.receipt_days
    assert (units[:, :, -days:] == shop.trade.sold[:, :, -days:]).all()
    assert units[:, :, :-days].sum() == 0
    assert any(line.units < 0 for line in shop.till)


def test_no_product_stands_twice_on_a_receipt(shop):
    lines = [(line.receipt, line.item) for line in shop.till]
    assert len(set(lines)) == len(lines)
