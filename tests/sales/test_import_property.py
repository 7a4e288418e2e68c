"""P2: files in any order, in parts, undone and again leave a clean import's rows.

Cancellations pair, stock is written off, whatever came first.
"""

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from imports.models import Import
from inventory import ledger
from inventory.models import SaleLine
from tests.sales.files import (
    DAILY_HEADER,
    INVOICE_HEADER,
    SQUARE_HEADER,
    daily,
    import_all,
    invoice,
    run,
    square,
    state,
    write,
)

numbers = itertools.count()

lines = st.tuples(
    st.sampled_from(["Latte", "Tea", "Bun"]),
    st.sampled_from(["1.0", "2.0", "0.0"]),
    st.sampled_from(["$1.00", "$2.50"]),
)
receipts = st.lists(st.lists(lines, min_size=1, max_size=4), min_size=1, max_size=6)
totals = st.dictionaries(
    st.tuples(st.integers(1, 5), st.sampled_from("ABC")),
    st.integers(-2, 9),
    min_size=1,
    max_size=8,
)
# Few hours, customers and quantities, so that cancellations compete for sales.
invoice_lines = st.tuples(
    st.sampled_from(["sale", "sale", "cancellation", "write_off"]),
    st.sampled_from(["22423", "85123A"]),
    st.sampled_from([1, 2]),
    st.sampled_from(["17850", "17850", "13047", ""]),
)
invoices = st.lists(
    st.tuples(st.integers(0, 40), st.lists(invoice_lines, min_size=1, max_size=3)),
    min_size=1,
    max_size=8,
)


def invoice_rows(found):
    return [
        [invoice_row(n, hour, *line) for line in lines]
        for n, (hour, lines) in enumerate(found)
    ]


def invoice_row(number, hour, kind, sku, units, customer):
    receipt = f"C{number}" if kind == "cancellation" else f"{number}"
    at = f"{10 + hour // 24} {hour % 24:02}:00"
    units = units if kind == "sale" else -units
    return invoice(receipt, units, at, sku=sku, customer=customer)


def ticket_rows(receipt_lists):
    """One list of rows per receipt, each on a day of its own sixth."""
    return [
        [
            square(f"R{n}", item, units, net=net, date=f"2026-05-{1 + n:02}")
            for item, units, net in receipt
        ]
        for n, receipt in enumerate(receipt_lists)
    ]


def day_rows(day_totals):
    return [
        [daily(f"2026-04-{day:02}", sku, units, location="Cafe")]
        for (day, sku), units in day_totals.items()
    ]


class TestImport(TestCase):
    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        uploads = override_settings(MEDIA_ROOT=self.folder)
        uploads.enable()
        self.addCleanup(uploads.disable)

    def load(self, header, units):
        rows = [row for unit in units for row in unit]
        if not rows:
            return None
        path = write(self.folder / f"{next(numbers)}.csv", header, rows)
        place = {"location": "Web"} if header is INVOICE_HEADER else {}
        return import_all(path, **place)["import_ids"][0]

    def undo_all(self):
        for pk in Import.objects.values_list("pk", flat=True):
            run("undo_import", pk)
        assert not SaleLine.objects.current().exists()

    @settings(max_examples=6, deadline=None)
    @given(receipts, totals, invoices, st.data())
    def test_any_way_in_leaves_the_same_rows(self, tickets, day_totals, bills, data):
        self.check(tickets, day_totals, bills, data)

    @pytest.mark.long
    @settings(max_examples=100, deadline=None)
    @given(receipts, totals, invoices, st.data())
    def test_any_way_in_leaves_the_same_rows_long(
        self, tickets, day_totals, bills, data
    ):
        self.check(tickets, day_totals, bills, data)

    def check(self, tickets, day_totals, bills, data):
        kinds = [
            (SQUARE_HEADER, ticket_rows(tickets)),
            (DAILY_HEADER, day_rows(day_totals)),
            (INVOICE_HEADER, invoice_rows(bills)),
        ]
        for header, units in kinds:
            self.load(header, units)
        clean = state()
        self.undo_all()
        for header, units in data.draw(st.permutations(kinds)):
            shuffled = data.draw(st.permutations(units))
            cut = data.draw(st.integers(0, len(units)))
            overlap = data.draw(st.integers(0, cut))
            parts = [shuffled[:cut], shuffled[overlap:]]
            for part in data.draw(st.permutations(parts)):
                again = data.draw(st.integers(0, 2))
                pk = self.load(header, part)
                if pk and again == 1:
                    self.load(header, part)
                if pk and again == 2:
                    run("undo_import", pk)
            self.load(header, units)
        assert state() == clean
        assert ledger.reconcile() == []
