"""Stock corrected by hand: up, down or written off, each form once."""

import datetime as dt
from decimal import Decimal

import pytest

from inventory import adjusting, ledger
from inventory.models import Location, StockLevel, StockMove

NOW = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)


@pytest.fixture
def counted(steady, old_town):
    ledger.record_count(
        steady,
        location=old_town,
        counted_quantity=Decimal(10),
        counted_at=NOW - dt.timedelta(days=1),
        key="count",
    )
    return steady


def on_hand(product):
    return StockLevel.objects.get(product=product).on_hand


def adjusted(product, location, change, key="form"):
    return adjusting.adjust(
        product,
        location=location,
        change=Decimal(change),
        reason="Found behind the shelf",
        idempotency_key=key,
        occurred_at=NOW,
    )


def test_what_was_found_is_added(counted, old_town):
    adjusted(counted, old_town, "2")
    assert on_hand(counted) == 12


def test_what_is_missing_is_taken_away(counted, old_town):
    move = adjusted(counted, old_town, "-3")
    assert on_hand(counted) == 7
    assert move.to_location.kind == Location.Kind.LOSS


def test_the_same_form_adjusts_once(counted, old_town):
    first = adjusted(counted, old_town, "-3")
    assert adjusted(counted, old_town, "-3") == first
    assert on_hand(counted) == 7


def test_a_write_off_keeps_its_reason_and_person(counted, old_town, people):
    move = adjusting.write_off(
        counted,
        location=old_town,
        quantity=Decimal(4),
        reason="Broken",
        idempotency_key="form",
        occurred_at=NOW,
        by=people.manager,
    )
    assert on_hand(counted) == 6
    assert (move.kind, move.reason) == (StockMove.Kind.WRITE_OFF, "Broken")
    assert move.user == people.manager
