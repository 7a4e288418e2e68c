"""What goes out comes in again: nothing new, nothing lost, only what was edited."""

import csv
from datetime import time
from decimal import Decimal
from io import StringIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports.escaping import escaped, without_escape
from imports.models import Import
from inventory.ledger import record_count
from inventory.models import Product, StockCount
from purchasing.models import PurchaseOrder
from tests.sales.files import run, write
from vendors.models import Vendor, VendorProduct

ODD = (
    "=1+1",
    "'x",
    "0017",
    "''=2",
    "+49 30",
    "@home",
    "-",
    "-7.00",
    'a "b", c',
    "１２",
)
text = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=30
)
text = text.map(lambda words: " ".join(words.split())).filter(bool)
name = st.one_of(st.sampled_from(ODD), text)
money = st.decimals(0, 9_999, places=4)
KINDS = ("products", "prices", "vendors", "stock")
COMMANDS = {
    "products": "import_products",
    "prices": "import_prices",
    "vendors": "import_vendors",
    "stock": "import_stock",
}


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def export(kind, path):
    call_command("export", kind, output=path, stdout=StringIO())
    return path


def read(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))


def edit(path, sku, column, value):
    """What a person does in a spreadsheet."""
    header, *rows = read(path)
    for row in rows:
        if sku in row:
            row[header.index(column)] = value
    return write(path, header, rows)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.tuples(name, name, money, st.booleans()), max_size=8))
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_comes_in_as_nothing_new(
    rows, suffix, tmp_path, transactional_db, uploads
):
    PurchaseOrder.objects.all().delete()
    VendorProduct.objects.all().delete()
    Product.objects.all().delete()
    Vendor.objects.all().delete()
    vendor = Vendor.objects.create(name="Near", address="'s Gravenhage\r\n=1")
    for place, (called, category, cost, is_active) in enumerate(rows):
        product = Product.objects.create(
            sku=f"{'=' if place % 2 else '00'}{place}",
            name=called,
            category=category,
            cost=cost,
            is_active=is_active,
        )
        VendorProduct.objects.create(
            vendor=vendor, product=product, cost=cost, vendor_sku=f"'+{place}"
        )
    for kind in KINDS[:3]:
        path = export(kind, tmp_path / f"{kind}.{suffix}")
        if kind != "vendors" and not rows:
            continue
        summary = run(COMMANDS[kind], str(path))
        assert summary["duplicate"] == summary["read"] > 0, (kind, summary)


@given(st.text(st.sampled_from("'=+-@\t\r\n＝1.x \xa0"), max_size=6))
def test_escaping_loses_nothing(cell):
    assert without_escape(escaped(cell)) == cell
    out = escaped(cell)
    is_number = out.removeprefix("-").replace(".", "").isdigit()
    assert is_number or not out.startswith(("\t", "\r", "\n"))
    assert is_number or not out.strip().startswith(("=", "+", "-", "@", "＝"))


def test_an_edited_export_shows_what_changes_before_it_is_written(
    tmp_path, steady, near
):
    path = export("products", tmp_path / "products.csv")
    file = edit(path, "GR-1042", "price", "2.79")
    assert run("import_products", file)["changed"] == 1
    group = Import.objects.latest("pk").problems[0]
    assert group["details"] == [["GR-1042: price 2.49 → 2.79", 1]]
    steady.refresh_from_db()
    assert steady.price == Decimal("2.79")


def test_stock_goes_out_as_levels_and_comes_in_as_counts(
    tmp_path, steady, lumpy, old_town
):
    record_count(
        steady,
        location=old_town,
        counted_quantity=Decimal(8),
        counted_at="2026-05-01T08:00Z",
        key="a",
    )
    path = export("stock", tmp_path / "stock.csv")
    assert run("import_stock", str(path))["duplicate"] == 1
    assert StockCount.objects.count() == 1
    assert run("import_stock", edit(path, "GR-1042", "on_hand", "5"))["new"] == 1
    assert steady.levels.get().on_hand == 5


def test_terms_of_a_vendor_come_in_as_they_went_out(tmp_path, near):
    Vendor.objects.filter(pk=near.pk).update(
        order_weekdays=[0, 3], order_cutoff=time(14), minimum_order_value=Decimal(250)
    )
    path = export("vendors", tmp_path / "vendors.csv")
    assert run("import_vendors", str(path))["duplicate"] == 1
    file = edit(path, "Near", "order_days", "Tue, Friday")
    assert run("import_vendors", file)["changed"] == 1
    near.refresh_from_db()
    assert near.order_weekdays == [1, 4]
    imported = Import.objects.latest("pk")
    assert imported.problems[0]["details"][0][0] == (
        "Near: takes orders on Mon, Thu → Tue, Fri"
    )
    assert run("undo_import", imported.pk) == {"undone": 1}
    near.refresh_from_db()
    assert near.order_weekdays == [0, 3]


def test_a_workbook_has_texts_and_numbers_and_no_formula(tmp_path, near):
    Product.objects.create(sku="0017", name="=1+1", price=Decimal("2.50"))
    path = export("products", tmp_path / "products.xlsx")
    sheet = openpyxl.load_workbook(path).active
    row = {h.value: c for h, c in zip(sheet[1], sheet[2], strict=True)}
    assert (row["sku"].value, row["sku"].data_type) == ("0017", "s")
    assert (row["name"].value, row["name"].data_type) == ("'=1+1", "s")
    assert (row["price"].value, row["price"].data_type) == (2.5, "n")


def test_only_known_forms_are_written(tmp_path):
    with pytest.raises(CommandError):
        export("products", tmp_path / "products.pdf")
