"""The purchase order: its lines, its states and its timeline."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import ClassVar, Self

import pghistory
from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from imports.models import Import
from inventory.models import Location, Product
from vendors.models import Vendor


class OrderQuerySet(models.QuerySet["PurchaseOrder"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(location__in=Location.objects.visible_to(user))

    def with_mail_state(self) -> Self:
        """With the state of the newest mail to the vendor, which a chip needs."""
        mails = apps.get_model("purchasing", "OutboxMessage").objects
        newest = mails.filter(order=models.OuterRef("pk")).order_by("-pk")
        return self.annotate(mail_state=models.Subquery(newest.values("state")[:1]))

    def incoming(self) -> Self:
        """Orders whose open quantities count as incoming."""
        return self.filter(state__in=PurchaseOrder.INCOMING)


@pghistory.track()
class PurchaseOrder(models.Model):
    class State(models.TextChoices):
        SUGGESTED = "suggested", "Suggested"
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Waiting for approval"
        APPROVED = "approved", "Approved"
        SENT = "sent", "Sent"
        CONFIRMED = "confirmed", "Confirmed"
        PARTLY_RECEIVED = "partly_received", "Partly received"
        RECEIVED = "received", "Received"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    INCOMING: ClassVar = (
        State.DRAFT,
        State.SUBMITTED,
        State.APPROVED,
        State.SENT,
        State.CONFIRMED,
        State.PARTLY_RECEIVED,
    )
    ON_THE_WAY: ClassVar = (State.SENT, State.CONFIRMED, State.PARTLY_RECEIVED)
    EDITABLE: ClassVar = (
        State.SUGGESTED,
        State.DRAFT,
        State.SUBMITTED,
        State.APPROVED,
    )

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vendor = models.ForeignKey(
        Vendor, on_delete=models.PROTECT, related_name="purchase_orders"
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="purchase_orders"
    )
    state = models.CharField(max_length=15, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    currency = models.CharField(max_length=3)
    total = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    order_by = models.DateTimeField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    sent_back_reason = models.CharField(max_length=250, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_version = models.PositiveIntegerField(null=True, blank=True)
    approved_total = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    imported_number = models.CharField(
        "number in the program it came from", max_length=60, blank=True
    )
    import_file = models.ForeignKey(
        Import,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="purchase_orders",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = OrderQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["vendor", "location"],
                condition=Q(state="suggested"),
                name="one_suggestion_per_vendor_location",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(
                    approved_version=models.F("version"),
                    approved_total=models.F("total"),
                ),
                name="approved_for_this_version_and_total",
            ),
        ]
        indexes = [models.Index(fields=["state", "location"], name="order_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"PO-{1000 + self.pk}"

    @property
    def stamp(self) -> str:
        """What a page shows of this order: a form that carries it cannot be stale."""
        return f"{self.version}-{self.state}"

    @property
    def due_on(self) -> dt.date | None:
        return self.confirmed_on or self.expected_on

    @property
    def is_editable(self) -> bool:
        return self.state in self.EDITABLE

    @property
    def is_on_the_way(self) -> bool:
        return self.state in self.ON_THE_WAY

    @property
    def is_sent_back(self) -> bool:
        return self.state == self.State.DRAFT and bool(self.sent_back_reason)

    @property
    def shown_state(self) -> str:
        """The word of the chip: the state, or what is more pressing about it."""
        if self.is_sent_back:
            return "sent_back"
        if self.is_late:
            return "late"
        uncertain = getattr(self, "mail_state", "") == "uncertain"
        return "uncertain" if uncertain else self.state

    @property
    def is_late(self) -> bool:
        due_on = self.due_on
        return self.is_on_the_way and due_on is not None and due_on < self.today

    @property
    def today(self) -> dt.date:
        return timezone.now().astimezone(self.location.zone).date()

    def get_absolute_url(self) -> str:
        return reverse("order", args=[self.pk])


@pghistory.track()
class PurchaseOrderLine(models.Model):
    class Urgency(models.TextChoices):
        MUST = "must", "Must"
        SHOULD = "should", "Should"
        FILL_UP = "fill_up", "Fill-up"

    order = models.ForeignKey(
        PurchaseOrder, on_delete=models.CASCADE, related_name="lines"
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="order_lines"
    )
    vendor_sku = models.CharField(max_length=120, blank=True)
    case_pack = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    suggested_quantity = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    closed_quantity = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    received_quantity = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    unit_cost = models.DecimalField(max_digits=12, decimal_places=4)
    cost_source = models.CharField(max_length=120, blank=True)
    urgency = models.CharField(max_length=7, choices=Urgency, default=Urgency.SHOULD)
    reason = models.CharField(max_length=250, blank=True)
    explanation = models.JSONField(default=dict)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["order", "product"], name="one_line_per_order_product"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0), name="line_quantity_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(received_quantity__gte=0),
                name="line_received_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.product}"

    @property
    def open_quantity(self) -> Decimal:
        left = self.quantity - self.closed_quantity - self.received_quantity
        return max(left, Decimal(0))

    @property
    def total(self) -> Decimal:
        return (self.quantity * self.unit_cost).quantize(Decimal("0.01"))


EVENT_WORDS = {
    "suggested": "Suggested",
    "started": "Started by hand",
    "imported": "Came in with a file",
    "changed": "Changed",
    "added": "Product added",
    "repriced": "Costs renewed",
    "submitted": "Submitted for approval",
    "approved": "Approved",
    "sent_back": "Sent back",
    "queued": "Handed to the outbox",
    "sent": "Sent",
    "sent_again": "Sent again",
    "marked_sent": "Marked as sent",
    "mail_failed": "Mail came back",
    "mail_uncertain": "Sending uncertain",
    "confirmed": "Delivery day confirmed",
    "received": "Received",
    "closed": "Closed",
    "cancelled": "Cancelled",
    "cancelled_rest": "Rest cancelled",
    "duplicated": "Copied",
}


class OrderEvent(models.Model):
    """One step in the life of an order: who did what, when and why."""

    order = models.ForeignKey(
        PurchaseOrder, on_delete=models.CASCADE, related_name="timeline"
    )
    verb = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    note = models.CharField(max_length=500, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d %H:%M}"

    @property
    def words(self) -> str:
        return EVENT_WORDS.get(self.verb, self.verb.replace("_", " ").capitalize())


class Conflict(Exception):
    """Somebody was faster: the order is no longer as this person saw it."""

    def __init__(self, order: PurchaseOrder, event: OrderEvent | None = None) -> None:
        self.order = order
        self.event = event
        super().__init__(f"{order.number} has changed since you opened it.")

    @property
    def who(self) -> User | None:
        return self.event.user if self.event else None

    @property
    def when(self) -> dt.datetime | None:
        return self.event.at if self.event else None


class Refused(Exception):
    """The order cannot take this step; the message says why and what to do."""


class AboveLimit(Refused):
    """The total is more than this person may approve."""
