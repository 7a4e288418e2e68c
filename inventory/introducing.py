"""New products, and products under a new SKU."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from inventory.catalogue import Product, ProductAlias
from inventory.ledger import record_count
from inventory.places import Location

INTRODUCTION = "new-product:"


@transaction.atomic
def introduce(
    product: Product, *, by: User | None = None, at: dt.datetime | None = None
) -> Product:
    """Add a product by hand: nothing of it is on hand anywhere yet."""
    product.save()
    for location in Location.objects.real().filter(is_active=True).order_by("pk"):
        record_count(
            product,
            location=location,
            counted_quantity=Decimal(0),
            counted_at=at or timezone.now(),
            key=f"{INTRODUCTION}{product.pk}:{location.pk}",
            by=by,
            note="New product",
        )
    return product


@transaction.atomic
def revise(product: Product) -> Product:
    """Save a changed product; files may go on using its old SKU."""
    before = Product.objects.select_for_update().get(pk=product.pk)
    product.save()
    if before.sku != product.sku:
        ProductAlias.objects.get_or_create(
            source=None, identity=before.sku, defaults={"product": product}
        )
    return product
