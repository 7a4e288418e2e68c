"""Sales as the till wrote them, day by day."""

import datetime as dt
import hashlib
from decimal import Decimal

import numpy as np
from django.db import connection

from forecasting.models import ReplenishmentPlan
from inventory.models import Product, SaleLine, SalesSource

LAST = dt.date(2026, 11, 22)
DAILY = """
INSERT INTO sales_dailysales
    (product_id, location_id, business_date, sold, cancelled, returned, revenue)
SELECT product_id, location_id, business_date, sum(quantity), 0, 0, 0
FROM inventory_saleline WHERE quantity > 0 GROUP BY 1, 2, 3
ON CONFLICT (product_id, location_id, business_date) DO UPDATE SET sold = EXCLUDED.sold
"""
PLANNED = (
    "demand_per_day",
    "protection_days",
    "expected_demand",
    "demand_q50",
    "demand_q99",
    "variance_ratio",
    "safety_stock",
    "reorder_point",
    "order_up_to_level",
    "daily_mean",
    "last_intervals",
    "interval_had_stockout",
    "method",
)


def products(count, category="Grocery"):
    return Product.objects.bulk_create(
        Product(sku=f"{category[:2]}-{n:04}", name=f"{category} {n}", category=category)
        for n in range(count)
    )


def sell(product, location, units, last=LAST):
    """One line a day, the last of them on ``last``; a zero is a line, too."""
    source, _ = SalesSource.objects.get_or_create(name="Till", kind="daily_totals")
    SaleLine.objects.bulk_create(
        SaleLine(
            source=source,
            key=hashlib.blake2b(
                f"{product.pk}/{location.pk}/{day}".encode(), digest_size=16
            ).digest(),
            product=product,
            location=location,
            sold_at=dt.datetime.combine(day, dt.time(12), location.zone),
            business_date=day,
            is_daily_total=True,
            quantity=Decimal(int(sold)),
            stock_change=-Decimal(int(sold)),
        )
        for sold, day in zip(units, days_until(last, len(units)), strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(DAILY)


def days_until(last, count):
    return [last - dt.timedelta(days=ago) for ago in reversed(range(count))]


def busy_shop(*locations, count=12, days=120, last=LAST):
    """Products that sell from now and then to often, the same at every call."""
    rng = np.random.default_rng(5)
    made = products(count)
    for location in locations:
        for product, rate in zip(made, rng.gamma(1, 3, count), strict=True):
            sell(product, location, rng.poisson(rate, days), last)
    return made


def plans(**chosen):
    """Each plan row as plain values, by product and location."""
    rows = ReplenishmentPlan.objects.filter(**chosen)
    return {
        (row.product_id, row.location_id): [getattr(row, name) for name in PLANNED]
        for row in rows
    }
