"""Goods that came in for an order; facts, written once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from inventory.facts import WRITTEN_ONCE
from inventory.models import StockMove
from purchasing.orders import PurchaseOrder, PurchaseOrderLine


class Receipt(models.Model):
    order = models.ForeignKey(
        PurchaseOrder, on_delete=models.PROTECT, related_name="receipts"
    )
    idempotency_key = models.CharField(max_length=120, unique=True)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(max_length=250, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True
    )

    class Meta:
        ordering = ("received_at", "pk")
        triggers = WRITTEN_ONCE

    def __str__(self) -> str:
        return f"Delivery of {self.received_at:%Y-%m-%d}"


class ReceiptLine(models.Model):
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(
        PurchaseOrderLine, on_delete=models.PROTECT, related_name="receipt_lines"
    )
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    over_quantity = models.DecimalField(max_digits=12, decimal_places=3, default=0)
    move = models.OneToOneField(
        StockMove, on_delete=models.PROTECT, related_name="receipt_line"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="receipt_quantity_positive"
            ),
            models.UniqueConstraint(
                fields=["receipt", "order_line"], name="one_receipt_line_per_order_line"
            ),
        ]
        triggers = WRITTEN_ONCE

    def __str__(self) -> str:
        return f"{self.quantity} received"
