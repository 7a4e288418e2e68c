"""Open orders of another program: on their way at once, and cancelled by an undo."""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from imports.models import HeldRow, Import
from inventory.ledger import reconcile
from purchasing import ordering, receiving
from purchasing.incoming import incoming_lines
from purchasing.models import PurchaseOrder
from purchasing.receiving import Arrival
from tests.sales.files import run, write
from vendors.models import Vendor

HEADER = ["number", "vendor", "location", "sku", "ordered", "received", "cost"]
HEADER += ["ordered_on", "expected_on"]
State = PurchaseOrder.State


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def orders(tmp_path, old_town, steady, lumpy):
    def make(*rows, name="orders.csv"):
        return write(tmp_path / name, HEADER, rows)

    return make


def line(number="4711", sku="GR-1042", ordered="12", received="", **cells):
    given = {
        "vendor": "Near",
        "location": "Old Town",
        "cost": "1.40",
        "ordered_on": "2026-11-16",
        "expected_on": "2026-11-27",
    } | cells
    return [
        number,
        given["vendor"],
        given["location"],
        sku,
        ordered,
        received,
        given["cost"],
        given["ordered_on"],
        given["expected_on"],
    ]


def incoming(place):
    lines = incoming_lines([place], dt.date(2026, 11, 20))
    return {(line.product_id, line.quantity, line.due_on) for line in lines}


def test_an_order_comes_in_as_sent_and_counts_as_incoming(orders, old_town, steady):
    summary = run("import_orders", orders(line()))
    assert summary["new"] == 1
    order = PurchaseOrder.objects.get()
    assert (order.state, order.total) == (State.SENT, Decimal("16.80"))
    assert order.imported_number == "4711"
    assert order.timeline.get().words == "Came in with a file"
    assert incoming(old_town) == {(steady.pk, 12, dt.date(2026, 11, 27))}
    assert order.mails.count() == 0


def test_lines_of_one_number_make_one_order(orders, old_town, steady, lumpy):
    run(
        "import_orders",
        orders(
            line(received="5"), line(sku="HW-2031", ordered="48"), line(number="4712")
        ),
    )
    partly, whole = PurchaseOrder.objects.order_by("pk")
    assert (partly.state, whole.state) == (State.PARTLY_RECEIVED, State.SENT)
    assert sorted(x.open_quantity for x in partly.lines.all()) == [7, 48]
    assert reconcile() == []


def test_the_same_file_again_brings_nothing(orders):
    file = orders(line(received="5"), line(sku="HW-2031", received="12"))
    assert run("import_orders", file)["ignored"] == 1
    again = run("import_orders", file)
    assert (again["duplicate"], again["ignored"]) == (1, 1)
    assert PurchaseOrder.objects.count() == 1


def test_undoing_cancels_the_orders_and_importing_brings_them_back(orders, old_town):
    file = orders(line(received="5"), line(number="4712"))
    imported = run("import_orders", file)["import_ids"][0]
    assert run("undo_import", imported) == {"undone": 2}
    assert set(PurchaseOrder.objects.values_list("state", flat=True)) == {"cancelled"}
    assert incoming(old_town) == set()
    assert run("import_orders", file)["new"] == 2
    assert len(incoming(old_town)) == 2


def test_goods_received_here_stay_when_the_import_is_undone(orders, old_town, steady):
    imported = run("import_orders", orders(line()))["import_ids"][0]
    order = PurchaseOrder.objects.get()
    arrival = Arrival(order.lines.get().pk, Decimal(6))
    receiving.receive(order, lines=[arrival], by=None, key="a")
    run("undo_import", imported)
    order.refresh_from_db()
    assert order.state == State.CLOSED
    assert order.receipts.count() == 1
    assert incoming(old_town) == set()


def test_the_expected_day_moves_and_moves_back(orders, old_town, people):
    run("import_orders", orders(line()))
    later = orders(line(expected_on="2026-12-01"), name="later.csv")
    moved = run("import_orders", later)
    assert moved["changed"] == 1
    order = PurchaseOrder.objects.get()
    assert (order.state, order.confirmed_on) == (State.CONFIRMED, dt.date(2026, 12, 1))
    told = Import.objects.latest("pk").problems[0]["details"][0][0]
    assert told == "GR-1042: expected 2026-11-27 → 2026-12-01"
    run("undo_import", moved["import_ids"][0])
    order.refresh_from_db()
    assert (order.state, order.confirmed_on) == (State.SENT, None)


def test_an_order_that_is_here_keeps_its_quantities(orders):
    run("import_orders", orders(line()))
    other = orders(line(ordered="24"), line(sku="HW-2031"), name="other.csv")
    assert run("import_orders", other)["rejected"] == 2
    assert set(HeldRow.objects.values_list("cause", flat=True)) == {"order_differs"}
    assert PurchaseOrder.objects.get().lines.get().quantity == 12


def test_what_is_unknown_waits_and_what_makes_no_sense_is_rejected(orders):
    summary = run(
        "import_orders",
        orders(
            line(vendor="Nobody"),
            line(location="Nowhere"),
            line(sku="NEW-1"),
            line(ordered="0"),
            line(number="", ordered="1"),
            line(number="9", expected_on="soon"),
        ),
    )
    assert (summary["parked"], summary["rejected"]) == (3, 3)
    assert not PurchaseOrder.objects.exists()


def test_vendors_of_orders_are_created_when_asked_for(orders):
    file = orders(line(vendor="Mill & Sons", cost=""), line(sku="HW-2031", cost="5"))
    summary = run("import_orders", file, create_vendors=True)
    assert (summary["new"], summary["rejected"]) == (1, 1)
    assert Vendor.objects.filter(name="Mill & Sons").exists()


def test_own_orders_go_out_and_come_in_as_nothing_new(
    tmp_path, old_town, near, steady, people
):
    order = ordering.start(near, location=old_town, by=people.buyer)
    ordering.add_line(order, product=steady, quantity=Decimal(12), by=people.buyer)
    order.refresh_from_db()
    ordering.submit(order, by=people.manager)
    order.refresh_from_db()
    ordering.approve(order, by=people.buyer, version=order.version)
    order.refresh_from_db()
    ordering.mark_sent(order, by=people.buyer)
    path = tmp_path / "orders.xlsx"
    call_command("export", "orders", output=path, stdout=StringIO())
    summary = run("import_orders", str(path))
    assert summary["duplicate"] == summary["read"] == 1
