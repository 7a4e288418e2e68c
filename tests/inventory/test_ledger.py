"""Stock is the last count plus all that moved since, in whatever order facts come."""

import datetime as dt
import itertools
import json
import threading
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from inventory import ledger
from inventory.models import (
    Location,
    Product,
    SaleLine,
    SalesSource,
    StockCount,
    StockLevel,
    StockMove,
)

START = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)
keys = (f"fact-{number}" for number in itertools.count())


def hour(number):
    return START + dt.timedelta(hours=number)


class Shop:
    """A store and a warehouse with one product."""

    def __init__(self):
        self.store = Location.objects.create(name="Old Town")
        self.warehouse = Location.objects.create(name="Depot", kind="warehouse")
        self.vendors = Location.objects.virtual(Location.Kind.VENDOR)
        self.product = Product.objects.create(sku="GR-1", name="Oat drink")

    def move(self, source, target, quantity, at, key=None):
        return ledger.record_move(
            self.product,
            from_location=source,
            to_location=target,
            quantity=Decimal(quantity),
            kind=StockMove.Kind.ADJUSTMENT,
            occurred_at=hour(at),
            idempotency_key=key or next(keys),
        )

    def count(self, quantity, at, key=None, place=None):
        return ledger.record_count(
            self.product,
            location=place or self.store,
            counted_quantity=Decimal(quantity),
            counted_at=hour(at),
            key=key or next(keys),
        )

    def on_hand(self, place=None):
        level = StockLevel.objects.get(
            product=self.product, location=place or self.store
        )
        return level.on_hand


@pytest.fixture
def shop(db):
    return Shop()


def test_stock_is_unknown_until_counted(shop):
    shop.move(shop.vendors, shop.store, 5, at=1)
    assert shop.on_hand() is None


def test_a_delivery_after_the_count_is_added(shop):
    shop.count(10, at=0)
    shop.move(shop.vendors, shop.store, 5, at=1)
    assert shop.on_hand() == 15


def test_a_late_fact_before_the_count_changes_nothing(shop):
    shop.count(10, at=5)
    shop.move(shop.vendors, shop.store, 5, at=1)
    assert shop.on_hand() == 10


def test_a_move_between_places_changes_both(shop):
    shop.count(10, at=0)
    shop.count(0, at=0, place=shop.warehouse)
    shop.move(shop.store, shop.warehouse, 4, at=1)
    assert shop.on_hand() == 6
    assert shop.on_hand(shop.warehouse) == 4


def test_the_same_key_moves_once(shop):
    shop.count(10, at=0)
    first = shop.move(shop.vendors, shop.store, 5, at=1, key="delivery")
    assert shop.move(shop.vendors, shop.store, 5, at=1, key="delivery") == first
    assert shop.on_hand() == 15


def test_a_corrected_count_replaces_the_earlier_one(shop):
    shop.count(10, at=0, key="count")
    shop.count(12, at=0, key="count")
    assert shop.on_hand() == 12


def test_a_count_form_sent_twice_is_one_count(shop):
    first = shop.count(10, at=0, key="count")
    assert shop.count(10, at=0, key="count") == first
    assert StockCount.objects.count() == 1


def test_retracting_the_only_count_makes_stock_unknown(shop):
    count = shop.count(10, at=0)
    ledger.retract_count(count)
    ledger.retract_count(count)
    assert shop.on_hand() is None
    assert StockCount.objects.count() == 2


def test_retracting_a_count_falls_back_to_the_one_before(shop):
    shop.count(10, at=0)
    later = shop.count(3, at=5)
    shop.move(shop.vendors, shop.store, 2, at=6)
    ledger.retract_count(later)
    assert shop.on_hand() == 12


def test_facts_cannot_be_changed_or_deleted(shop):
    move = shop.move(shop.vendors, shop.store, 5, at=1)
    for change in (
        lambda: StockMove.objects.filter(pk=move.pk).update(quantity=6),
        lambda: StockMove.objects.filter(pk=move.pk).delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()


def test_a_move_must_go_elsewhere_and_have_a_quantity(shop):
    for source, quantity in ((shop.store, 1), (shop.vendors, 0), (shop.vendors, -1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            shop.move(source, shop.store, quantity, at=1)


def test_current_sale_lines_are_counted_and_older_versions_are_not(shop):
    source = SalesSource.objects.create(name="Till", kind="square_items")
    for version, quantity in ((1, 3), (2, 2)):
        SaleLine.objects.create(
            source=source,
            key=b"receipt-1",
            version=version,
            product=shop.product,
            location=shop.store,
            sold_at=hour(1),
            business_date=hour(1).date(),
            quantity=quantity,
            stock_change=-quantity,
        )
    shop.count(10, at=0)
    assert SaleLine.objects.current().get().version == 2
    assert shop.on_hand() == 8


def test_reconcile_reports_a_wrong_level_and_leaves_it(shop):
    shop.count(10, at=0)
    assert ledger.reconcile() == []
    StockLevel.objects.update(on_hand=11)
    out = StringIO()
    call_command("reconcile", "--json", stdout=out)
    (row,) = json.loads(out.getvalue())["differences"]
    assert (row["recorded"], row["from_facts"]) == ("11.000", "10.000")
    assert shop.on_hand() == 11


@pytest.mark.django_db(transaction=True)
def test_eight_people_at_once_lose_nothing():
    shop = Shop()
    shop.count(0, at=0)
    barrier = threading.Barrier(8)

    def receive(person):
        barrier.wait()
        for number in range(15):
            shop.move(shop.vendors, shop.store, 1, at=1, key=f"{person}-{number}")
        connection.close()

    threads = [threading.Thread(target=receive, args=[n]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shop.on_hand() == 120


@pytest.mark.django_db(transaction=True)
def test_a_count_waits_while_a_move_is_being_written():
    shop = Shop()
    shop.count(5, at=0)

    def count_again():
        shop.count(10, at=1)
        connection.close()

    counting = threading.Thread(target=count_again)
    with transaction.atomic():
        ledger.locked_levels(shop.product, shop.store)
        counting.start()
        counting.join(timeout=0.5)
        assert counting.is_alive()
        shop.move(shop.vendors, shop.store, 1, at=9)
    counting.join()
    assert shop.on_hand() == 11
