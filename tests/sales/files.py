"""Small sales files for the tests, and the rows that count after an import."""

import csv
import json
from io import StringIO

from django.core.management import call_command
from django.db.models import Sum

from inventory.models import SaleLine, StockLevel
from sales.models import DailySales, Pairing, SourceDay

SQUARE_HEADER = [
    "Date",
    "Time",
    "Time Zone",
    "Category",
    "Item",
    "Qty",
    "Price Point Name",
    "SKU",
    "Gross Sales",
    "Net Sales",
    "Transaction ID",
    "Event Type",
    "Location",
    "Customer Name",
    "PAN Suffix",
]
COUNTS = ("new", "changed", "duplicate", "ignored", "parked", "rejected")
DAILY_HEADER = ["date", "location", "sku", "quantity", "name", "category", "revenue"]
INVOICE_HEADER = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]


def square(
    receipt,
    item="Latte",
    quantity="1.0",
    *,
    net="$4.00",
    date="2026-05-30",
    time="13:03:14",
    zone="Eastern Time (US & Canada)",
    variation="",
    sku="",
    event="Payment",
    location="Cafe",
):
    return [
        date,
        time,
        zone,
        "None",
        item,
        quantity,
        variation,
        sku,
        net,
        net,
        receipt,
        event,
        location,
        "Ada Canary",
        "4242",
    ]


def daily(date, sku, quantity, *, location="Old Town", revenue=""):
    return [date, location, sku, quantity, f"The {sku}", "Grocery", revenue]


def invoice(
    receipt, units, at, *, sku="22423", name="CAKESTAND", customer="17850", price="2.00"
):
    """A row of March 2011, whose day and time are written “DD HH:MM”."""
    return [receipt, sku, name, units, f"2011-03-{at}:00", price, customer, "UK"]


def write(path, header, rows, delimiter=",", encoding="utf-8"):
    with open(path, "w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)
    return str(path)


def run(*arguments, **options):
    """Run a command and return what its last line of JSON says."""
    out, err = StringIO(), StringIO()
    call_command(*arguments, "--json", stdout=out, stderr=err, **options)
    return json.loads(out.getvalue().splitlines()[-1])


def import_sales(*files, **options):
    return run("import_sales", *map(str, files), **options)


def import_all(*files, **options):
    return import_sales(*files, create_products=True, create_locations=True, **options)


def state():
    """Everything that follows from the current sale lines."""
    lines = SaleLine.objects.current().order_by("source__name", "key")
    return (
        list(
            lines.values_list(
                "source__name",
                "key",
                "kind",
                "product__sku",
                "location__name",
                "sold_at",
                "business_date",
                "quantity",
                "stock_change",
                "net_amount",
            )
        ),
        sorted(
            DailySales.objects.values_list(
                "product__sku",
                "location__name",
                "business_date",
                "sold",
                "cancelled",
                "returned",
                "revenue",
            )
        ),
        sorted(Pairing.objects.values_list("sale__key", "cancellation__key")),
        sorted(
            SourceDay.objects.values_list("location__name", "business_date", "lines")
        ),
        sorted(
            StockLevel.objects.exclude(on_hand=None).values_list(
                "product__sku", "location__name", "on_hand"
            )
        ),
    )


def units_sold():
    return DailySales.objects.aggregate(units=Sum("sold"))["units"] or 0


def counts(summary):
    """The counts that are not zero; they must add up to the rows read."""
    assert summary["read"] == sum(summary[name] for name in COUNTS)
    return {name: summary[name] for name in COUNTS if summary[name]}
