"""Lines of any shop software: what little they must say, and what else they may."""

import pytest

from imports.values import RowProblem
from sales.formats.sale_lines import COLUMNS, SaleLines
from sales.formats.spelling import Spelling

NAMES = [column.name for column in COLUMNS]


def read(options=None, **cells):
    given = {"date": "2026-05-01", "sku": "A-1", "quantity": "2"} | cells
    reader = SaleLines(Spelling("ymd", options=options or {}))
    return reader.read([given.get(name, "") for name in NAMES])


def refusal(**cells):
    with pytest.raises(RowProblem) as problem:
        read(**cells)
    return problem.value.cause


def test_a_date_an_item_and_a_quantity_are_enough():
    row = read(sku="", item="Tote")
    assert (row.identity, row.date, row.clock, row.quantity) == (
        "Tote",
        "2026-05-01",
        "",
        "2",
    )
    assert (row.kind, row.net_amount) == ("sale", "")


def test_a_row_without_item_sku_and_barcode_is_refused():
    assert refusal(sku=" ", item="") == "empty_value"
    assert read(sku="", barcode="4006381333931").identity == "4006381333931"


def test_the_time_may_stand_in_a_column_of_its_own():
    row = read(date="2026-05-01 00:00:00", time="1:05 PM")
    assert (row.date, row.clock) == ("2026-05-01", "13:05:00")


def test_midnight_in_a_date_is_no_time():
    assert read(date="2026-05-01 00:00:00").clock == ""
    assert read(date="2026-05-01 00:00:01").clock == "00:00:01"
    assert read(date="2026-05-01T00:00:00+02:00").clock == "00:00:00"


def test_an_offset_and_universal_time_are_kept_apart():
    assert read(date="2026-05-01 10:00:00 -0400").offset == "-04:00"
    universal = read(date="2026-05-01T10:00:00Z")
    assert (universal.offset, universal.zone) == ("", "UTC")


@pytest.mark.parametrize(
    ("cells", "net", "gross"),
    [
        ({"net": "9.00"}, "9.00", ""),
        ({"gross": "10.00"}, "10.00", "10.00"),
        ({"price": "5.25"}, "10.50", "10.50"),
        ({"price": "5.25", "net": "9.00"}, "9.00", "10.50"),
        ({}, "", ""),
    ],
)
def test_an_amount_or_a_price_tells_the_revenue(cells, net, gross):
    row = read(**cells)
    assert (row.net_amount, row.gross_amount) == (net, gross)


@pytest.mark.parametrize(
    ("rule", "kind", "warning"),
    [
        ("", "return", "negative_as_return"),
        ("return", "return", ""),
        ("cancellation", "cancellation", ""),
        ("write_off", "write_off", ""),
    ],
)
def test_fault_23_a_negative_quantity_follows_the_rule(rule, kind, warning):
    row = read({"negative": rule}, quantity="-2", net="-8.00")
    assert (row.kind, row.quantity, row.net_amount) == (kind, "-2", "-8.00")
    assert row.warning == warning


def test_fault_23_a_negative_quantity_can_be_refused():
    with pytest.raises(RowProblem) as problem:
        read({"negative": "reject"}, quantity="-2")
    assert problem.value.cause == "sale_negative"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Sale", "sale"),
        ("VERKAUF", "sale"),
        ("Refund", "return"),
        ("Gutschrift", "return"),
        ("Remboursement", "return"),
        ("Devolución", "return"),
        ("Terugbetaling", "return"),
        ("返品", "return"),
        ("Waste", "write_off"),
    ],
)
def test_fault_24_words_of_several_languages_tell_what_a_line_is(word, kind):
    row = read(kind=word, quantity="2", net="8.00")
    assert row.kind == kind
    assert row.quantity == ("2" if kind == "sale" else "-2")
    assert row.net_amount == ("8.00" if kind == "sale" else "-8.00")


def test_a_cancellation_takes_back_or_stands_on_the_line_itself():
    assert read(kind="Storno", quantity="-1").kind == "cancellation"
    itself = read(kind="Storno", quantity="1")
    assert (itself.kind, itself.is_void) == ("sale", True)


@pytest.mark.parametrize("status", ["Voided", "cancelled", "Storniert", "true"])
def test_a_status_can_void_a_line(status):
    assert read(status=status).is_void
    assert not read(status="Completed").is_void


def test_a_word_that_is_not_known_is_told():
    assert refusal(kind="Blorp") == "event_unknown"


def test_fault_19_a_code_that_was_tidied_is_told():
    row = read(sku=" ００１７\u00a0")
    assert (row.sku, row.warning) == ("0017", "code_tidied")
    assert read(sku="90.750").warning == ""


def test_fault_20_a_shortened_sku_is_refused_and_a_shortened_barcode_dropped():
    assert refusal(sku="4.00638E+12") == "shortened_number"
    assert read(barcode="4.00638E+12").barcode == ""


def test_a_dash_is_no_sku():
    assert read(sku="-", item="Tote").identity == "Tote"
