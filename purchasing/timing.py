"""When an order must leave, and when it then arrives, by the vendor's terms."""

import datetime as dt

from forecasting.models import PolicyDefaults
from inventory.models import Location
from purchasing.orders import PurchaseOrder
from vendors.models import Vendor
from vendors.terms import DefaultTerms, delivery_date, lead_time, next_order_time


def order_by(vendor: Vendor, location: Location, now: dt.datetime) -> dt.datetime:
    """The next cut-off of the vendor."""
    return next_order_time(vendor, location, now)


def arrival_if_sent(vendor: Vendor, location: Location, moment: dt.datetime) -> dt.date:
    """The day on which an order that leaves then arrives."""
    defaults = PolicyDefaults.load()
    terms = DefaultTerms(float(defaults.lead_time_days), defaults.review_period_days)
    days = lead_time(None, vendor, terms).days
    return delivery_date(order_by(vendor, location, moment), location, days)


def expected_when_sent(order: PurchaseOrder, moment: dt.datetime) -> dt.date:
    """As planned if the order left in time, else by the next cut-off."""
    in_time = order.order_by is not None and moment <= order.order_by
    if in_time and order.expected_on:
        return order.expected_on
    return arrival_if_sent(order.vendor, order.location, moment)
