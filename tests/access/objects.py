"""One object of each kind that an address can name, made when a row needs it.

Everything that has a location is in Old Town: the manager's own, the outsider's
foreign one.
"""

import datetime as dt
from decimal import Decimal

from django.core.mail import EmailMessage

from accounts.models import MailboxMessage
from imports.detecting import Detected
from imports.models import Import
from inventory import transferring
from inventory.models import Alert, Location, Product, SalesSource
from jobs.models import Job
from purchasing.models import PurchaseOrder, PurchaseOrderLine
from sales.models import Feed, IgnoredIdentity
from vendors.models import Vendor, VendorProduct

NOW = dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC)


def product():
    return Product.objects.get(sku="GR-1042")


def vendor():
    return Vendor.objects.get(name="Near")


def offer():
    return VendorProduct.objects.get(vendor__name="Near")


def old_town():
    return Location.objects.get(name="Old Town")


def person():
    return Location.objects.get(name="Old Town").accesses.get().user


def transfer():
    depot = Location.objects.create(name="Depot", kind=Location.Kind.WAREHOUSE)
    return transferring.send(
        product(),
        from_location=depot,
        to_location=old_town(),
        quantity=Decimal(6),
        expected_on=NOW.date(),
        idempotency_key="transfer",
        sent_at=NOW,
    )


def order():
    known = PurchaseOrder.objects.first()
    if known:
        return known
    made = PurchaseOrder.objects.create(
        vendor=vendor(), location=old_town(), currency="EUR", total=Decimal("17.04")
    )
    PurchaseOrderLine.objects.create(
        order=made, product=product(), quantity=12, unit_cost=Decimal("1.42")
    )
    return made


def order_line():
    return order().lines.get()


def alert():
    return Alert.objects.create(
        kind="low",
        key="low:1",
        product=product(),
        location=old_town(),
        url_name="product",
        target_pk=product().pk,
    )


def import_file():
    columns = {"date": 0, "location": 1, "sku": 2, "quantity": 3}
    detected = Detected("daily_totals", header_row=0, columns=columns)
    return Import.objects.create(
        file_name="sales.csv",
        sha256="0" * 64,
        size=1,
        kind="daily_totals",
        detected=detected.as_json(),
    )


def feed():
    source = SalesSource.objects.create(name="Web shop", kind="shopify_orders")
    return Feed.objects.create(
        name="Web shop", format="shopify", source=source, location=old_town()
    )


def left_out():
    return IgnoredIdentity.objects.create(identity="Old mug")


def job():
    return Job.objects.create(kind="nightly", key="1", queue="default")


def message():
    mail = EmailMessage(
        "Purchase order PO-1001",
        "Our order is attached.",
        to=["orders@near.example"],
        attachments=[("PO-1001.csv", "sku,quantity", "text/csv")],
    )
    return MailboxMessage.objects.create(
        audience=MailboxMessage.Audience.VENDOR,
        message_id="<po-1001@localhost>",
        sender="backoffice@localhost",
        recipients="orders@near.example",
        subject="Purchase order PO-1001",
        raw=mail.message().as_bytes(),
    )
