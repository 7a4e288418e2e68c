"""Messages of a feed become the sale lines of their orders, whatever the order."""

import datetime as dt
from decimal import Decimal

import pytest

from imports import importing
from imports.models import HeldRow, Import
from inventory import counting, ledger
from inventory.models import Product, SaleLine, StockLevel
from sales.feeds.models import FeedMessage, FeedPlace
from sales.models import DailySales, SourceDay
from tests.sales.feeds.messages import (
    generic,
    item,
    lines,
    new_feed,
    order,
    post,
    read,
    refund,
    send,
)

pytestmark = pytest.mark.django_db

SALE = ("#1001", "sale", "FERN-1", "Old Town", "2026-09-03", 2.0, -2.0, 32.0)


def test_an_order_becomes_its_lines(client, shopify):
    send(client, shopify, order(1001, item(), item("TOTE-1", 1, "20.00")))
    tote = ("#1001", "sale", "TOTE-1", "Old Town", "2026-09-03", 1.0, -1.0, 20.0)
    assert lines() == [SALE, tote]
    assert SourceDay.objects.get().kind == "shopify_orders"
    assert FeedMessage.objects.waiting().count() == 0
    assert ledger.reconcile() == []


def test_the_same_message_five_times_counts_once(client, shopify):
    for _ in range(5):
        send(client, shopify, order(), order())
    assert lines() == [SALE]
    imported = Import.objects.get()
    assert (imported.rows_read, imported.rows_new) == (1, 1)


def test_paid_and_updated_add_nothing(client, shopify):
    send(client, shopify, order())
    send(client, shopify, order(minute=1, financial_status="partially_paid"))
    send(client, shopify, order(minute=2, tags="vip"))
    assert lines() == [SALE]
    assert SaleLine.objects.count() == 1


def test_an_older_message_changes_nothing(client, shopify):
    send(client, shopify, order(1001, item(quantity=3), minute=5))
    send(client, shopify, order(1001, item(quantity=2), minute=1))
    assert [line[5] for line in lines()] == [3.0]


def test_a_cancelled_order_sold_nothing(client, shopify):
    send(client, shopify, order())
    send(client, shopify, order(minute=3, cancelled_at="2026-09-03T10:17:00-04:00"))
    assert lines() == []
    assert not DailySales.objects.exists()
    assert ledger.reconcile() == []


@pytest.mark.parametrize("turn", [1, -1])
def test_a_cancelled_order_with_refunds_is_not_taken_back_twice(client, shopify, turn):
    back = refund(restock_type="cancel", quantity=2)
    cancelled = order(
        minute=3, cancelled_at="2026-09-03T10:17:00-04:00", refunds=[back]
    )
    send(client, shopify, order())
    send(client, shopify, *[cancelled, back][::turn])
    assert lines() == []
    assert ledger.reconcile() == []


def test_an_order_first_heard_of_when_cancelled_is_left_out(client, shopify):
    send(client, shopify, order(cancelled_at="2026-09-03T10:17:00-04:00"))
    assert not SaleLine.objects.exists()
    assert Import.objects.get().rows_ignored == 1


def test_a_line_that_an_edit_took_away_sold_nothing(client, shopify):
    send(client, shopify, order(1001, item(), item("TOTE-1", 1, "20.00")))
    send(client, shopify, order(1001, item(), minute=4))
    assert lines() == [SALE]
    assert ledger.reconcile() == []


def test_one_of_two_equal_items_taken_away(client, shopify):
    send(client, shopify, order(1001, item(quantity=1), item(quantity=3)))
    send(client, shopify, order(1001, item(quantity=3), minute=4))
    assert [line[5] for line in lines()] == [3.0]


def test_a_refund_brings_goods_back_to_the_shelf(client, shopify):
    send(client, shopify, order(), refund())
    back = ("#1001", "return", "FERN-1", "Old Town", "2026-09-05", -1.0, 1.0, -16.0)
    assert lines() == [back, SALE]
    assert ledger.reconcile() == []


def test_a_refund_not_restocked_stays_off_the_shelf(client, shopify):
    send(client, shopify, order(), refund(restock_type="no_restock"))
    assert lines()[0][5:7] == (-1.0, 0.0)


def test_a_refund_before_its_order_waits_for_it(client, shopify):
    send(client, shopify, refund())
    assert lines() == []
    send(client, shopify, order())
    assert [line[1] for line in lines()] == ["return", "sale"]


def test_a_refund_told_twice_counts_once(client, shopify):
    back = refund()
    send(client, shopify, order(), back)
    send(client, shopify, order(minute=9, refunds=[back]))
    assert [line[1] for line in lines()] == ["return", "sale"]


def test_two_refunds_of_one_line_count_both(client, shopify):
    send(client, shopify, order(), refund(ident=1), refund(ident=2))
    assert [line[1] for line in lines()] == ["return", "return", "sale"]


