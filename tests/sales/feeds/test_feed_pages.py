"""Pages on which an admin adds, watches and changes feeds."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from imports.models import Import
from inventory.models import SalesSource
from jobs.running import run_now
from sales.feeds.models import Feed, FeedMessage, FeedPlace
from tests.sales.feeds.messages import SECRET, generic, item, lines, order, post, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, people):
    """Signed in a moment ago, so no page asks for the password again."""
    client.post(
        reverse("account_login"),
        {"login": people.admin.email, "password": "correct horse battery"},
    )
    return client


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def filled(**fields):
    return {
        "name": "Web shop",
        "format": "shopify",
        "location": "",
        "source": "",
        "returns": "shelf",
        "unknown_products": "create",
        "secret": "",
    } | fields


def test_a_new_feed_shows_its_secret_once(admin, old_town):
    page = text(admin.post(reverse("feed_add"), filled(location=old_town.pk)))
    feed = Feed.objects.get()
    assert feed.secret in page
    assert f"http://testserver/sales/feeds/{feed.pk}/" in page
    assert feed.source.name == "Shopify orders"
    for name in ("feed", "feed_edit", "feed_secret"):
        assert feed.secret not in text(admin.get(reverse(name, args=[feed.pk])))


def test_shopifys_own_secret_is_pasted(admin, old_town):
    pasted = filled(location=old_town.pk, secret="the secret that Shopify shows")
    admin.post(reverse("feed_add"), pasted)
    assert Feed.objects.get().secret == "the secret that Shopify shows"


def test_a_short_secret_is_refused(admin, old_town):
    page = admin.post(reverse("feed_add"), filled(location=old_town.pk, secret="1234"))
    assert "at least 16 characters" in text(page, 422)


def test_a_shop_of_its_own_meets_no_files(admin, old_town):
    form = filled(location=old_town.pk, format="generic", source="own")
    admin.post(reverse("feed_add"), form)
    source = Feed.objects.get().source
    assert (source.name, source.kind) == ("Web shop", "sale_lines")


def test_a_name_of_sales_of_another_kind_is_refused(admin, old_town):
    SalesSource.objects.create(name="Web shop", kind="square_items")
    form = filled(location=old_town.pk, source="own")
    page = text(admin.post(reverse("feed_add"), form), 422)
    assert "“Web shop” already names sales of another kind." in page
    assert not Feed.objects.exists()


def test_the_list_tells_when_each_was_heard(admin, client, shopify, own, time_machine):
    time_machine.move_to("2026-11-24T10:00:00Z", tick=False)
    FeedMessage.objects.create(feed=shopify, received_at="2026-11-24T09:57:00Z")
    page = text(admin.get(reverse("feed_list")))
    assert "3 minutes ago" in page
    assert "Nothing sent yet" in page


def test_the_page_tells_what_was_wrong(admin, shopify):
    post(admin, shopify, order())
    post(admin, shopify, b"{}")
    post(admin, shopify, order(), signature="wrong")
    page = text(admin.get(reverse("feed", args=[shopify.pk])))
    assert "1 message waits" in page
    assert "This is neither an order nor a refund" in page
    problems = text(admin.get(reverse("feed", args=[shopify.pk]), {"problems": ""}))
    assert "#1001" not in problems


def test_a_wrong_signature_is_told_until_a_right_one_comes(admin, shopify):
    address = reverse("feed", args=[shopify.pk])
    post(admin, shopify, order(), signature="wrong")
    assert "A message with a wrong signature was turned away" in text(
        admin.get(address)
    )
    post(admin, shopify, order())
    assert "turned away" not in text(admin.get(address))


def test_a_new_secret_counts_beside_the_old_until_that_is_dropped(admin, shopify):
    page = admin.post(reverse("feed_secret", args=[shopify.pk]), {"secret": ""})
    shopify.refresh_from_db()
    assert shopify.secret in text(page)
    assert shopify.secrets == (shopify.secret, SECRET)
    assert "Two secrets count" in text(admin.get(reverse("feed", args=[shopify.pk])))
    admin.post(reverse("feed_old_secret", args=[shopify.pk]))
    shopify.refresh_from_db()
    assert shopify.secrets == (shopify.secret,)


def test_stopped_and_started_again(admin, shopify):
    switch = reverse("feed_switch", args=[shopify.pk])
    assert "is stopped" in text(admin.post(switch, {"to": "off"}, follow=True))
    assert post(admin, shopify, order()).status_code == 410
    admin.post(switch, {"to": "on"})
    assert post(admin, shopify, order()).status_code == 200


@pytest.mark.parametrize("format", ["shopify", "own"])
def test_a_test_is_signed_and_sells_nothing(admin, request, format):
    feed = request.getfixturevalue(format)
    page = admin.post(reverse("feed_test", args=[feed.pk]), follow=True)
    assert "The test message came in." in text(page)
    read(feed)
    assert FeedMessage.objects.get().is_test
    assert lines() == []


def test_a_location_that_the_shop_names_is_told_apart(admin, shopify, harbour):
    post(admin, shopify, order(location_id=655441491))
    read(shopify)
    place = FeedPlace.objects.get()
    edit = reverse("feed_edit", args=[shopify.pk])
    assert "Location 655441491" in text(admin.get(edit))
    form = filled(location=shopify.location_id) | {f"place-{place.pk}": harbour.pk}
    admin.post(edit, form)
    admin.post(reverse("feed_orders", args=[shopify.pk]))
    read(shopify)
    assert [line[3] for line in lines()] == ["Harbour"]


def test_the_days_link_to_what_came_in(admin, own):
    post(admin, own, generic("R-1", item("A", 1)))
    read(own)
    page = text(admin.get(reverse("feed", args=[own.pk])))
    imported = Import.objects.get()
    assert reverse("import_result", args=[imported.pk]) in page
    result = text(admin.get(reverse("import_result", args=[imported.pk])))
    assert str(imported) in result


def test_rows_that_wait_are_settled_as_those_of_a_file(admin, shopify):
    shopify.unknown_products = "wait"
    shopify.save()
    post(admin, shopify, order())
    read(shopify)
    imported = Import.objects.get()
    result = text(admin.get(reverse("import_result", args=[imported.pk])))
    assert "1 row waits" in result
    admin.post(reverse("import_waiting", args=[imported.pk]))
    again = Import.objects.get(waiting_of=imported)
    run_now("check_file", key=again.check_key, arguments={"import": again.pk})
    check = reverse("import_check", args=[again.pk])
    assert "FERN-1" in text(admin.get(check))
    admin.post(check, {"choice": "create_products"})
    again.refresh_from_db()
    run_now("check_file", key=again.check_key, arguments={"import": again.pk})
    admin.post(reverse("import_progress", args=[again.pk]))
    run_now("import_file", key=str(again.pk), arguments={"import": again.pk})
    assert [line[2] for line in lines()] == ["FERN-1"]


def test_undone_in_the_import_list(admin, shopify):
    post(admin, shopify, order())
    read(shopify)
    imported = Import.objects.get()
    admin.post(reverse("import_undo", args=[imported.pk]))
    run_now("undo_import", key=str(imported.pk), arguments={"import": imported.pk})
    assert lines() == []
    admin.post(reverse("feed_orders", args=[shopify.pk]))
    read(shopify)
    assert [line[2] for line in lines()] == ["FERN-1"]


def test_live_days_stand_apart_from_files(admin, shopify):
    post(admin, shopify, order())
    read(shopify)
    name = str(Import.objects.get())
    assert name not in text(admin.get(reverse("import_list")))
    assert name in text(admin.get(reverse("import_list"), {"live": ""}))


def test_a_silent_shop_is_told_in_the_import_list(admin, people, shopify, time_machine):
    notices = reverse("feed_notices")
    assert notices in text(admin.get(reverse("import_list")))
    assert "has never sent" not in text(admin.get(notices))
    time_machine.move_to(timezone.now() + dt.timedelta(hours=30))
    admin.force_login(people.admin)
    silent = admin.get(notices, headers={"HX-Request": "true"})
    assert "Web shop</a> has never sent a message" in text(silent)
