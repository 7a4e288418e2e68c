"""Lists of products of every layout: new, changed, and taken back."""

from decimal import Decimal
from pathlib import Path

import pytest

from imports.models import HeldRow
from inventory.models import Product, ProductAlias
from tests.sales.files import run, write
from vendors.models import Vendor, VendorProduct

SAMPLES = Path(__file__).parent / "samples"
HEADER = ["sku", "name", "variant", "barcode", "category", "cost", "price", "case_pack"]
HEADER += ["vendor", "active"]


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def products(tmp_path, db):
    def make(*rows, header=HEADER, name="products.csv"):
        return write(tmp_path / name, header, rows)

    return make


def sample(name, **options):
    return run("import_products", str(SAMPLES / name), **options)


def fields(sku, *names):
    return Product.objects.values_list(*names).get(sku=sku)


def test_a_row_makes_a_product_and_its_offer(products, near):
    row = ["0017", "Mug", "Blue", "8710000000055", "Homeware", "4.5", "€12.00", "6"]
    file = products([*row, "near", "yes"])
    assert run("import_products", file)["new"] == 1
    assert fields("0017", "name", "cost", "price", "unit") == (
        "Mug / Blue",
        Decimal("4.5"),
        Decimal(12),
        "piece",
    )
    offer = VendorProduct.objects.get()
    assert (offer.vendor, offer.case_pack, offer.cost) == (near, 6, Decimal("4.5"))
    assert run("import_products", file)["duplicate"] == 1


def test_an_empty_cell_leaves_what_is_known(products, steady, near):
    file = products(["GR-1042", "", "", "", "", "", "2.59", "", "", ""])
    assert run("import_products", file)["changed"] == 1
    steady.refresh_from_db()
    assert (steady.name, steady.price) == ("Oat drink, barista 1 L", Decimal("2.59"))
    assert VendorProduct.objects.get().case_pack == 6


def test_a_case_pack_changes_the_offer_of_the_vendor_alone(products, steady, near):
    file = products(["GR-1042", "", "", "", "", "1.00", "", "12", "Near", ""])
    assert run("import_products", file)["changed"] == 1
    offer = VendorProduct.objects.get()
    assert (offer.case_pack, offer.cost) == (12, Decimal("1.42"))
    assert fields("GR-1042", "cost") == (Decimal(1),)
    file = products(["GR-1042", *[""] * 6, "24", "Near", ""], name="pack.csv")
    imported = run("import_products", file)["import_ids"][0]
    assert run("undo_import", imported) == {"undone": 1}
    assert VendorProduct.objects.get().case_pack == 12


def test_unknown_vendors_are_asked_for(products):
    file = products(["A-1", "Mug", "", "", "", "4", "", "", "Mill & Sons", ""])
    assert run("import_products", file)["parked"] == 1
    assert HeldRow.objects.get().cause == "unknown_vendor"
    assert run("import_products", file, ignore_vendors=True)["new"] == 1
    assert not Vendor.objects.exists()
    assert run("import_products", file, create_vendors=True)["changed"] == 1
    assert VendorProduct.objects.get().vendor.name == "Mill & Sons"


@pytest.mark.parametrize("cell", [4, 5, 6, 8])
def test_a_row_that_makes_no_sense_is_rejected(products, cell):
    row = ["A-1", "Mug", "", "", "", "4", "5", "6", "", "yes"]
    row[{4: 0, 5: 5, 6: 7, 8: 9}[cell]] = {
        4: "4.00638E+12",
        5: "-1",
        6: "0",
        8: "perhaps",
    }[cell]
    assert run("import_products", products(row))["rejected"] == 1
    assert not Product.objects.exists()


def test_the_same_product_twice_in_a_file_is_told(products):
    row = ["A-1", "Mug", "", "", "", "4", "5", "6", "", "yes"]
    summary = run("import_products", products(row, row))
    assert (summary["new"], summary["rejected"]) == (1, 1)


def test_a_merged_product_is_left_alone(products, steady, lumpy):
    Product.objects.filter(pk=lumpy.pk).update(merged_into=steady)
    file = products(["HW-2031", "Plate", "", "", "", "", "1", "", "", ""])
    assert run("import_products", file)["ignored"] == 1
    assert fields("HW-2031", "price") == (Decimal("12.90"),)


