"""Why this quantity: a sentence, steps that add up, inputs with their sources."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasting.models import ReplenishmentPlan
from purchasing.assessing import assess, gather
from purchasing.explaining import (
    explanation,
    out_of,
    quantity_from,
    sentence,
    weekend_factor,
)
from purchasing.orders import PurchaseOrderLine
from tests.purchasing.shop import TODAY, count, order, plan, refresh, set_stock
from vendors.models import VendorProduct

MONDAY = dt.date(2026, 11, 23)


def why(plan_row):
    plans = ReplenishmentPlan.objects.select_related("product", "location")
    return explanation(assess(gather([plans.get(pk=plan_row.pk)]))[0])


def added_up(steps):
    """Signed steps since the level; each result is checked on the way."""
    total = Decimal(0)
    for step in steps:
        value = Decimal(step["value"])
        if step["sign"] == "=":
            assert max(total, Decimal(0)) == value, step["label"]
        elif not step["is_result"] and not step["label"].startswith("At least"):
            total += -value if step["sign"] == "−" else value
    return total


def test_sentence_says_rate_delivery_stock_and_packs(steady, near, old_town):
    row = plan(steady, old_town)
    count(steady, old_town, 31)
    order(near, old_town, steady, 12, "sent", expected_on=TODAY)
    assert sentence(why(row)) == (
        "You sell about 5.4 a day. The delivery after this one comes in 9 days; in "
        "99 of 100 such periods you sell 70 or fewer. You have 31 and 12 on the way, "
        "so you need 27: 5 packs of 6."
    )


def test_figures_that_decide_stand_out(steady, old_town):
    row = plan(steady, old_town)
    count(steady, old_town, 31)
    strong = [part["text"] for part in why(row)["parts"] if part["strong"]]
    assert strong == ["5.4 a day", "9 days", "70 or fewer", "31", "7 packs of 6"]


@pytest.mark.parametrize(
    ("on_hand", "ending"),
    [
        (None, "count it to get a suggestion."),
        (80, "You have 80, which is enough for now."),
        (-2, "You have 0, so you need 70: 12 packs of 6."),
        (66, "You have 66, so you need 4: 1 pack of 6."),
    ],
)
def test_sentence_ends_with_what_to_do(steady, old_town, on_hand, ending):
    row = plan(steady, old_town)
    if on_hand is not None:
        set_stock(steady, old_town, on_hand)
    assert sentence(why(row)).endswith(ending)


def test_without_a_vendor_the_need_is_said(steady, old_town):
    row = plan(steady, old_town)
    set_stock(steady, old_town, 31)
    VendorProduct.objects.all().delete()
    assert sentence(why(row)).endswith("so you need 39. No vendor sells it to you yet.")


def test_minimum_is_named(lumpy, old_town):
    row = plan(lumpy, old_town, per_day=0.5, level=30, protection_days=37)
    set_stock(lumpy, old_town, 25)
    frozen = why(row)
    assert "the vendor's minimum is 48: 2 packs of 24." in sentence(frozen)
    assert "At least the vendor's minimum" in [s["label"] for s in frozen["steps"]]


def test_draft_is_on_order_but_not_on_the_way(steady, near, old_town):
    row = plan(steady, old_town)
    set_stock(steady, old_town, 31)
    order(near, old_town, steady, 12)
    assert "31 and 12 on order" in sentence(why(row))


def test_steps_add_up_by_eye(steady, near, old_town):
    row = plan(steady, old_town)
    count(steady, old_town, 31)
    order(near, old_town, steady, 12, "sent", expected_on=TODAY)
    steps = why(row)["steps"]
    shown = [(step["sign"], Decimal(step["value"])) for step in steps]
    assert shown == [
        ("", 49),
        ("+", 21),
        ("=", 70),
        ("−", 31),
        ("−", 12),
        ("=", 27),
        ("", 30),
    ]
    assert steps[0]["note"].startswith("usually ")
    assert steps[3]["note"] == "counted Fri 20 Nov"
    assert steps[4]["note"].endswith("Mon 23 Nov")
    assert steps[-1]["note"] == "5 packs"


def test_steps_add_up_for_goods_by_weight(steady, old_town):
    steady.quantum = Decimal("0.001")
    steady.save()
    row = plan(steady, old_town, per_day=1.2345, level=14.2061, protection_days=9)
    set_stock(steady, old_town, "3.217")
    assert added_up(why(row)["steps"]) == Decimal("14.207") - Decimal("3.217")


def test_order_too_late_to_count_on_is_shown_as_nothing(steady, near, old_town):
    row = plan(steady, old_town)
    set_stock(steady, old_town, 31)
    order(near, old_town, steady, 12, "sent", expected_on=dt.date(2026, 11, 2))
    step = next(step for step in why(row)["steps"] if step["label"] == "Incoming")
    assert Decimal(step["value"]) == 0
    assert step["note"].endswith("due Mon 2 Nov: too late to count on")


def test_lead_time_and_its_source_are_among_the_inputs_case_49(steady, old_town):
    inputs = why(plan(steady, old_town, lead_time_source="default"))["inputs"]
    assert inputs["lead_time_source"] == "default"
    assert inputs["lead_time_days"] == 2


def test_explanation_is_plain_json_and_never_changes_once_frozen(
    steady, near, old_town
):
    row = plan(steady, old_town)
    count(steady, old_town, 31)
    refresh(old_town)
    line = PurchaseOrderLine.objects.get()
    assert json.loads(json.dumps(line.explanation)) == line.explanation == why(row)
    line.order.state = "draft"
    line.order.save()
    set_stock(steady, old_town, 60)
    refresh(old_town)
    frozen = PurchaseOrderLine.objects.get(pk=line.pk).explanation
    assert quantity_from(frozen["inputs"]).quantity == line.quantity == 42


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (0.4, "fewer than half of such periods"),
        (0.5, "1 of 2 such periods"),
        (0.949, "9 of 10 such periods"),
        (0.95, "19 of 20 such periods"),
        (0.9999, "199 of 200 such periods"),
    ],
)
def test_chances_in_peoples_words(chance, words):
    assert out_of(chance) == words


def test_weekend_is_compared_with_the_other_days():
    daily = [1.0, 1, 1, 1, 1, 1.3, 1.3] * 6
    assert weekend_factor(daily, MONDAY) == 1.3
    assert weekend_factor([0.0] * 42, MONDAY) == 1.0


@given(chance=st.floats(0, 1))
def test_words_never_promise_more_than_the_chance(chance):
    words = out_of(chance)
    if words[0].isdigit():
        kept, of = (int(number) for number in words.split(" such")[0].split(" of "))
        assert kept / of <= chance + 1e-12
