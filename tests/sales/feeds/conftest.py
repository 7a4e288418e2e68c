import pytest

from tests.sales.feeds.messages import new_feed


@pytest.fixture
def shopify(old_town):
    return new_feed(old_town)


@pytest.fixture
def own(old_town):
    """A feed of the shop's own JSON."""
    return new_feed(old_town, "generic", name="Till")


@pytest.fixture
def feed_of_shop(shopify):
    """The same, by a name that no module has."""
    return shopify
