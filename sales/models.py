"""What was sold per day, and when nothing could be sold."""

from django.db import models

from inventory.models import Location, Product


class DailySales(models.Model):
    """Sold, cancelled and returned per product, location and business date.

    Kept by the transaction that writes the sale lines; no rows of zeros.
    """

    pk = models.CompositePrimaryKey("product_id", "location_id", "business_date")
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="daily_sales", db_index=False
    )
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="daily_sales", db_index=False
    )
    business_date = models.DateField()
    sold = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    cancelled = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    returned = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    revenue = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        indexes = [
            models.Index(fields=["location", "business_date"], name="daily_sales_date")
        ]

    def __str__(self) -> str:
        return f"{self.sold} × {self.product} on {self.business_date}"


class SourceDay(models.Model):
    """Which kind of source tells the sales of a location on a date.

    It holds as long as current lines of that kind are there; rows of a second kind
    for the date wait for a person, so that no day is added up twice.
    """

    pk = models.CompositePrimaryKey("location_id", "business_date")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, db_index=False)
    business_date = models.DateField()
    kind = models.CharField(max_length=40)
    lines = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.business_date}: {self.lines} lines of {self.kind}"


class StockoutSpell(models.Model):
    """Days on which the product could not be sold (last day included)."""

    class Source(models.TextChoices):
        LEDGER = "ledger", "Stock ledger"
        IMPORTED = "imported", "Imported"
        INFERRED = "inferred", "Inferred"

    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    location = models.ForeignKey(Location, on_delete=models.CASCADE)
    first_date = models.DateField()
    last_date = models.DateField()
    source = models.CharField(max_length=8, choices=Source)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "location", "first_date", "source"],
                name="one_spell_per_start",
            ),
            models.CheckConstraint(
                condition=models.Q(last_date__gte=models.F("first_date")),
                name="spell_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} out from {self.first_date} to {self.last_date}"
