"""Etsy's sold order items: one row per item, dates without a time. Pure.

What a buyer wrote to personalise an item stands among the variations and is dropped.
"""

from imports.kinds import Column
from imports.values import RowProblem
from sales.formats.layout import Layout
from sales.formats.rows import SaleRow
from sales.formats.spelling import Spelling

COLUMNS = (
    Column("date", "Sale Date", ("sale date",), required=True, is_date=True),
    Column("item", "Item Name", ("item name",), required=True),
    Column("quantity", "Quantity", ("quantity",), required=True, is_number=True),
    Column("price", "Price", ("price",), required=True, is_number=True),
    Column("net", "Item Total", ("item total",), required=True, is_number=True),
    Column("receipt", "Order ID", ("order id",), required=True),
    Column("variation", "Variations", ("variations",)),
    Column("sku", "SKU", ("sku",)),
    Column("location", "Location", (), required=True, unless_option="location"),
)
VARIATION = 6
PERSONAL = ("personali", "custom property", "message", "name:", "text")


class EtsyItems:
    """Reads the rows of one file."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def read(self, cells: list[str]) -> SaleRow:
        cells[VARIATION] = impersonal(cells[VARIATION])
        date, item, quantity, price, net, receipt, variation, sku, location = cells
        spelling = self.spelling
        units = spelling.units(quantity)
        if units.startswith("-"):
            raise RowProblem("sale_negative", units)
        moment = spelling.moment(date)
        gross = spelling.times(units, spelling.amount(price))
        return SaleRow(
            receipt=spelling.needed(receipt, "Order ID"),
            sku=spelling.code(sku),
            item=spelling.needed(item, "Item Name"),
            variation=spelling.name(variation),
            category="",
            location=spelling.name(location),
            date=moment.date,
            clock=moment.clock,
            zone=moment.zone,
            kind="sale",
            quantity=units,
            net_amount=spelling.amount(net) or gross,
            gross_amount=gross,
        )


def impersonal(variations: str) -> str:
    """Variations up to the first one that a buyer wrote.

    >>> impersonal("Style: Matte,Personalization: For Ada, with love")
    'Style: Matte'
    """
    kept = []
    for variation in variations.split(","):
        if variation.strip().casefold().startswith(PERSONAL):
            break
        kept.append(variation)
    return ",".join(kept)


LAYOUT = Layout(
    name="etsy_items",
    label="Etsy order items",
    what="Etsy’s download of sold order items, “EtsySoldOrderItems.csv”.",
    columns=COLUMNS,
    reader=EtsyItems,
    documented="Etsy Help Center, “How to download your shop's data”, Order Items",
    known_by=("listing id", "transaction id"),
    date_order="mdy",
)
