"""Two people at once: the outcome is that of one after the other, never a mixture."""

import threading
import uuid
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations_with_replacement

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from inventory.ledger import reconcile, record_count
from inventory.models import StockLevel
from purchasing import ordering
from purchasing.orders import Conflict, PurchaseOrder, PurchaseOrderLine, Refused
from purchasing.receiving import Arrival, receive

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Outcome:
    answers: tuple[str, ...]
    state: str
    version: int
    is_approved: bool
    received: Decimal
    on_order: Decimal
    mails: int


def approve(order, by):
    ordering.approve(order, by=by, version=order.version)


def edit(order, by):
    line = order.lines.get()
    quantity = line.quantity + line.case_pack
    ordering.change_line(order, line=line, quantity=quantity, by=by, seen=order.stamp)


def receive_all(order, by):
    line = order.lines.get()
    arrival = Arrival(line.pk, line.quantity)
    receive(order, lines=[arrival], by=by, key=uuid.uuid4().hex)


def cancel(order, by):
    ordering.cancel(order, by=by, seen=order.stamp)


def send(order, by):
    ordering.send(order, by=by, seen=order.stamp)


VERBS = (approve, edit, receive_all, cancel, send)
PAIRS = list(combinations_with_replacement(VERBS, 2))


@pytest.fixture
def crowd(db):
    """Eight people who may do everything; a person never races with oneself."""
    return [
        User.objects.create_user(f"{n}@example.com", name=f"Admin {n}", role=Role.ADMIN)
        for n in range(8)
    ]


@pytest.fixture
def counted(steady, old_town):
    record_count(
        steady,
        location=old_town,
        counted_quantity=Decimal(0),
        counted_at=timezone.now(),
        key="count",
    )


@pytest.fixture
def order_in(near, old_town, steady, people):
    """Makes an order of 60 in the state that is asked for."""

    def make(state):
        order = PurchaseOrder.objects.create(
            vendor=near, location=old_town, currency="EUR", total=Decimal("85.20")
        )
        PurchaseOrderLine.objects.create(
            order=order, product=steady, quantity=60, case_pack=6, unit_cost="1.42"
        )
        order = ordering.submit(order, by=people.manager)
        if state in ("approved", "sent"):
            order = ordering.approve(order, by=people.buyer, version=order.version)
        if state == "sent":
            order = ordering.mark_sent(order, by=people.buyer)
        return order

    return make


def answer(verb, order, by):
    try:
        verb(order, by)
    except Conflict:
        return "conflict"
    except Refused:
        return "refused"
    return "done"


def one_after_the_other(first, second, order, crowd):
    return [answer(first, order, crowd[0]), answer(second, order, crowd[1])]


def at_once(verbs, order, crowd):
    """Start together; each in a thread with a connection of its own."""
    barrier = threading.Barrier(len(verbs))
    answers = [""] * len(verbs)

    def run(place, verb):
        try:
            barrier.wait()
            answers[place] = answer(verb, order, crowd[place])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def outcome(order, answers):
    order = PurchaseOrder.objects.get(pk=order.pk)
    line = order.lines.get()
    counts = order.state in PurchaseOrder.INCOMING
    return Outcome(
        tuple(answers),
        order.state,
        order.version,
        order.approved_total == order.total,
        line.received_quantity,
        line.open_quantity if counts else Decimal(0),
        order.mails.exclude(state="withdrawn").count(),
    )


@pytest.mark.parametrize("state", ["submitted", "approved", "sent"])
def test_fifteen_pairs_end_as_if_one_had_come_first(state, order_in, counted, crowd):
    for one, other in PAIRS:
        order = order_in(state)
        forth = outcome(order, one_after_the_other(one, other, order, crowd))
        order = order_in(state)
        answers = one_after_the_other(other, one, order, crowd)
        back = outcome(order, answers[::-1])
        order = order_in(state)
        together = outcome(order, at_once((one, other), order, crowd))
        assert together in (forth, back), (one.__name__, other.__name__)
        assert not together.is_approved or together.state != "submitted"
    assert reconcile() == []


@pytest.mark.parametrize("verb", [approve, edit, cancel, send, receive_all])
def test_case_31_one_of_eight_at_once_wins(verb, order_in, counted, crowd):
    start = {"approve": "submitted", "edit": "submitted", "receive_all": "sent"}
    order = order_in(start.get(verb.__name__, "approved"))
    answers = at_once([verb] * 8, order, crowd)
    assert sorted(answers) == ["conflict"] * 7 + ["done"]


def test_case_39_two_at_once_cannot_both_book_the_rest(
    order_in, counted, people, steady, crowd
):
    order = order_in("sent")
    line = order.lines.get()
    receive(order, lines=[Arrival(line.pk, Decimal(36))], by=people.manager, key="a")

    def book_rest(order, by):
        receive(
            order,
            lines=[Arrival(line.pk, Decimal(24))],
            by=by,
            key=uuid.uuid4().hex,
        )

    assert sorted(at_once([book_rest] * 2, order, crowd)) == ["conflict", "done"]
    line.refresh_from_db()
    assert line.received_quantity == 60
    assert StockLevel.objects.get(product=steady).on_hand == 60


def test_the_same_form_twice_at_once_is_one_delivery(order_in, counted, crowd, steady):
    order = order_in("sent")
    line = order.lines.get()

    def book(order, by):
        receive(order, lines=[Arrival(line.pk, Decimal(60))], by=by, key="one form")

    assert at_once([book] * 4, order, crowd) == ["done"] * 4
    assert StockLevel.objects.get(product=steady).on_hand == 60
    assert order.receipts.count() == 1
