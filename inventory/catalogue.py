"""Products, and the other names that files use for them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User

if TYPE_CHECKING:
    from inventory.places import Location


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, user: User) -> Self:
        return self

    def in_use(self) -> Self:
        return self.filter(is_active=True, merged_into=None)

    def matching(self, text: str) -> Self:
        """Search by name, SKU or barcode: its own, or of one that counts as it."""
        named = Q(name__icontains=text) | Q(sku__icontains=text) | Q(barcode=text)
        merged = self.model.objects.filter(named).exclude(merged_into=None)
        return self.filter(named | Q(pk__in=merged.values("merged_into")))

    def in_state(self, state: str, locations: Iterable["Location"]) -> Self:
        """Products whose stock is in this state in one of the locations.

        The outlook is written from above; only its name is known here.
        """
        return self.filter(
            outlooks__state=state, outlooks__location__in=locations
        ).distinct()

    def categories(self) -> list[str]:
        named = self.exclude(category="").order_by("category")
        return list(named.values_list("category", flat=True).distinct())


@pghistory.track(exclude=["survivor_id"])
class Product(models.Model):
    """What is bought and sold; ``survivor_id`` is the product that it counts as.

    Facts keep the product they name. What is reckoned from them goes by the survivor:
    the product itself, or the one that it was merged into.
    """

    sku = models.CharField("SKU", max_length=120, unique=True)
    name = models.CharField(max_length=250)
    barcode = models.CharField(max_length=60, blank=True, db_index=True)
    category = models.CharField(max_length=120, blank=True, db_index=True)
    unit = models.CharField(max_length=20, default="piece")
    quantum = models.DecimalField(
        "smallest amount sold",
        max_digits=8,
        decimal_places=3,
        default=1,
        help_text="1 for pieces; 0.001 for goods sold by weight in kilograms.",
    )
    price = models.DecimalField(
        "selling price", max_digits=12, decimal_places=4, null=True, blank=True
    )
    cost = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    is_active = models.BooleanField("in the range", default=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    survivor_id = models.GeneratedField(
        expression=Coalesce(F("merged_into_id"), F("id")),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = ProductQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = [
            models.CheckConstraint(condition=~Q(sku=""), name="product_has_sku"),
            models.CheckConstraint(
                condition=Q(quantum__gt=0), name="product_quantum_positive"
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0),
                name="product_price_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0),
                name="product_cost_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="product_not_merged_into_itself",
            ),
        ]
        indexes = [models.Index(fields=["survivor_id"], name="product_survivor")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("product", args=[self.pk])


class ProductAlias(models.Model):
    """Another identity under which a sales source writes a product."""

    source = models.ForeignKey(
        "SalesSource", on_delete=models.CASCADE, null=True, blank=True
    )
    identity = models.CharField(max_length=400)
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="aliases"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "identity"],
                name="one_product_per_identity",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.identity} is {self.product}"


class ProductMerge(models.Model):
    """A person's word that one product is another, until it is taken back.

    ``carried`` is what was moved along and goes back with it, by its own name.
    """

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="merges"
    )
    into = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="taken_in")
    carried = models.JSONField(default=dict)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    merged_at = models.DateTimeField(auto_now_add=True)
    separated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    separated_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-merged_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(separated_at=None),
                name="one_standing_merge_per_product",
            ),
            models.CheckConstraint(
                condition=~Q(product=F("into")), name="merge_of_two_products"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} is {self.into}"


class DistinctPair(models.Model):
    """Two products that look alike; a person said that they are not the same."""

    first = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"], name="one_row_per_pair"
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="lower_product_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} is not {self.second}"
