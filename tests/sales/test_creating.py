"""Products that come with a sales file: one per item, however it is spelled."""

import pytest

from inventory import product_merging
from inventory.models import Product, ProductAlias
from sales.models import DailySales
from tests.sales.files import daily, import_all, square

pytestmark = pytest.mark.django_db


def lattes(*names, **how):
    return [
        square(f"R{n}", name, date=f"2026-05-{10 + n}", **how)
        for n, name in enumerate(names)
    ]


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


def test_spellings_of_an_item_in_one_file_become_one_product(tickets):
    import_all(tickets(*lattes("matcha latte", "Matcha Latte ", "MATCHA  LATTE")))
    product = Product.objects.get()
    assert product.sku == product.name == "MATCHA LATTE"
    assert sorted(ProductAlias.objects.values_list("identity", flat=True)) == [
        "MATCHA LATTE",
        "Matcha Latte",
        "matcha latte",
    ]
    assert DailySales.objects.filter(product=product).count() == 3


def test_the_newest_spelling_is_the_name_whatever_the_order_of_rows(tickets):
    rows = lattes("matcha latte", "Matcha Latte")
    import_all(tickets(*reversed(rows)))
    assert Product.objects.get().name == "Matcha Latte"


def test_a_later_file_with_another_spelling_adds_no_product(tickets):
    import_all(tickets(*lattes("matcha latte")))
    import_all(tickets(square("R9", "Matcha Latte"), name="later.csv"))
    assert Product.objects.get().name == "matcha latte"
    assert DailySales.objects.count() == 2


def test_letters_beyond_ascii_have_cases_too(tickets):
    import_all(tickets(*lattes("Éclair", "éclair")))
    assert Product.objects.get().name == "éclair"


def test_variations_stay_products_of_their_own(tickets):
    import_all(
        tickets(square("R1", variation="Small"), square("R2", variation="Large"))
    )
    assert set(Product.objects.values_list("name", flat=True)) == {
        "Latte, Small",
        "Latte, Large",
    }


def test_spellings_that_two_products_have_are_not_guessed(tickets):
    Product.objects.create(sku="latte", name="Latte")
    Product.objects.create(sku="LATTE", name="Latte")
    import_all(tickets(*lattes("Latte")))
    assert Product.objects.count() == 3


def test_skus_of_days_go_together_but_for_case(days, old_town):
    import_all(days(daily("2026-06-02", "85123a", 3), daily("2026-06-03", "85123A", 4)))
    assert Product.objects.get().sku == "85123A"


def test_a_spelling_of_merged_products_is_theirs(tickets):
    kept = Product.objects.create(sku="matcha latte", name="Matcha")
    same = Product.objects.create(sku="Matcha Latte", name="Matcha")
    product_merging.merge(same, into=kept)
    import_all(tickets(*lattes("MATCHA LATTE")))
    assert Product.objects.count() == 2
    assert DailySales.objects.get().product == kept
