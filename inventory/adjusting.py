"""Correcting stock without a count, always with a reason."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from inventory.catalogue import Product
from inventory.facts import StockMove
from inventory.ledger import record_move
from inventory.places import Location


def adjust(
    product: Product,
    *,
    location: Location,
    change: Decimal,
    reason: str,
    idempotency_key: str,
    occurred_at: dt.datetime | None = None,
    by: User | None = None,
) -> StockMove:
    """Add what was found, or take away what is missing."""
    loss = Location.objects.virtual(Location.Kind.LOSS)
    found = change > 0
    return record_move(
        product,
        from_location=loss if found else location,
        to_location=location if found else loss,
        quantity=abs(change),
        kind=StockMove.Kind.ADJUSTMENT,
        occurred_at=occurred_at or timezone.now(),
        idempotency_key=idempotency_key,
        reason=reason,
        by=by,
    )


def write_off(
    product: Product,
    *,
    location: Location,
    quantity: Decimal,
    reason: str,
    idempotency_key: str,
    occurred_at: dt.datetime | None = None,
    by: User | None = None,
) -> StockMove:
    """Take away what can no longer be sold: broken, spoiled, given away."""
    return record_move(
        product,
        from_location=location,
        to_location=Location.objects.virtual(Location.Kind.LOSS),
        quantity=quantity,
        kind=StockMove.Kind.WRITE_OFF,
        occurred_at=occurred_at or timezone.now(),
        idempotency_key=idempotency_key,
        reason=reason,
        by=by,
    )
