"""Pages of the shop and its locations, for the admin."""

import datetime as dt

import pytest
from django.urls import reverse

from inventory.models import Location, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, people):
    client.force_login(people.admin)
    return client


def values(**changes):
    return {
        "name": "Station",
        "kind": "store",
        "time_zone": "Europe/Amsterdam",
        "group": "all",
        "day_ends_at": "03:00",
        "is_active": "on",
    } | changes


def test_an_admin_adds_a_location_with_a_late_close(admin):
    answer = admin.post(reverse("location_add"), values())
    assert answer.status_code == 302
    station = Location.objects.get(name="Station")
    moment = dt.datetime(2026, 11, 21, 1, 30, tzinfo=dt.UTC)
    assert station.business_date(moment) == dt.date(2026, 11, 20)


def test_a_changed_close_holds_from_its_date_on(admin, old_town):
    admin.post(
        reverse("location_edit", args=[old_town.pk]),
        values(name="Old Town", valid_from="2026-12-01"),
    )
    days = Location.objects.get(pk=old_town.pk).business_days()
    assert days.close_of(dt.date(2026, 11, 30)) == dt.time(0)
    assert days.close_of(dt.date(2026, 12, 1)) == dt.time(3)


def test_a_wrong_time_zone_is_refused(admin):
    answer = admin.post(reverse("location_add"), values(time_zone="Mars/Base"))
    assert answer.status_code == 422
    assert not Location.objects.filter(name="Station").exists()


def test_a_virtual_location_cannot_be_edited(admin):
    transit = Location.objects.virtual(Location.Kind.TRANSIT)
    page = reverse("location_edit", args=[transit.pk])
    assert admin.get(page).status_code == 404


def test_the_shop_has_a_name_address_and_currency(admin):
    answer = admin.post(
        reverse("shop_edit"),
        {
            "name": "Corner shop",
            "currency": "gbp",
            "time_zone": "Europe/London",
            "address": "1 High Street",
        },
    )
    assert answer.status_code == 302
    assert (Shop.load().currency, Shop.load().name) == ("GBP", "Corner shop")


def test_a_manager_sees_own_locations_without_edit_links(client, people, old_town):
    client.force_login(people.manager)
    page = client.get(reverse("location_list")).content.decode()
    assert "Old Town" in page
    assert "Harbour" not in page.split("<main")[1]
    assert reverse("location_edit", args=[old_town.pk]) not in page
