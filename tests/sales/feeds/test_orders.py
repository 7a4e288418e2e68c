"""Any order of messages tells the same; so do any batches of them."""

import itertools
import random

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports.models import HeldRow, Import
from inventory import ledger
from inventory.models import Product, SaleLine
from sales.feeds import shopify
from sales.feeds.models import FeedMessage, FeedOrder, LiveDay
from sales.feeds.orders import OrderState, fold, live_rows
from tests.sales.feeds.messages import item, lines, order, read, refund

ITEMS = st.lists(
    st.builds(
        item,
        sku=st.sampled_from(["FERN-1", "TOTE-1", ""]),
        quantity=st.integers(1, 3),
        name=st.sampled_from(["Mug - Blue", "Mug - Red"]),
    ),
    min_size=1,
    max_size=3,
)
ORDERS = st.builds(
    lambda items, minute, cancelled: order(
        1001,
        *items,
        minute=minute,
        cancelled_at="2026-09-03T11:00:00-04:00" if cancelled else None,
    ),
    ITEMS,
    st.integers(0, 5),
    st.booleans(),
)
REFUNDS = st.builds(
    lambda ident, line, kind: refund(
        ident=ident, line=line, restock_type=kind, quantity=line["quantity"]
    ),
    st.integers(1, 3),
    st.builds(item, sku=st.sampled_from(["FERN-1", "TOTE-1"])),
    st.sampled_from(["return", "no_restock", "cancel"]),
)
MESSAGES = st.lists(st.one_of(ORDERS, REFUNDS), min_size=1, max_size=5)


def folded(bodies):
    states = [shopify.read(body) for body in bodies]
    state = states[0]
    for other in states[1:]:
        state = fold(state, other)
    return state


@given(MESSAGES, st.randoms(use_true_random=False))
def test_messages_in_any_order_and_number_fold_to_the_same(bodies, chance):
    told = folded(bodies)
    again = [*bodies, *chance.choices(bodies, k=3)]
    chance.shuffle(again)
    assert folded(again) == told
    assert OrderState.from_json(told.as_json()) == told
    assert list(live_rows(folded(again))) == list(live_rows(told))


def forget_everything():
    """Sale lines are written once; only a test may empty the tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE inventory_saleline, sales_dailysales, sales_sourceday,"
            " inventory_stocklevel CASCADE"
        )
    for model in (FeedMessage, FeedOrder, LiveDay, HeldRow):
        model.objects.all().delete()
    Import.objects.all().delete()


def told_in(feed, bodies, batches):
    """Current lines after the messages came in this order, in batches."""
    forget_everything()
    for body in bodies:
        state = shopify.read(body)
        FeedMessage.objects.create(feed=feed, body=state.as_json())
        if batches.random() < 0.5:
            read(feed)
    read(feed)
    assert ledger.reconcile() == []
    return lines()


@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(MESSAGES, st.randoms(use_true_random=False))
def test_messages_in_any_order_leave_the_same_lines(feed_of_shop, bodies, chance):
    expected = told_in(feed_of_shop, bodies, chance)
    assert expected == told_in(feed_of_shop, list(reversed(bodies)), chance)
    chance.shuffle(bodies)
    assert expected == told_in(feed_of_shop, bodies, chance)


@pytest.mark.django_db(transaction=True)
def test_every_permutation_of_one_orders_life(feed_of_shop):
    life = [
        order(1001, item(), item("TOTE-1", 1)),
        order(1001, item(), minute=2),
        refund(),
        order(1001, item(quantity=3), minute=4, refunds=[refund()]),
    ]
    chance = random.Random(3)  # noqa: S311
    seen = [
        told_in(feed_of_shop, list(bodies), chance)
        for bodies in itertools.permutations(life)
    ]
    assert all(told == seen[0] for told in seen)
    assert [(line[1], line[2], line[5]) for line in seen[0]] == [
        ("return", "FERN-1", -1.0),
        ("sale", "FERN-1", 3.0),
    ]


@pytest.mark.django_db
def test_an_order_read_twice_writes_once(feed_of_shop):
    FeedMessage.objects.create(feed=feed_of_shop, body=shopify.read(order()).as_json())
    read(feed_of_shop)
    feed_of_shop.take_up_again()
    read(feed_of_shop)
    assert SaleLine.objects.count() == Product.objects.count() == 1
