"""Invoices in the layout of the UCI shop, small, for tests of what they mean."""

from imports.kinds import Column, Kind, _kinds, kind_named, register
from imports.values import clean, number
from sales import classifying, creating, merging, undoing
from sales.formats.rows import SaleRow
from sales.import_kinds import FIXES, SaleEffect
from sales.sale_rows import FIELDS, ReceiptParser, parser_of


class Reader:
    def __init__(self, *_, **__) -> None:
        pass

    def read(self, cells):
        receipt, sku, name, units, moment, price, reference, location = cells
        units = number(units, cause="quantity_not_a_number")
        price = number(price, cause="number_unreadable")
        kind = "sale"
        if receipt.startswith("C"):
            kind = "cancellation"
        elif units.startswith("-"):
            kind = "write_off"
        net = f"{float(units) * float(price):.2f}"
        date, time = moment.split(" ")
        return SaleRow(
            receipt=receipt,
            sku=clean(sku),
            item=clean(name),
            variation="",
            category="",
            location=location,
            date=date,
            clock=time,
            zone="",
            kind=kind,
            quantity=units,
            net_amount=net,
            gross_amount=net,
            reference=reference,
        )


def column(name, header, **how):
    return Column(name, header, (header.lower(),), **how)


def ensure():
    if "uci_invoices" in _kinds:
        return
    register(
        Kind(
            name="uci_invoices",
            label="UCI",
            group="sales",
            columns=(
                column("receipt", "InvoiceNo", required=True),
                column("sku", "StockCode", required=True),
                column("item", "Description", required=True),
                column("quantity", "Quantity", required=True),
                column("date", "InvoiceDate", required=True, is_date=True),
                column("price", "UnitPrice", required=True),
                column("reference", "CustomerID", required=True, is_reference=True),
                column("location", "Location", required=True, unless_option="location"),
            ),
            fields=FIELDS,
            fixes=FIXES,
            create=creating.create,
            effect=SaleEffect,
            undo=undoing.undo,
            parser=parser_of(ReceiptParser, Reader),
            prepare=classifying.prepare_receipts,
            classify=classifying.classify_receipts,
            merge=merging.merge_receipts,
            preview={},
            date_order="ymd",
            numbers_keys=True,
        )
    )
    assert kind_named("uci_invoices")
