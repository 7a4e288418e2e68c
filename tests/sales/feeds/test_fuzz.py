"""Whatever a message holds: an order, or a named problem; never an error of ours."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imports.values import RowProblem
from sales.feeds import generic, shopify
from sales.feeds.kinds import LiveSales
from sales.feeds.models import FeedMessage
from sales.feeds.orders import FeedProblem, OrderState, live_rows
from sales.feeds.receiving import parsed
from sales.formats.spelling import Spelling
from tests.sales.feeds.messages import generic as generic_order
from tests.sales.feeds.messages import item, order, post, read, refund

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2026-09-03T10:14:00Z", "1e999", "NaN", "-0", "9" * 400]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
GOOD = {
    "shopify": order(1001, item(), refunds=[refund()]),
    "refund": refund(),
    "generic": generic_order(returns=[{"id": "1", "sku": "A", "quantity": 1}]),
}


def paths(value, here=()):
    """Where a message could be broken: every field and entry of it."""
    yield here
    inner = {}
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for name, part in inner:
        yield from paths(part, (*here, name))


def broken(value, path, part):
    """The message with something else at one place."""
    if not path:
        return part
    copy = value.copy()
    copy[path[0]] = broken(value[path[0]], path[1:], part)
    return copy


@pytest.mark.parametrize("good", GOOD.values(), ids=GOOD)
@given(st.data())
def test_a_message_broken_anywhere_is_read_or_told(good, data):
    path = data.draw(st.sampled_from(list(paths(good))))
    body = broken(good, path, data.draw(JSON))
    reader = generic if "sold_at" in good else shopify
    try:
        state = reader.read(parsed(json.dumps(body).encode()))
    except FeedProblem:
        return
    stored = json.dumps(state.as_json())
    stored.encode()
    assert "\\u0000" not in stored
    again = OrderState.from_json(json.loads(stored))
    assert again == state
    for row in live_rows(again):
        with suppress(RowProblem):
            LiveSales(Spelling()).read(list(row))


@given(st.binary(max_size=200))
def test_any_bytes_are_json_or_told(body):
    with suppress(FeedProblem):
        assert isinstance(parsed(body), dict)


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_a_broken_message_is_answered_and_leaves_the_feed_readable(
    client, feed_of_shop, data
):
    good = data.draw(st.sampled_from([GOOD["shopify"], GOOD["refund"]]))
    path = data.draw(st.sampled_from(list(paths(good))))
    body = broken(good, path, data.draw(JSON))
    assert post(client, feed_of_shop, body).status_code in (200, 400)
    read(feed_of_shop)
    assert not FeedMessage.objects.waiting().exists()
