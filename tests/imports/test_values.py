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
        ("7.00-", "-7.00"),
        ("($7.00)", "-7.00"),
        ("AU $260.00", "260.00"),
        ("R$ 4.50", "4.50"),
        ("₹1,23,456.78", "123456.78"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1\u202f234.50", "1234.50"),
    ],
)
def test_numbers_of_all_spellings_are_read(text, plain):
    assert number(text, cause="bad") == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1.234,50", "1234.50"),
        ("3,5", "3.5"),
        ("1.234", "1234"),
        ("-1.234,50 €", "-1234.50"),
        ("45,00 kr", "45.00"),
        ("1 234,50 zł", "1234.50"),
        ("1.234.567,8", "1234567.8"),
    ],
)
def test_fault_15_a_decimal_comma_is_read(text, plain):
    assert number(text, cause="bad", decimal_comma=True) == plain


@pytest.mark.parametrize("text", ["NaN", "inf", "--", "", "abc", "1_000", "1 kg"])
def test_fault_23_what_is_no_number_is_refused(text):
    with pytest.raises(RowProblem) as problem:
        number(text, cause="bad")
    assert problem.value.cause == "bad"


def test_fault_23_a_number_beyond_any_shop_is_refused():
    with pytest.raises(RowProblem) as problem:
        number("1000000000", cause="bad")
    assert problem.value.cause == "number_too_large"


@pytest.mark.parametrize("text", ["0017", "90.750", "1234567890123456789"])
def test_fault_19_codes_stay_text(text):
    assert product_code(f" {text}\u00a0") == text


def test_fault_19_full_width_letters_and_blanks_are_made_plain():
    assert clean("\u3000ＡＢ  1\u00a0") == "AB 1"


def test_fault_20_a_code_that_excel_shortened_is_refused():
    with pytest.raises(RowProblem) as problem:
        product_code("4.00638E+12")
    assert problem.value.cause == "shortened_number"


def test_fault_16_dates_are_read_in_the_order_of_the_file():
    assert Dates("dmy").iso("03/04/2026") == "2026-04-03"
    assert Dates("mdy").iso("03/04/26") == "2026-03-04"
    assert Dates("dmy").iso("2026-04-03 10:00") == "2026-04-03"
    assert Dates("dmy").iso("45992") == "2025-12-01"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-09-03 10:14:00 -0400", ("2026-09-03", "10:14:00", "-04:00", "")),
        ("2026-09-03T10:14:00+02:00", ("2026-09-03", "10:14:00", "+02:00", "")),
        ("2026-09-03T10:14:00Z", ("2026-09-03", "10:14:00", "", "UTC")),
        ("Sep 4, 2026 1:05:07 AM PDT", ("2026-09-04", "01:05:07", "-07:00", "")),
        ("15 Mar 2026 3:22:08 PM UTC", ("2026-03-15", "15:22:08", "", "UTC")),
        ("9/3/26 1:05 PM", ("2026-09-03", "13:05:00", "", "")),
        ("09/03/2026 13:05", ("2026-09-03", "13:05:00", "", "")),
        ("Sep-04-26", ("2026-09-04", "", "", "")),
        ("4 Sept 2026", ("2026-09-04", "", "", "")),
        ("Thu, Sep 4, 2026", ("2026-09-04", "", "", "")),
        ("Di. 4. März 2026 13:05 Uhr", ("2026-03-04", "13:05:00", "", "")),
        ("mardi 4 août 2026 14h30", ("2026-08-04", "14:30:00", "", "")),
        ("4 de septiembre de 2026", ("2026-09-04", "", "", "")),
        ("2026年9月3日 10:14", ("2026-09-03", "10:14:00", "", "")),
        ("２０２６/０９/０３", ("2026-09-03", "", "", "")),
        ("20260903", ("2026-09-03", "", "", "")),
        ("45992.5434", ("2025-12-01", "13:02:30", "", "")),
        ("45992.9999999", ("2025-12-02", "00:00:00", "", "")),
    ],
)
def test_a_date_and_a_time_are_read_from_one_cell(text, moment):
    assert tuple(Dates("mdy").moment(text)) == moment


def test_a_day_and_a_time_met_before_are_read_the_same():
    dates = Dates("dmy")
    first = [dates.moment(f"03/04/2026 {time}") for time in ("1:05 PM", "14:05")]
    later = [dates.moment(f"04/04/2026 {time}") for time in ("1:05 PM", "14:05")]
    assert [moment.clock for moment in first] == [moment.clock for moment in later]
    assert dates.moment("04/04/2026 1:05 PM").date == "2026-04-04"


@pytest.mark.parametrize(
    "text", ["2026-05-01 noon", "5/1/26 25:00", "5/1/26 10:00 XYZ"]
)
def test_a_time_that_cannot_be_read_is_told(text):
    with pytest.raises(RowProblem) as problem:
        Dates("mdy").moment(text)
    assert problem.value.cause == "time_unreadable"


@pytest.mark.parametrize("text", ["2026-02-30", "31/04/2026", "soon", "", "Sep 31, 26"])
def test_fault_16_a_date_that_does_not_exist_is_refused(text):
    with pytest.raises(RowProblem) as problem:
        Dates("dmy").iso(text)
    assert problem.value.cause == "date_unreadable"


def test_fault_16_a_date_tells_its_order_or_not():
    assert could_be("13/04/2026") == {"dmy"}
    assert could_be("04/13/2026") == {"mdy"}
    assert could_be("04/03/2026") == {"dmy", "mdy"}
    assert could_be("2026-04-03") == {"ymd"}
    assert could_be("3 Apr 2026") == {"ymd"}
    assert could_be("3 apples") == frozenset()


def test_the_decimal_mark_is_told_by_the_digits_behind_it():
    assert has_decimal_comma("3,50") is True
    assert has_decimal_comma("$3.50") is False
    assert has_decimal_comma("1,234") is None
    assert has_decimal_comma("12") is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("13:03:14", "13:03:14"),
        ("1:03 PM", "13:03:00"),
        ("12:05 am", "00:05:00"),
        ("0.5434", "13:02:30"),
        ("13h05", "13:05:00"),
    ],
)
def test_times_of_day_are_read(text, plain):
    assert clock(text) == plain


@pytest.mark.parametrize("text", ["25:00", "noon", "10:75", "10:75:00", ""])
def test_a_time_that_does_not_exist_is_refused(text):
    with pytest.raises(RowProblem):
        clock(text)
