"""Invoices of a web shop as the UCI “Online Retail” data sets have them. Pure.

An invoice whose number begins with C takes back what another one sold; who bought is
told as a number. Other negative quantities are corrections of the stock: damages,
things thrown away or lost.
"""

from imports.kinds import Column
from imports.values import RowProblem
from sales.formats.layout import Layout
from sales.formats.rows import LineKind, SaleRow
from sales.formats.spelling import Spelling

COLUMNS = (
    Column("receipt", "InvoiceNo", ("invoiceno", "invoice"), required=True),
    Column("sku", "StockCode", ("stockcode",), required=True),
    Column("item", "Description", ("description",), required=True),
    Column("quantity", "Quantity", ("quantity",), required=True, is_number=True),
    Column("date", "InvoiceDate", ("invoicedate",), required=True, is_date=True),
    Column("price", "UnitPrice", ("unitprice", "price"), required=True, is_number=True),
    Column(
        "reference",
        "CustomerID",
        ("customerid", "customer id"),
        required=True,
        is_reference=True,
    ),
    Column("location", "Location", (), required=True, unless_option="location"),
)


class UciInvoices:
    """Reads the rows of one file."""

    def __init__(self, spelling: Spelling) -> None:
        self.spelling = spelling

    def read(self, cells: list[str]) -> SaleRow:
        receipt, sku, item, quantity, date, price, reference, location = cells
        spelling = self.spelling
        invoice = spelling.needed(receipt, "InvoiceNo")
        code = spelling.code(sku)
        if not code:
            raise RowProblem("empty_value", "StockCode")
        units = spelling.units(quantity)
        moment = spelling.moment(date)
        amount = spelling.times(units, spelling.amount(price))
        return SaleRow(
            invoice,
            code,
            spelling.name(item),
            "",
            "",
            location,
            moment.date,
            moment.clock,
            moment.zone,
            kind_of(invoice, units),
            units,
            amount,
            amount,
            moment.offset,
            reference=reference,
        )


def kind_of(invoice: str, units: str) -> LineKind:
    if invoice[0] in "Cc":
        if not units.startswith("-"):
            raise RowProblem("cancellation_not_negative", units)
        return "cancellation"
    return "write_off" if units.startswith("-") else "sale"


LAYOUT = Layout(
    name="uci_invoices",
    label="Invoices (UCI Online Retail)",
    what="One row per line of an invoice; numbers that begin with C are cancellations.",
    columns=COLUMNS,
    reader=UciInvoices,
    documented="UCI Machine Learning Repository, “Online Retail” I and II",
)
