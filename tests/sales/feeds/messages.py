"""Orders as shops send them, and how they are signed and sent."""

import json

from django.urls import reverse

from inventory.models import SaleLine
from jobs.models import Job
from jobs.running import run_now
from sales.feeds import signing
from sales.feeds.models import Feed
from sales.feeds.receiving import JOB_KIND
from sales.feeds.setting_up import open_feed

SECRET = "a secret that Shopify shows"
CUSTOMER = {
    "email": "ada.canary@example.com",
    "phone": "+31655501234",
    "contact_email": "ada.canary@example.com",
    "browser_ip": "203.0.113.77",
    "note": "Ring at Ada Canary's door",
    "customer": {"first_name": "Ada", "last_name": "Canary"},
    "billing_address": {"name": "Ada Canary", "address1": "1 Canary Wharf"},
    "shipping_address": {"name": "Ada Canary", "zip": "1012CANARY"},
    "payment_details": {"credit_card_number": "•••• •••• •••• 4242"},
    "note_attributes": [{"name": "gift for", "value": "Ada Canary"}],
    "client_details": {"user_agent": "CanaryBrowser"},
}


def new_feed(location, format="shopify", **fields):
    name = fields.pop("name", "Web shop")
    source = fields.pop("source", name)
    feed = Feed(
        name=name,
        format=format,
        location=location,
        secret=SECRET,
        **{"unknown_products": "create"} | fields,
    )
    return open_feed(feed, source_name=source, by=None)


def item(sku="FERN-1", quantity=2, price="16.00", **fields):
    return {
        "id": 1,
        "sku": sku,
        "name": fields.pop("name", f"The {sku}"),
        "quantity": quantity,
        "price": price,
        "total_discount": "0.00",
        "properties": [{"name": "Engraving", "value": "Ada Canary"}],
    } | fields


def order(number=1001, *items, minute=0, **fields):
    """An order as orders/create and its sisters send it."""
    return (
        {
            "id": 5550000000 + number,
            "name": f"#{number}",
            "created_at": "2026-09-03T10:14:00-04:00",
            "updated_at": f"2026-09-03T10:{14 + minute}:00-04:00",
            "cancelled_at": None,
            "financial_status": "paid",
            "location_id": None,
            "line_items": list(items) or [item()],
            "refunds": [],
            "total_price": "32.00",
        }
        | CUSTOMER
        | fields
    )


def refund(number=1001, ident=7001, line=None, quantity=1, **fields):
    """A refund as refunds/create sends it, and as it stands in an order."""
    return {
        "id": ident * 10,
        "order_id": 5550000000 + number,
        "created_at": "2026-09-05T09:00:00-04:00",
        "note": "Ada Canary did not like it",
        "refund_line_items": [
            {
                "id": ident,
                "quantity": quantity,
                "restock_type": fields.pop("restock_type", "return"),
                "location_id": None,
                "subtotal": "16.00",
                "line_item": line or item(),
            }
        ],
        "transactions": [{"receipt": {"payer": "Ada Canary"}, "amount": "16.00"}],
    } | fields


def generic(name="R-1", *lines, minute=0, **fields):
    """An order in the JSON of docs/feeds.md."""
    return {
        "order": name,
        "updated_at": f"2026-09-03T08:{14 + minute}:00Z",
        "sold_at": "2026-09-03T08:14:00Z",
        "lines": list(lines) or [{"sku": "FERN-1", "quantity": 2, "net_amount": 32}],
    } | fields


def post(client, feed, body, *, secret=SECRET, signature=None):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    if feed.format == "shopify":
        name, sign = "X-Shopify-Hmac-Sha256", signing.as_base64
    else:
        name, sign = "X-Signature", signing.as_hex
    signature = sign(raw, secret) if signature is None else signature
    return client.post(
        reverse("feed_messages", args=[feed.pk]),
        raw,
        content_type="application/json",
        headers={name: signature},
    )


def read(feed):
    """What the worker does with all that waits."""
    count = Job.objects.filter(kind=JOB_KIND).count()
    run_now(JOB_KIND, key=f"test-{feed.pk}-{count}", arguments={"feed": feed.pk})


def send(client, feed, *bodies):
    """Post each message and read them all at once."""
    for body in bodies:
        assert post(client, feed, body).status_code == 200
    read(feed)


def lines():
    """Current lines that count: kind, SKU, quantity, change of stock, amount."""
    return sorted(
        (
            line.receipt.split(" return")[0],
            line.kind,
            line.product.sku,
            line.location.name,
            str(line.business_date),
            float(line.quantity),
            float(line.stock_change),
            float(line.net_amount or 0),
        )
        for line in SaleLine.objects.current().select_related("product", "location")
        if line.quantity
    )
