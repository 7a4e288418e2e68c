"""What a store manager sees of a product: its state, cover and suggestion."""

from typing import ClassVar, Self

from django.db import models

from accounts.models import User
from inventory.models import Location, Product
from vendors.models import VendorProduct


class OutlookQuerySet(models.QuerySet["StockOutlook"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(location__in=Location.objects.visible_to(user))

    def low(self) -> Self:
        return self.filter(state__in=StockOutlook.LOW)


class StockOutlook(models.Model):
    """Recomputed from facts and the newest plan; one row per product and location."""

    class State(models.TextChoices):
        OUT = "out", "Out of stock"
        RUNS_OUT = "runs_out", "Runs out"
        LOW = "low", "Low"
        ENOUGH = "enough", "Enough"
        UNKNOWN = "unknown", "Count due"

    LOW: ClassVar = (State.OUT, State.RUNS_OUT, State.LOW)

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="outlooks"
    )
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="outlooks"
    )
    offer = models.ForeignKey(
        VendorProduct, on_delete=models.SET_NULL, null=True, blank=True
    )
    as_of = models.DateField()
    state = models.CharField(max_length=8, choices=State)
    on_hand = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    incoming = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    incoming_on = models.DateField(null=True, blank=True)
    inventory_position = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    reorder_point = models.DecimalField(max_digits=12, decimal_places=3)
    suggested_quantity = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    cover_days_low = models.FloatField(null=True)
    cover_days = models.FloatField(null=True)
    cover_days_high = models.FloatField(null=True)
    runs_out_on = models.DateField(null=True, blank=True)
    order_by = models.DateTimeField()
    delivery_on = models.DateField()
    next_delivery_on = models.DateField()
    lost_per_day = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    objects: ClassVar = OutlookQuerySet.as_manager()

    class Meta:
        ordering = (models.F("lost_per_day").desc(nulls_last=True), "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "location"],
                name="one_outlook_per_product_location",
            )
        ]
        indexes = [
            models.Index(fields=["location", "state"], name="outlook_location_state")
        ]

    def __str__(self) -> str:
        return f"{self.product} at {self.location}: {self.get_state_display()}"
