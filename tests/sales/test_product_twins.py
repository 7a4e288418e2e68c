"""The page “Same item twice?”: which pairs it shows, and what its buttons do."""

import pytest
from django.urls import reverse

from inventory.models import DistinctPair, Product, ProductAlias, ProductMerge
from sales.twins import Named, Pair, open_pairs, pairs_of
from tests.sales.files import daily, import_sales

TWINS = reverse("product_twins")


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (Named(1, "Latte", "5012", ""), Named(2, "Mocha", "05012", ""), "barcode"),
        (
            Named(1, "matcha latte", "", "Tea"),
            Named(2, "Matcha  Latte", "", "tea"),
            "name",
        ),
        (Named(1, "matcha latte", "", ""), Named(2, "Matcha Latte", "", "Tea"), "name"),
        (
            Named(1, "Oat drink, barista 1 L", "", ""),
            Named(2, "Oat drink baristas 1 L", "", ""),
            "near",
        ),
    ],
)
def test_pairs_that_look_alike(one, other, reason):
    assert pairs_of([one, other]) == [Pair(1, 2, reason)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Named(1, "Latte", "", "Coffee"), Named(2, "Latte", "", "Ice cream")),
        (Named(1, "Latte", "5012", ""), Named(2, "Latte", "5013", "")),
        (Named(1, "Oat drink 1 L", "", ""), Named(2, "Oat drink 2 L", "", "")),
        (Named(1, "Latte", "", ""), Named(2, "Mocha", "", "")),
    ],
)
def test_pairs_that_do_not(one, other):
    assert pairs_of([one, other]) == []


def test_a_barcode_of_very_many_products_tells_nothing():
    products = [Named(n, f"{chr(97 + n) * 8}", "1234", "") for n in range(21)]
    assert pairs_of(products) == []


@pytest.fixture
def buyer(client, people):
    client.force_login(people.buyer)
    return client


@pytest.fixture
def old(db):
    return Product.objects.create(sku="MATCHA", name="matcha latte")


@pytest.fixture
def new(db):
    return Product.objects.create(sku="MATCHA-2", name="Matcha Latte")


def test_a_pair_is_shown_with_what_was_sold_of_both(
    buyer, old, new, old_town, days, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path / "media"
    import_sales(
        days(daily("2026-06-02", "MATCHA", 31), daily("2026-06-09", "MATCHA-2", 47))
    )
    page = buyer.get(TWINS).text
    assert "1 pair looks alike" in page
    assert page.index("MATCHA-2") < page.index(">MATCHA<")
    assert ">31<" in page
    assert ">47<" in page


def test_keeping_one_merges_the_other_into_it(buyer, people, old, new):
    response = buyer.post(TWINS, {"product": "MATCHA", "into": "MATCHA-2"})
    assert response.url == TWINS
    merged = ProductMerge.objects.get()
    assert (merged.product, merged.into, merged.merged_by) == (old, new, people.buyer)
    page = buyer.get(TWINS).text
    assert "No two products look alike" in page
    assert "Separate MATCHA" in page


def test_a_merge_is_taken_back(buyer, old, new):
    buyer.post(TWINS, {"product": "MATCHA", "into": "MATCHA-2"})
    response = buyer.post(reverse("product_separation", args=[old.pk]))
    assert response.url == old.get_absolute_url()
    assert not Product.objects.exclude(merged_into=None).exists()


def test_what_is_not_the_same_is_not_asked_again(buyer, people, old, new):
    buyer.post(reverse("product_distinction", args=[new.pk]), {"other": "MATCHA"})
    assert DistinctPair.objects.get().decided_by == people.buyer
    assert "No two products look alike" in buyer.get(TWINS).text


def test_twins_of_a_merged_product_are_twins_of_what_it_counts_as(buyer, old, new):
    third = Product.objects.create(sku="M", name="Teapot")
    buyer.post(TWINS, {"product": "MATCHA", "into": "M"})
    assert open_pairs() == [Pair(new.pk, third.pk, "name")]
    buyer.post(reverse("product_distinction", args=[new.pk]), {"other": "M"})
    assert open_pairs() == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"product": "MATCHA"}, "This field is required"),
        ({"product": "MATCHA", "into": "matcha"}, "cannot be merged into itself"),
        ({"product": "MATCHA", "into": "Nothing"}, "No product goes by “Nothing”"),
    ],
)
def test_what_cannot_be_merged_is_told(buyer, old, new, sent, said):
    response = buyer.post(TWINS, sent)
    assert response.status_code == 422
    assert said in response.text


def test_the_product_page_tells_all_its_names(buyer, old, new, old_town):
    ProductAlias.objects.create(identity="Grüner Latte", product=old)
    buyer.post(TWINS, {"product": "MATCHA", "into": "MATCHA-2"})
    page = buyer.get(new.get_absolute_url()).text
    assert "Also known as" in page
    assert "MATCHA, matcha latte" in page
    assert "Grüner Latte" in page
    assert reverse("product_separation", args=[old.pk]) in page
