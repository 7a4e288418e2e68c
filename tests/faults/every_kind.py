"""A file of any registered kind, with marks where people's data would stand."""

import csv
from pathlib import Path

MARKS = {
    "Customer Name": "Zebedee Quux",
    "Customer Email": "z.quux@private.example",
    "Phone Number": "+31 6 5550 1427",
    "Billing Street": "17 Marrow Lane",
    "Card Number": "4929 1234 5678 9017",
    "Receipt Note": "Ring twice at Quux",
}
TELLTALES = (
    "Zebedee",
    "Quux",
    "quux",
    "private.example",
    "5550 1427",
    "55501427",
    "Marrow",
    "Canary",
    "canary",
    "+1555",
    "4929 1234",
    "49291234",
    "5678 9017",
)
SAMPLES = Path(__file__).resolve().parents[1] / "sales" / "samples"
# What a cell must hold where its column alone does not tell.
VALUES = {
    "location": "Old Town",
    "zone": "UTC",
    "event": "Payment",
    "currency": "EUR",
    "vendor": "Near",
    "status": "active",
    "by_weight": "N",
    "tracked": "Y",
    "active": "yes",
    "kind": "Sale",
    "email": "orders@near.example",
    "unit": "piece",
    "date_time": "2026-05-01 13:03:14",
}

VALUES_OF = {
    ("shopify_orders", "cancelled"): "",
    ("amazon_transactions", "kind"): "Order",
    ("toast_product_mix", "voided"): "0",
    ("vendors", "order_days"): "Mon",
    ("vendors", "orders_until"): "14:00",
    ("open_orders", "received"): "1",
}


def cell(kind, column, number):
    said = VALUES_OF.get((kind.name, column.name), VALUES.get(column.name))
    if said is not None:
        return said
    if column.is_reference:
        return f"{MARKS['Customer Name']} {number}"
    if column.choices and column.choices():
        return column.choices()[0]
    if column.name == "sku" and number == 1:
        return "GR-1042"
    return of_form(column, number)


def of_form(column, number):
    if column.is_date:
        return f"2026-05-{number:02}"
    if column.is_time:
        return "13:03:14"
    return "2" if column.is_number else f"{column.name}-{number}"


def header_of(column):
    if column.headers:
        return column.headers[0]
    begin = column.begins[0]
    return f"{begin}Old Town]" if begin.endswith("[") else f"{begin}Old Town"


def table(kind):
    """Header and rows of a file that is of this kind and of no other."""
    used = [column for column in kind.columns if column.headers or column.begins]
    header = [header_of(column) for column in used]
    extra = [name for name in kind.known_by if name not in header]
    rows = [
        [cell(kind, column, number) for column in used] + [""] * len(extra)
        for number in range(1, 5)
    ]
    for place, column in enumerate(used):
        if column.is_number and column.required:
            rows[-1][place] = "NaN"
    return header + extra, rows


def with_marks(header, rows):
    """The same table with columns about people between its own, and beyond them."""
    names, marks = list(MARKS), list(MARKS.values())
    return (
        names[:2] + header + names[2:],
        [marks[:2] + row + marks[2:] + [MARKS["Customer Name"]] for row in rows],
    )


def write(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def sample_files():
    """Files as the programs of other makers write them, made by us."""
    return sorted(path for path in SAMPLES.iterdir() if path.suffix in (".csv", ".tsv"))
