"""Counts stand at a moment: now, before opening or after close of a day."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from inventory import counting, places
from inventory.models import CloseOfDay, Location, StockCount, StockLevel

pytestmark = pytest.mark.django_db
FRIDAY = dt.date(2026, 11, 20)
NOON = dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC)


def counted(product, location, moment="now", quantity="7", key="form"):
    return counting.count(
        product,
        location=location,
        counted_quantity=Decimal(quantity),
        moment=moment,
        date=FRIDAY,
        idempotency_key=key,
    )


def test_before_opening_is_before_every_sale_of_the_date(steady, old_town):
    count = counted(steady, old_town, "opening")
    assert count.counted_at == dt.datetime(2026, 11, 19, 23, tzinfo=dt.UTC)


def test_after_close_is_after_every_sale_of_the_date(steady, old_town):
    count = counted(steady, old_town, "close")
    assert count.counted_at == dt.datetime(2026, 11, 20, 23, tzinfo=dt.UTC)


def test_a_late_close_moves_both(steady, old_town):
    CloseOfDay.objects.create(location=old_town, time=dt.time(4))
    opening = counted(steady, old_town, "opening", key="a").counted_at
    close = counted(steady, old_town, "close", key="b").counted_at
    assert opening == dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
    assert close == dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)


def test_after_close_of_today_is_never_in_the_future(steady, old_town):
    with time_machine.travel(NOON, tick=False):
        assert counted(steady, old_town, "close").counted_at == NOON


def test_the_same_form_counts_once(steady, old_town):
    with time_machine.travel(NOON) as clock:
        first = counted(steady, old_town)
        clock.shift(60)
        assert counted(steady, old_town) == first
    assert StockCount.objects.count() == 1
    assert StockLevel.objects.get().on_hand == 7


def test_a_day_ends_differently_from_a_date_on(old_town):
    places.settle(old_town, day_ends_at=dt.time(3), valid_from=FRIDAY)
    days = Location.objects.get(pk=old_town.pk).business_days()
    assert days.close_of(FRIDAY - dt.timedelta(days=1)) == dt.time(0)
    assert days.close_of(FRIDAY) == dt.time(3)


def test_saving_the_same_close_again_adds_nothing(old_town):
    places.settle(old_town, day_ends_at=dt.time(0), valid_from=FRIDAY)
    assert not CloseOfDay.objects.exists()


def test_a_new_location_ends_its_days_so_from_the_beginning(db):
    place = places.settle(Location(name="Night bar"), day_ends_at=dt.time(5))
    assert place.business_days().close_of(dt.date(2020, 1, 1)) == dt.time(5)
