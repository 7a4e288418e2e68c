"""On which terms a product reaches a location: offer, lead time, order days.

The lead time of the offer rules, then the vendor's, then the default, which lies
above the vendors and is passed in; its source is always named.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inventory.models import Location
from vendors.models import Vendor, VendorProduct
from vendors.order_days import (
    LAST_MINUTE,
    Deliveries,
    OrderDays,
    arrival,
    deadline,
    deliveries,
    longest_gap,
)


class Source(StrEnum):
    """Where a lead time or review period comes from."""

    OFFER = "offer"
    VENDOR = "vendor"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class DefaultTerms:
    """What holds where neither offer nor vendor says otherwise."""

    lead_time_days: float
    review_period_days: int


@dataclass(frozen=True, slots=True)
class LeadTime:
    days: float
    sd_days: float
    source: Source


@dataclass(frozen=True, slots=True)
class SupplyTerms:
    """Terms of a product in a location; without an offer those of the defaults."""

    product_id: int
    location_id: int
    offer: VendorProduct | None
    lead_time: LeadTime
    order_days: OrderDays

    @property
    def vendor(self) -> Vendor | None:
        return self.offer.vendor if self.offer else None

    @property
    def review_period_days(self) -> int:
        return self.order_days.review_period_days

    def deliveries(self, location: Location, now: dt.datetime) -> Deliveries:
        return deliveries(self.order_days, location.zone, self.lead_time.days, now)


def lead_time(
    offer: VendorProduct | None, vendor: Vendor | None, defaults: DefaultTerms
) -> LeadTime:
    """Lead time of the offer, else of the vendor, else the default."""
    spread = float(vendor.lead_time_sd_days) if vendor else 0.0
    if offer and offer.lead_time_days is not None:
        return LeadTime(float(offer.lead_time_days), spread, Source.OFFER)
    if vendor and vendor.lead_time_days is not None:
        return LeadTime(float(vendor.lead_time_days), spread, Source.VENDOR)
    return LeadTime(defaults.lead_time_days, spread, Source.DEFAULT)


def order_days(vendor: Vendor | None, defaults: DefaultTerms) -> OrderDays:
    """Order days of a vendor, with the longest time between two of them."""
    if vendor is None:
        return OrderDays(review_period_days=defaults.review_period_days)
    weekdays = frozenset(vendor.order_weekdays)
    typed = vendor.review_period_days or defaults.review_period_days
    gap = longest_gap(weekdays) if weekdays else typed
    return OrderDays(weekdays, vendor.order_cutoff or LAST_MINUTE, gap)


def best_offers(product_ids: Iterable[int]) -> list[VendorProduct]:
    """The offer that is bought first, of each product that has one."""
    offers = VendorProduct.objects.filter(
        product__in=set(product_ids), vendor__is_active=True
    )
    first = offers.order_by("product_id", "rank", "pk").distinct("product_id")
    return list(first.select_related("vendor"))


def terms_for(
    products_at: Sequence[tuple[int, int]], defaults: DefaultTerms
) -> list[SupplyTerms]:
    """Terms of each (product, location), in the order given; two queries at most."""
    offers = {
        offer.product_id: offer for offer in best_offers(p for p, _ in products_at)
    }
    vendors = {offer.vendor_id: offer.vendor for offer in offers.values()}
    days = {pk: order_days(vendor, defaults) for pk, vendor in vendors.items()}
    without = order_days(None, defaults)
    return [
        SupplyTerms(
            product_id,
            location_id,
            offer := offers.get(product_id),
            lead_time(offer, offer.vendor if offer else None, defaults),
            days[offer.vendor_id] if offer else without,
        )
        for product_id, location_id in products_at
    ]


def next_order_time(
    vendor: Vendor, location: Location, now: dt.datetime
) -> dt.datetime:
    """Until when the next order to this vendor must be placed, in local time."""
    days = OrderDays(
        frozenset(vendor.order_weekdays), vendor.order_cutoff or LAST_MINUTE
    )
    return deadline(days, location.zone, now)


def delivery_date(
    placed_at: dt.datetime, location: Location, lead_time_days: float
) -> dt.date:
    """The date on which an order placed then arrives."""
    return arrival(placed_at, location.zone, lead_time_days)
