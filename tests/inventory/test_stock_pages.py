"""Pages that change stock by hand: count, adjust, transfer."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from inventory import ledger
from inventory.models import Location, StockCount, StockLevel, StockMove, Transfer

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW) as clock:
        yield clock


@pytest.fixture
def stocked(steady, old_town, harbour):
    for location, quantity in ((old_town, 17), (harbour, 3)):
        ledger.record_count(
            steady,
            location=location,
            counted_quantity=Decimal(quantity),
            counted_at=NOW - dt.timedelta(days=9),
            key=f"start-{location.pk}",
        )
    return steady


@pytest.fixture
def manager(client, people):
    client.force_login(people.manager)
    return client


def on_hand(product, location):
    return StockLevel.objects.get(product=product, location=location).on_hand


def post(client, name, product, location, **values):
    values = {"token": uuid.uuid4(), "location": location.pk} | values
    return client.post(reverse(name, args=[product.pk]), values)


def page_of(client, answer):
    return client.get(answer.headers["Location"]).content.decode()


def test_a_count_tells_what_was_missing(manager, stocked, old_town):
    answer = post(manager, "count_add", stocked, old_town, quantity="16", moment="now")
    page = page_of(manager, answer)
    assert "Counted 16. The record said 17: 1 missing." in page
    assert on_hand(stocked, old_town) == 16


def test_a_first_count_makes_the_stock_known(manager, lumpy, old_town):
    answer = post(manager, "count_add", lumpy, old_town, quantity="4", moment="now")
    assert "From now on the stock is known." in page_of(manager, answer)


def test_a_count_sent_twice_is_one_count(manager, stocked, old_town, monday):
    token = uuid.uuid4()
    values = {"quantity": "16", "moment": "now", "token": token}
    post(manager, "count_add", stocked, old_town, **values)
    monday.shift(5)
    post(manager, "count_add", stocked, old_town, **values)
    assert StockCount.objects.filter(key=f"form:{token}").count() == 1


def test_a_count_before_opening_of_another_day(manager, stocked, old_town):
    post(
        manager,
        "count_add",
        stocked,
        old_town,
        quantity="16",
        moment="opening",
        date="2026-11-20",
    )
    count = StockCount.objects.latest("pk")
    assert count.counted_at == dt.datetime(2026, 11, 19, 23, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"quantity": "-1"}, "greater than or equal to 0"),
        ({"quantity": "2.5"}, "This is sold in steps of 1."),
        ({"quantity": "many"}, "Enter a number."),
        ({"quantity": "3", "date": "2026-12-01"}, "This date has not come yet."),
    ],
)
def test_a_wrong_count_is_told_and_what_was_typed_stays(
    manager, stocked, old_town, values, told
):
    answer = post(manager, "count_add", stocked, old_town, moment="now", **values)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert f'value="{values["quantity"]}"' in answer.content.decode()
    assert on_hand(stocked, old_town) == 17


def test_a_foreign_location_cannot_be_counted(manager, stocked, harbour):
    answer = post(manager, "count_add", stocked, harbour, quantity="1", moment="now")
    assert answer.status_code == 422
    assert on_hand(stocked, harbour) == 3


@pytest.mark.parametrize(
    ("kind", "left"), [("found", 19), ("missing", 15), ("write_off", 15)]
)
def test_an_adjustment_needs_a_reason(manager, stocked, old_town, kind, left):
    values = {"kind": kind, "quantity": "2"}
    answer = post(manager, "adjustment_add", stocked, old_town, **values, reason="")
    assert answer.status_code == 422
    assert on_hand(stocked, old_town) == 17
    post(manager, "adjustment_add", stocked, old_town, **values, reason="Broken jars")
    assert on_hand(stocked, old_town) == left
    assert StockMove.objects.get().reason == "Broken jars"


def test_an_adjustment_sent_twice_counts_once(manager, stocked, old_town):
    values = {
        "kind": "missing",
        "quantity": "2",
        "reason": "Lost",
        "token": uuid.uuid4(),
    }
    post(manager, "adjustment_add", stocked, old_town, **values)
    post(manager, "adjustment_add", stocked, old_town, **values)
    assert on_hand(stocked, old_town) == 15


def sent(client, product, source, target, **values):
    values = {
        "to_location": target.pk,
        "quantity": "6",
        "expected_on": "2026-11-24",
    } | values
    return post(client, "transfer_add", product, source, **values)


def test_a_transfer_leaves_and_is_booked_where_it_arrives(
    manager, client, people, stocked, old_town, harbour
):
    page = page_of(manager, sent(manager, stocked, old_town, harbour))
    transfer = Transfer.objects.get()
    assert f"{transfer} is on its way to Harbour." in page
    assert "Book the arrival" not in page
    assert on_hand(stocked, old_town) == 11
    booking = reverse("transfer_arrival", args=[transfer.pk])
    manager.post(booking, {"quantity": "6"})
    assert on_hand(stocked, harbour) == 3
    client.force_login(people.outsider)
    assert (
        "Book the arrival" in client.get(f"/transfers/{transfer.pk}/").content.decode()
    )
    client.post(booking, {"quantity": "5"})
    assert on_hand(stocked, harbour) == 8


def test_more_than_was_sent_cannot_arrive(client, people, stocked, old_town, harbour):
    client.force_login(people.buyer)
    sent(client, stocked, old_town, harbour)
    booking = reverse("transfer_arrival", args=[Transfer.objects.get().pk])
    answer = client.post(booking, {"quantity": "7"})
    assert answer.status_code == 422
    assert "Only 6 were sent." in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"quantity": "0"}, "greater than or equal to 0.001"),
        ({"expected_on": "2026-11-20"}, "This date has passed."),
    ],
)
def test_a_wrong_transfer_is_told(manager, stocked, old_town, harbour, values, told):
    answer = sent(manager, stocked, old_town, harbour, **values)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Transfer.objects.exists()


def test_a_transfer_goes_elsewhere(manager, stocked, old_town):
    answer = sent(manager, stocked, old_town, old_town)
    assert "Choose another location" in answer.content.decode()


def test_the_list_shows_what_is_on_the_way_to_and_from_here(
    manager, stocked, old_town, harbour, depot
):
    sent(manager, stocked, old_town, depot)
    page = manager.get(reverse("transfer_list")).content.decode()
    assert str(Transfer.objects.get()) in page


def test_counts_due_come_first_and_say_why(manager, steady, lumpy, old_town):
    ledger.locked_levels(lumpy, old_town)
    ledger.record_count(
        steady,
        location=old_town,
        counted_quantity=Decimal(1),
        counted_at=NOW - dt.timedelta(days=2),
        key="count",
    )
    ledger.record_move(
        steady,
        from_location=old_town,
        to_location=Location.objects.virtual(Location.Kind.LOSS),
        quantity=Decimal(3),
        kind=StockMove.Kind.WRITE_OFF,
        occurred_at=NOW - dt.timedelta(days=1),
        idempotency_key="loss",
    )
    answer = manager.get(reverse("count_list"))
    page = answer.content.decode()
    assert [level.on_hand for level in answer.context["due"]] == [-2, None]
    assert "below zero" in page
    assert "never counted" in page


def test_counts_of_the_last_days_tell_their_variance(
    manager, stocked, old_town, django_assert_max_num_queries
):
    post(manager, "count_add", stocked, old_town, quantity="16", moment="now")
    with django_assert_max_num_queries(12):
        answer = manager.get(reverse("count_list"))
    (newest, first) = answer.context["counts"]
    assert newest[1:] == (17, -1)
    assert first[1:] == (None, None)
