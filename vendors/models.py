"""Whom we buy from, and what each of them sells on which terms."""

import calendar
from decimal import Decimal
from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from inventory.models import Product


class VendorQuerySet(models.QuerySet["Vendor"]):
    def visible_to(self, user: User) -> Self:
        return self


@pghistory.track()
class Vendor(models.Model):
    name = models.CharField(max_length=120, unique=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    address = models.TextField(blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    payment_terms = models.CharField(max_length=120, blank=True)
    lead_time_days = models.DecimalField(
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(365)],
        help_text="Days from sending the order to the delivery.",
    )
    lead_time_sd_days = models.DecimalField(
        max_digits=5,
        decimal_places=1,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(180)],
        help_text="How much this usually varies, in days. 0: always on time.",
    )
    review_period_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(182)],
        help_text="Days between two orders when no order days are set.",
    )
    order_weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)]),
        default=list,
        blank=True,
        help_text="Days on which this vendor takes orders; Monday is 0.",
    )
    order_cutoff = models.TimeField(null=True, blank=True)
    minimum_order_value = models.DecimalField(
        max_digits=14,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0)],
    )
    is_active = models.BooleanField("in use", default=True)

    objects: ClassVar = VendorQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("vendor", args=[self.pk])

    @property
    def order_day_words(self) -> str:
        days = sorted(set(self.order_weekdays))
        if len(days) in (0, len(calendar.day_abbr)):
            return "any day"
        return ", ".join(calendar.day_abbr[day] for day in days)


@pghistory.track()
class VendorProduct(models.Model):
    """What a vendor sells us, and on which terms; the lowest rank is bought first."""

    vendor = models.ForeignKey(
        Vendor, on_delete=models.CASCADE, related_name="products"
    )
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="vendor_products"
    )
    vendor_sku = models.CharField("vendor's SKU", max_length=120, blank=True)
    cost = models.DecimalField(
        max_digits=12, decimal_places=4, validators=[MinValueValidator(0)]
    )
    case_pack = models.DecimalField(
        max_digits=12,
        decimal_places=3,
        default=1,
        validators=[MinValueValidator(0)],
        help_text="Units in one pack; orders are whole packs.",
    )
    moq = models.DecimalField(
        "minimum quantity",
        max_digits=12,
        decimal_places=3,
        default=0,
        validators=[MinValueValidator(0)],
    )
    lead_time_days = models.DecimalField(
        max_digits=5, decimal_places=1, null=True, blank=True
    )
    rank = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("rank", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "product"], name="one_offer_per_vendor_product"
            ),
            models.CheckConstraint(
                condition=Q(case_pack__gt=0), name="case_pack_positive"
            ),
            models.CheckConstraint(condition=Q(moq__gte=0), name="moq_not_negative"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="cost_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.product} from {self.vendor}"

    @property
    def days(self) -> Decimal | None:
        """Its own lead time, else the vendor's; None where the default holds."""
        own = self.lead_time_days
        return self.vendor.lead_time_days if own is None else own
