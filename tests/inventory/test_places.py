"""A day of the shop ends at its close, in its own time zone."""

import datetime as dt

import time_machine

from inventory.models import CloseOfDay, Location


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_the_day_ends_at_midnight_of_the_location(old_town):
    assert old_town.business_date(utc(2026, 11, 20, 22, 59)) == dt.date(2026, 11, 20)
    assert old_town.business_date(utc(2026, 11, 20, 23, 0)) == dt.date(2026, 11, 21)


def test_a_sale_before_the_close_belongs_to_the_day_before(old_town):
    CloseOfDay.objects.create(location=old_town, time=dt.time(4))
    assert old_town.business_date(utc(2026, 11, 21, 2, 59)) == dt.date(2026, 11, 20)
    assert old_town.business_date(utc(2026, 11, 21, 3, 0)) == dt.date(2026, 11, 21)


def test_a_new_close_does_not_rewrite_the_past(old_town):
    CloseOfDay.objects.create(location=old_town, time=dt.time(4))
    CloseOfDay.objects.create(
        location=old_town, time=dt.time(0), valid_from=dt.date(2026, 11, 20)
    )
    assert old_town.business_date(utc(2026, 11, 20, 1, 0)) == dt.date(2026, 11, 19)
    assert old_town.business_date(utc(2026, 11, 21, 1, 0)) == dt.date(2026, 11, 21)


def test_today_differs_around_the_world(db):
    sydney = Location(name="Sydney", time_zone="Australia/Sydney")
    angeles = Location(name="Los Angeles", time_zone="America/Los_Angeles")
    sydney.save()
    angeles.save()
    with time_machine.travel(utc(2026, 11, 20, 20), tick=False):
        assert sydney.today() == dt.date(2026, 11, 21)
        assert angeles.today() == dt.date(2026, 11, 20)
