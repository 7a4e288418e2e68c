"""Real exports beside the project: make test-data, folder by BACKOFFICE_TEST_DATA."""

import lzma
import os
from itertools import islice
from pathlib import Path

import pytest

from imports import importing
from imports.kinds import kinds_of
from imports.uploading import receive_path
from inventory.models import Product, SaleLine
from sales.settling_items import accept_suggestions
from tests.sales.files import import_all, run, state

pytestmark = [pytest.mark.data, pytest.mark.django_db]


@pytest.fixture
def pos(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return Path(os.environ["BACKOFFICE_TEST_DATA"]) / "pos"


def test_a_month_of_a_cafe_comes_in_once_and_again_after_undo(pos):
    """One of its rows is a “Custom Amount”, which is no product."""
    file = pos / "item_sales_may.csv"
    first = import_all(file, location="Cafe")
    assert (first["read"], first["new"], first["ignored"]) == (223, 222, 1)
    assert SaleLine.objects.filter(kind="sale").count() == 221
    assert SaleLine.objects.filter(kind="return").count() == 1
    clean = state()
    assert import_all(file, location="Cafe")["duplicate"] == 222
    assert run("undo_import", first["import_ids"][0]) == {"undone": 222}
    assert import_all(file, location="Cafe")["new"] == 222
    assert state() == clean


def test_exports_that_follow_each_other_share_no_line(pos):
    for name, rows in (
        ("items-2026-06-01-2026-06-12.csv", 210),
        ("items-2026-06-12-2026-06-17.csv", 366),
    ):
        summary = import_all(pos / name)
        assert (summary["read"], summary["new"]) == (rows, rows)


def test_a_receipts_export_of_a_minimart_needs_no_mapping(pos):
    """Its dates can be read both ways, so that is the one thing to be said."""
    file = pos / "loyverse_receipts_by_item_real.csv"
    summary = import_all(file, date_order="mdy")
    assert summary["new"] == summary["read"] > 0
    assert import_all(file, date_order="mdy")["duplicate"] == summary["read"]


def test_orders_of_a_web_shop_need_no_mapping(pos):
    file = pos / "shopify_orders_synthetic_realheader.csv"
    summary = import_all(file, location="Web shop")
    voided = 1
    assert (summary["new"], summary["ignored"]) == (summary["read"] - voided, voided)
    sold = SaleLine.objects.current().order_by("receipt", "product__sku")
    assert ("#1001", "TOTE-1", 1) in sold.values_list(
        "receipt", "product__sku", "quantity"
    )


def test_invoices_of_a_web_shop_need_no_mapping(pos, tmp_path):
    """The first 20,000 of its lines; test_online_retail.py reads them all."""
    file = tmp_path / "invoices.csv"
    packed = pos.parent / "online_retail_2010-12_2011-09.csv.xz"
    with lzma.open(packed, "rt") as text, file.open("w") as part:
        part.writelines(islice(text, 20_001))
    summary = import_all(file, location="Web shop")
    assert summary["read"] == 20_000
    assert summary["new"] + summary["ignored"] == 20_000
    kinds = set(SaleLine.objects.values_list("kind", flat=True))
    assert kinds == {"sale", "cancellation", "write_off"}


def test_the_item_that_a_cafe_spelled_in_two_ways_is_one_product(pos):
    import_all(pos / "item_sales_may.csv", location="Cafe")
    product = Product.objects.get(name__iexact="matcha latte")
    assert set(product.aliases.values_list("identity", flat=True)) == {
        "Matcha Latte",
        "matcha latte",
    }
    import_all(pos / "items-2026-06-01-2026-06-12.csv")
    assert Product.objects.filter(name__iexact="matcha latte").get() == product


def test_items_without_skus_are_matched_to_a_catalogue_in_one_go(pos, people):
    names = ("Matcha Latte", "Lemonade", "Sticker", "Cold brew")
    for number, name in enumerate(names):
        Product.objects.create(sku=f"CAFE-{number}", name=name)
    path = pos / "items-2026-06-01-2026-06-12.csv"
    options = {"create_locations": True}
    imported = receive_path(path, kinds=kinds_of("sales"), options=options)
    importing.check(imported, lambda *_: None)
    imported.refresh_from_db()
    assert accept_suggestions(imported, by=people.admin) == len(names)
    importing.check(imported, lambda *_: None)
    importing.write(imported, lambda *_: None)
    imported.refresh_from_db()
    lines = SaleLine.objects.filter(product__sku__startswith="CAFE-")
    assert lines.count() == imported.rows_new > 150
    assert imported.rows_new + imported.rows_parked + imported.rows_ignored == 210
