"""The dashboard: how fresh, what to do, and nobody else's stores."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from forecasting.models import PlanRun
from inventory.models import Shop, StockCount, StockLevel
from jit_backoffice import dashboard as board
from jit_backoffice.dead_stock import dead_stock
from purchasing.models import PurchaseOrder, PurchaseOrderLine, StockOutlook
from sales.models import DailySales

TODAY = dt.date(2026, 11, 23)
MORNING = dt.datetime(2026, 11, 23, 8, 5, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def shop(db):
    return Shop.objects.create(pk=1, name="Mill Lane", currency="EUR")


def outlook(product, location, **fields):
    values = {
        "as_of": TODAY - dt.timedelta(days=1),
        "state": StockOutlook.State.RUNS_OUT,
        "on_hand": 3,
        "reorder_point": 12,
        "order_by": MORNING + dt.timedelta(hours=5),
        "delivery_on": TODAY + dt.timedelta(days=3),
        "next_delivery_on": TODAY + dt.timedelta(days=10),
        "lost_per_day": Decimal("12.50"),
    }
    return StockOutlook.objects.create(
        product=product, location=location, **(values | fields)
    )


def order(product, vendor, location, **fields):
    values = {
        "state": PurchaseOrder.State.SUGGESTED,
        "currency": "EUR",
        "total": Decimal("42.60"),
        "order_by": MORNING + dt.timedelta(hours=5),
    }
    made = PurchaseOrder.objects.create(
        vendor=vendor, location=location, **(values | fields)
    )
    PurchaseOrderLine.objects.create(
        order=made, product=product, quantity=30, unit_cost="1.42", case_pack=6
    )
    return made


def page_of(client, person):
    client.force_login(person)
    return client.get(reverse("dashboard"))


def test_order_to_review_is_ranked_by_the_sales_at_risk(
    client, people, shop, old_town, steady, lumpy, near, far
):
    outlook(steady, old_town)
    outlook(lumpy, old_town, lost_per_day=Decimal("40.00"))
    order(steady, near, old_town)
    order(lumpy, far, old_town)
    titles = [todo.title for todo in page_of(client, people.buyer).context["todos"]]
    assert titles == ["Order from Far for Old Town", "Order from Near for Old Town"]


def test_manager_sees_only_what_concerns_the_own_store(
    client, people, shop, old_town, harbour, steady, near
):
    outlook(steady, harbour)
    order(steady, near, harbour)
    context = page_of(client, people.manager).context
    assert context["todos"] == []
    assert context["figures"]["runs_out"] == 0
    assert context["tile"].vendors == 0


def test_viewer_is_asked_to_do_nothing(client, people, shop, old_town, steady, near):
    outlook(steady, old_town)
    order(steady, near, old_town)
    assert page_of(client, people.viewer).context["todos"] == []


def test_late_delivery_is_to_be_chased(client, people, shop, old_town, steady, near):
    order(
        steady,
        near,
        old_town,
        state=PurchaseOrder.State.SENT,
        expected_on=TODAY - dt.timedelta(days=4),
    )
    page = page_of(client, people.buyer)
    assert page.context["todos"][0].title == "Chase Near"
    assert "4 days late" in page.context["todos"][0].why
    assert "Chase Near" in page.text


def test_missing_nightly_run_shows_within_an_hour(client, people, shop, old_town):
    run = PlanRun.objects.create(
        time_zone=old_town.time_zone,
        business_date=TODAY - dt.timedelta(days=1),
        state=PlanRun.State.DONE,
    )
    assert page_of(client, people.manager).context["freshness"].is_fresh
    with time_machine.travel(MORNING + dt.timedelta(days=1), tick=False):
        assert not board.freshness([old_town]).is_fresh
    run.state = PlanRun.State.FAILED
    run.save()
    assert not board.freshness([old_town]).is_fresh


def test_dead_stock_is_what_no_longer_sells(old_town, steady, lumpy):
    steady.cost = Decimal("1.42")
    steady.save()
    for product in (steady, lumpy):
        StockLevel.objects.create(
            product=product, location=old_town, on_hand=10, anchor_at=MORNING
        )
    for product, days in ((steady, 120), (lumpy, 12)):
        DailySales.objects.create(
            product=product,
            location=old_town,
            business_date=TODAY - dt.timedelta(days=days),
            sold=1,
        )
    (dead,) = dead_stock([old_town], TODAY)
    assert dead.product == steady
    assert dead.value == Decimal("14.20")


def test_new_stock_that_has_not_sold_yet_is_not_dead(old_town, steady):
    StockLevel.objects.create(
        product=steady, location=old_town, on_hand=10, anchor_at=MORNING
    )
    StockCount.objects.create(
        key="c-1",
        product=steady,
        location=old_town,
        counted_quantity=10,
        counted_at=MORNING,
    )
    assert not dead_stock([old_town], TODAY).exists()


def test_dashboard_asks_the_same_number_of_queries_for_any_number_of_orders(
    client,
    people,
    shop,
    old_town,
    steady,
    lumpy,
    near,
    far,
    django_assert_max_num_queries,
):
    client.force_login(people.buyer)
    outlook(steady, old_town)
    order(steady, near, old_town)
    order(lumpy, far, old_town, state=PurchaseOrder.State.SUBMITTED)
    with django_assert_max_num_queries(13):
        client.get(reverse("dashboard"))


def test_person_without_a_location_is_told_so(client, people):
    people.manager.accesses.all().delete()
    assert "No location is yours yet" in page_of(client, people.manager).text


def test_location_choice_refuses_a_foreign_location(client, people, shop, harbour):
    client.force_login(people.manager)
    client.post(reverse("location_choice"), {"location": harbour.pk, "next": "/help/"})
    assert "current_location" not in client.session
