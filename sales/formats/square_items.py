"""Square's "Items detail": one row per item of a ticket, newest first. Pure.

Most items have no SKU, so an item is known by its name and price point. Refunds are
rows of their own with a negative quantity. Times are local to the zone that the file
names, in the words of Rails.
"""

from imports.kinds import Column
from imports.values import RowProblem
from sales.formats.layout import Layout
from sales.formats.rows import Apart, LineKind, SaleRow
from sales.formats.spelling import Spelling

COLUMNS = (
    Column("date", "Date", ("date",), required=True, is_date=True),
    Column("time", "Time", ("time",), required=True, is_time=True),
    Column("zone", "Time Zone", ("time zone", "timezone"), required=True),
    Column("category", "Category", ("category",)),
    Column("item", "Item", ("item",), required=True),
    Column("quantity", "Qty", ("qty", "quantity"), required=True, is_number=True),
    Column("variation", "Price Point Name", ("price point name",), required=True),
    Column("sku", "SKU", ("sku",)),
    Column("gross", "Gross Sales", ("gross sales",), is_number=True),
    Column("net", "Net Sales", ("net sales",), required=True, is_number=True),
    Column("receipt", "Transaction ID", ("transaction id",), required=True),
    Column("event", "Event Type", ("event type",), required=True),
    Column(
        "location", "Location", ("location",), required=True, unless_option="location"
    ),
)

# Rails writes its own zone names; the rest are names of the tz database.
RAILS_ZONES = {
    "Hawaii": "Pacific/Honolulu",
    "Alaska": "America/Juneau",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Arizona": "America/Phoenix",
    "Mountain Time (US & Canada)": "America/Denver",
    "Central Time (US & Canada)": "America/Chicago",
    "Eastern Time (US & Canada)": "America/New_York",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Atlantic Time (Canada)": "America/Halifax",
    "Newfoundland": "America/St_Johns",
    "Puerto Rico": "America/Puerto_Rico",
    "Dublin": "Europe/Dublin",
    "Edinburgh": "Europe/London",
    "London": "Europe/London",
    "Lisbon": "Europe/Lisbon",
    "Amsterdam": "Europe/Amsterdam",
    "Berlin": "Europe/Berlin",
    "Brussels": "Europe/Brussels",
    "Madrid": "Europe/Madrid",
    "Paris": "Europe/Paris",
    "Rome": "Europe/Rome",
    "Vienna": "Europe/Vienna",
    "Osaka": "Asia/Tokyo",
    "Sapporo": "Asia/Tokyo",
    "Tokyo": "Asia/Tokyo",
    "Adelaide": "Australia/Adelaide",
    "Brisbane": "Australia/Brisbane",
    "Canberra": "Australia/Canberra",
    "Darwin": "Australia/Darwin",
    "Hobart": "Australia/Hobart",
    "Melbourne": "Australia/Melbourne",
    "Perth": "Australia/Perth",
    "Sydney": "Australia/Sydney",
    "UTC": "UTC",
}


class SquareItems:
    """Reads the rows of one file."""

    told_apart = ("date", "time", "zone", "receipt")

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def read(self, cells: list[str]) -> SaleRow:
        _, _, _, category, item, quantity, variation, sku = cells[:8]
        gross, net, _, event, location = cells[8:]
        spelling = self.spelling
        receipt, date, clock, zone, *_ = self.apart(cells)
        units = spelling.units(quantity)
        category = spelling.name(category)
        return SaleRow(
            receipt=receipt,
            sku=spelling.code(sku),
            item=spelling.needed(item, "Item"),
            variation=spelling.name(variation),
            category="" if category == "None" else category,
            location=spelling.name(location),
            date=date,
            clock=clock,
            zone=zone,
            kind=kind_of(event, units),
            quantity=units,
            net_amount=spelling.amount(net),
            gross_amount=spelling.amount(gross),
        )

    def apart(self, cells: list[str]) -> Apart:
        date, time, zone, receipt = cells[0], cells[1], cells[2], cells[10]
        return Apart(
            self.spelling.needed(receipt, "Transaction ID"),
            self.spelling.moment(date).date,
            self.spelling.clock(time).time,
            RAILS_ZONES.get(zone, zone),
        )


def kind_of(event: str, units: str) -> LineKind:
    """Payments sell, refunds bring back; anything else is not a sale line."""
    kind = event.strip().casefold()
    if kind == "refund":
        if not units.startswith("-") and float(units) > 0:
            raise RowProblem("refund_not_negative", units)
        return "return"
    if kind != "payment":
        raise RowProblem("event_unknown", event)
    if units.startswith("-"):
        raise RowProblem("sale_negative", units)
    return "sale"


LAYOUT = Layout(
    name="square_items",
    label="Square item detail",
    what="Square’s “Items detail” export, as it comes.",
    columns=COLUMNS,
    reader=SquareItems,
    documented="Square Support, “Export your sales reports”, items detail",
    date_order="mdy",
)
