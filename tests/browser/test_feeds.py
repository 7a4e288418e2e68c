"""Adding a feed in a browser: the secret once, a message, a test, a new secret."""

import pytest
from django.test import Client
from django.urls import reverse

from sales.feeds.models import Feed
from tests.browser.test_every_page import SCREENS
from tests.sales.feeds.messages import generic, post, read

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("screen", SCREENS, ids=["desk", "phone"])
def test_a_feed_from_its_first_page_to_its_first_sale(visit, people, old_town, screen):
    visitor = visit(**screen)
    visitor.sign_in("admin@example.com")
    page = visitor.page
    visitor.open(reverse("import_list"))
    page.click("text=Shops that send live")
    page.click(".actions >> text=Add a feed")
    visitor.check()
    form = page.locator("form.form-page")
    form.get_by_label("Name").fill("Kiosk till")
    form.get_by_label("What the shop sends").select_option("generic")
    form.get_by_label("Where its sales count").select_option("Old Town")
    form.get_by_role("button", name="Add the feed").click()
    page.wait_for_selector("#secret")
    visitor.check()
    secret = page.inner_text("#secret")
    feed = Feed.objects.get()
    assert secret == feed.secret
    page.click("text=Go to the feed")
    page.click("text=Send a test")
    page.wait_for_selector("text=The test message came in.")
    post(Client(), feed, generic(), secret=secret)
    post(Client(), feed, b"{}", secret=secret)
    read(feed)
    visitor.open(reverse("feed", args=[feed.pk]))
    assert "R-1" in page.inner_text("main")
    page.click("text=How to set up the shop")
    visitor.check()
    assert visitor.overflow() == 0
    page.click("text=Not understood")
    assert "order is missing." in page.inner_text("main")
    for name in ("feed_edit", "feed_secret", "feed_notices"):
        visitor.open(reverse(name, args=[] if name == "feed_notices" else [feed.pk]))
        visitor.check()
        assert visitor.overflow() == 0
    page.goto(visitor.base + reverse("import_list") + "?live")
    visitor.check()
    assert "Kiosk till" in page.inner_text("main")
