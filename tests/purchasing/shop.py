"""Plans, stock and orders as the nightly run and people leave them."""

import datetime as dt
import itertools
from decimal import Decimal

from forecasting.models import PlanRun, ReplenishmentPlan
from inventory import ledger
from inventory.models import StockLevel
from purchasing import suggesting
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from vendors.models import VendorProduct

AS_OF = dt.date(2026, 11, 22)
TODAY = dt.date(2026, 11, 23)
COUNTED_AT = dt.datetime(2026, 11, 20, 18, tzinfo=dt.UTC)
keys = (f"shop-{number}" for number in itertools.count())


def plan(product, location, *, as_of=AS_OF, per_day=5.4, level=70, **columns):
    """A plan row; expected demand and level are over nine days."""
    run, _ = PlanRun.objects.get_or_create(
        time_zone=location.time_zone, business_date=as_of, attempt=0
    )
    days = columns.setdefault("protection_days", 9)
    expected = per_day * days
    row = {
        "demand_per_day": per_day,
        "lead_time_days": 2,
        "lead_time_sd_days": 0,
        "lead_time_source": "vendor",
        "review_period_days": 7,
        "target_fill_rate": 0.98,
        "expected_demand": expected,
        "variance_ratio": 1.5,
        "safety_stock": max(level - expected, 0),
        "reorder_point": max(level - 1, 0),
        "order_up_to_level": level,
        "daily_mean": [per_day] * 42,
        "last_intervals": [expected] * 26,
        "interval_had_stockout": [False] * 26,
        "method": "smoothed level",
        **{f"demand_q{q}": expected for q in (50, 80, 90, 95, 98, 99)},
        **columns,
    }
    return ReplenishmentPlan.objects.create(
        run=run, product=product, location=location, as_of=as_of, **row
    )


def count(product, location, quantity, at=COUNTED_AT):
    return ledger.record_count(
        product,
        location=location,
        counted_quantity=Decimal(quantity),
        counted_at=at,
        key=next(keys),
    )


def set_stock(product, location, quantity):
    StockLevel.objects.update_or_create(
        product=product,
        location=location,
        defaults={"on_hand": Decimal(quantity), "anchor_at": COUNTED_AT},
    )


def order(vendor, location, product, quantity, state="draft", **fields):
    """An order in any state, as if the verbs had led there."""
    made = PurchaseOrder.objects.create(
        vendor=vendor, location=location, state=state, currency="EUR", **fields
    )
    offer = VendorProduct.objects.filter(vendor=vendor, product=product).first()
    PurchaseOrderLine.objects.create(
        order=made,
        product=product,
        quantity=Decimal(quantity),
        unit_cost=offer.cost if offer else 1,
    )
    return made


def refresh(*locations, as_of=AS_OF):
    return suggesting.refresh(locations, as_of)


def suggestions():
    """What is suggested now: (vendor, location, product) → quantity."""
    lines = PurchaseOrderLine.objects.filter(order__state="suggested")
    return {
        (line.order.vendor.name, line.order.location.name, line.product.sku): (
            line.quantity
        )
        for line in lines.select_related("order__vendor", "order__location", "product")
    }
