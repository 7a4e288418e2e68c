"""Outlooks when a product counts as another: its own goes, the other is redone."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction

from inventory.models import Location
from inventory.product_merging import Change, Follower, register
from purchasing.looking_again import look_again
from purchasing.outlook import StockOutlook


def leave(change: Change) -> None:
    """Open orders keep their lines; what comes of them counts for the other."""


def arrive(change: Change) -> None:
    if not change.is_back:
        StockOutlook.objects.filter(product__in=change.products).delete()
    both = (change.was, change.now)
    transaction.on_commit(partial(look_at, both), robust=True)


def look_at(products: Iterable[int]) -> None:
    """After the merge stands, so that it never waits for a run of the night."""
    shown = StockOutlook.objects.filter(product__in=products).values("location")
    for location in Location.objects.filter(pk__in=shown).order_by("pk"):
        look_again(location, list(products))


register(Follower(leave=leave, arrive=arrive))
