"""Lists of orders by state, and what is on its way by day."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from purchasing import ordering
from purchasing.orders import PurchaseOrder
from tests.purchasing.conftest import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(sent):
    PurchaseOrder.objects.filter(pk=sent.pk).update(
        expected_on=timezone.localdate() - dt.timedelta(days=3)
    )
    sent.refresh_from_db()
    return sent


def test_each_tab_counts_its_orders(approved, as_buyer):
    page = text_of(as_buyer.get(reverse("order_list")))
    assert "Open 1" in page
    assert "To send 1" in page
    assert "On the way 0" in page
    assert approved.number in page
    sent = as_buyer.get(reverse("order_list"), {"state": "on_the_way"})
    assert approved.number not in text_of(sent)


@pytest.mark.parametrize("text", ["{number}", "near", "oat drink", "GR-1042"])
def test_an_order_is_found_by_what_it_says(approved, as_buyer, text):
    found = as_buyer.get(
        reverse("order_list"), {"q": text.format(number=approved.number)}
    )
    assert approved.number in text_of(found)


def test_what_is_not_there_is_not_found(approved, as_buyer):
    found = as_buyer.get(reverse("order_list"), {"q": "plates"})
    assert "No order matches" in text_of(found)


@pytest.mark.parametrize(
    "query", ["state=x&vendor=y&sort=-pk&page=zz", "vendor=999999", "q=%00"]
)
def test_an_odd_address_is_no_error(approved, as_buyer, query):
    assert as_buyer.get(f"{reverse('order_list')}?{query}").status_code == 200


def test_the_rows_alone_for_htmx(approved, as_buyer):
    rows = as_buyer.get(reverse("order_list"), headers={"HX-Request": "true"})
    assert b"<html" not in rows.content
    assert approved.number in text_of(rows)


def test_foreign_orders_are_in_no_list(late, client, people):
    client.force_login(people.outsider)
    for name in ("order_list", "deliveries", "approvals"):
        assert late.number not in text_of(client.get(reverse(name)))


def test_late_deliveries_come_first(late, as_buyer, people):
    ordering.start(late.vendor, location=late.location, by=people.buyer)
    soon = ordering.duplicate(late, by=people.buyer)
    soon = ordering.submit(soon, by=people.buyer)
    soon = ordering.approve(soon, by=people.admin, version=soon.version)
    ordering.mark_sent(soon, by=people.buyer)
    page = text_of(as_buyer.get(reverse("deliveries")))
    assert page.index("Late 1 order") < page.index("In the next 7 days 1 order")
    assert "1 late" in page


def test_a_delivery_tells_what_is_still_open(late, as_buyer):
    assert "84" in text_of(as_buyer.get(reverse("deliveries")))


@pytest.mark.parametrize("name", ["order_list", "deliveries", "approvals"])
def test_queries_do_not_grow_with_the_orders(
    name, submitted, near, old_town, people, as_buyer, django_assert_max_num_queries
):
    for _ in range(15):
        PurchaseOrder.objects.create(
            vendor=near,
            location=old_town,
            currency="EUR",
            state="sent",
            sent_at=timezone.now(),
            expected_on=timezone.localdate(),
        )
        PurchaseOrder.objects.create(
            vendor=near, location=old_town, currency="EUR", state="submitted"
        )
    with django_assert_max_num_queries(12):
        assert as_buyer.get(reverse(name)).status_code == 200
