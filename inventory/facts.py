"""Facts of the stock ledger: written once, never changed (a trigger sees to it)."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from imports.models import Import
from inventory.catalogue import Product
from inventory.documents import FIRST_TRANSFER_NUMBER
from inventory.parents import keep_parents, parents_exist
from inventory.places import Location

WRITTEN_ONCE = [
    pgtrigger.Protect(
        name="written_once", operation=pgtrigger.Update | pgtrigger.Delete
    )
]


class SalesSource(models.Model):
    """One shop account or kind of file that sales come from."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.name


SALE_LINE_PARENTS = {
    "source_id": SalesSource,
    "product_id": Product,
    "location_id": Location,
    "import_file_id": Import,
}


class VersionedQuerySet(models.QuerySet["SaleLine"]):
    def current(self) -> Self:
        """The highest version of each key, unless that one is retracted.

        Newer versions are rare and found by the partial index on version > 1.
        """
        newer = self.model.objects.filter(
            source=models.OuterRef("source"),
            key=models.OuterRef("key"),
            version__gt=models.OuterRef("version"),
        ).filter(version__gt=1)
        return self.filter(~models.Exists(newer), is_retracted=False)


class SaleLine(models.Model):
    """A line sold, returned, cancelled or written off; a ledger row itself.

    ``quantity`` is what the receipt says (returns negative); ``stock_change`` is
    what it did to the shelf (a sale of 2 is −2, a return not restocked is 0, a
    write-off of −3 is −3).
    """

    class Kind(models.TextChoices):
        SALE = "sale", "Sale"
        RETURN = "return", "Return"
        CANCELLATION = "cancellation", "Cancellation"
        WRITE_OFF = "write_off", "Write-off"

    source = models.ForeignKey(
        SalesSource, on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    key = models.BinaryField(max_length=16)
    version = models.PositiveIntegerField(default=1)
    is_retracted = models.BooleanField(default=False)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.SALE)
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        related_name="sale_lines",
        db_index=False,
        db_constraint=False,
    )
    location = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        related_name="sale_lines",
        db_index=False,
        db_constraint=False,
    )
    sold_at = models.DateTimeField()
    business_date = models.DateField()
    is_daily_total = models.BooleanField(default=False)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    stock_change = models.DecimalField(max_digits=12, decimal_places=3)
    net_amount = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True
    )
    receipt = models.CharField(max_length=120, blank=True)
    import_file = models.ForeignKey(
        Import,
        on_delete=models.PROTECT,
        null=True,
        related_name="sale_lines",
        db_index=False,
        db_constraint=False,
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = VersionedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "key", "version"], name="one_sale_line_per_version"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="sale_line_version_positive"
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "location", "sold_at"], name="sale_line_ledger"
            ),
            models.Index(
                fields=["source", "key", "version"],
                condition=Q(version__gt=1),
                name="sale_line_newer",
            ),
            # Lines of one import lie together.
            BrinIndex(fields=["import_file"], name="sale_line_import"),
        ]
        triggers = [*WRITTEN_ONCE, parents_exist(SALE_LINE_PARENTS)]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product} on {self.business_date}"


keep_parents("inventory_saleline", SALE_LINE_PARENTS)


class StockMove(models.Model):
    """Goods that went from one location to another; both legs in one row."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "Delivery"
        TRANSFER_OUT = "transfer_out", "Transfer out"
        TRANSFER_IN = "transfer_in", "Transfer in"
        ADJUSTMENT = "adjustment", "Adjustment"
        WRITE_OFF = "write_off", "Write-off"
        RETURN_TO_VENDOR = "vendor_return", "Return to vendor"

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="moves", db_index=False
    )
    from_location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="moves_out"
    )
    to_location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="moves_in"
    )
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    kind = models.CharField(max_length=14, choices=Kind)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=250, blank=True)
    document = models.CharField(max_length=120, blank=True)
    idempotency_key = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="move_quantity_positive"
            ),
            models.CheckConstraint(
                condition=~Q(from_location=F("to_location")), name="move_goes_elsewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["product", "occurred_at"], name="stock_move_ledger")
        ]
        triggers = WRITTEN_ONCE

    def __str__(self) -> str:
        route = f"{self.from_location} → {self.to_location}"
        return f"{self.quantity} × {self.product}, {route}"


class CountQuerySet(models.QuerySet["StockCount"]):
    def current(self) -> Self:
        """The highest version of each count, unless that one is retracted."""
        newer = StockCount.objects.filter(
            key=models.OuterRef("key"), version__gt=models.OuterRef("version")
        )
        return self.filter(~models.Exists(newer), is_retracted=False)


class StockCount(models.Model):
    """What a person counted; the anchor that stock is reckoned from."""

    key = models.CharField(max_length=160)
    version = models.PositiveIntegerField(default=1)
    is_retracted = models.BooleanField(default=False)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="counts"
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="counts"
    )
    counted_quantity = models.DecimalField(max_digits=12, decimal_places=3)
    counted_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=250, blank=True)
    import_file = models.ForeignKey(
        "imports.Import",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="counts",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True
    )

    objects: ClassVar = CountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "version"], name="one_count_per_version"
            ),
            models.CheckConstraint(
                condition=Q(counted_quantity__gte=0), name="count_not_negative"
            ),
        ]
        indexes = [
            models.Index(
                fields=["product", "location", "counted_at"], name="stock_count_anchor"
            )
        ]
        triggers = WRITTEN_ONCE

    def __str__(self) -> str:
        return f"{self.counted_quantity} × {self.product} at {self.location}"

    def says(self, counted_quantity: Decimal, counted_at: dt.datetime) -> bool:
        return not self.is_retracted and (
            (self.counted_quantity, self.counted_at) == (counted_quantity, counted_at)
        )


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, user: User) -> Self:
        """Transfers that leave or reach a location of this person."""
        own = Location.objects.visible_to(user)
        return self.filter(Q(from_location__in=own) | Q(to_location__in=own))

    def in_transit(self) -> Self:
        """Sent and not yet arrived: counts as incoming where it goes to."""
        return self.filter(arrived_at=None)


class Transfer(models.Model):
    """Goods sent from one location to another, until they arrive."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    from_location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="transfers_out"
    )
    to_location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="transfers_in"
    )
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    expected_on = models.DateField()
    sent_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_quantity = models.DecimalField(
        max_digits=12, decimal_places=3, null=True, blank=True
    )
    idempotency_key = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True
    )

    objects: ClassVar = TransferQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at",)
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="transfer_quantity_positive"
            ),
            models.CheckConstraint(
                condition=~Q(from_location=F("to_location")),
                name="transfer_goes_elsewhere",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True, arrived_quantity__isnull=True)
                | Q(
                    arrived_at__isnull=False,
                    arrived_quantity__gte=0,
                    arrived_quantity__lte=F("quantity"),
                ),
                name="transfer_arrives_with_at_most_what_was_sent",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"T-{FIRST_TRANSFER_NUMBER + self.pk}"
