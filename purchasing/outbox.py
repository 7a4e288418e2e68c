"""Mail to vendors: written with the order, sent once."""

from typing import ClassVar, Self

from django.db import models

from purchasing.orders import PurchaseOrder


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def waiting(self) -> Self:
        return self.filter(state=OutboxMessage.State.WAITING)

    def perhaps_sent(self) -> Self:
        """In the hands of the mail server, or nobody knows whether it was."""
        states = (OutboxMessage.State.SENDING, OutboxMessage.State.UNCERTAIN)
        return self.filter(state__in=states)


class OutboxMessage(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        UNCERTAIN = "uncertain", "Sending uncertain"
        FAILED = "failed", "Failed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    order = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, related_name="mails"
    )
    version = models.PositiveIntegerField()
    dedupe_key = models.CharField(max_length=120, unique=True)
    message_id = models.CharField(max_length=250)
    recipient = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    pdf = models.BinaryField()
    csv = models.BinaryField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.subject} ({self.get_state_display()})"
