import datetime as dt
from decimal import Decimal

import numpy as np
import pytest

from forecasting.demand import read_panel
from forecasting.series import all_series
from inventory.ledger import record_count
from inventory.models import SaleLine
from sales.models import StockoutSpell
from tests.forecasting.shop import LAST, busy_shop, days_until, sell

pytestmark = pytest.mark.django_db


def series_of(*locations, as_of=LAST):
    return all_series(locations, as_of, stamp=0)


def panel_of(*locations, as_of=LAST):
    return read_panel(series_of(*locations, as_of=as_of))


def test_demand_lies_on_its_day(steady, old_town):
    sell(steady, old_town, [3, 0, 2])
    panel = panel_of(old_town)
    assert panel.demand.tolist() == [[3, 0, 2]]
    assert panel.first_day == LAST - dt.timedelta(days=2)


def test_cancelled_is_no_demand(steady, old_town):
    sell(steady, old_town, [3, 5])
    steady.daily_sales.filter(business_date=LAST).update(cancelled=4)
    assert panel_of(old_town).demand.tolist() == [[3, 1]]


def test_days_before_the_first_line_are_not_observed(steady, lumpy, old_town):
    sell(steady, old_town, [1, 1, 1, 1])
    sell(lumpy, old_town, [0, 4])
    panel = panel_of(old_town)
    assert panel.observed.tolist() == [[1, 1, 1, 1], [0, 0, 1, 1]]
    assert panel.demand[1].tolist() == [0, 0, 0, 4]


def test_days_after_the_last_import_are_not_taken_for_zeros(
    steady, lumpy, old_town, harbour
):
    early = LAST - dt.timedelta(days=2)
    sell(steady, old_town, [1, 1], early)
    sell(lumpy, old_town, [1], early - dt.timedelta(days=1))
    sell(steady, harbour, [1, 1, 1, 1])
    panel = panel_of(old_town, harbour)
    assert panel.observed.tolist() == [[1, 1, 0, 0], [1, 1, 1, 1], [1, 1, 0, 0]]


def test_spells_of_any_source_are_not_observed(steady, old_town):
    sell(steady, old_town, [1] * 6)
    days = days_until(LAST, 6)
    for first, last, source in [
        (-9, 0, "imported"),
        (2, 3, "ledger"),
        (3, 4, "ledger"),
    ]:
        StockoutSpell.objects.create(
            product=steady,
            location=old_town,
            first_date=days[0] + dt.timedelta(days=first),
            last_date=days[0] + dt.timedelta(days=last),
            source=source,
        )
    assert panel_of(old_town).observed.tolist() == [[0, 1, 0, 0, 0, 1]]


def test_retracted_lines_tell_nothing(steady, old_town):
    sell(steady, old_town, [2])
    line = SaleLine.objects.get()
    line.pk, line.version, line.is_retracted = None, 2, True
    line.save(force_insert=True)
    assert series_of(old_town).n_series == 0


def test_later_lines_are_not_known_yet(steady, lumpy, old_town):
    sell(steady, old_town, [1, 2, 3])
    sell(lumpy, old_town, [9])
    panel = panel_of(old_town, as_of=LAST - dt.timedelta(days=1))
    assert panel.demand.tolist() == [[1, 2]]


def test_counted_but_never_sold_is_a_series_too(steady, lumpy, old_town):
    sell(steady, old_town, [1] * 5)
    record_count(
        lumpy,
        location=old_town,
        counted_quantity=Decimal(4),
        counted_at=dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC),
        key="a",
    )
    assert panel_of(old_town).observed.tolist() == [[1] * 5, [0, 0, 1, 1, 1]]


def test_inactive_products_are_left_out(steady, lumpy, old_town):
    sell(steady, old_town, [1])
    sell(lumpy, old_town, [1])
    lumpy.is_active = False
    lumpy.save()
    assert series_of(old_town).product_id.tolist() == [steady.pk]


def test_pools_have_the_same_numbers_in_every_shard(old_town, harbour):
    busy_shop(old_town, harbour, count=4, days=5)
    whole = series_of(old_town, harbour)
    assert whole.n_pools.tolist() == [2, 1]
    parts = [whole.rows(slice(0, 2)), whole.rows(slice(2, 8))]
    assert np.concatenate([p.week_pool for p in parts]).tolist() == [0, 1] * 4
    assert all(part.n_pools.tolist() == [2, 1] for part in parts)
    assert type(parts[0]).from_bytes(parts[0].to_bytes()).same_as(parts[0])
    assert not parts[0].same_as(parts[1])
