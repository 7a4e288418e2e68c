"""P1: stock is the last count plus all that moved since, in whatever order facts come.

Sales, late sales, corrections, undone imports, counts, corrected and retracted
counts, deliveries, transfers and write-offs, against a model of plain dicts.
"""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from inventory import adjusting, ledger, transferring
from inventory.models import Location, Product, StockCount, StockLevel, StockMove
from tests.sales.files import DAILY_HEADER, daily, import_sales, run, write

FIRST_DAY = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
NOON = 12

days = st.integers(0, 7)
units = st.integers(1, 9)
hours = st.sampled_from([0, 9, 15, 24])
places = st.sampled_from(["Old Town", "Depot"])
FACTS = st.one_of(
    st.tuples(st.just("sale"), days, units),
    st.tuples(st.just("undo"), st.integers(0, 9)),
    st.tuples(st.just("count"), places, days, hours, st.integers(0, 30)),
    st.tuples(st.just("recount"), st.integers(0, 9), st.integers(0, 30)),
    st.tuples(st.just("retract"), st.integers(0, 9)),
    st.tuples(st.just("delivery"), places, days, hours, units),
    st.tuples(st.just("write_off"), places, days, hours, units),
    st.tuples(st.just("transfer"), days, units, st.integers(0, 9)),
)


class Model:
    """What a person with pencil and paper would say is on hand."""

    def __init__(self):
        self.sales = defaultdict(list)  # day: (import, units), the newest last
        self.counts = {}  # key: (place, at, order of writing, units)
        self.moves = []  # (place, at, change)

    def on_hand(self, place):
        counts = [c[1:] for c in self.counts.values() if c[0] == place]
        if not counts:
            return None
        anchor, _, stock = max(counts)
        moves = [
            change for where, at, change in self.moves if where == place and at > anchor
        ]
        sold = [
            lines[-1][1]
            for day, lines in self.sales.items()
            if lines and place == "Old Town" and moment(day, NOON) > anchor
        ]
        return stock + sum(moves) - sum(sold)


def moment(day, hour):
    return FIRST_DAY + dt.timedelta(days=day, hours=hour)


class Shop:
    """Does to the real shop what it notes in the model."""

    def __init__(self, folder):
        self.folder = folder
        self.model = Model()
        self.product = Product.objects.create(sku="A", name="Oat drink")
        self.places = {
            "Old Town": Location.objects.create(name="Old Town"),
            "Depot": Location.objects.create(name="Depot", kind="warehouse"),
        }
        self.imports = []
        self.keys = []
        self.written = 0

    def sale(self, day, quantity):
        """A file of one day; another figure for a known day corrects it."""
        date = moment(day, 0).date().isoformat()
        path = self.folder / f"{len(self.imports)}.csv"
        write(path, DAILY_HEADER, [daily(date, "A", quantity)])
        (pk,) = import_sales(path, accept_changes=True)["import_ids"]
        self.imports.append(pk)
        lines = self.model.sales[day]
        if not lines or lines[-1][1] != quantity:
            lines.append((pk, quantity))

    def undo(self, number):
        if not self.imports:
            return
        pk = self.imports[number % len(self.imports)]
        run("undo_import", pk)
        for day, lines in self.model.sales.items():
            self.model.sales[day] = [line for line in lines if line[0] != pk]

    def count(self, place, day, hour, quantity):
        self.keys.append((f"count-{len(self.keys)}", place, moment(day, hour)))
        self.write_count(self.keys[-1], quantity)

    def recount(self, number, quantity):
        if self.keys:
            self.write_count(self.keys[number % len(self.keys)], quantity)

    def write_count(self, known, quantity):
        key, place, at = known
        ledger.record_count(
            self.product,
            location=self.places[place],
            counted_quantity=Decimal(quantity),
            counted_at=at,
            key=key,
        )
        before = self.model.counts.get(key)
        if before is None or before[3] != quantity:
            self.written += 1
            self.model.counts[key] = (place, at, self.written, quantity)

    def retract(self, number):
        if not self.keys:
            return
        key = self.keys[number % len(self.keys)][0]
        ledger.retract_count(StockCount.objects.filter(key=key).latest("version"))
        self.model.counts.pop(key, None)

    def delivery(self, place, day, hour, quantity):
        ledger.record_move(
            self.product,
            from_location=Location.objects.virtual(Location.Kind.VENDOR),
            to_location=self.places[place],
            quantity=Decimal(quantity),
            kind=StockMove.Kind.RECEIPT,
            occurred_at=moment(day, hour),
            idempotency_key=self.next_key(),
        )
        self.model.moves.append((place, moment(day, hour), quantity))

    def write_off(self, place, day, hour, quantity):
        adjusting.write_off(
            self.product,
            location=self.places[place],
            quantity=Decimal(quantity),
            reason="Broken",
            idempotency_key=self.next_key(),
            occurred_at=moment(day, hour),
        )
        self.model.moves.append((place, moment(day, hour), -quantity))

    def transfer(self, day, quantity, arrived):
        """Leaves the store in the morning, arrives in the afternoon, maybe not all."""
        arrived = min(arrived, quantity)
        sent = transferring.send(
            self.product,
            from_location=self.places["Old Town"],
            to_location=self.places["Depot"],
            quantity=Decimal(quantity),
            expected_on=moment(day, 0).date(),
            idempotency_key=self.next_key(),
            sent_at=moment(day, 9),
        )
        at = moment(day, 15)
        transferring.arrive(sent, quantity=Decimal(arrived), arrived_at=at)
        self.model.moves.append(("Old Town", moment(day, 9), -quantity))
        self.model.moves.append(("Depot", at, arrived))

    def next_key(self):
        return f"fact-{len(self.model.moves)}"

    def check(self):
        for name, place in self.places.items():
            level = StockLevel.objects.filter(location=place).first()
            on_hand = level.on_hand if level else None
            assert on_hand == self.model.on_hand(name), name
        assert ledger.reconcile() == []


class AnyOrder(TestCase):
    def play(self, facts):
        with TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
            shop = Shop(Path(folder))
            for verb, *arguments in facts:
                getattr(shop, verb)(*arguments)
            shop.check()

    @settings(max_examples=20, deadline=None)
    @given(facts=st.lists(FACTS, max_size=20))
    def test_stock_follows_from_the_facts(self, facts):
        self.play(facts)

    @pytest.mark.long
    @settings(max_examples=200, deadline=None)
    @given(facts=st.lists(FACTS, max_size=50))
    def test_stock_follows_from_the_facts_long(self, facts):
        self.play(facts)
