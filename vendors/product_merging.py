"""Offers follow a product that counts as another, and go back with it."""

from django.db.models import F, Max

from inventory.product_merging import Change, Follower, register
from vendors.models import VendorProduct


def leave(change: Change) -> None:
    """Offers are no facts: nothing is reckoned from them before."""


def arrive(change: Change) -> None:
    if change.is_back:
        give_back(change)
    else:
        take_along(change)


def take_along(change: Change) -> None:
    """Behind the target's own offers; of one vendor the target's stands."""
    own = VendorProduct.objects.filter(product=change.now)
    last = own.aggregate(last=Max("rank"))["last"] or 0
    coming = VendorProduct.objects.filter(product=change.was).exclude(
        vendor__in=own.values("vendor")
    )
    change.carried["offers"] = list(coming.values_list("pk", flat=True))
    change.carried["ranks"] = last
    VendorProduct.objects.filter(pk__in=change.carried["offers"]).update(
        product=change.now, rank=F("rank") + last
    )


def give_back(change: Change) -> None:
    """Those that are still here, unless the vendor has offered it there again."""
    own = VendorProduct.objects.filter(product=change.now)
    coming = VendorProduct.objects.filter(
        pk__in=change.carried.get("offers", []), product=change.was
    ).exclude(vendor__in=own.values("vendor"))
    last = change.carried.get("ranks", 0)
    for offer in coming:
        rank = max(offer.rank - last, 1)
        VendorProduct.objects.filter(pk=offer.pk).update(product=change.now, rank=rank)


register(Follower(leave=leave, arrive=arrive))
