"""A price list adds and changes offers; empty cells leave what is known."""

from decimal import Decimal
from pathlib import Path

import pytest

from imports import importing
from imports.kinds import kinds_of
from imports.models import HeldRow
from imports.uploading import receive_path
from inventory.models import Product
from tests.sales.files import run, write
from vendors.models import Vendor, VendorProduct

HEADER = ["vendor", "sku", "cost", "case_pack", "moq", "lead_time_days", "barcode"]


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def prices(tmp_path, near, far, steady):
    def make(*rows, header=HEADER, name="prices.csv"):
        return write(tmp_path / name, header, rows)

    return make


def test_an_offer_changes_and_a_second_vendor_ranks_behind(prices, near, far):
    file = prices(
        ["Near", "GR-1042", "1.55", "", "", "", "8710000000001"],
        ["far", "GR-1042", "1,234.5", "24", "48", "30", ""],
    )
    summary = run("import_prices", file)
    assert (summary["new"], summary["changed"]) == (1, 1)
    first = VendorProduct.objects.get(vendor=near)
    assert (first.cost, first.case_pack, first.rank) == (Decimal("1.55"), 6, 1)
    second = VendorProduct.objects.get(vendor=far)
    assert (second.cost, second.moq, second.rank) == (Decimal("1234.5"), 48, 2)
    assert Product.objects.get().barcode == "8710000000001"
    assert run("import_prices", file)["duplicate"] == 2


def test_one_vendor_can_be_said_for_the_whole_file(prices, near):
    file = prices(["GR-1042", "1,60"], header=["sku", "cost"], name="b.csv")
    assert run("import_prices", file, vendor="Near")["changed"] == 1
    assert VendorProduct.objects.get().cost == Decimal("1.60")


def test_vendor_named_on_the_command_line_is_created(prices):
    file = prices(["GR-1042", "1.60"], header=["sku", "cost"])
    assert run("import_prices", file, vendor="Mill & Sons")["new"] == 1
    assert VendorProduct.objects.get(vendor__name="Mill & Sons").rank == 2


def test_vendor_of_a_column_is_created_once(prices):
    rows = [["Mill & Sons", "GR-1042", "1.60"], ["mill & sons", "GR-1", "2.00"]]
    file = prices(*(row + [""] * 4 for row in rows))
    summary = run("import_prices", file)
    assert (summary["new"], summary["parked"]) == (1, 1)
    assert Vendor.objects.filter(name__iexact="mill & sons").count() == 1


@pytest.mark.parametrize(
    "row",
    [
        ["Near", "GR-1042", "-1", "", "", "", ""],
        ["Near", "GR-1042", "free", "", "", "", ""],
        ["Near", "GR-1042", "1", "0", "", "", ""],
        ["Near", "GR-1042", "1", "", "", "1000", ""],
        ["Near", "", "1", "", "", "", ""],
    ],
)
def test_a_row_that_makes_no_sense_is_rejected(prices, row):
    assert run("import_prices", prices(row))["rejected"] == 1
    assert VendorProduct.objects.get().cost == Decimal("1.42")


def test_unknown_products_wait_and_so_do_vendors_on_the_page(prices):
    rows = [
        ["Nobody", "GR-1042", "1", "", "", "", ""],
        ["Near", "NEW-1", "1", "", "", "", ""],
    ]
    imported = receive_path(Path(prices(*rows)), kinds=kinds_of("prices"), options={})
    importing.write(imported, lambda done, total, note="": None)
    assert set(HeldRow.objects.values_list("cause", flat=True)) == {
        "unknown_vendor",
        "unknown_product",
    }
    assert not Vendor.objects.filter(name="Nobody").exists()


def test_a_cost_that_doubles_is_pointed_out_before_it_is_written(prices, near):
    file = prices(["Near", "GR-1042", "2.99", "", "", "", ""])
    imported = receive_path(Path(file), kinds=kinds_of("prices"), options={})
    importing.check(imported, lambda done, total, note="": None)
    imported.refresh_from_db()
    told = {group["cause"]: group["details"] for group in imported.problems}
    assert told["cost_unusual"] == [["GR-1042: 1.42 → 2.99", 1]]
    assert VendorProduct.objects.get().cost == Decimal("1.42")


def test_undoing_a_list_brings_the_earlier_prices_back(prices, near, far):
    file = prices(
        ["Near", "GR-1042", "1.55", "12", "", "", "8710000000001"],
        ["Far", "GR-1042", "1.20", "24", "48", "30", ""],
    )
    imported = run("import_prices", file)["import_ids"][0]
    assert run("undo_import", imported) == {"undone": 2}
    offer = VendorProduct.objects.get()
    assert (offer.vendor, offer.cost, offer.case_pack) == (near, Decimal("1.42"), 6)
    assert Product.objects.get().barcode == ""
    assert run("import_prices", file)["new"] == 1


def test_an_offer_that_a_person_changed_since_is_kept(prices, far):
    imported = run("import_prices", prices(["Far", "GR-1042", "1", "", "", "", ""]))
    VendorProduct.objects.filter(vendor=far).update(cost=2)
    run("undo_import", imported["import_ids"][0])
    assert VendorProduct.objects.get(vendor=far).cost == 2
