"""A product is everybody's; its stock in a foreign location is not found."""

import pytest
from django.urls import reverse

NAMES = ("product", "product_outlook", "product_demand", "product_policy")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.django_db
def test_stock_of_a_foreign_location_is_not_found(
    client, people, steady, old_town, name
):
    page = reverse(name, args=[steady.pk])
    client.force_login(people.manager)
    assert client.get(page, {"location": old_town.pk}).status_code == 200
    client.force_login(people.outsider)
    assert client.get(page, {"location": old_town.pk}).status_code == 404
