"""Which product an unknown item may be, and why."""

import pytest

from sales.matching import Catalogue, Listed, Suggestion, suggest, suggest_near
from sales.unknown_items import UnknownItem

CATALOGUE = [
    Listed(1, "GR-1042", "Oat drink, barista 1 L", "5012345678900"),
    Listed(2, "0017", "Candle, beeswax", ""),
    Listed(3, "Latte / Regular", "Latte", ""),
    Listed(4, "MUG-BLUE", "Mug, stoneware", ""),
    Listed(5, "MUG-GREY", "Mug, stoneware", ""),
    Listed(6, "CAFÉ-1", "Café au lait", "0000000000000"),
]


def item(identity, name="", barcode=""):
    return UnknownItem(identity, name, barcode, 1, None, None, None)


def found(wanted, **options):
    known = Catalogue.of(CATALOGUE, [("Flat white", 3)], **options)
    return [(one.product_id, one.reason, one.is_sure) for one in suggest(wanted, known)]


@pytest.mark.parametrize(
    ("wanted", "product", "reason"),
    [
        (item("X-1", "Anything", "5012345678900"), 1, "barcode"),
        (item("X-1", "Anything", "05012345678900"), 1, "barcode"),
        (item("5012345678900"), 1, "barcode"),
        (item("gr-1042"), 1, "spelling"),
        (item("ＧＲ-1042 "), 1, "spelling"),
        (item("flat  white"), 3, "spelling"),
        (item("café-1"), 6, "spelling"),
        (item("latte / regular", "latte"), 3, "spelling"),
        (item("NEW-9", "oat drink, Barista 1 L"), 1, "renamed"),
        (item("Oat drink, barista 1 L"), 1, "name"),
        (item("café au  lait"), 6, "name"),
    ],
)
def test_sure_suggestions(wanted, product, reason):
    assert found(wanted) == [(product, reason, True)]


def test_leading_zeros_are_suggested_and_never_sure():
    assert found(item("17")) == [(2, "zeros", False)]
    assert found(item("00017")) == [(2, "zeros", False)]


def test_a_name_that_two_products_have_is_not_sure():
    assert found(item("MUG-3", "Mug, stoneware")) == [
        (4, "renamed", False),
        (5, "renamed", False),
    ]


def test_a_product_that_the_file_names_too_was_not_renamed():
    assert found(item("NEW-9", "Oat drink, barista 1 L"), sold_here={1}) == []


def test_an_item_like_none_has_no_suggestion():
    assert found(item("TEAPOT", "Teapot, cast iron")) == []


def test_a_barcode_outweighs_a_name():
    assert found(item("N", "Latte", "5012345678900")) == [(1, "barcode", True)]


def test_nearly_the_same_name_is_suggested_and_never_sure():
    known = Catalogue.of(CATALOGUE)
    near, far, other_size = suggest_near(
        [
            item("A", "Oat drink barista, 1 L"),
            item("B", "Teapot"),
            item("C", "Oat drink, barista 2 L"),
        ],
        known,
    )
    assert near == [Suggestion(1, "near")]
    assert not near[0].is_sure
    assert near[0].words == "nearly the same name"
    assert far == other_size == []
