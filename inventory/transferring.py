"""Sending goods from one location to another, and their arrival."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from inventory.catalogue import Product
from inventory.facts import StockMove, Transfer
from inventory.ledger import locked_levels, record_move
from inventory.places import Location


@transaction.atomic
def send(
    product: Product,
    *,
    from_location: Location,
    to_location: Location,
    quantity: Decimal,
    expected_on: dt.date,
    idempotency_key: str,
    sent_at: dt.datetime | None = None,
    by: User | None = None,
) -> Transfer:
    """Take goods out of one location; they are on the way to the other.

    The same key again sends nothing and returns the transfer of the first time.
    """
    locked_levels(product, from_location)
    known = Transfer.objects.filter(idempotency_key=idempotency_key).first()
    if known is not None:
        return known
    transfer = Transfer.objects.create(
        product=product,
        from_location=from_location,
        to_location=to_location,
        quantity=quantity,
        expected_on=expected_on,
        sent_at=sent_at or timezone.now(),
        idempotency_key=idempotency_key,
        user=by,
    )
    record_move(
        product,
        from_location=from_location,
        to_location=Location.objects.virtual(Location.Kind.TRANSIT),
        quantity=quantity,
        kind=StockMove.Kind.TRANSFER_OUT,
        occurred_at=transfer.sent_at,
        idempotency_key=f"transfer-out:{transfer.pk}",
        document=transfer.number,
        by=by,
    )
    return transfer


@transaction.atomic
def arrive(
    transfer: Transfer,
    *,
    quantity: Decimal | None = None,
    arrived_at: dt.datetime | None = None,
    by: User | None = None,
) -> Transfer:
    """Put what arrived on the shelf; what is missing of it is lost.

    Without a quantity all of it arrived. A transfer arrives once: the second
    time it is returned as it is.
    """
    transfer = Transfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
    if transfer.arrived_at is not None:
        return transfer
    at = max(arrived_at or timezone.now(), transfer.sent_at)
    arrived = transfer.quantity if quantity is None else quantity
    transfer.arrived_at, transfer.arrived_quantity = at, arrived
    transfer.save(update_fields=["arrived_at", "arrived_quantity"])
    if arrived > 0:
        record_move(
            transfer.product,
            from_location=Location.objects.virtual(Location.Kind.TRANSIT),
            to_location=transfer.to_location,
            quantity=arrived,
            kind=StockMove.Kind.TRANSFER_IN,
            occurred_at=at,
            idempotency_key=f"transfer-in:{transfer.pk}",
            document=transfer.number,
            by=by,
        )
    if arrived < transfer.quantity:
        record_move(
            transfer.product,
            from_location=Location.objects.virtual(Location.Kind.TRANSIT),
            to_location=Location.objects.virtual(Location.Kind.LOSS),
            quantity=transfer.quantity - arrived,
            kind=StockMove.Kind.ADJUSTMENT,
            occurred_at=at,
            idempotency_key=f"transfer-missing:{transfer.pk}",
            document=transfer.number,
            reason="Missing on arrival",
            by=by,
        )
    return transfer
