"""Counting: what is on the shelf now, before opening or after close of a day."""

import datetime as dt
from decimal import Decimal

from django.db import models
from django.utils import timezone

from accounts.models import User
from inventory.catalogue import Product
from inventory.facts import StockCount
from inventory.ledger import record_count
from inventory.places import Location


class Moment(models.TextChoices):
    NOW = "now", "Now"
    OPENING = "opening", "Before opening"
    CLOSE = "close", "After close"


def count(
    product: Product,
    *,
    location: Location,
    counted_quantity: Decimal,
    moment: str,
    date: dt.date,
    idempotency_key: str,
    by: User | None = None,
    note: str = "",
) -> StockCount:
    """Write a count; the same form again changes nothing."""
    known = StockCount.objects.filter(key=idempotency_key).order_by("-version").first()
    counted_at = moment_of(location, moment, date)
    if known is not None and moment == Moment.NOW:
        counted_at = known.counted_at
    return record_count(
        product,
        location=location,
        counted_quantity=counted_quantity,
        counted_at=counted_at,
        key=idempotency_key,
        by=by,
        note=note,
    )


def moment_of(location: Location, moment: str, date: dt.date) -> dt.datetime:
    """Sales of a date without a time of day lie between its opening and close."""
    days = location.business_days()
    if moment == Moment.OPENING:
        return days.end_of(date - dt.timedelta(days=1))
    if moment == Moment.CLOSE:
        return min(days.end_of(date), timezone.now())
    return timezone.now()
