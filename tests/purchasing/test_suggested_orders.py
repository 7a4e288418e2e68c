"""One row per vendor and location, the most costly to leave out first."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import Product
from tests.purchasing.shop import plan, refresh, set_stock
from vendors.models import Vendor, VendorProduct

MORNING = dt.datetime(2026, 11, 23, 8, 5, tzinfo=dt.UTC)
URL = reverse("suggested_orders")


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def shop(people, steady, lumpy, near, far, old_town):
    """Plates from Far cost more to miss than oat drink from Near."""
    near.minimum_order_value = 500
    near.order_cutoff = dt.time(14)
    near.save()
    plan(steady, old_town)
    plan(lumpy, old_town, per_day=0.9, level=60, protection_days=37)
    set_stock(steady, old_town, 52)
    set_stock(lumpy, old_town, 5)
    refresh(old_town)
    return old_town


def page_of(client, person):
    client.force_login(person)
    return client.get(URL)


def test_rows_are_sorted_by_lost_sales_and_say_what_matters(client, people, shop):
    page = page_of(client, people.manager)
    first, second = page.context["rows"]
    assert (first.order.vendor.name, first.must, first.should) == ("Far", 1, 0)
    assert (second.order.vendor.name, second.must, second.should) == (
        "Near",
        0,
        1,
    )
    assert first.lost_per_day > second.lost_per_day > 0
    text = page.content.decode()
    assert "€474.44 missing" in text
    assert "Today 14:00" in text
    assert "2 orders for Old Town, €414.36 in all" in text


def test_after_the_cutoff_the_next_chance_is_said(client, people, shop, monday):
    monday.move_to(MORNING.replace(hour=16))
    row = page_of(client, people.manager).context["rows"][1]
    assert row.is_late
    assert row.order_by.date() == dt.date(2026, 11, 24)
    assert row.arrives_on == dt.date(2026, 11, 26)


def test_empty_list_says_why(client, people):
    text = page_of(client, people.manager).content.decode()
    assert "No product is at or below its reorder point." in text


def test_other_stores_are_not_seen(client, people, shop):
    assert page_of(client, people.outsider).context["rows"] == []


def test_many_vendors_cost_no_more_queries(client, people, old_town):
    for number in range(55):
        vendor = Vendor.objects.create(name=f"V{number}", lead_time_days=2)
        one = Product.objects.create(sku=f"Q-{number}", name="Tea", price=3)
        VendorProduct.objects.create(vendor=vendor, product=one, cost=1)
        plan(one, old_town)
        set_stock(one, old_town, 5)
    refresh(old_town)
    client.force_login(people.manager)
    client.get(URL)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(URL)
    assert len(page.context["rows"]) == 50
    assert len(asked) <= 12
