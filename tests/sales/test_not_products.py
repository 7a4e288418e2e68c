"""Postage, fees, tips and gift cards are no products; what only sounds so is one."""

import pytest

from imports.models import Import
from inventory.models import Product, SaleLine
from sales.models import IgnoredIdentity
from sales.not_products import is_no_product
from tests.sales.files import SQUARE_HEADER, import_all, import_sales, square, write


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("POST", "POSTAGE"),
        ("DOT", ""),
        ("C2", "CARRIAGE"),
        ("CRUK", "CRUK Commission"),
        ("BANK CHARGES", "Bank Charges"),
        ("AMAZONFEE", "AMAZON FEE"),
        ("M", "Manual"),
        ("m", "Manual"),
        ("D", "Discount"),
        ("S", "SAMPLES"),
        ("B", "Adjust bad debt"),
        ("gift_0001_20", ""),
        ("22016", "Dotcomgiftshop Gift Voucher £100.00"),
        ("23444", "Next Day Carriage"),
        ("GC-50", "Gift Card $50"),
        ("", "E-gift card"),
        ("Custom Amount", "Custom Amount"),
        ("Tip", "Tip"),
        ("Staff tips", "Staff tips"),
        ("Service fee", "Service fee"),
        ("Shipping", "Shipping"),
        ("X", "Express shipping & handling"),
        ("X", "Free delivery"),
        ("X", "Versandkosten"),
        ("X", "Frais de port"),
    ],
)
def test_these_sell_nothing(identity, name):
    assert is_no_product(identity, name)


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("84997", "Tip-top tray"),
        ("M", "T-shirt, medium"),
        ("S", ""),
        ("22423", "VINTAGE POST OFFICE CABINET"),
        ("22424", "SET 10 CARDS PERFECT POST 17090"),
        ("22425", "BLACK BAROQUE CARRIAGE CLOCK"),
        ("22426", "POSTE FRANCE CUSHION COVER"),
        ("22427", "Gift card holder"),
        ("22428", "Shipping box, small"),
        ("22429", "Coffee"),
        ("22430", "Delivery room teddy"),
        ("22431", "Birthday card"),
        ("22432", "Tipsy cake"),
        ("85123A", "Manual coffee grinder"),
        ("21319", "adjustment"),
        ("POSTCARD", "Postcard"),
        ("22433", ""),
    ],
)
def test_these_are_products(identity, name):
    assert not is_no_product(identity, name)


@pytest.fixture
def load(tmp_path, db):
    def load(*rows, how=import_all, **options):
        path = write(tmp_path / "items.csv", SQUARE_HEADER, rows)
        pk = how(path, **options)["import_ids"][0]
        return Import.objects.get(pk=pk)

    return load


def causes(imported):
    return {group["cause"]: group["rows"] for group in imported.problems}


def test_unknown_items_that_sell_nothing_are_left_out(load):
    imported = load(square("R1"), square("R1", "Tip", net="$2.00"))
    assert causes(imported) == {"not_a_product": 1}
    assert (imported.rows_new, imported.rows_ignored) == (1, 1)
    assert list(Product.objects.values_list("sku", flat=True)) == ["Latte"]


def test_a_product_of_the_catalogue_counts_whatever_it_is_called(load):
    Product.objects.create(sku="Tip", name="Tip")
    load(square("R1", "Tip"))
    assert SaleLine.objects.get().product.sku == "Tip"


def test_an_item_is_a_product_when_one_of_its_rows_says_so(load):
    imported = load(
        square("R1", "Shipping", sku="X-1"), square("R2", "Poster", sku="X-1")
    )
    assert imported.rows_new == 2


def test_they_can_be_imported_as_products(load):
    rows = [square("R1"), square("R1", "Tip", net="$2.00")]
    load(*rows)
    assert load(*rows, import_no_products=True).rows_new == 1
    assert load(*rows).rows_duplicate == 2


def test_items_that_a_person_ignored_are_left_out_next_time(load):
    Product.objects.create(sku="Latte", name="Latte")
    load(square("R1"), square("R1", "Old mug"), how=import_sales, ignore_products=True)
    (left,) = IgnoredIdentity.objects.all()
    assert (left.identity, left.source.name) == ("Old mug", "Square item detail")
    imported = load(square("R2", "Old mug"), square("R2", "Tea"))
    assert causes(imported) == {"left_out": 1}
    assert not Product.objects.filter(sku="Old mug").exists()


def test_another_source_does_not_share_what_was_left_out(load):
    load(square("R1", "Old mug"), how=import_sales, ignore_products=True)
    assert load(square("R1", "Old mug"), profile="Second till").rows_new == 1


def test_an_item_can_be_left_out_everywhere(load):
    IgnoredIdentity.objects.create(identity="Old mug")
    imported = load(square("R1", "Old mug"), profile="Second till")
    assert causes(imported) == {"left_out": 1}


def test_left_out_items_can_be_taken_in_after_all(load):
    load(square("R1", "Old mug"), how=import_sales, ignore_products=True)
    assert load(square("R1", "Old mug"), import_left_out=True).rows_new == 1
    assert load(square("R2", "Old mug")).rows_new == 1
