"""The one cached row: how much of a product is on hand in a location."""

from django.db import models

from inventory.catalogue import Product
from inventory.places import Location


class StockLevel(models.Model):
    """Last count plus all that moved since; empty when never counted."""

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="levels"
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="levels"
    )
    on_hand = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    anchor_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "location"], name="one_level_per_product_location"
            ),
            models.CheckConstraint(
                condition=models.Q(on_hand__isnull=True, anchor_at__isnull=True)
                | models.Q(on_hand__isnull=False, anchor_at__isnull=False),
                name="level_known_with_its_anchor",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on_hand} × {self.product} at {self.location}"
