"""A count file: each row is an anchor, comes in once and can be taken back."""

import datetime as dt
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from imports.models import HeldRow
from inventory import ledger
from inventory.models import StockCount, StockLevel
from tests.sales.files import run, write

HEADER = ["location", "sku", "quantity", "counted_at"]


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def counts(tmp_path, old_town, steady):
    def make(*rows, header=HEADER, name="stock.csv"):
        return write(tmp_path / name, header, rows)

    return make


def on_hand():
    return StockLevel.objects.get().on_hand


def test_a_counted_row_sets_the_stock_once(counts):
    file = counts(["Old Town", "GR-1042", "12.5", "2026-05-10 08:00"])
    assert run("import_stock", file)["new"] == 1
    assert run("import_stock", file)["duplicate"] == 1
    assert on_hand() == Decimal("12.5")
    assert StockCount.objects.get().counted_at == dt.datetime(
        2026, 5, 10, 6, tzinfo=dt.UTC
    )
    assert ledger.reconcile() == []


def test_a_date_without_a_time_is_after_close(counts):
    run("import_stock", counts(["Old Town", "GR-1042", "1", "2026-05-10"]))
    counted = StockCount.objects.get().counted_at
    assert counted == dt.datetime(2026, 5, 10, 21, 59, 59, tzinfo=dt.UTC)


def test_the_moment_and_the_location_can_be_said_for_all(counts):
    file = counts(["GR-1042", "7"], header=["sku", "on hand"])
    summary = run(
        "import_stock", file, location="Old Town", counted_at="2026-05-10T08:00Z"
    )
    assert summary["new"] == 1
    assert StockCount.objects.get().counted_at.hour == 8
    assert on_hand() == 7


def test_undoing_brings_the_earlier_count_back(counts):
    run("import_stock", counts(["Old Town", "GR-1042", "5", "2026-05-01"]))
    later = run(
        "import_stock", counts(["Old Town", "GR-1042", "9", "2026-05-02"], name="b.csv")
    )
    assert on_hand() == 9
    assert run("undo_import", later["import_ids"][0]) == {"undone": 1}
    assert on_hand() == 5
    assert run("undo_import", later["import_ids"][0]) == {"undone": 0}
    assert ledger.reconcile() == []


@pytest.mark.parametrize("quantity", ["-1", "NaN", "many", ""])
def test_what_cannot_be_counted_rejects_its_row(counts, quantity):
    file = counts(
        ["Old Town", "GR-1042", quantity, "2026-05-01"],
        ["Old Town", "GR-1042", "3", "2026-05-02"],
    )
    summary = run("import_stock", file)
    assert (summary["new"], summary["rejected"]) == (1, 1)
    assert HeldRow.objects.get().row_number == 2


def test_unknown_products_and_locations_wait(counts):
    file = counts(
        ["Old Town", "NEW-1", "3", "2026-05-02"],
        ["Nowhere", "GR-1042", "3", "2026-05-02"],
    )
    assert run("import_stock", file)["parked"] == 2
    assert run("import_stock", file)["parked"] == 2
    assert HeldRow.objects.count() == 2


def test_the_same_count_twice_in_a_file_is_told(counts):
    row = ["Old Town", "GR-1042", "3", "2026-05-02"]
    assert run("import_stock", counts(row, row))["rejected"] == 1


def test_a_moment_that_cannot_be_read_is_refused(counts):
    with pytest.raises(CommandError):
        call_command("import_stock", "file.csv", counted_at="noon", stdout=StringIO())
