"""One suggested order per vendor and location, replaced by every run."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Alert, Product, Transfer
from purchasing.explaining import quantity_from
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from purchasing.outlook import StockOutlook
from tests.purchasing.shop import (
    TODAY,
    count,
    order,
    plan,
    refresh,
    set_stock,
    suggestions,
)
from vendors.models import Vendor, VendorProduct

DAY = dt.timedelta(days=1)


@pytest.fixture
def thirsty(steady, old_town):
    """Oat drink: 31 on hand, 70 wanted, packs of 6."""
    plan(steady, old_town)
    count(steady, old_town, 31)
    return steady


def line():
    return PurchaseOrderLine.objects.get(order__state="suggested")


def test_need_is_rounded_up_to_packs(thirsty, near, old_town):
    refresh(old_town)
    assert line().quantity == 42
    assert line().case_pack == 6
    suggested = line().order
    assert (suggested.vendor, suggested.location) == (near, old_town)
    assert suggested.total == Decimal("59.64")
    assert suggested.expected_on == dt.date(2026, 11, 25)


def test_report_counts_what_is_open(thirsty, old_town):
    first, second = refresh(old_town), refresh(old_town)
    assert (first.alerts, first.suggested_orders) == (1, 1)
    assert first == second


def test_running_again_writes_nothing_anew(thirsty, old_town):
    refresh(old_town)
    before = (line().pk, line().order.version, line().order.pk)
    refresh(old_town)
    assert (line().pk, line().order.version, line().order.pk) == before
    assert Alert.objects.count() == 1


@pytest.mark.parametrize(("on_hand", "expected"), [(68, 6), (69, 6), (70, 0), (80, 0)])
def test_nothing_is_suggested_above_the_reorder_point(
    steady, old_town, on_hand, expected
):
    plan(steady, old_town)
    count(steady, old_town, on_hand)
    refresh(old_town)
    assert sum(suggestions().values()) == expected


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("draft", True),
        ("submitted", True),
        ("sent", True),
        ("confirmed", True),
        ("partly_received", True),
        ("suggested", False),
        ("received", False),
        ("closed", False),
        ("cancelled", False),
    ],
)
def test_what_people_ordered_is_not_suggested_again(
    thirsty, near, old_town, state, counts
):
    order(near, old_town, thirsty, 30, state=state, expected_on=TODAY + 2 * DAY)
    refresh(old_town)
    assert line().quantity == (12 if counts else 42)


def test_draft_covers_the_need_and_is_left_alone_case_43(thirsty, near, old_town):
    draft = order(near, old_town, thirsty, 42)
    refresh(old_town)
    draft.refresh_from_db()
    assert suggestions() == {}
    assert (draft.state, draft.version, draft.lines.get().quantity) == ("draft", 1, 42)


def test_received_part_no_longer_counts_as_incoming(thirsty, near, old_town):
    sent = order(near, old_town, thirsty, 30, "partly_received", expected_on=TODAY)
    sent.lines.update(received_quantity=12, closed_quantity=6)
    refresh(old_town)
    outlook = StockOutlook.objects.get()
    assert outlook.incoming == 12
    assert outlook.inventory_position == 43


def test_overdue_order_counts_for_some_days_and_then_as_nothing(
    thirsty, near, old_town
):
    sent = order(near, old_town, thirsty, 30, "sent", expected_on=TODAY - 2 * DAY)
    refresh(old_town)
    assert line().quantity == 12
    assert Alert.objects.get(kind="late_delivery").target_pk == sent.pk
    PurchaseOrder.objects.filter(pk=sent.pk).update(expected_on=TODAY - 9 * DAY)
    refresh(old_town)
    assert line().quantity == 42
    assert Alert.objects.get(kind="late_delivery").closed_at
    assert Alert.objects.get(kind="overdue_zero").closed_at is None


def test_overdue_order_counts_as_long_as_this_vendor_is_usually_late(
    thirsty, near, old_town
):
    near.lead_time_sd_days = 8
    near.save()
    order(near, old_town, thirsty, 30, "sent", expected_on=TODAY - 9 * DAY)
    refresh(old_town)
    assert line().quantity == 12


def test_transfer_counts_at_its_destination(thirsty, old_town, depot):
    Transfer.objects.create(
        product=thirsty,
        from_location=depot,
        to_location=old_town,
        quantity=30,
        expected_on=TODAY,
        sent_at=dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC),
        idempotency_key="t",
    )
    refresh(old_town)
    assert line().quantity == 12


def test_never_counted_is_not_suggested_but_asked_to_be_counted(steady, old_town):
    plan(steady, old_town)
    refresh(old_town)
    assert suggestions() == {}
    outlook = StockOutlook.objects.get()
    assert (outlook.state, outlook.suggested_quantity) == ("unknown", None)
    assert Alert.objects.get().kind == "count_due"


def test_without_a_vendor_the_plain_need_and_an_alert(thirsty, old_town):
    VendorProduct.objects.all().delete()
    refresh(old_town)
    assert suggestions() == {}
    assert StockOutlook.objects.get().suggested_quantity == 39
    kinds = Alert.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["no_vendor", "runs_out"]


def test_minimum_quantity_of_the_vendor(lumpy, old_town):
    plan(lumpy, old_town, per_day=0.5, level=30, protection_days=37)
    count(lumpy, old_town, 25)
    refresh(old_town)
    assert line().quantity == 48


def test_must_runs_out_before_the_delivery_after_next(thirsty, steady, near, old_town):
    other = Product.objects.create(sku="GR-2", name="Muesli")
    VendorProduct.objects.create(vendor=near, product=other, cost=2)
    plan(other, old_town)
    count(other, old_town, 69)
    refresh(old_town)
    urgency = dict(PurchaseOrderLine.objects.values_list("product__name", "urgency"))
    assert urgency == {"Oat drink, barista 1 L": "must", "Muesli": "should"}


def test_product_of_another_best_vendor_moves_to_its_order(thirsty, near, old_town):
    refresh(old_town)
    other = Vendor.objects.create(name="Nearer", lead_time_days=1)
    VendorProduct.objects.create(vendor=other, product=thirsty, cost=1, rank=0)
    refresh(old_town)
    assert suggestions() == {("Nearer", "Old Town", "GR-1042"): 39}
    assert not PurchaseOrder.objects.filter(vendor=near).exists()


def test_product_out_of_the_range_leaves_no_trace(thirsty, old_town):
    refresh(old_town)
    thirsty.is_active = False
    thirsty.save()
    refresh(old_town)
    assert suggestions() == {}
    assert not StockOutlook.objects.exists()
    assert not Alert.objects.filter(closed_at=None).exists()


def test_other_locations_keep_theirs(thirsty, old_town, harbour):
    plan(thirsty, harbour)
    count(thirsty, harbour, 10)
    refresh(old_town, harbour)
    both = suggestions()
    assert len(both) == 2
    set_stock(thirsty, old_town, 100)
    refresh(old_town)
    assert suggestions() == {
        key: quantity for key, quantity in both.items() if key[1] == "Harbour"
    }


def test_state_change_closes_one_alert_and_opens_another(thirsty, old_town):
    refresh(old_town)
    set_stock(thirsty, old_town, 0)
    refresh(old_town)
    set_stock(thirsty, old_town, 500)
    refresh(old_town)
    history = [(alert.kind, alert.closed_at) for alert in Alert.objects.order_by("pk")]
    assert [kind for kind, _ in history] == ["runs_out", "out"]
    assert all(closed for _, closed in history)


def test_lost_sales_are_money_per_day_until_the_delivery(thirsty, old_town):
    set_stock(thirsty, old_town, 0)
    refresh(old_town)
    lost = StockOutlook.objects.get().lost_per_day
    assert lost == pytest.approx(Decimal("13.45"), abs=Decimal("0.05"))


def test_nothing_lost_is_claimed_without_a_price(thirsty, old_town):
    Product.objects.update(price=None)
    refresh(old_town)
    assert StockOutlook.objects.get().lost_per_day is None


def test_quantity_follows_from_the_frozen_inputs(thirsty, near, old_town):
    """P9."""
    order(near, old_town, thirsty, 7, "sent", expected_on=TODAY + DAY)
    refresh(old_town)
    frozen = line().explanation
    assert quantity_from(frozen["inputs"]).quantity == line().quantity == 36


def test_number_of_queries_does_not_grow_with_products(near, old_town):
    def queries(products):
        for number in range(products):
            one = Product.objects.create(sku=f"Q-{products}-{number}", name="Tea")
            VendorProduct.objects.create(vendor=near, product=one, cost=1)
            plan(one, old_town)
            set_stock(one, old_town, 5)
        with CaptureQueriesContext(
            connection,
        ) as context:
            refresh(old_town)
        return len(context)

    queries(1)
    few = queries(3)
    assert queries(30) <= few
