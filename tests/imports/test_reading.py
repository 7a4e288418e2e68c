"""Any bytes become rows or one named problem; a bad row harms no other."""

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.detecting import AmbiguousDates, detect
from imports.kinds import kinds_of
from imports.reading import (
    FileProblem,
    detect_encoding,
    is_workbook,
    text_rows,
    workbook_rows,
)

ROWS = "date,location,sku,quantity\n2026-05-01,Café,A,1\n2026-05-02,Café,B,2\n"


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "file"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def found(path, **options):
    return detect(path, kinds_of("sales"), options)


def refusal(path, **options):
    with pytest.raises(FileProblem) as problem:
        found(path, **options)
    return str(problem.value)


@pytest.mark.parametrize(
    ("encoding", "detected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("cp1252", "cp1252"),
    ],
)
def test_fault_14_encodings_are_detected(file, encoding, detected):
    path = file(ROWS.encode(encoding))
    assert detect_encoding(path) == detected
    rows = [row for _, row in text_rows(path, detected, ",")]
    assert rows[1] == ["2026-05-01", "Café", "A", "1"]


def test_fault_14_japanese_is_detected(file):
    text = ROWS.replace("Café", "カフェ渋谷")
    assert detect_encoding(file(text.encode("cp932"))) == "cp932"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_fault_15_delimiters_are_detected(file, delimiter):
    assert found(file(ROWS.replace(",", delimiter))).delimiter == delimiter


def test_fault_12_title_rows_above_the_header_are_skipped(file):
    detected = found(file("My shop\n\nExport of 1 June\n" + ROWS))
    assert detected.header_row == 4


def test_columns_are_found_by_name_in_any_order(file):
    detected = found(file("Units,SKU,Store,Day\n1,A,Cafe,2026-05-01\n"))
    assert detected.columns == {"quantity": 0, "sku": 1, "location": 2, "date": 3}


def test_fault_10_a_missing_column_is_named(file):
    text = refusal(file("date,location,sku\n2026-05-01,Cafe,A\n"))
    assert "“quantity”" in text
    assert "Daily totals" in text


def test_fault_11_two_columns_of_one_name_are_asked(file):
    text = refusal(file("date,location,sku,quantity,quantity\n2026-05-01,C,A,1,2\n"))
    assert "“quantity”" in text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty"),
        ("\n\n  \n", "empty"),
        ("date,location,sku,quantity\n", "no rows"),
        ("date,location,sku,quantity\n\n,,,\n", "no rows"),
        (b"\x00\x01\x02\x03PNG" * 100, "not a table"),
        ("hello world, this is no table", "No row names"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
    ],
)
def test_fault_13_what_is_no_table_is_refused_in_words(file, content, says):
    assert says in refusal(file(content))


def test_fault_16_ambiguous_dates_are_asked_and_answered(file):
    path = file("date,location,sku,quantity\n03/04/2026,Cafe,A,1\n")
    with pytest.raises(AmbiguousDates):
        found(path)
    assert found(path, date_order="dmy").date_order == "dmy"


def test_fault_16_one_clear_date_tells_the_order_of_all(file):
    rows = "03/04/2026,Cafe,A,1\n" * 5 + "25/04/2026,Cafe,A,1\n"
    assert found(file("date,location,sku,quantity\n" + rows)).date_order == "dmy"


def test_fault_25_100_000_columns_are_refused(file):
    header = "date,location,sku,quantity," + ",".join(map(str, range(100_000)))
    assert "more than 300 columns" in refusal(file(header + "\n1,2,3,4\n"))


def workbook(path, rows, **sheets):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_workbook_is_read_as_its_cells_say(tmp_path):
    path = workbook(
        tmp_path / "book.xlsx",
        [["date", "location", "sku", "quantity"], ["2026-05-01", "Cafe", "0017", 2.5]],
    )
    assert is_workbook(path)
    assert list(workbook_rows(path)) == [
        (1, ["date", "location", "sku", "quantity"]),
        (2, ["2026-05-01", "Cafe", "0017", "2.5"]),
    ]
    assert found(path).is_workbook


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_give_rows_or_a_named_problem(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("fuzz") / "file"
    path.write_bytes(content)
    try:
        detected = found(path)
    except FileProblem:
        return
    list(detected.source(path).rows())
