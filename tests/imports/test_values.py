"""Cells as the database reads them."""

import pytest

from imports.values import (
    Dates,
    RowProblem,
    clean,
    clock,
    could_be,
    has_decimal_comma,
    number,
    product_code,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1.0", "1.0"),
        ("$8.00", "8.00"),
        ("-$7.00", "-7.00"),
        ("(7.00)", "-7.00"),
        ("$1,020.00", "1020.00"),
        ("1,23,456.78", "123456.78"),
        ("€ 4.50", "4.50"),
        ("4.50 EUR", "4.50"),
        ("1'234.50", "1234.50"),
        ("−3", "-3"),
        ("１２", "12"),
    ],
)
def test_numbers_of_all_spellings_are_read(text, plain):
    assert number(text, cause="bad") == plain


@pytest.mark.parametrize(
    ("text", "plain"), [("1.234,50", "1234.50"), ("3,5", "3.5"), ("1.234", "1234")]
)
def test_case_15_a_decimal_comma_is_read(text, plain):
    assert number(text, cause="bad", decimal_comma=True) == plain


@pytest.mark.parametrize("text", ["NaN", "inf", "--", "", "abc", "1_000", "1 kg"])
def test_case_23_what_is_no_number_is_refused(text):
    with pytest.raises(RowProblem) as problem:
        number(text, cause="bad")
    assert problem.value.cause == "bad"


def test_case_23_a_number_beyond_any_shop_is_refused():
    with pytest.raises(RowProblem) as problem:
        number("1000000000", cause="bad")
    assert problem.value.cause == "number_too_large"


@pytest.mark.parametrize("text", ["0017", "90.750", "1234567890123456789"])
def test_case_19_codes_stay_text(text):
    assert product_code(f" {text}\u00a0") == text


def test_case_19_full_width_letters_and_blanks_are_made_plain():
    assert clean("\u3000ＡＢ  1\u00a0") == "AB 1"


def test_case_20_a_code_that_excel_shortened_is_refused():
    with pytest.raises(RowProblem) as problem:
        product_code("4.00638E+12")
    assert problem.value.cause == "shortened_number"


def test_case_16_dates_are_read_in_the_order_of_the_file():
    assert Dates("dmy").iso("03/04/2026") == "2026-04-03"
    assert Dates("mdy").iso("03/04/26") == "2026-03-04"
    assert Dates("dmy").iso("2026-04-03 10:00") == "2026-04-03"
    assert Dates("dmy").iso("45992") == "2025-12-01"


@pytest.mark.parametrize("text", ["2026-02-30", "31/04/2026", "soon", ""])
def test_case_16_a_date_that_does_not_exist_is_refused(text):
    with pytest.raises(RowProblem) as problem:
        Dates("dmy").iso(text)
    assert problem.value.cause == "date_unreadable"


def test_case_16_a_date_tells_its_order_or_not():
    assert could_be("13/04/2026") == {"dmy"}
    assert could_be("04/13/2026") == {"mdy"}
    assert could_be("04/03/2026") == {"dmy", "mdy"}
    assert could_be("2026-04-03") == {"ymd"}


def test_the_decimal_mark_is_told_by_the_digits_behind_it():
    assert has_decimal_comma("3,50") is True
    assert has_decimal_comma("$3.50") is False
    assert has_decimal_comma("1,234") is None
    assert has_decimal_comma("12") is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [("13:03:14", "13:03:14"), ("1:03 PM", "13:03:00"), ("12:05 am", "00:05:00")],
)
def test_times_of_day_are_read(text, plain):
    assert clock(text) == plain


@pytest.mark.parametrize("text", ["25:00", "noon", "10:75"])
def test_a_time_that_does_not_exist_is_refused(text):
    with pytest.raises(RowProblem):
        clock(text)
