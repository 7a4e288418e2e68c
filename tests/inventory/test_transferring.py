"""A transfer leaves one place, is on the way, and arrives once."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from inventory import ledger, transferring
from inventory.models import Location, Product, StockLevel, StockMove, Transfer

MORNING = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)
NOON = MORNING + dt.timedelta(hours=4)


def counted(product, location, quantity):
    ledger.record_count(
        product,
        location=location,
        counted_quantity=Decimal(quantity),
        counted_at=MORNING - dt.timedelta(days=1),
        key=f"start-{location.pk}",
    )


def on_hand(product, location):
    return StockLevel.objects.get(product=product, location=location).on_hand


def sent(product, source, target, quantity="6", key="form-1"):
    return transferring.send(
        product,
        from_location=source,
        to_location=target,
        quantity=Decimal(quantity),
        expected_on=MORNING.date(),
        idempotency_key=key,
        sent_at=MORNING,
    )


@pytest.fixture
def stocked(steady, old_town, harbour):
    counted(steady, old_town, 20)
    counted(steady, harbour, 3)
    return steady


def test_goods_sent_have_left_and_not_arrived(stocked, old_town, harbour):
    transfer = sent(stocked, old_town, harbour)
    assert on_hand(stocked, old_town) == 14
    assert on_hand(stocked, harbour) == 3
    assert list(Transfer.objects.in_transit()) == [transfer]
    assert transfer.number == f"T-{200 + transfer.pk}"


def test_the_same_form_sends_once(stocked, old_town, harbour):
    first = sent(stocked, old_town, harbour)
    assert sent(stocked, old_town, harbour) == first
    assert on_hand(stocked, old_town) == 14


def test_what_arrived_is_on_hand_there(stocked, old_town, harbour):
    transfer = transferring.arrive(sent(stocked, old_town, harbour), arrived_at=NOON)
    assert on_hand(stocked, harbour) == 9
    assert not Transfer.objects.in_transit().exists()
    assert transfer.arrived_quantity == 6


def test_a_transfer_arrives_once(stocked, old_town, harbour):
    transfer = sent(stocked, old_town, harbour)
    transferring.arrive(transfer, arrived_at=NOON)
    again = transferring.arrive(transfer, quantity=Decimal(1), arrived_at=NOON)
    assert again.arrived_quantity == 6
    assert on_hand(stocked, harbour) == 9


def test_what_is_missing_on_arrival_leaves_transit_as_lost(stocked, old_town, harbour):
    transfer = sent(stocked, old_town, harbour)
    transferring.arrive(transfer, quantity=Decimal(4), arrived_at=NOON)
    assert on_hand(stocked, harbour) == 7
    lost = StockMove.objects.get(reason="Missing on arrival")
    assert (lost.quantity, lost.document) == (2, transfer.number)
    transit = Location.objects.virtual(Location.Kind.TRANSIT)
    arrived = sum(m.quantity for m in transit.moves_in.all())
    assert arrived == sum(m.quantity for m in transit.moves_out.all())


def test_nothing_arrived_is_all_lost(stocked, old_town, harbour):
    transferring.arrive(sent(stocked, old_town, harbour), quantity=Decimal(0))
    assert on_hand(stocked, harbour) == 3
    assert StockMove.objects.get(reason="Missing on arrival").quantity == 6


@pytest.mark.parametrize("quantity", ["-1", "7"])
def test_more_than_sent_or_less_than_none_cannot_arrive(
    stocked, old_town, harbour, quantity
):
    transfer = sent(stocked, old_town, harbour)
    with pytest.raises(IntegrityError):
        transferring.arrive(transfer, quantity=Decimal(quantity))


def test_arrival_is_never_before_the_sending(stocked, old_town, harbour):
    early = MORNING - dt.timedelta(hours=2)
    transfer = transferring.arrive(sent(stocked, old_town, harbour), arrived_at=early)
    assert transfer.arrived_at == MORNING


def test_people_see_transfers_of_their_own_locations(
    stocked, old_town, harbour, depot, people
):
    ours = sent(stocked, old_town, depot)
    theirs = sent(stocked, depot, harbour, key="form-2")
    assert list(Transfer.objects.visible_to(people.manager)) == [ours]
    assert set(Transfer.objects.visible_to(people.buyer)) == {ours, theirs}


@pytest.mark.django_db(transaction=True)
def test_two_people_booking_the_arrival_book_it_once():
    here = Location.objects.create(name="Here")
    there = Location.objects.create(name="There")
    product = Product.objects.create(sku="GR-1", name="Oat drink")
    counted(product, here, 20)
    counted(product, there, 0)
    transfer = sent(product, here, there)
    barrier = threading.Barrier(2)

    def book():
        barrier.wait()
        transferring.arrive(transfer, arrived_at=NOON)
        connection.close()

    threads = [threading.Thread(target=book) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert on_hand(product, there) == 6
    assert ledger.reconcile() == []
