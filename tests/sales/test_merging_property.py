"""P2 with merged products: taken apart again, all is as if nothing had been merged.

Files, undone files, counts and deliveries come in between merges and separations. At
each step the days and the stock of what counts as one follow from the facts of both.
"""

import datetime as dt
from collections import Counter
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory import ledger, product_merging
from inventory.models import Location, Product, SaleLine, StockLevel, StockMove
from sales.models import DailySales
from tests.sales.files import DAILY_HEADER, daily, import_sales, run, state, write

FIRST_DAY = dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC)
SKUS = ("A", "B", "C")

days = st.integers(0, 4)
skus = st.sampled_from(SKUS)
units = st.integers(1, 9)
FACTS = st.one_of(
    st.tuples(st.just("file"), st.dictionaries(st.tuples(days, skus), units)),
    st.tuples(st.just("undo"), st.integers(0, 9)),
    st.tuples(st.just("count"), skus, days, units),
    st.tuples(st.just("deliver"), skus, days, units),
)
MERGES = st.one_of(
    st.tuples(st.just("merge"), skus, skus), st.tuples(st.just("separate"), skus)
)
STEPS = st.lists(st.one_of(FACTS, FACTS, MERGES), min_size=1, max_size=12)


class Shop:
    """Does each step, and keeps what it needs to name earlier ones."""

    def __init__(self, folder):
        self.folder = folder
        self.place, _ = Location.objects.get_or_create(name="Old Town")
        self.vendors = Location.objects.virtual(Location.Kind.VENDOR)
        self.products = {
            sku: Product.objects.get_or_create(sku=sku, defaults={"name": sku})[0]
            for sku in SKUS
        }
        self.imports = []
        self.steps = 0

    def do(self, name, *arguments):
        self.steps += 1
        getattr(self, name)(*arguments)

    def file(self, rows):
        if not rows:
            return
        path = write(
            self.folder / f"{self.steps}.csv",
            DAILY_HEADER,
            [
                daily(f"2026-05-{day + 1:02}", sku, quantity)
                for (day, sku), quantity in rows.items()
            ],
        )
        (pk,) = import_sales(path, accept_changes=True)["import_ids"]
        self.imports.append(pk)

    def undo(self, number):
        if self.imports:
            run("undo_import", self.imports[number % len(self.imports)])

    def count(self, sku, day, quantity):
        ledger.record_count(
            self.products[sku],
            location=self.place,
            counted_quantity=Decimal(quantity),
            counted_at=FIRST_DAY + dt.timedelta(days=day),
            key=f"count-{self.steps}",
        )

    def deliver(self, sku, day, quantity):
        ledger.record_move(
            self.products[sku],
            from_location=self.vendors,
            to_location=self.place,
            quantity=Decimal(quantity),
            kind=StockMove.Kind.RECEIPT,
            occurred_at=FIRST_DAY + dt.timedelta(days=day, hours=2),
            idempotency_key=f"delivery-{self.steps}",
        )

    def merge(self, sku, into):
        try:
            product_merging.merge(self.products[sku], into=self.products[into])
        except ValidationError:
            return  # into itself, or merged already

    def separate(self, sku):
        product_merging.separate(self.products[sku])


def days_of_facts():
    lines = SaleLine.objects.current().values_list(
        "product__survivor_id", "business_date", "quantity"
    )
    sold = Counter()
    for product, date, quantity in lines:
        sold[product, date] += quantity
    return sold


def check_derived():
    assert ledger.reconcile() == []
    assert not StockLevel.objects.exclude(product__merged_into=None).exists()
    rows = DailySales.objects.values_list("product", "business_date", "sold")
    assert Counter({(p, date): sold for p, date, sold in rows}) == days_of_facts()


def outcome(folder, steps, *, check):
    """What the shop says after these steps, once nothing is merged; then forgotten."""
    shop = Shop(folder)
    with transaction.atomic():
        for step in steps:
            shop.do(*step)
            if check:
                check_derived()
        for sku in SKUS:
            shop.separate(sku)
        check_derived()
        found = state()
        transaction.set_rollback(True)
    return found


class TestMerging(TestCase):
    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        uploads = override_settings(MEDIA_ROOT=self.folder / "media")
        uploads.enable()
        self.addCleanup(uploads.disable)

    @settings(max_examples=8, deadline=None)
    @given(STEPS)
    def test_separated_products_are_as_if_never_merged(self, steps):
        self.check(steps)

    @pytest.mark.long
    @settings(max_examples=150, deadline=None)
    @given(STEPS)
    def test_separated_products_are_as_if_never_merged_long(self, steps):
        self.check(steps)

    def check(self, steps):
        facts = [step for step in steps if step[0] not in ("merge", "separate")]
        assert outcome(self.folder, steps, check=True) == outcome(
            self.folder, facts, check=False
        )
