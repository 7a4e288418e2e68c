"""Which alerts follow from how products stand, and what they say."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from inventory.alert_kinds import kind_of
from inventory.ledger import Difference
from inventory.models import Alert
from purchasing.alerting import settle_differences
from tests.purchasing.shop import order, plan, refresh, set_stock
from vendors.models import VendorProduct

MORNING = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)


def said():
    with time_machine.travel(MORNING, tick=False):
        return {alert.kind: kind_of(alert).say(alert) for alert in open_alerts()}


def open_alerts():
    return Alert.objects.still_open().select_related("product", "location")


@pytest.mark.parametrize(
    ("on_hand", "words"),
    [
        (0, {"out": "Oat drink, barista 1 L is out of stock."}),
        (
            20,
            {
                "runs_out": "Oat drink, barista 1 L runs out about Thu 26 Nov. If you "
                "skip the next order, the delivery after it comes Wed 2 Dec."
            },
        ),
        (
            52,
            {
                "low": "Oat drink, barista 1 L may not last until the delivery of "
                "Wed 2 Dec."
            },
        ),
        (90, {}),
    ],
)
def test_state_in_words(steady, old_town, on_hand, words):
    plan(steady, old_town)
    set_stock(steady, old_town, on_hand)
    refresh(old_town)
    assert said() == words


def test_nobody_is_alarmed_for_what_nobody_buys(steady, old_town):
    plan(steady, old_town, per_day=0, level=0)
    set_stock(steady, old_town, 0)
    assert refresh(old_town).alerts == 0


def test_uncounted_and_unsold_by_vendors(steady, lumpy, old_town):
    plan(steady, old_town)
    plan(lumpy, old_town, per_day=1)
    set_stock(lumpy, old_town, 69)
    VendorProduct.objects.filter(product=lumpy).delete()
    refresh(old_town)
    assert said() == {
        "count_due": "Oat drink, barista 1 L sells but was never counted here: its "
        "stock is unknown.",
        "no_vendor": "Dinner plate, speckled needs 1 more, and no vendor sells it to "
        "you.",
    }


def test_late_order_of_many_lines_is_one_alert(steady, lumpy, near, old_town):
    sent = order(near, old_town, steady, 6, "sent", expected_on=dt.date(2026, 11, 21))
    sent.lines.create(product=lumpy, quantity=6, unit_cost=1)
    refresh(old_town)
    assert said() == {"late_delivery": f"{sent.number} was due Sat 21 Nov."}
    assert Alert.objects.get().target_pk == sent.pk


def test_arrived_order_is_late_no_more(steady, near, old_town):
    sent = order(near, old_town, steady, 6, "sent", expected_on=dt.date(2026, 11, 21))
    refresh(old_town)
    sent.lines.update(received_quantity=6)
    refresh(old_town)
    assert said() == {}


def test_unsent_draft_is_never_late(steady, near, old_town):
    order(near, old_town, steady, 6, "draft", expected_on=dt.date(2026, 11, 2))
    refresh(old_town)
    assert said() == {}


def test_difference_of_the_reconciliation_case_51(steady, old_town):
    found = Difference(steady.pk, old_town.pk, Decimal(7), Decimal(5))
    assert settle_differences([found]) == 1
    assert said() == {
        "stock_difference": "Oat drink, barista 1 L: the stock shown is 7, counts and "
        "moves say 5."
    }
    assert refresh(old_town).alerts == 0
    assert settle_differences([]) == 0
    assert said() == {}
