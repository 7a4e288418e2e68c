import datetime as dt
import doctest
from zoneinfo import ZoneInfo

import pytest

from vendors import order_days
from vendors.models import VendorProduct
from vendors.order_days import OrderDays, deadline, deadline_after, deliveries
from vendors.terms import (
    DefaultTerms,
    Source,
    delivery_date,
    next_order_time,
    terms_for,
)

DEFAULTS = DefaultTerms(lead_time_days=9.0, review_period_days=5)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=AMSTERDAM)


def terms_of(product, location):
    return terms_for([(product.pk, location.pk)], DEFAULTS)[0]


def test_examples_in_docstrings():
    assert not doctest.testmod(order_days).failed


def test_lowest_rank_of_an_active_vendor_is_bought_first(steady, near, far, old_town):
    VendorProduct.objects.create(vendor=far, product=steady, cost=1, rank=2)
    assert terms_of(steady, old_town).vendor == near
    near.is_active = False
    near.save()
    assert terms_of(steady, old_town).vendor == far


@pytest.mark.parametrize(
    ("own", "vendors", "expected"),
    [
        (3, 2, (3.0, Source.OFFER)),
        (0, 2, (0.0, Source.OFFER)),
        (None, 2, (2.0, Source.VENDOR)),
        (None, None, (9.0, Source.DEFAULT)),
    ],
)
def test_lead_time_names_its_source_case_49(
    steady, near, old_town, own, vendors, expected
):
    near.lead_time_days = vendors
    near.save()
    steady.vendor_products.update(lead_time_days=own)
    found = terms_of(steady, old_town).lead_time
    assert (found.days, found.source) == expected


def test_without_an_offer_the_defaults_hold(steady, old_town):
    steady.vendor_products.all().delete()
    found = terms_of(steady, old_town)
    assert (found.offer, found.lead_time.days, found.review_period_days) == (None, 9, 5)


@pytest.mark.parametrize(
    ("weekdays", "typed", "expected"),
    [
        ([0], 3, 7),
        ([0, 3], None, 4),
        ([1, 2, 3, 4, 5], None, 3),
        ([], 3, 3),
        ([], 0, 5),
    ],
)
def test_review_period_is_the_longest_wait_for_an_order_day(
    steady, near, old_town, weekdays, typed, expected
):
    near.order_weekdays, near.review_period_days = weekdays, typed or None
    near.save()
    assert terms_of(steady, old_town).review_period_days == expected


def test_terms_come_in_the_order_asked_with_one_query(
    steady, lumpy, old_town, harbour, django_assert_num_queries
):
    pairs = [(p.pk, place.pk) for place in (harbour, old_town) for p in (lumpy, steady)]
    with django_assert_num_queries(1):
        found = terms_for(pairs, DEFAULTS)
    assert [(t.product_id, t.location_id) for t in found] == pairs


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T11:59+01:00", "2026-11-23T12:00:00+01:00"),
        ("2026-11-23T12:01+01:00", "2026-11-26T12:00:00+01:00"),
        ("2026-11-22T23:30+00:00", "2026-11-23T12:00:00+01:00"),
        ("2027-03-27T12:00+01:00", "2027-03-29T12:00:00+02:00"),
    ],
)
def test_order_time_is_the_next_cutoff_in_local_time(near, old_town, now, expected):
    near.order_weekdays, near.order_cutoff = [0, 3], dt.time(12)
    found = next_order_time(near, old_town, dt.datetime.fromisoformat(now))
    assert found.isoformat() == expected


def test_vendor_without_order_days_takes_orders_today(near, old_town):
    assert next_order_time(near, old_town, MONDAY).date() == MONDAY.date()


def test_skipped_order_arrives_with_the_next_one():
    days = OrderDays(frozenset({0, 3}), dt.time(12))
    found = deliveries(days, AMSTERDAM, 2.0, MONDAY)
    assert found.delivery_on == dt.date(2026, 11, 25)
    assert found.next_delivery_on == dt.date(2026, 11, 28)
    daily = deliveries(OrderDays(review_period_days=7), AMSTERDAM, 2.0, MONDAY)
    assert daily.next_delivery_on == dt.date(2026, 12, 2)


def test_part_of_a_day_counts_as_a_day(old_town):
    assert delivery_date(MONDAY, old_town, 1.5) == dt.date(2026, 11, 25)
    assert delivery_date(MONDAY, old_town, 0) == dt.date(2026, 11, 23)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_deadlines_rise_and_never_lie_in_the_past(zone):
    days = OrderDays(frozenset({0, 2, 6}), dt.time(2, 30))
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    for hour in range(24 * 30):
        moment = now + dt.timedelta(hours=hour)
        first = deadline(days, ZoneInfo(zone), moment)
        assert moment <= first < deadline_after(days, ZoneInfo(zone), first)
