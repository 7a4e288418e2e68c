"""When a feed that says nothing is taken for dead."""

import datetime as dt

import pytest
from django.utils import timezone

from jit_backoffice.health import live_sales
from sales.feeds import watching
from sales.feeds.models import FeedMessage, FeedOrder
from sales.feeds.silence import allowed_silence
from tests.sales.feeds.messages import order, send

MONDAY = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def hours(*numbers):
    return [MONDAY + dt.timedelta(hours=number) for number in numbers]


def test_a_busy_shop_may_be_quiet_for_a_day():
    assert allowed_silence(hours(*range(200))) == DAY
    assert allowed_silence([]) == allowed_silence(hours(1)) == DAY


def test_a_quiet_shop_for_six_times_its_usual_gap():
    assert allowed_silence(hours(*range(0, 300, 10))) == dt.timedelta(hours=60)


def test_a_shop_that_closes_on_sundays_is_not_dead_on_mondays():
    open_hours = [
        24 * day + hour for day in range(28) if day % 7 != 6 for hour in range(9)
    ]
    assert allowed_silence(hours(*open_hours)) == dt.timedelta(hours=40)


def test_one_outage_does_not_excuse_the_next():
    assert allowed_silence(hours(*range(100), *range(300, 400))) == DAY


@pytest.fixture
def heard(client, shopify, time_machine):
    """An order an hour for a day, then time passes."""

    def pass_hours(number):
        for hour in range(24):
            FeedMessage.objects.create(
                feed=shopify,
                received_at=MONDAY + dt.timedelta(hours=hour),
                applied_at=MONDAY,
            )
        time_machine.move_to(MONDAY + dt.timedelta(hours=23 + number), tick=False)
        return shopify

    return pass_hours


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("passed", "state"), [(1, "live"), (23, "live"), (25, "silent")]
)
def test_a_feed_is_silent_after_a_day_without_a_word(heard, passed, state):
    assert watching.sign_of(heard(passed)).state == state


@pytest.mark.django_db
def test_a_silent_feed_is_told_on_the_dashboard(client, heard, people):
    heard(30)
    (check,) = live_sales()
    assert (check.name, check.is_well) == ("Live sales, Web shop", False)
    assert check.sentence == "Nothing for 1 day. Look at the feed, or import a file."
    client.force_login(people.admin)
    page = client.get("/dashboard/notices/").content.decode()
    assert "Nothing for 1 day." in page


@pytest.mark.django_db
def test_a_feed_that_speaks_or_is_stopped_is_well(client, heard):
    shop = heard(30)
    send(client, shop, order())
    assert [check.is_well for check in live_sales()] == [True]
    shop.switch(on=False)
    assert live_sales() == []


@pytest.mark.django_db
def test_a_feed_that_never_spoke_is_silent_after_a_day(shopify, time_machine):
    assert watching.sign_of(shopify).state == "new"
    time_machine.move_to(timezone.now() + 2 * DAY)
    assert watching.sign_of(shopify).state == "silent"
    (check,) = live_sales()
    assert check.sentence == "Nothing was ever sent. Look at the feed."


@pytest.mark.django_db
def test_old_messages_go_and_the_newest_stays(client, shopify, time_machine):
    send(client, shopify, order(), order(minute=1))
    time_machine.move_to(timezone.now() + 40 * DAY)
    watching.forget_old()
    assert FeedMessage.objects.count() == FeedOrder.objects.count() == 1
    time_machine.move_to(timezone.now() + 500 * DAY)
    watching.forget_old()
    assert not FeedOrder.objects.exists()
