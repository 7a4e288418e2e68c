"""What we order: purchase orders, what came of them, and mail to vendors."""

from purchasing.deliveries import Receipt, ReceiptLine
from purchasing.orders import OrderEvent, PurchaseOrder, PurchaseOrderLine
from purchasing.outbox import OutboxMessage
from purchasing.outlook import StockOutlook

__all__ = [
    "OrderEvent",
    "OutboxMessage",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Receipt",
    "ReceiptLine",
    "StockOutlook",
]
