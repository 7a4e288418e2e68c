"""Deliveries: stock rises by what came, the order knows what is still to come."""

import uuid
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.ledger import reconcile, record_count
from inventory.models import StockLevel, StockMove
from purchasing import ordering
from purchasing.orders import Conflict, Refused
from purchasing.receiving import Arrival, OverReceipt, receive
from tests.purchasing.conftest import line_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(steady, oats, old_town):
    """10 of each on the shelf."""
    for product in (steady, oats):
        record_count(
            product,
            location=old_town,
            counted_quantity=Decimal(10),
            counted_at=timezone.now(),
            key=f"count {product.pk}",
        )


def on_hand(product, location):
    return StockLevel.objects.get(product=product, location=location).on_hand


def book(order, *lines, by=None, key=""):
    return receive(order, lines=lines, by=by, key=key or uuid.uuid4().hex)


def came(order, product, quantity, **more):
    return Arrival(line_of(order, product).pk, Decimal(quantity), **more)


def test_a_full_delivery_raises_stock(sent, counted, steady, oats, old_town, people):
    receipt = book(
        sent, came(sent, steady, 60), came(sent, oats, 24), by=people.manager
    )
    sent.refresh_from_db()
    assert sent.state == "received"
    assert on_hand(steady, old_town) == 70
    assert on_hand(oats, old_town) == 34
    assert receipt.lines.count() == 2
    move = StockMove.objects.get(product=steady)
    assert move.document == sent.number
    assert move.user == people.manager
    assert reconcile() == []


def test_case_39_a_partial_delivery_keeps_the_order_open(
    sent, counted, steady, old_town, people
):
    book(sent, came(sent, steady, 40), by=people.manager)
    sent.refresh_from_db()
    assert sent.state == "partly_received"
    assert line_of(sent, steady).open_quantity == 20
    assert on_hand(steady, old_town) == 50
    book(sent, came(sent, steady, 20), by=people.manager)
    assert line_of(sent, steady).open_quantity == 0


def test_the_same_form_again_books_nothing(sent, counted, steady, old_town, people):
    first = book(sent, came(sent, steady, 40), by=people.manager, key="form 1")
    again = book(sent, came(sent, steady, 40), by=people.manager, key="form 1")
    assert first == again
    assert on_hand(steady, old_town) == 50


def test_the_same_form_again_after_the_last_delivery(sent, steady, oats):
    lines = came(sent, steady, 60), came(sent, oats, 24)
    assert book(sent, *lines, key="form 1") == book(sent, *lines, key="form 1")


def test_case_40_more_than_ordered_waits_for_a_yes(sent, counted, steady, old_town):
    with pytest.raises(OverReceipt) as asked:
        book(sent, came(sent, steady, 66))
    assert asked.value.over_quantity == 6
    assert on_hand(steady, old_town) == 10
    receipt = book(sent, came(sent, steady, 66, over_quantity=Decimal(6)))
    assert receipt.lines.get().over_quantity == 6
    assert on_hand(steady, old_town) == 76


def test_a_yes_to_6_is_no_yes_to_26(sent, steady):
    """Somebody booked 20 between the question and the answer."""
    book(sent, came(sent, steady, 20))
    with pytest.raises(OverReceipt):
        book(sent, came(sent, steady, 66, over_quantity=Decimal(6)))


def test_case_40_nothing_received_is_refused(sent, steady):
    with pytest.raises(Refused):
        book(sent, came(sent, steady, 0))
    assert not sent.receipts.exists()


def test_less_than_nothing_is_refused(sent, steady, oats):
    with pytest.raises(Refused):
        book(sent, came(sent, steady, -5), came(sent, oats, 24))


def test_case_41_a_cancelled_order_takes_no_delivery(sent, steady, people):
    ordering.cancel(sent, by=people.buyer)
    with pytest.raises(Refused, match="was cancelled"):
        book(sent, came(sent, steady, 60))


def test_case_41_cancelling_a_partly_received_order_gives_up_the_rest(
    sent, counted, steady, oats, old_town, people
):
    book(sent, came(sent, steady, 40))
    order = ordering.cancel(sent, by=people.buyer, reason="Out of print")
    assert order.state == "closed"
    line = line_of(order, steady)
    assert (line.received_quantity, line.closed_quantity) == (40, 20)
    assert line_of(order, oats).closed_quantity == 24
    assert not any(line.open_quantity for line in order.lines.all())
    assert on_hand(steady, old_town) == 50


def test_an_order_that_was_not_sent_takes_no_delivery(approved, steady):
    with pytest.raises(Refused, match="not been sent"):
        book(approved, came(approved, steady, 60))


def test_what_is_missing_can_be_given_up(sent, steady, oats):
    book(sent, came(sent, steady, 54, close_rest=True), came(sent, oats, 24))
    sent.refresh_from_db()
    assert sent.state == "received"
    assert line_of(sent, steady).closed_quantity == 6


def test_a_line_that_never_comes_can_be_given_up_alone(sent, steady, oats):
    book(sent, came(sent, steady, 60), came(sent, oats, 0, close_rest=True))
    sent.refresh_from_db()
    assert sent.state == "received"
    assert sent.receipts.get().lines.count() == 1


def test_a_received_order_says_who_received_it(sent, steady, oats, people):
    book(sent, came(sent, steady, 60), came(sent, oats, 24), by=people.manager)
    with pytest.raises(Conflict) as lost:
        book(sent, came(sent, steady, 60), by=people.buyer)
    assert lost.value.who == people.manager


def test_a_delivery_before_the_count_is_in_the_count(
    sent, counted, steady, old_town, people
):
    level = StockLevel.objects.get(product=steady, location=old_town)
    earlier = level.anchor_at - timezone.timedelta(hours=1)
    receive(
        sent,
        lines=[came(sent, steady, 60)],
        by=people.manager,
        key="k",
        received_at=earlier,
    )
    assert on_hand(steady, old_town) == 10
    assert reconcile() == []


def test_closing_ends_what_was_received(sent, steady, oats, people):
    book(sent, came(sent, steady, 60), came(sent, oats, 24))
    assert ordering.close(sent, by=people.buyer).state == "closed"