def test_an_item_without_sku_is_known_by_its_name(client, shopify):
    send(client, shopify, order(1001, item("", name="Mug - Blue")))
    assert Product.objects.get().sku == "Mug - Blue"


def test_unknown_products_wait_where_the_feed_says_so(client, shopify):
    shopify.unknown_products = "wait"
    shopify.save()
    send(client, shopify, order())
    assert lines() == []
    waiting = HeldRow.objects.get()
    assert (waiting.cause, waiting.values["sku"]) == ("unknown_product", "FERN-1")
    Product.objects.create(sku="FERN-1", name="Fern")
    again = importing.import_waiting(Import.objects.get(), by=None)
    importing.check(again, lambda *report: None)
    importing.write(again, lambda *report: None)
    assert lines() == [SALE]
    assert not HeldRow.objects.exists()


def test_undone_and_read_again(client, shopify):
    send(client, shopify, order(), refund())
    before = lines()
    importing.undo(Import.objects.get(), lambda *report: None)
    assert lines() == []
    assert ledger.reconcile() == []
    shopify.take_up_again()
    read(shopify)
    assert lines() == before
    assert Import.objects.count() == 2


def test_stock_goes_down_by_what_is_sold(client, shopify, steady, old_town):
    counting.count(
        steady,
        location=old_town,
        counted_quantity=Decimal(10),
        moment=counting.Moment.CLOSE,
        date=dt.date(2026, 9, 1),
        idempotency_key="count",
    )
    send(client, shopify, order(1001, item("GR-1042", 3)))
    assert StockLevel.objects.get(product=steady).on_hand == 7


def test_a_shopify_location_that_is_told_apart(client, shopify, harbour):
    send(client, shopify, order(location_id=655441491))
    assert lines()[0][3] == "Old Town"
    place = FeedPlace.objects.get(code="655441491")
    place.location = harbour
    place.save()
    send(client, shopify, order(1002, location_id=655441491))
    assert [line[3] for line in lines()] == ["Old Town", "Harbour"]


def test_own_json_names_a_location_of_ours(client, own, harbour):
    send(client, own, generic(location="harbour"))
    assert lines()[0][3] == "Harbour"
    assert not FeedPlace.objects.exists()


def test_own_json_counts_by_the_clock_of_the_location(client, own):
    late = generic(sold_at="2026-09-03T22:30:00Z", updated_at="2026-09-03T22:31:00Z")
    send(client, own, late)
    assert lines()[0][:5] == ("R-1", "sale", "FERN-1", "Old Town", "2026-09-04")


def test_own_json_with_returns_and_a_cancellation(client, own):
    back = {
        "id": "1",
        "sku": "FERN-1",
        "quantity": 1,
        "net_amount": "16",
        "returned_at": "2026-09-04T09:00:00Z",
        "restock": False,
    }
    send(client, own, generic(), generic(minute=1, returns=[back]))
    assert [(line[1], line[5], line[6]) for line in lines()] == [
        ("return", -1.0, 0.0),
        ("sale", 2.0, -2.0),
    ]
    send(client, own, generic(minute=2, returns=[back], cancelled=True))
    assert lines() == []


def test_a_return_told_anew_counts_as_it_was_told_last(client, own):
    def told(minute, sku, quantity):
        back = {"id": "1", "sku": sku, "quantity": quantity}
        back["returned_at"] = "2026-09-04T09:00:00Z"
        return generic(minute=minute, returns=[back])

    send(client, own, told(1, "FERN-1", 2))
    send(client, own, told(2, "FERN-1", 1))
    assert [line[5] for line in lines()] == [-1.0, 2.0]
    send(client, own, told(3, "TOTE-1", 1))
    send(client, own, told(1, "FERN-1", 2))
    assert [(line[1], line[2]) for line in lines()] == [
        ("return", "TOTE-1"),
        ("sale", "FERN-1"),
    ]
    assert ledger.reconcile() == []


def test_a_line_that_cannot_be_read_is_kept_and_told(client, own):
    bad = {"sku": "FERN-1", "quantity": "two"}
    good = {"sku": "TOTE-1", "quantity": "1.5"}
    send(client, own, generic("R-1", bad, good))
    assert [line[2] for line in lines()] == ["TOTE-1"]
    assert HeldRow.objects.get().cause == "quantity_not_a_number"


def test_two_feeds_do_not_meet(client, shopify, old_town):
    other = new_feed(old_town, name="Second shop")
    send(client, shopify, order())
    send(client, other, order())
    assert len(lines()) == 2


def test_a_failed_batch_leaves_its_messages_waiting(client, shopify, monkeypatch):
    post(client, shopify, order())
    monkeypatch.setattr(importing, "write_chunk", None)
    with pytest.raises(TypeError):
        read(shopify)
    assert FeedMessage.objects.waiting().count() == 1
    assert not Import.objects.exists()
    monkeypatch.undo()
    read(shopify)
    assert lines() == [SALE]
