"""The approval queue: what to look at, and what may go through together."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from purchasing import ordering
from purchasing.order_flags import flags_of, lines_of, with_known_vendor
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from tests.purchasing.conftest import line_of, text_of
from vendors.models import VendorProduct

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(near, harbour):
    """An earlier order, so that the vendor is no stranger."""
    return PurchaseOrder.objects.create(
        vendor=near, location=harbour, state="received", sent_at=timezone.now()
    )


def flagged(order, person):
    orders = with_known_vendor(PurchaseOrder.objects.filter(pk=order.pk))
    return flags_of(orders, lines_of(orders), person)[order.pk]


def kinds(order, person):
    return [flag.kind for flag in flagged(order, person)]


def test_as_suggested_has_no_flag(submitted, known, people):
    assert kinds(submitted, people.buyer) == []


def test_the_first_order_to_a_vendor_is_flagged(submitted, people):
    assert kinds(submitted, people.buyer) == ["first"]


def test_changed_lines_are_flagged(submitted, known, steady, people):
    line = line_of(submitted, steady)
    order = ordering.change_line(
        submitted, line=line, quantity=Decimal(48), by=people.manager
    )
    assert kinds(order, people.buyer) == ["changed"]


def test_case_34_a_new_cost_is_flagged_with_its_share(submitted, known, steady, people):
    VendorProduct.objects.filter(product=steady).update(cost="1.59")
    (flag,) = flagged(submitted, people.buyer)
    assert flag.short == "Cost up 12 %"
    assert "1.42 then, 1.59 now" in flag.text


def test_below_the_minimum_is_flagged_in_money(submitted, known, near, people):
    near.minimum_order_value = Decimal("150")
    near.save()
    order = PurchaseOrder.objects.get(pk=submitted.pk)
    (flag,) = flagged(order, people.buyer)
    assert flag.short == "€33.60 below minimum"


def test_above_the_limit_is_flagged_before_the_click(submitted, known, people):
    people.buyer.approval_limit = 100
    assert kinds(submitted, people.buyer) == ["limit"]


def test_three_times_the_usual_needs_enough_past_orders(
    submitted, known, near, old_town, steady, people
):
    for number in range(3):
        assert kinds(submitted, people.buyer) == []
        past = PurchaseOrder.objects.create(
            vendor=near,
            location=old_town,
            state="received",
            sent_at=timezone.now() - dt.timedelta(days=number),
        )
        PurchaseOrderLine.objects.create(
            order=past, product=steady, quantity=18 + number, unit_cost="1.42"
        )
    (flag,) = flagged(submitted, people.buyer)
    assert (flag.kind, flag.short) == ("unusual", "3 times the usual")
    assert "60 instead of 19" in flag.text


def test_the_queue_shows_the_first_order_in_detail(submitted, as_buyer):
    page = as_buyer.get(reverse("approvals"))
    assert "1 order waits for approval, €116.40 in all" in text_of(page)
    assert "Approve €116.40" in text_of(page)
    assert "As suggested 2 lines" in text_of(page)


def test_the_detail_tells_what_the_store_changed(
    submitted,
    steady,
    people,
    as_buyer,
):
    line = line_of(submitted, steady)
    ordering.change_line(
        submitted, line=line, quantity=Decimal(120), by=people.manager, reason="Advent"
    )
    page = as_buyer.get(reverse("approval", args=[submitted.pk]))
    for words in (
        "Changed by the store",
        "+60",
        "+85.20",
        "Advent",
        "Unchanged 1 line",
    ):
        assert words in text_of(page), words


def test_an_order_that_no_longer_waits_leads_to_its_page(
    approved,
    as_buyer,
):
    answer = as_buyer.get(reverse("approval", args=[approved.pk]))
    assert answer["Location"] == approved.get_absolute_url()


def test_unflagged_orders_are_approved_together(
    submitted,
    known,
    people,
    as_buyer,
):
    page = as_buyer.get(reverse("approvals"))
    assert "Approve 1 without flags" in text_of(page)
    data = {"order": f"{submitted.pk}-{submitted.version}"}
    as_buyer.post(reverse("approvals_unflagged"), data)
    submitted.refresh_from_db()
    assert submitted.state == "approved"


def test_what_got_a_flag_meanwhile_is_not_approved(
    submitted,
    known,
    steady,
    as_buyer,
):
    VendorProduct.objects.filter(product=steady).update(cost="9")
    data = {"order": f"{submitted.pk}-{submitted.version}"}
    page = as_buyer.post(reverse("approvals_unflagged"), data, follow=True)
    assert "1 order has changed" in text_of(page)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_a_manager_sees_the_queue_without_the_button(
    submitted,
    as_manager,
):
    page = as_manager.get(reverse("approvals"))
    assert page.status_code == 200
    assert "Approve €" not in text_of(page)
    assert as_manager.post(reverse("approvals_unflagged")).status_code == 403


def test_an_empty_queue_says_so(as_buyer):
    assert "No order waits for approval" in text_of(as_buyer.get(reverse("approvals")))
