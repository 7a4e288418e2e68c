"""Stock as shop software exports it: levels per location, taken as counts."""

import os
from decimal import Decimal
from pathlib import Path

import pytest

from imports.held import problem_csv
from imports.models import Import
from inventory import ledger
from inventory.models import Location, Product, StockCount, StockLevel
from tests.sales.files import run, write

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def places(old_town, harbour):
    return old_town, harbour


@pytest.fixture
def shared():
    return Path(os.environ["BACKOFFICE_TEST_DATA"]) / "pos"


def stock(path, **options):
    return run("import_stock", str(path), create_products=True, **options)


def levels():
    known = StockLevel.objects.exclude(on_hand=None)
    rows = known.values_list("product__sku", "location__name", "on_hand")
    return {(sku, place): amount for sku, place, amount in rows}


def test_shopify_inventory_of_before_2025(places):
    summary = stock(SAMPLES / "shopify_inventory_old.csv")
    assert (summary["new"], summary["ignored"]) == (2, 1)
    assert levels() == {
        ("TT-BL", "Old Town"): 7,
        ("Tea towel / Blue / Small", "Harbour"): 4,
    }
    assert ledger.reconcile() == []


def test_new_quantities_count_and_blank_ones_leave_the_current(db, tmp_path):
    header = ["Handle", "Title", "Option1 Name", "Option1 Value", "SKU", "Location"]
    header += ["On hand (current)", "On hand (new)"]
    mug = ["mug", "Mug", "Title", "Default Title", "0017"]
    rows = [[*mug, "Old Town", "8", ""], [*mug, "Harbour", "2", "5"]]
    file = write(tmp_path / "inventory.csv", header, rows)
    summary = stock(file, create_locations=True)
    assert summary["new"] == 2
    assert levels() == {("0017", "Old Town"): 8, ("0017", "Harbour"): 5}
    assert Product.objects.get().name == "Mug"


def test_a_level_that_the_record_has_already_counts_nothing(places):
    stock(SAMPLES / "shopify_inventory_old.csv")
    again = stock(SAMPLES / "shopify_inventory_old.csv")
    assert (again["new"], again["duplicate"]) == (0, 2)
    assert StockCount.objects.count() == 2


def test_square_stock_has_a_column_per_location(places):
    summary = stock(SAMPLES / "square_library.csv")
    assert (summary["read"], summary["new"], summary["ignored"]) == (6, 4, 2)
    assert levels() == {
        ("SQ-1", "Old Town"): 12,
        ("SQ-1", "Harbour"): 9,
        ("Coffee / Large", "Harbour"): 0,
        ("SQ-2", "Old Town"): Decimal("7.5"),
    }
    assert stock(SAMPLES / "square_library.csv")["duplicate"] == 4


def test_loyverse_stock_has_a_column_per_store(places):
    summary = stock(SAMPLES / "loyverse_items.csv")
    assert (summary["rejected"], summary["parked"]) == (0, 0)
    assert levels() == {
        ("10001", "Old Town"): Decimal("12.5"),
        ("10001", "Harbour"): Decimal("0.75"),
        ("10002", "Old Town"): 40,
        ("10003", "Old Town"): 8,
    }
    assert Product.objects.get(sku="10001").quantum == Decimal("0.001")


def test_unknown_locations_of_columns_wait_or_are_created(old_town):
    waiting = stock(SAMPLES / "square_library.csv")
    assert (waiting["new"], waiting["parked"]) == (2, 2)
    created = stock(SAMPLES / "square_library.csv", create_locations=True)
    assert created["new"] == 2
    assert Location.objects.filter(name="Harbour").exists()


def test_rows_that_waited_say_their_location_when_they_are_mended(old_town, tmp_path):
    imported = stock(SAMPLES / "square_library.csv")["import_ids"][0]
    text = "".join(problem_csv(Import.objects.get(pk=imported)))
    mended = tmp_path / "mended.csv"
    mended.write_text(text.replace("Harbour", "Old Town"), encoding="utf-8")
    assert "Current Quantity Old Town" not in text
    assert stock(mended)["rejected"] == 0
    counted = StockCount.objects.filter(counted_quantity__in=(9, 0))
    assert {count.location for count in counted} == {old_town}
    assert Product.objects.filter(sku="Coffee / Large").count() == 1


def test_undoing_a_stock_file_takes_its_counts_back(places):
    imported = stock(SAMPLES / "square_library.csv")["import_ids"][0]
    assert run("undo_import", imported) == {"undone": 4}
    assert levels() == {}
    assert ledger.reconcile() == []


@pytest.mark.data
def test_the_shared_inventory_comes_in_without_mapping(db, shared):
    summary = stock(shared / "shopify_inventory_export.csv", create_locations=True)
    assert summary["read"] == summary["new"] > 0
    assert levels()["0986435621", "Main Office & Shop (Heritage Crest)"] == 5


@pytest.mark.data
def test_the_shared_catalogue_comes_in_without_mapping(db, shared):
    summary = run("import_products", str(shared / "square_catalog_sample.csv"))
    assert summary["read"] == summary["new"] > 0
    sandwich = Product.objects.get(sku="SQ-2")
    assert (sandwich.price, sandwich.barcode) == (Decimal(4250), "00012345678905")
