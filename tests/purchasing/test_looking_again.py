"""Between two nights outlooks follow what is sold, counted, ordered and received."""

import datetime as dt

import pytest

from inventory.models import Alert, StockLevel
from jobs import ticks
from purchasing.looking_again import look_at_changes, moved, reordered
from purchasing.ordering import start
from purchasing.outlook import StockOutlook
from tests.purchasing.shop import order, plan, refresh, set_stock


@pytest.fixture
def low(steady, old_town):
    plan(steady, old_town)
    set_stock(steady, old_town, 5)
    refresh(old_town)
    return steady


def outlook():
    return StockOutlook.objects.get()


def open_kinds():
    return [alert.kind for alert in Alert.objects.still_open()]


def test_received_goods_end_the_alarm_at_once(low, old_town):
    set_stock(low, old_town, 200)
    look_at_changes()
    assert (outlook().state, outlook().on_hand) == ("enough", 200)
    assert outlook().suggested_quantity == 0
    assert open_kinds() == []


def test_last_one_sold_is_out(low, old_town):
    set_stock(low, old_town, 0)
    look_at_changes()
    assert outlook().state == "out"
    assert open_kinds() == ["out"]


def test_first_count_makes_stock_known(steady, old_town):
    plan(steady, old_town)
    refresh(old_town)
    assert open_kinds() == ["count_due"]
    set_stock(steady, old_town, 90)
    look_at_changes()
    assert outlook().state == "enough"
    assert open_kinds() == []


def test_retracted_count_makes_stock_unknown(low, old_town):
    StockLevel.objects.update(on_hand=None, anchor_at=None)
    look_at_changes()
    assert outlook().state == "unknown"


def test_drafted_order_is_incoming_at_once(low, near, old_town, people):
    made = order(near, old_town, low, 60)
    made.timeline.create(verb="changed", version=1, user=people.manager)
    look_at_changes()
    assert outlook().incoming == 60
    assert outlook().suggested_quantity == 6
    assert outlook().state == "runs_out"


def test_nothing_changed_is_nothing_done(low, old_town, near):
    start(near, location=old_town, by=None, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert moved() == []
    assert reordered() == []


def test_other_products_keep_their_alerts(low, lumpy, old_town):
    plan(lumpy, old_town)
    set_stock(lumpy, old_town, 0)
    refresh(old_town)
    set_stock(low, old_town, 200)
    look_at_changes()
    assert open_kinds() == ["out"]


def test_every_minute_it_is_looked_at(low, old_town):
    set_stock(low, old_town, 200)
    ticks.run_all()
    assert outlook().state == "enough"
