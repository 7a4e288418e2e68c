"""WooCommerce orders, one row per item, by the plug-in that most shops export with.

WooCommerce itself exports no orders with their items; the columns are the defaults of
“Advanced Order Export for WooCommerce”. Pure.
"""

from imports.kinds import Column
from imports.values import RowProblem
from sales.formats.layout import Layout
from sales.formats.rows import SaleRow
from sales.formats.spelling import Spelling

COLUMNS = (
    Column("receipt", "Order Number", ("order number",), required=True),
    Column("status", "Order Status", ("order status",), required=True),
    Column("date", "Order Date", ("order date",), required=True, is_date=True),
    Column("sku", "SKU", ("sku",), required=True),
    Column("item", "Item Name", ("item name", "product name"), required=True),
    Column("variation", "Product Variation", ("product variation",)),
    Column(
        "quantity",
        "Quantity (- Refund)",
        ("quantity (- refund)",),
        required=True,
        is_number=True,
    ),
    Column("price", "Item Cost", ("item cost",), required=True, is_number=True),
    Column("category", "Category", ("category",)),
    Column("location", "Location", (), required=True, unless_option="location"),
)
VOID = {"cancelled", "canceled", "failed", "trash", "refunded"}


class WoocommerceOrders:
    """Reads the rows of one file; its quantities are less what was refunded."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def read(self, cells: list[str]) -> SaleRow:
        (
            receipt,
            status,
            date,
            sku,
            item,
            variation,
            quantity,
            price,
            category,
            location,
        ) = cells
        spelling = self.spelling
        units = spelling.units(quantity)
        if units.startswith("-"):
            raise RowProblem("sale_negative", units)
        moment = spelling.moment(date)
        amount = spelling.times(units, spelling.amount(price))
        return SaleRow(
            receipt=spelling.needed(receipt, "Order Number"),
            sku=spelling.code(sku),
            item=spelling.needed(item, "Item Name"),
            variation=spelling.name(variation),
            category=spelling.name(category),
            location=spelling.name(location),
            date=moment.date,
            clock=moment.clock,
            zone=moment.zone,
            kind="sale",
            quantity=units,
            net_amount=amount,
            gross_amount=amount,
            offset=moment.offset,
            is_void=spelling.word(status) in VOID,
        )


LAYOUT = Layout(
    name="woocommerce_orders",
    label="WooCommerce orders",
    what="Orders by “Advanced Order Export for WooCommerce”, one row per item.",
    columns=COLUMNS,
    reader=WoocommerceOrders,
    documented="The plug-in “Advanced Order Export for WooCommerce”, its defaults",
    date_order="ymd",
)
