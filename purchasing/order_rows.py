"""Lines of open purchase orders in a file: which columns, and how each is read."""

from collections.abc import Sequence

from imports.amounts import Amounts
from imports.kinds import NULL, Column, copied, copied_key
from imports.staging import Stage
from imports.values import Dates, RowProblem, clean, product_code
from inventory.identities import digest
from inventory.models import Location
from vendors.models import Vendor

COLUMNS = (
    Column(
        "number",
        "number",
        ("number", "order number", "po number", "purchase order", "po", "order"),
        required=True,
    ),
    Column(
        "vendor",
        "vendor",
        ("vendor", "supplier", "vendor name", "supplier name"),
        required=True,
        unless_option="vendor",
        choices=lambda: list(Vendor.objects.values_list("name", flat=True)),
    ),
    Column(
        "location",
        "location",
        ("location", "destination", "deliver to", "store", "warehouse"),
        required=True,
        unless_option="location",
        choices=lambda: list(Location.objects.real().values_list("name", flat=True)),
    ),
    Column(
        "sku",
        "sku",
        ("sku", "item sku", "our sku", "product code", "variant sku"),
        required=True,
    ),
    Column(
        "ordered",
        "ordered",
        ("ordered", "quantity ordered", "qty ordered", "ordered quantity", "quantity"),
        required=True,
        is_number=True,
    ),
    Column(
        "received",
        "received",
        ("received", "quantity received", "qty received", "received quantity"),
        is_number=True,
    ),
    Column(
        "cost", "cost", ("cost", "unit cost", "cost price", "price"), is_number=True
    ),
    Column(
        "ordered_on",
        "ordered_on",
        ("ordered on", "order date", "date ordered", "created at", "created"),
        is_date=True,
    ),
    Column(
        "expected_on",
        "expected_on",
        ("expected on", "expected date", "expected", "due date", "eta", "arrives on"),
        is_date=True,
    ),
    Column("name", "name", ("name", "product name", "product", "item")),
)
STAGED = {
    "number": "text",
    "vendor": "text",
    "location": "text",
    "identity": "text",
    "ordered_on": "date",
}


class OrderParser:
    """Rows of one file of orders."""

    def __init__(self, stage: Stage) -> None:
        self.amounts = Amounts(decimal_comma=stage.detected.decimal_comma)
        self.dates = Dates(stage.detected.date_order)
        self.vendor = str(stage.options.get("vendor") or "")
        self.location = str(stage.options.get("location") or "")

    def parse(self, cells: Sequence[str]) -> Sequence[str]:
        (
            number,
            vendor,
            location,
            sku,
            ordered,
            received,
            cost,
            ordered_on,
            expected_on,
            _,
        ) = cells
        names = {
            "number": clean(number)[:60],
            "vendor": (self.vendor or clean(vendor))[:120],
            "location": (self.location or clean(location))[:120],
            "sku": product_code(sku)[:400],
        }
        for label, text in names.items():
            if not text:
                raise RowProblem("empty_value", label)
        return (
            copied_key(digest(*map(str.casefold, names.values()))),
            NULL,
            *map(copied, names.values()),
            self.date(ordered_on),
            self.quantity(ordered),
            self.amounts.optional(received, "received"),
            self.amounts.optional(cost, "cost"),
            self.date(expected_on),
        )

    def finish(self) -> None:
        """Nothing that only all rows tell."""

    def quantity(self, text: str) -> str:
        self.amounts.needed(text, "ordered")
        return self.amounts.positive(text, "ordered")

    def date(self, text: str) -> str:
        return self.dates.iso(text) if clean(text) else NULL
