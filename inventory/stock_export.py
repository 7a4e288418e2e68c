"""What is on hand, as a file in which a person writes what was counted."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from imports.exporting import Export, Row, register
from inventory.models import Location, StockLevel

COLUMNS = ("location", "sku", "name", "on_hand", "counted_at")


def rows(user: User | None) -> Iterable[Row]:
    """Stock as it is now; where nobody has counted, the cell waits for a number."""
    places = Location.objects.visible_to(user) if user else Location.objects.real()
    now = next_second(timezone.now())
    levels = StockLevel.objects.filter(
        location__in=places, product__merged_into=None, product__is_active=True
    )
    shown = levels.select_related("product", "location")
    for level in shown.order_by("location__name", "product__name", "pk").iterator():
        moment = now.astimezone(level.location.zone).replace(tzinfo=None)
        product = level.product
        yield (level.location.name, product.sku, product.name, level.on_hand, moment)


def next_second(moment: dt.datetime) -> dt.datetime:
    """Whole seconds stand in files; what happened within this one is on hand, too."""
    return moment.replace(microsecond=0) + dt.timedelta(seconds=1)


def register_export() -> None:
    register(Export("stock", "Stock levels", COLUMNS, rows))