def test_an_old_sku_still_names_its_product(products, steady):
    ProductAlias.objects.create(source=None, identity="OLD-1", product=steady)
    file = products(["OLD-1", "", "", "", "", "", "3", "", "", ""])
    assert run("import_products", file)["changed"] == 1
    assert fields("GR-1042", "price") == (Decimal(3),)


@pytest.mark.parametrize(
    "name", ["shopify_products_legacy.csv", "shopify_products_2026.csv"]
)
def test_shopify_products_come_in_as_they_are(db, name):
    summary = sample(name, create_vendors=True)
    assert (summary["rejected"], summary["parked"], summary["ignored"]) == (0, 0, 1)
    assert fields("TT-BL", "name", "barcode", "category", "cost", "price") == (
        "Tea towel / Blue / Large",
        "0871000000017",
        "Linens",
        Decimal("4.2"),
        Decimal("12.5"),
    )
    assert fields("TT-BS", "name", "category") == ("Tea towel / Blue / Small", "Linens")
    offers = VendorProduct.objects.filter(vendor__name="Linnen & Co")
    assert offers.count() == 2
    assert sample(name)["duplicate"] == summary["new"]


def test_shopify_products_without_a_sku_are_known_by_their_title(db):
    sample("shopify_products_legacy.csv", ignore_vendors=True)
    assert fields("Plum jam", "category", "is_active") == ("Jams", True)
    assert fields("0042", "name", "price", "is_active") == (
        "Olive oil 0.5 L",
        Decimal(1009),
        False,
    )


def test_a_square_library_comes_in_as_it_is(db, near):
    summary = sample("square_library.csv")
    assert (summary["new"], summary["rejected"]) == (3, 0)
    assert fields("SQ-1", "name", "barcode", "category", "cost") == (
        "Coffee",
        "00012345678905",
        "Hot Drinks",
        Decimal("0.8"),
    )
    assert fields("Coffee / Large", "name", "price", "is_active") == (
        "Coffee / Large",
        Decimal(4250),
        False,
    )
    assert fields("SQ-2", "price") == (None,)
    assert VendorProduct.objects.get().vendor_sku == "C-1"


def test_loyverse_items_come_in_as_they_are(db):
    summary = sample("loyverse_items.csv")
    assert (summary["new"], summary["ignored"]) == (4, 1)
    assert fields("10001", "name", "unit", "quantum", "price") == (
        "Gouda",
        "kg",
        Decimal("0.001"),
        Decimal("14.9"),
    )
    assert fields("10003", "name", "unit") == ("Cup / Black", "piece")


def test_undoing_gives_back_what_the_file_replaced(products, steady, near):
    file = products(
        ["GR-1042", "Oat drink", "", "", "", "", "2.99", "12", "Near", ""],
        ["A-1", "Mug", "", "", "", "4", "5", "6", "Near", ""],
    )
    imported = run("import_products", file)["import_ids"][0]
    Product.objects.filter(sku="GR-1042").update(name="Oat drink, one litre")
    assert run("undo_import", imported) == {"undone": 2}
    assert fields("GR-1042", "name", "price") == (
        "Oat drink, one litre",
        Decimal("2.49"),
    )
    assert VendorProduct.objects.get().case_pack == 6
    assert fields("A-1", "is_active") == (False,)
    assert run("undo_import", imported) == {"undone": 0}


def test_importing_an_undone_file_again_brings_all_back(products, near):
    file = products(["A-1", "Mug", "", "", "", "4", "5", "6", "Near", ""])
    imported = run("import_products", file)["import_ids"][0]
    run("undo_import", imported)
    summary = run("import_products", file)
    assert summary["changed"] == 1
    assert fields("A-1", "is_active") == (True,)
    assert VendorProduct.objects.get().case_pack == 6
    Product.objects.update(is_active=False)
    assert run("import_products", file)["duplicate"] == 1
    assert fields("A-1", "is_active") == (False,)


def test_undoing_the_earlier_of_two_imports_removes_its_own_effect(products, steady):
    first = run(
        "import_products", products(["GR-1042", *[""] * 4, "1", "3", *[""] * 3])
    )
    later = run(
        "import_products",
        products(["GR-1042", *[""] * 4, "", "4", *[""] * 3], name="later.csv"),
    )
    run("undo_import", first["import_ids"][0])
    assert fields("GR-1042", "cost", "price") == (None, Decimal(4))
    run("undo_import", later["import_ids"][0])
    assert fields("GR-1042", "cost", "price") == (None, Decimal("2.49"))
