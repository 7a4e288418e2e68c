"""What the samples do not show of single layouts."""

import pytest

from imports.values import RowProblem
from sales.formats import (
    amazon_transactions,
    loyverse_receipts,
    shopify_orders,
    toast_items,
    toast_product_mix,
    uci_invoices,
)
from sales.formats.etsy_items import impersonal
from sales.formats.spelling import Spelling


def reader_of(module, **options):
    return module.LAYOUT.reader(Spelling("ymd", options=options))


def cells(module, **given):
    return [given.get(column.name, "") for column in module.COLUMNS]


def order(**given):
    usual = {
        "receipt": "#1",
        "date": "2026-09-03 10:14:00 -0400",
        "quantity": "1",
        "item": "Tote",
        "price": "20.00",
        "status": "paid",
        "location": "Web",
    }
    return cells(shopify_orders, **(usual | given))


def test_a_later_line_of_an_order_takes_what_the_first_one_says():
    reader = reader_of(shopify_orders)
    reader.read(order(cancelled="2026-09-04 09:00:00 -0400", refunded="5.00"))
    later = order(date="", status="", location="", sku="0017")
    row = reader.read(later)
    assert (row.date, row.location, row.is_void) == ("2026-09-03", "Web", True)
    assert row.warning == ""
    assert later == order(sku="0017", cancelled="2026-09-04 09:00:00 -0400")


def test_a_waiting_line_of_an_order_can_be_read_alone():
    reader = reader_of(shopify_orders)
    reader.read(order())
    waiting = order(date="", status="", location="", item="Fern - A3")
    row = reader.read(waiting)
    assert reader_of(shopify_orders).read(waiting) == row


def test_the_next_order_takes_nothing_from_the_one_before():
    reader = reader_of(shopify_orders)
    reader.read(order(cancelled="2026-09-04"))
    with pytest.raises(RowProblem) as problem:
        reader.read(order(receipt="#2", date=""))
    assert problem.value.cause == "date_unreadable"
    assert not reader.read(order(receipt="#3")).is_void


def test_what_another_pass_writes_into_the_cells_does_not_spread():
    reader = reader_of(shopify_orders)
    first = order()
    reader.read(first)
    first[-1] = "All"
    assert reader.read(order(location="")).location == "Web"


@pytest.mark.parametrize("amount", ["", "0.00", "0"])
def test_an_order_without_refunds_does_not_warn(amount):
    assert reader_of(shopify_orders).read(order(refunded=amount)).warning == ""


def test_a_refund_brings_back_whatever_sign_it_has():
    given = {
        "date": "2026-10-01 23:50",
        "receipt": "2-1",
        "kind": "Refund",
        "item": "Choco",
        "quantity": "1.000",
        "net": "15.00",
        "gross": "15.00",
        "status": "Closed",
    }
    row = reader_of(loyverse_receipts).read(cells(loyverse_receipts, **given))
    assert (row.kind, row.quantity, row.net_amount) == ("return", "-1.000", "-15.00")


@pytest.mark.parametrize(
    ("invoice", "quantity", "kind"),
    [
        ("536365", "6", "sale"),
        ("C536365", "-6", "cancellation"),
        ("536365", "-6", "write_off"),
    ],
)
def test_an_invoice_s_number_tells_a_cancellation(invoice, quantity, kind):
    given = {"receipt": invoice, "sku": "85123A", "date": "2010-12-01 08:26"}
    row = reader_of(uci_invoices).read(
        cells(uci_invoices, quantity=quantity, price="2.55", **given)
    )
    assert row.kind == kind


def test_a_cancellation_that_sells_is_refused():
    given = {"receipt": "C1", "sku": "A", "date": "2010-12-01", "quantity": "6"}
    with pytest.raises(RowProblem) as problem:
        reader_of(uci_invoices).read(cells(uci_invoices, **given))
    assert problem.value.cause == "cancellation_not_negative"


def test_fault_20_an_id_that_excel_shortened_is_refused():
    given = {"receipt": "1.3E+18", "date": "2026-09-08 17:17", "quantity": "1"}
    with pytest.raises(RowProblem) as problem:
        reader_of(toast_items).read(cells(toast_items, item="Tea", **given))
    assert problem.value.cause == "shortened_number"


def test_a_product_mix_needs_its_day():
    given = cells(toast_product_mix, item="Tea", quantity="3", voided="1", net="8.00")
    row = reader_of(toast_product_mix, date="2026-09-08").read(list(given))
    assert (row.date, row.quantity) == ("2026-09-08", "2")
    with pytest.raises(RowProblem) as problem:
        reader_of(toast_product_mix).read(given)
    assert problem.value.cause == "empty_value"


@pytest.mark.parametrize("kind", ["Transfer", "Service Fee", "FBA Inventory Fee", ""])
def test_fees_and_transfers_are_no_sales(kind):
    with pytest.raises(RowProblem) as problem:
        reader_of(amazon_transactions).read(
            cells(amazon_transactions, kind=kind, sku="MUG-1", date="2026-09-04")
        )
    assert problem.value.cause == "not_a_sale"


def test_the_account_of_a_transfer_is_not_kept():
    row = cells(amazon_transactions, kind="Transfer", item="To account ending in 4242")
    with pytest.raises(RowProblem):
        reader_of(amazon_transactions).read(row)
    assert "4242" not in "".join(row)


def test_what_a_buyer_wrote_is_cut_off():
    written = "Style: Matte,Custom Property: To Ada,Size: L"
    assert impersonal(written) == "Style: Matte"
    assert impersonal("Personalisation: Ada") == ""
    assert impersonal("Style: Matte") == "Style: Matte"
