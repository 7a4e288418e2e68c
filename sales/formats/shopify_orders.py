"""Shopify's order export: one row per line of an order. Pure.

Only the first row of an order carries what belongs to the order as a whole; the rows
below leave it blank. Refunds are an amount of the order: which item came back is not
told, so they change no quantity here. An order is known by its name, such as #1001,
and a line by its SKU, else by its name exactly as the export writes it, so that a file
and a live feed of the same order meet.
"""

from imports.kinds import Column
from imports.values import RowProblem
from sales.formats.layout import Layout
from sales.formats.rows import SaleRow
from sales.formats.spelling import Spelling, less

COLUMNS = (
    Column("receipt", "Name", ("name",), required=True),
    Column("date", "Created at", ("created at",), required=True, is_date=True),
    Column(
        "quantity",
        "Lineitem quantity",
        ("lineitem quantity",),
        required=True,
        is_number=True,
    ),
    Column("item", "Lineitem name", ("lineitem name",), required=True),
    Column(
        "price", "Lineitem price", ("lineitem price",), required=True, is_number=True
    ),
    Column("sku", "Lineitem sku", ("lineitem sku",), required=True),
    Column("discount", "Lineitem discount", ("lineitem discount",), is_number=True),
    Column("status", "Financial Status", ("financial status",), required=True),
    Column("cancelled", "Cancelled at", ("cancelled at", "canceled at")),
    Column("refunded", "Refunded Amount", ("refunded amount",), is_number=True),
    Column(
        "location", "Location", ("location",), required=True, unless_option="location"
    ),
)
DATE, STATUS, CANCELLED, LOCATION = 1, 7, 8, 10
OF_THE_ORDER = (DATE, STATUS, CANCELLED, LOCATION)


class ShopifyOrders:
    """Reads the rows of one file; remembers the order that is being read."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling
        self.order = ""
        self.told = [""] * len(COLUMNS)

    def read(self, cells: list[str]) -> SaleRow:
        self.complete(cells)
        spelling = self.spelling
        (
            receipt,
            date,
            quantity,
            item,
            price,
            sku,
            discount,
            status,
            cancelled,
            refunded,
            location,
        ) = cells
        units = spelling.units(quantity)
        if units.startswith("-"):
            raise RowProblem("sale_negative", units)
        moment = spelling.moment(date)
        gross = spelling.times(units, spelling.amount(price))
        off = spelling.amount(discount)
        return SaleRow(
            receipt=spelling.needed(receipt, "Name"),
            sku=spelling.code(sku),
            item=spelling.needed(item, "Lineitem name"),
            variation="",
            category="",
            location=spelling.name(location),
            date=moment.date,
            clock=moment.clock,
            zone=moment.zone,
            kind="sale",
            quantity=units,
            net_amount=less(gross, off) if gross else "",
            gross_amount=gross,
            offset=moment.offset,
            is_void=bool(cancelled.strip()) or spelling.word(status) == "voided",
            warning="order_refunded" if self.is_refunded(refunded) else "",
        )

    def complete(self, cells: list[str]) -> None:
        """Fill in what only the first row of the order says."""
        if cells[0] != self.order:
            self.order, self.told = cells[0], list(cells)
            return
        for place in OF_THE_ORDER:
            cells[place] = cells[place] or self.told[place]

    def is_refunded(self, amount: str) -> bool:
        """Told in the first row of an order alone, so each order warns once."""
        return bool(self.spelling.amount(amount).strip("0."))


LAYOUT = Layout(
    name="shopify_orders",
    label="Shopify orders",
    what="Shopify’s export of orders: Orders, Export, “Plain CSV file”.",
    columns=COLUMNS,
    reader=ShopifyOrders,
    documented="Shopify Help Center, “Exporting orders to a CSV file”",
)
