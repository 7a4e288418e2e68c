import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from inventory.ledger import record_count, record_move, retract_count
from inventory.models import CloseOfDay, Location, SaleLine, SalesSource, StockMove
from sales.models import StockoutSpell
from sales.stockouts import recompute_stockouts

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
THROUGH = dt.date(2026, 11, 22)


def at(day, hour=12):
    return dt.datetime(2026, 11, day, hour, tzinfo=AMSTERDAM)


def sell(product, location, day, quantity, *, key, version=1, retracted=False):
    source, _ = SalesSource.objects.get_or_create(name="Till", kind="daily_totals")
    SaleLine.objects.create(
        source=source,
        key=key.ljust(16).encode(),
        version=version,
        is_retracted=retracted,
        product=product,
        location=location,
        sold_at=at(day),
        business_date=dt.date(2026, 11, day),
        quantity=quantity,
        stock_change=-Decimal(quantity),
    )


def count(product, location, day, quantity, hour=8):
    return record_count(
        product,
        location=location,
        counted_quantity=Decimal(quantity),
        counted_at=at(day, hour),
        key=f"{day}-{hour}",
    )


def deliver(product, location, moment, quantity):
    record_move(
        product,
        from_location=Location.objects.virtual(Location.Kind.VENDOR),
        to_location=location,
        quantity=Decimal(quantity),
        kind=StockMove.Kind.RECEIPT,
        occurred_at=moment,
        idempotency_key=f"{moment}",
    )


def found():
    return list(
        StockoutSpell.objects.order_by("first_date").values_list(
            "first_date__day", "last_date__day", "source"
        )
    )


def test_spell_lasts_from_the_last_sale_to_the_delivery(steady, old_town):
    count(steady, old_town, 1, 3)
    sell(steady, old_town, 4, 3, key="a")
    deliver(steady, old_town, at(10), 6)
    recompute_stockouts([old_town], THROUGH)
    assert found() == [(5, 9, "ledger")]


def test_twice_is_once_and_a_late_fact_mends_it(steady, old_town):
    count(steady, old_town, 1, 3)
    sell(steady, old_town, 4, 3, key="a")
    for _ in range(2):
        recompute_stockouts([old_town], THROUGH)
    assert found() == [(5, 22, "ledger")]
    sell(steady, old_town, 4, 3, key="a", version=2, retracted=True)
    recompute_stockouts([old_town], THROUGH)
    assert found() == []


def test_never_counted_and_retracted_counts_tell_nothing(steady, old_town):
    sell(steady, old_town, 4, 3, key="a")
    retract_count(count(steady, old_town, 5, 0))
    recompute_stockouts([old_town], THROUGH)
    assert found() == []


def test_imported_spells_stay(steady, old_town):
    StockoutSpell.objects.create(
        product=steady,
        location=old_town,
        first_date=dt.date(2026, 11, 2),
        last_date=dt.date(2026, 11, 3),
        source=StockoutSpell.Source.IMPORTED,
    )
    recompute_stockouts([old_town], THROUGH)
    assert found() == [(2, 3, "imported")]


@pytest.mark.parametrize(("close", "last"), [(dt.time(0), 9), (dt.time(3), 8)])
def test_delivery_after_midnight_belongs_to_the_day_before(
    steady, old_town, close, last
):
    CloseOfDay.objects.create(location=old_town, time=close)
    count(steady, old_town, 1, 0)
    deliver(steady, old_town, at(10, 2), 6)
    recompute_stockouts([old_town], THROUGH)
    assert found() == [(2, last, "ledger")]


def test_other_locations_are_left_alone(steady, old_town, harbour):
    count(steady, old_town, 1, 0)
    recompute_stockouts([old_town], THROUGH)
    recompute_stockouts([harbour], THROUGH)
    assert found() == [(2, 22, "ledger")]
