"""Products are merged and separated while deliveries, counts and files come in."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections

from inventory import ledger, product_merging
from inventory.models import Location, Product, SaleLine, StockLevel, StockMove
from sales.models import DailySales
from tests.sales.files import DAILY_HEADER, daily, import_sales, write

pytestmark = pytest.mark.django_db(transaction=True)

START = dt.datetime(2026, 6, 1, 6, tzinfo=dt.UTC)


class Shop:
    """Two products that are the same item, and what may happen to them at once."""

    def __init__(self, place, folder):
        self.place, self.folder = place, folder
        self.old = Product.objects.create(sku="MATCHA", name="matcha latte")
        self.new = Product.objects.create(sku="MATCHA-2", name="Matcha Latte")
        self.vendors = Location.objects.virtual(Location.Kind.VENDOR)

    def merge(self, turn):
        """Merged after an even number of turns, and separated after an odd one."""
        old, new = (Product.objects.get(pk=one.pk) for one in (self.old, self.new))
        if turn % 2:
            product_merging.separate(old)
        else:
            product_merging.merge(old, into=new)

    def deliver(self, turn):
        ledger.record_move(
            self.old,
            from_location=self.vendors,
            to_location=self.place,
            quantity=Decimal(1),
            kind=StockMove.Kind.RECEIPT,
            occurred_at=START + dt.timedelta(hours=1 + turn),
            idempotency_key=f"delivery-{turn}",
        )

    def count(self, turn):
        ledger.record_count(
            self.old if turn % 2 else self.new,
            location=self.place,
            counted_quantity=Decimal(turn),
            counted_at=START + dt.timedelta(hours=turn),
            key=f"count-{turn}",
        )

    def sell(self, turn):
        date = f"2026-05-{turn + 1:02}"
        rows = [daily(date, product.sku, 1) for product in (self.old, self.new)]
        import_sales(write(self.folder / f"{turn}.csv", DAILY_HEADER, rows))


def work(step, turns):
    try:
        for turn in range(turns):
            step(turn)
    finally:
        connections.close_all()


def test_no_fact_is_lost_between_two_products(old_town, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    shop = Shop(old_town, tmp_path)
    steps = {shop.merge: 13, shop.deliver: 20, shop.count: 10, shop.sell: 6}
    with ThreadPoolExecutor(len(steps)) as pool:
        jobs = [pool.submit(work, step, turns) for step, turns in steps.items()]
        for job in jobs:
            job.result()
    shop.old.refresh_from_db()
    assert shop.old.merged_into == shop.new
    assert ledger.reconcile() == []
    assert not StockLevel.objects.filter(product=shop.old).exists()
    assert SaleLine.objects.count() == 12
    days = DailySales.objects.order_by("business_date")
    assert [(row.product, row.sold) for row in days] == [(shop.new, 2)] * 6
