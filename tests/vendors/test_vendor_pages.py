"""Pages of vendors and of what each of them sells."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import Product
from vendors.models import Vendor, VendorProduct

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(client, people):
    client.force_login(people.buyer)
    return client


def text(answer):
    return answer.content.decode()


def vendor_values(**changes):
    return {
        "name": "Nordmill Foods",
        "email": "orders@nordmill.example",
        "currency": "EUR",
        "lead_time_days": "3",
        "lead_time_sd_days": "1",
        "order_weekdays": ["0", "3"],
        "order_cutoff": "14:00",
        "minimum_order_value": "150",
        "is_active": "on",
    } | changes


def offer_values(vendor, product, **changes):
    return {
        "vendor": vendor.pk,
        "product": product,
        "cost": "1.30",
        "case_pack": "6",
        "moq": "12",
        "rank": "2",
    } | changes


def test_a_buyer_adds_a_vendor_with_order_days(buyer):
    answer = buyer.post(reverse("vendor_add"), vendor_values())
    vendor = Vendor.objects.get(name="Nordmill Foods")
    assert answer.headers["Location"] == reverse("vendor", args=[vendor.pk])
    assert (vendor.order_weekdays, vendor.order_cutoff) == ([0, 3], dt.time(14))
    page = text(buyer.get(reverse("vendor", args=[vendor.pk])))
    assert "Mon, Thu" in page
    assert "until 14:00" in page


def test_order_days_are_shown_ticked_when_edited(buyer, near):
    Vendor.objects.filter(pk=near.pk).update(order_weekdays=[2])
    page = text(buyer.get(reverse("vendor_edit", args=[near.pk])))
    assert page.count("checked") == 2
    buyer.post(
        reverse("vendor_edit", args=[near.pk]),
        vendor_values(name="Near", order_weekdays=[]),
    )
    near.refresh_from_db()
    assert near.order_weekdays == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"lead_time_days": "-1"},
        {"lead_time_days": "400"},
        {"email": "nobody"},
        {"minimum_order_value": "-5"},
        {"order_weekdays": ["9"]},
    ],
)
def test_a_wrong_vendor_is_refused_and_what_was_typed_stays(buyer, wrong):
    answer = buyer.post(reverse("vendor_add"), vendor_values(phone="555", **wrong))
    assert answer.status_code == 422
    assert 'value="555"' in text(answer)
    assert not Vendor.objects.exists()


def test_a_vendor_page_lists_what_it_sells(buyer, near, steady):
    page = text(buyer.get(reverse("vendor", args=[near.pk])))
    assert "Oat drink, barista 1 L" in page
    assert "1 product" in page
    other = buyer.get(reverse("vendor", args=[near.pk]), {"q": "zz"})
    assert "Oat drink" not in text(other)


def test_a_product_is_added_to_a_vendor_by_sku_or_barcode(buyer, near, far, steady):
    Product.objects.filter(pk=steady.pk).update(barcode="4000000000017")
    for typed in ("gr-1042", "4000000000017"):
        VendorProduct.objects.filter(vendor=far).delete()
        buyer.post(reverse("offer_add"), offer_values(far, typed))
        offer = VendorProduct.objects.get(vendor=far)
        assert (offer.product, offer.cost, offer.moq) == (steady, Decimal("1.30"), 12)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"product": "nothing"}, "No product has this SKU or barcode."),
        ({"product": "GR-1042"}, "Near sells this already."),
        ({"product": "HW-2031", "case_pack": "0"}, "A pack has at least"),
        ({"product": "HW-2031", "cost": "-1"}, "greater than or equal to 0"),
    ],
)
def test_wrong_terms_are_told(buyer, near, steady, lumpy, changes, told):
    answer = buyer.post(reverse("offer_add"), offer_values(near, "") | changes)
    assert answer.status_code == 422
    assert told in text(answer)
    assert VendorProduct.objects.filter(vendor=near).count() == 1


def test_terms_are_changed_and_an_offer_is_removed(buyer, near, steady):
    offer = VendorProduct.objects.get()
    values = offer_values(near, steady, cost="1.55", rank="1")
    buyer.post(reverse("offer_edit", args=[offer.pk]), values)
    offer.refresh_from_db()
    assert offer.cost == Decimal("1.55")
    buyer.post(reverse("offer_removal", args=[offer.pk]))
    assert not VendorProduct.objects.exists()


def test_the_card_of_the_product_page_has_the_first_choice_on_top(
    buyer, steady, near, far
):
    VendorProduct.objects.create(vendor=far, product=steady, cost="1.20", rank=2)
    page = text(
        buyer.get(
            reverse("product_offers", args=[steady.pk]), headers={"HX-Request": "true"}
        )
    )
    assert page.index("Near") < page.index("Far")
    assert "<html" not in page
    assert "2 d" in page


def test_a_manager_reads_vendors_and_cannot_change_terms(client, people, near, steady):
    client.force_login(people.manager)
    offer = VendorProduct.objects.get()
    page = text(client.get(reverse("vendor", args=[near.pk])))
    assert "Edit" not in page
    for name, pk in (("vendor_edit", near.pk), ("offer_edit", offer.pk)):
        answer = client.post(reverse(name, args=[pk]), {"cost": "0.01"})
        assert answer.status_code == 403
    offer.refresh_from_db()
    assert offer.cost == Decimal("1.42")


def test_fifty_offers_take_few_queries(buyer, near, django_assert_max_num_queries):
    for number in range(60):
        product = Product.objects.create(sku=f"P-{number}", name=f"Product {number}")
        VendorProduct.objects.create(vendor=near, product=product, cost=1)
    with django_assert_max_num_queries(12):
        buyer.get(reverse("vendor", args=[near.pk]))
