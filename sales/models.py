"""What was sold per day, what took it back, and when nothing could be sold."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from accounts.models import User
from accounts.policy import can
from inventory.models import Location, Product, SaleLine, SalesSource
from inventory.parents import keep_parents, parents_exist
from sales.feeds.models import Feed, FeedMessage, FeedOrder, FeedPlace, LiveDay

__all__ = [
    "DailySales",
    "Feed",
    "FeedMessage",
    "FeedOrder",
    "FeedPlace",
    "LiveDay",
    "SourceDay",
    "StockoutSpell",
]


DAILY_SALES_PARENTS = {"product_id": Product, "location_id": Location}


class DailySales(models.Model):
    """Sold, cancelled and returned per product, location and business date.

    ``cancelled`` stands on the date of the sale that was cancelled, so demand is
    sold − cancelled; a cancellation without its sale counts as returned, on its own
    date. Kept by the transaction that writes the sale lines; no rows of zeros.
    """

    pk = models.CompositePrimaryKey("product_id", "location_id", "business_date")
    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        related_name="daily_sales",
        db_index=False,
        db_constraint=False,
    )
    location = models.ForeignKey(
        Location,
        on_delete=models.CASCADE,
        related_name="daily_sales",
        db_index=False,
        db_constraint=False,
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
        triggers = [parents_exist(DAILY_SALES_PARENTS)]

    def __str__(self) -> str:
        return f"{self.sold} × {self.product} on {self.business_date}"


keep_parents("sales_dailysales", DAILY_SALES_PARENTS)


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


class Pairing(models.Model):
    """A cancellation and the sale that it takes back; stays when the hints are gone.

    Lines are never deleted, so the database need not look for them again.
    """

    cancellation = models.OneToOneField(
        SaleLine,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="cancels",
        db_constraint=False,
    )
    sale = models.OneToOneField(
        SaleLine,
        on_delete=models.PROTECT,
        related_name="cancelled_by",
        db_constraint=False,
    )

    def __str__(self) -> str:
        return f"{self.cancellation} takes back {self.sale}"


class PairingHint(models.Model):
    """Whose a current line was, as a salted hash; deleted 30 days after the import.

    ``product`` and ``is_cancellation`` are those of the line, so that the few lines
    that may belong together are found at once.
    """

    line = models.OneToOneField(
        SaleLine,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="hint",
        db_constraint=False,
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    reference = models.BinaryField(max_length=16)
    is_cancellation = models.BooleanField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["product", "reference"], name="pairing_hint_group"),
            models.Index(
                fields=["product", "reference"],
                condition=models.Q(is_cancellation=True),
                name="pairing_hint_cancelled",
            ),
            BrinIndex(fields=["recorded_at"], name="pairing_hint_age"),
        ]

    def __str__(self) -> str:
        return f"Whose line {self.line_id} is"


class IgnoredQuerySet(models.QuerySet["IgnoredIdentity"]):
    def visible_to(self, user: User) -> Self:
        return self if can(user, "import_files") else self.none()


class IgnoredIdentity(models.Model):
    """An item of sales files that a person left out: no product of this shop.

    It holds for one source, or for all where none is named, and as long as nothing
    in the catalogue goes by it.
    """

    source = models.ForeignKey(
        SalesSource, on_delete=models.CASCADE, null=True, blank=True
    )
    identity = models.CharField(max_length=400)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = IgnoredQuerySet.as_manager()

    class Meta:
        ordering = ("identity", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["identity", "source"],
                nulls_distinct=False,
                name="ignored_once",
            )
        ]

    def __str__(self) -> str:
        return self.identity
