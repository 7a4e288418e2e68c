"""Orders to work with: one suggestion, and what becomes of it."""

import re
from decimal import Decimal

import pytest

from inventory.models import Product
from purchasing import ordering
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from vendors.models import VendorProduct


@pytest.fixture
def oats(near):
    product = Product.objects.create(
        sku="GR-1050", name="Rolled oats, jumbo 1 kg", category="Grocery", price="2.19"
    )
    VendorProduct.objects.create(
        vendor=near, product=product, cost="1.30", case_pack=12, vendor_sku="N-50"
    )
    return product


@pytest.fixture
def suggested(near, old_town, steady, oats):
    """60 of steady and 24 of oats, as the nightly run suggests it: 116.40."""
    order = PurchaseOrder.objects.create(
        vendor=near,
        location=old_town,
        state="suggested",
        currency="EUR",
        total=Decimal("116.40"),
    )
    for product, quantity, pack, cost in (
        (steady, 60, 6, "1.42"),
        (oats, 24, 12, "1.30"),
    ):
        PurchaseOrderLine.objects.create(
            order=order,
            product=product,
            quantity=quantity,
            suggested_quantity=quantity,
            case_pack=pack,
            unit_cost=cost,
            vendor_sku="N-50" if product == oats else "",
            urgency="must",
        )
    return order


@pytest.fixture
def submitted(suggested, people):
    return ordering.submit(suggested, by=people.manager)


@pytest.fixture
def approved(submitted, people):
    return ordering.approve(submitted, by=people.buyer, version=submitted.version)


@pytest.fixture
def sent(approved, people):
    return ordering.mark_sent(approved, by=people.buyer)


def line_of(order, product):
    return order.lines.get(product=product)


@pytest.fixture
def as_manager(client, people):
    client.force_login(people.manager)
    return client


@pytest.fixture
def as_buyer(client, people):
    client.force_login(people.buyer)
    return client


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
