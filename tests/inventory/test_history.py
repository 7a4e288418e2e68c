"""The ledger of a product: every unit in and out, counts as anchors, sales by day."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest

from inventory import history, ledger
from inventory.models import Location, SaleLine, SalesSource, StockLevel, StockMove

ZONE = dt.timezone(dt.timedelta(hours=1))
numbers = itertools.count()


def at(day, hour=12, minute=0):
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.fixture
def till(db):
    return SalesSource.objects.create(name="Till", kind="square_items")


@pytest.fixture
def book(steady, old_town, till):
    return Book(steady, old_town, till)


class Book:
    """Writes facts of one product in one store."""

    def __init__(self, product, place, till):
        self.product, self.place, self.till = product, place, till

    def count(self, quantity, when):
        ledger.record_count(
            self.product,
            location=self.place,
            counted_quantity=Decimal(quantity),
            counted_at=when,
            key=f"count-{next(numbers)}",
        )

    def delivery(self, quantity, when, document="PO-1161"):
        ledger.record_move(
            self.product,
            from_location=Location.objects.virtual(Location.Kind.VENDOR),
            to_location=self.place,
            quantity=Decimal(quantity),
            kind=StockMove.Kind.RECEIPT,
            occurred_at=when,
            idempotency_key=f"move-{next(numbers)}",
            document=document,
        )

    def sale(self, quantity, when, receipt=None, **fields):
        number = next(numbers)
        SaleLine.objects.create(
            source=self.till,
            key=number.to_bytes(16),
            product=self.product,
            location=self.place,
            sold_at=when,
            business_date=when.date(),
            quantity=quantity,
            receipt=f"{88000 + number}" if receipt is None else receipt,
            **{"stock_change": -quantity} | fields,
        )

    def page(self, **older):
        return history.ledger_page(self.product, self.place, **older)


def told(page):
    return [(e.kind, e.change, e.on_hand) for e in page.entries]


def test_stock_runs_from_the_count_on_and_before_it(book):
    book.count(5, at(1))
    book.delivery(12, at(12))
    book.count(16, at(14))
    book.sale(1, at(22, 16))
    assert told(book.page()) == [
        ("sale", -1, 15),
        ("count", None, 16),
        ("receipt", 12, 17),
        ("count", None, 5),
    ]


def test_a_count_tells_its_variance(book):
    book.count(5, at(1))
    book.delivery(12, at(12))
    book.count(16, at(14))
    newest, _, first = book.page().entries
    assert newest.variance == -1
    assert first.variance is None


def test_a_late_sale_before_the_count_explains_the_variance(book):
    book.count(5, at(1))
    book.count(3, at(14))
    assert book.page().entries[0].variance == -2
    book.sale(2, at(13))
    assert book.page().entries[0].variance == 0


def test_sales_of_a_day_are_one_line_with_their_receipts(book):
    book.count(20, at(1))
    for hour in (9, 11, 15):
        book.sale(2, at(3, hour))
    book.sale(1, at(3, 15), receipt="88999")
    book.sale(1, at(3, 15), receipt="88999")
    sale, _ = book.page().entries
    assert (sale.change, sale.receipts, sale.on_hand) == (-8, 4, 12)


def test_a_count_during_the_day_splits_the_sales_of_that_day(book):
    book.count(20, at(1))
    book.sale(2, at(3, 9))
    book.count(17, at(3, 10))
    book.sale(4, at(3, 15))
    assert told(book.page())[:3] == [
        ("sale", -4, 13),
        ("count", None, 17),
        ("sale", -2, 18),
    ]


def test_daily_totals_are_named_so(book):
    book.count(20, at(1))
    book.sale(2, at(3), receipt="", is_daily_total=True)
    sale, _ = book.page().entries
    assert (sale.is_daily_total, sale.receipts) == (True, 0)


def test_only_current_versions_and_this_place_count(book, harbour, till):
    book.count(20, at(1))
    book.sale(2, at(3))
    line = SaleLine.objects.get()
    line.pk, line.version, line.is_retracted = None, 2, True
    line.save()
    elsewhere = Book(book.product, harbour, till)
    elsewhere.sale(3, at(3))
    assert told(book.page()) == [("count", None, 20)]


def test_stock_is_unknown_before_the_first_count(book):
    book.delivery(12, at(2))
    assert told(book.page()) == [("receipt", 12, None)]


def test_a_transfer_out_is_negative_here(book):
    book.count(20, at(1))
    ledger.record_move(
        book.product,
        from_location=book.place,
        to_location=Location.objects.virtual(Location.Kind.TRANSIT),
        quantity=Decimal(6),
        kind=StockMove.Kind.TRANSFER_OUT,
        occurred_at=at(5),
        idempotency_key="t",
        document="T-204",
    )
    entry = book.page().entries[0]
    assert (entry.what, entry.change, entry.document) == ("Transfer out", -6, "T-204")


def test_older_pages_go_on_where_the_newer_one_ended(book):
    book.count(500, at(1, 6))
    for day in range(1, 29):
        book.sale(1, at(day, 9))
        book.delivery(3, at(day, 18))
    newest = book.page()
    older = book.page(older_than=newest.older_than)
    rest = book.page(older_than=older.older_than)
    assert rest.older_than is None
    entries = newest.entries + older.entries + rest.entries
    assert len(entries) == 57
    assert [e.on_hand for e in entries[:3]] == [556, 553, 554]
    assert [e.on_hand for e in entries[-3:]] == [502, 499, 500]


def test_the_newest_line_is_the_stock_on_record(book):
    book.count(9, at(4))
    book.delivery(3, at(2))
    book.delivery(4, at(6))
    assert book.page().entries[0].on_hand == StockLevel.objects.get().on_hand


def test_a_page_takes_four_queries(book, django_assert_max_num_queries):
    book.count(500, at(1, 6))
    for day in range(1, 29):
        book.sale(1, at(day, 9))
        book.delivery(3, at(day, 18))
    with django_assert_max_num_queries(4):
        book.page()


def test_a_write_off_in_a_sales_file_is_no_sale(book):
    book.count(20, at(1))
    book.sale(3, at(2))
    book.sale(-4, at(2, 13), kind="write_off", stock_change=-4)
    write_off, sale, _ = book.page().entries
    assert (write_off.what, write_off.change, write_off.on_hand) == (
        "Write-off",
        -4,
        13,
    )
    assert (sale.what, sale.change, sale.on_hand) == ("Sale", -3, 17)
