"""One alert per change of state; it knows where to go, not who raised it."""

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from inventory.catalogue import Product
from inventory.places import Location


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, user: User) -> Self:
        """Alerts of the person's locations, and those of the whole shop."""
        own = Location.objects.visible_to(user)
        return self.filter(Q(location__in=own) | Q(location=None))

    def of_places(self, places: Sequence[Location]) -> Self:
        """Alerts of these locations, and those of the whole shop."""
        return self.filter(Q(location__in=places) | Q(location=None))

    def still_open(self) -> Self:
        return self.filter(closed_at=None)

    def awake(self, today: dt.date) -> Self:
        """Open and not snoozed."""
        return self.still_open().exclude(snoozed_until__gt=today)

    def snoozed(self, today: dt.date) -> Self:
        return self.still_open().filter(snoozed_until__gt=today)


class Alert(models.Model):
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=160)
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True
    )
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True
    )
    params = models.JSONField(default=dict)
    url_name = models.CharField(max_length=60)
    target_pk = models.BigIntegerField(null=True, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)
    snooze_reason = models.CharField(max_length=250, blank=True)

    objects: ClassVar = AlertQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(closed_at=None),
                name="one_open_alert_per_key",
            )
        ]

    def __str__(self) -> str:
        return self.key
