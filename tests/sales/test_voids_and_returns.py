"""What cancelled orders, returns and write-offs do to demand and to the shelf."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from imports.forms import AnswersForm
from imports.models import Import
from imports.uploading import keep
from inventory import ledger
from inventory.models import Product, SaleLine
from sales.models import DailySales
from tests.sales.files import INVOICE_HEADER, import_all, invoice, run, state, write

HEADER = [
    "Date",
    "Receipt",
    "SKU",
    "Quantity",
    "Net sales",
    "Location",
    "Type",
    "Status",
    "Original sale date",
]


def line(receipt, units, *, date="2026-05-02", kind="Sale", status="", sold_on=""):
    return [date, receipt, "A", units, "4.00", "Old Town", kind, status, sold_on]


@pytest.fixture
def load(tmp_path, old_town):
    def load(*rows, **options):
        path = write(tmp_path / "lines.csv", HEADER, rows)
        return Import.objects.get(pk=import_all(path, **options)["import_ids"][0])

    return load


@pytest.fixture
def counted(old_town):
    """Product A, of which there were 20 on the morning of 1 May."""
    product = Product.objects.create(sku="A", name="A")
    ledger.record_count(
        product,
        location=old_town,
        counted_quantity=Decimal(20),
        counted_at=dt.datetime(2026, 5, 1, 6, tzinfo=dt.UTC),
        key="count",
    )
    return product


def on_hand(product):
    assert ledger.reconcile() == []
    return product.levels.get().on_hand


def days():
    return {
        row.business_date.day: (row.sold, row.returned)
        for row in DailySales.objects.all()
    }


def test_a_line_of_a_cancelled_order_sells_nothing(load, counted):
    imported = load(line("1", 2), line("2", 3, status="Voided"))
    assert (imported.rows_new, imported.rows_ignored) == (1, 1)
    assert imported.problems[0]["cause"] == "order_cancelled"
    assert on_hand(counted) == 18


def test_an_order_cancelled_later_is_a_change_that_takes_it_out(load, counted):
    load(line("1", 2), line("2", 3))
    assert load(line("2", 3, status="Voided")).rows_changed == 1
    assert on_hand(counted) == 15
    imported = load(line("2", 3, status="Voided"), accept_changes=True)
    assert on_hand(counted) == 18
    assert days() == {2: (2, 0)}
    run("undo_import", imported.pk)
    assert on_hand(counted) == 15
    assert days() == {2: (5, 0)}


def test_a_cancelled_order_that_comes_again_is_known(load, counted):
    load(line("2", 3))
    load(line("2", 3, status="Voided"), accept_changes=True)
    before = state()
    again = load(line("2", 3, status="Voided"), accept_changes=True)
    assert (again.rows_duplicate, again.rows_changed) == (1, 0)
    assert state() == before


def test_an_export_from_before_the_cancellation_is_told_as_a_change(load, counted):
    load(line("2", 3))
    load(line("2", 3, status="Voided"), accept_changes=True)
    assert load(line("2", 3)).rows_changed == 1
    assert on_hand(counted) == 20


def test_returned_goods_go_back_to_the_shelf_or_not_as_chosen(load, counted):
    rows = [line("1", 2), line("2", -1, kind="Return")]
    imported = load(*rows)
    assert on_hand(counted) == 19
    run("undo_import", imported.pk)
    load(*rows, returns="lost")
    assert on_hand(counted) == 18
    assert days() == {2: (2, 1)}


def test_a_return_counts_on_the_day_of_the_return_or_of_the_sale(load, counted):
    row = line("2", -1, date="2026-05-06", kind="Return", sold_on="2026-05-02")
    imported = load(row)
    assert days() == {6: (0, 1)}
    assert load(row, return_date="sale").rows_changed == 1
    run("undo_import", imported.pk)
    load(row, return_date="sale")
    assert days() == {2: (0, 1)}
    assert SaleLine.objects.current().get().sold_at.day == 6
    assert on_hand(counted) == 21


def test_a_return_that_tells_no_sale_counts_on_its_own_day(load, counted):
    load(line("2", -1, date="2026-05-06", kind="Return"), return_date="sale")
    assert days() == {6: (0, 1)}


def test_a_write_off_lowers_the_shelf_and_is_neither_sale_nor_return(load, counted):
    load(line("1", 2), line("2", -3, kind=""), negative="write_off")
    assert SaleLine.objects.get(kind="write_off").stock_change == -3
    assert on_hand(counted) == 15
    assert days() == {2: (2, 0)}
    assert DailySales.objects.get().revenue == 4


def test_a_new_product_has_the_name_of_its_latest_sale(tmp_path, db):
    rows = [
        invoice("1", 6, "01 20:00", name="CAKESTAND, OLD"),
        invoice("2", 6, "02 20:00", name="CAKESTAND"),
        invoice("3", 6, "03 20:00", name="", price="0"),
        invoice("4", -2, "04 20:00", name="damaged", price="0"),
    ]
    import_all(write(tmp_path / "a.csv", INVOICE_HEADER, rows), location="Shop")
    assert Product.objects.get().name == "CAKESTAND"


@pytest.mark.parametrize(
    ("columns", "is_asked"), [(HEADER, True), (HEADER[:-1], False)]
)
def test_the_day_of_a_return_is_asked_only_where_the_file_tells_both(
    tmp_path, people, columns, is_asked
):
    path = write(tmp_path / "lines.csv", columns, [line("1", 2)[: len(columns)]])
    imported = keep([Path(path).read_bytes()], "lines.csv", by=people.admin)
    assert ("return_date" in AnswersForm(imported).fields) is is_asked
