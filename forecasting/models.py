"""What we expect to sell and how much we hold for it: the rows of a nightly run."""

from decimal import Decimal
from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, QuerySet

from inventory.models import Location, Product
from vendors.terms import DefaultTerms


@pghistory.track()
class PolicyDefaults(models.Model):
    """What holds where no vendor or product says otherwise: one row."""

    lead_time_days = models.DecimalField(
        max_digits=5,
        decimal_places=1,
        default=7,
        validators=[MinValueValidator(0), MaxValueValidator(365)],
    )
    review_period_days = models.PositiveSmallIntegerField(
        default=7, validators=[MinValueValidator(1), MaxValueValidator(182)]
    )
    target_fill_rate = models.DecimalField(
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.98"),
        validators=[
            MinValueValidator(Decimal("0.5")),
            MaxValueValidator(Decimal("0.9999")),
        ],
    )
    holding_cost_rate = models.DecimalField(
        max_digits=5,
        decimal_places=4,
        default=Decimal("0.25"),
        validators=[MinValueValidator(0), MaxValueValidator(5)],
    )
    order_cost = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        default=Decimal("10"),
        validators=[MinValueValidator(0)],
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_row_of_defaults")
        ]

    def __str__(self) -> str:
        return "Policy defaults"

    @classmethod
    def load(cls) -> Self:
        """The row, or what it starts with; reading never writes it."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def terms(self) -> DefaultTerms:
        return DefaultTerms(float(self.lead_time_days), self.review_period_days)


class PlanRun(models.Model):
    """One nightly run over the locations of one time zone."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        SKIPPED = "skipped", "Skipped"

    time_zone = models.CharField(max_length=64)
    business_date = models.DateField()
    attempt = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    series = models.PositiveIntegerField(default=0)
    seconds = models.JSONField(default=dict)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-business_date", "-attempt")
        constraints = [
            models.UniqueConstraint(
                fields=["time_zone", "business_date", "attempt"],
                name="one_plan_run_per_zone_date_attempt",
            )
        ]

    def __str__(self) -> str:
        return f"{self.time_zone} {self.business_date}"

    def locations(self) -> QuerySet[Location]:
        """Stores and warehouses in use whose day this is."""
        return Location.objects.real().filter(time_zone=self.time_zone, is_active=True)


class PlanPart(models.Model):
    """What a step of a running run has found, for one shard or for all of them.

    A part that is there is done; parts go when their run is over.
    """

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="parts")
    step = models.CharField(max_length=12)
    number = models.PositiveIntegerField(default=0)
    content = models.BinaryField(default=b"")
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "step", "number"], name="one_part_per_step_and_shard"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.number} of {self.run}"


class ReplenishmentPlan(models.Model):
    """Forecast and stock policy of a product in a location, known up to ``as_of``.

    Quantities are in the product's unit; ``daily_mean`` starts the day after as_of.
    """

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="plans")
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="plans", db_index=False
    )
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, related_name="plans", db_index=False
    )
    as_of = models.DateField()
    demand_per_day = models.FloatField()
    lead_time_days = models.FloatField()
    lead_time_sd_days = models.FloatField()
    lead_time_source = models.CharField(max_length=10)
    review_period_days = models.FloatField()
    protection_days = models.FloatField()
    target_fill_rate = models.FloatField()
    expected_demand = models.FloatField()
    demand_q50 = models.FloatField()
    demand_q80 = models.FloatField()
    demand_q90 = models.FloatField()
    demand_q95 = models.FloatField()
    demand_q98 = models.FloatField()
    demand_q99 = models.FloatField()
    variance_ratio = models.FloatField()
    safety_stock = models.FloatField()
    reorder_point = models.FloatField()
    order_up_to_level = models.FloatField()
    daily_mean = ArrayField(models.FloatField())
    last_intervals = ArrayField(models.FloatField(), default=list)
    interval_had_stockout = ArrayField(models.BooleanField(), default=list)
    method = models.CharField(max_length=40)
    abc = models.CharField(max_length=1, default="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "location", "as_of"],
                name="one_plan_per_product_location_date",
            )
        ]
        indexes = [
            models.Index(fields=["location", "as_of"], name="plan_location_date")
        ]

    def __str__(self) -> str:
        return f"{self.product} at {self.location}, {self.as_of}"
