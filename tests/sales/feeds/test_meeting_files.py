"""An order that comes live and in a file of the same shop counts once."""

import csv

import pytest

from imports.models import HeldRow
from inventory import ledger
from inventory.models import Location, SaleLine
from tests.sales.feeds.messages import (
    generic,
    item,
    lines,
    new_feed,
    order,
    refund,
    send,
)
from tests.sales.files import import_sales, write

pytestmark = pytest.mark.django_db
HEADER = [
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Currency",
    "Total",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem sku",
    "Lineitem discount",
    "Billing Name",
    "Cancelled at",
    "Refunded Amount",
    "Id",
    "Location",
]
ORDERS = [
    order(1001, item(), item("TOTE-1", 1, "20.00", total_discount="5.00")),
    order(1002, item("", 3, "1.25", name="Mug - Blue  rim")),
    order(1003, item(quantity=1), item(quantity=1), item(quantity=2)),
    order(1004, item("0017", 1, "90.75"), created_at="2026-09-03T23:59:59-04:00"),
    order(1005, item(), cancelled_at="2026-09-03T12:00:00-04:00"),
    order(1006, item(), financial_status="voided"),
]


def written(moment):
    """2026-09-03 10:14:00 -0400, as the export writes it."""
    return f"{moment[:10]} {moment[11:19]} {moment[19:].replace(':', '')}"


def exported(orders):
    """Rows of the order export; only the first row tells of the order itself."""
    for told in orders:
        for number, line in enumerate(told["line_items"]):
            first = not number
            yield [
                told["name"],
                "ada.canary@example.com",
                told["financial_status"] if first else "",
                written(told["created_at"]) if first else "",
                "USD" if first else "",
                "47.00" if first else "",
                written(told["created_at"]) if first else "",
                line["quantity"],
                line["name"],
                line["price"],
                line["sku"],
                line["total_discount"],
                "Ada Canary" if first else "",
                written(told["cancelled_at"]) if first and told["cancelled_at"] else "",
                "0.00" if first else "",
                told["id"] if first else "",
                "",
            ]


@pytest.fixture
def shop(db):
    place = Location.objects.create(name="Web", time_zone="America/New_York")
    return new_feed(place, source="Shopify orders")


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "orders_export_1.csv", HEADER, exported(ORDERS))


def imported(file):
    told = import_sales(file, location="Web", create_products=True)
    assert HeldRow.objects.count() == 0
    return told


def test_a_file_after_the_feed_adds_nothing(client, shop, file):
    send(client, shop, *ORDERS)
    before, versions = lines(), SaleLine.objects.count()
    told = imported(file)
    assert (told["new"], told["changed"], told["rejected"]) == (0, 0, 0)
    assert (lines(), SaleLine.objects.count()) == (before, versions)
    assert len(before) == 7
    assert ledger.reconcile() == []


def test_the_feed_after_a_file_adds_nothing(client, shop, file):
    assert imported(file)["new"] == 7
    before, versions = lines(), SaleLine.objects.count()
    send(client, shop, *reversed(ORDERS))
    assert (lines(), SaleLine.objects.count()) == (before, versions)


def test_a_file_after_refunds_told_live_adds_nothing(client, shop, file):
    send(client, shop, *ORDERS, refund(1001), refund(1003, 7002, restock_type="cancel"))
    before = lines()
    assert imported(file)["new"] == 0
    assert lines() == before


def test_what_the_feed_missed_comes_in_with_the_file(client, shop, file):
    send(client, shop, *ORDERS[:2])
    assert imported(file)["new"] == 4
    assert len(lines()) == 7


def test_an_order_of_a_file_that_is_cancelled_live_sold_nothing(client, shop, file):
    imported(file)
    send(client, shop, ORDERS[0] | {"cancelled_at": "2026-09-04T10:00:00-04:00"})
    assert "#1001" not in {line[0] for line in lines()}
    assert ledger.reconcile() == []


def test_rows_that_wait_live_come_in_with_the_file(client, shop, file):
    shop.unknown_products = "wait"
    shop.save()
    send(client, shop, *ORDERS)
    assert HeldRow.objects.count() == 7
    told = import_sales(file, location="Web", create_products=True)
    assert told["new"] == 7
    assert HeldRow.objects.count() == 0


def test_own_json_and_a_file_of_sales_lines_count_once(client, tmp_path, old_town):
    till = new_feed(old_town, "generic", name="Till", source="Sales lines")
    path = tmp_path / "lines.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(
            [
                ["date", "time", "receipt", "sku", "quantity", "net sales", "location"],
                ["2026-09-03", "10:14:00", "R-1", "FERN-1", "2", "32.00", "Old Town"],
            ]
        )
    send(client, till, generic())
    told = import_sales(path, kind="sale_lines", create_products=True)
    assert (told["new"], told["duplicate"]) == (0, 1)
