"""A product added by hand starts at zero; a new SKU keeps the old one known."""

import pytest

from inventory import introducing
from inventory.models import Location, Product, ProductAlias, StockLevel

pytestmark = pytest.mark.django_db


def test_a_new_product_is_on_hand_nowhere(old_town, harbour):
    Location.objects.create(name="Closed shop", is_active=False)
    product = introducing.introduce(Product(sku="GR-1", name="Oat drink"))
    levels = StockLevel.objects.filter(product=product)
    assert {level.location for level in levels} == {old_town, harbour}
    assert {level.on_hand for level in levels} == {0}


def test_files_may_go_on_using_the_old_sku(steady):
    steady.sku = "GR-NEW"
    introducing.revise(steady)
    alias = ProductAlias.objects.get()
    assert (alias.identity, alias.product, alias.source) == ("GR-1042", steady, None)


def test_a_changed_name_makes_no_alias(steady):
    steady.name = "Oat drink, 1 L"
    introducing.revise(steady)
    assert not ProductAlias.objects.exists()
