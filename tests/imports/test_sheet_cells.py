"""Cells come out as openpyxl reads them, whatever program wrote the workbook."""

import datetime as dt

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from imports.sheet_cells import Cells, as_text

ROWS = [
    ["SKU", "Sold at", "Units", "Net", "Paid"],
    ["0017", dt.datetime(2026, 5, 30, 13, 3, 14), 2, 90.75, True],
    ["=1+1 is text", dt.date(2026, 5, 30), -1, 1e15, False],
    [4006381333931, dt.time(7, 30), 0.1, None, dt.timedelta(hours=30)],
    [None, None, 1234567, "trailing ", " two  blanks"],
    ["Crème brûlée 抹茶", "#N/A", 3.0, 2.5e-7, "line\nbreak"],
]


@pytest.fixture(params=[True, False], ids=["inline texts", "shared texts"])
def book(request, tmp_path):
    book = openpyxl.Workbook(write_only=request.param)
    sheet = book.create_sheet("Sales") if request.param else book.active
    for row in ROWS:
        sheet.append(row)
    if not request.param:
        bold = TextBlock(InlineFont(b=True), "half bold")
        sheet["H9"] = CellRichText("only ", bold)
    book.save(tmp_path / "book.xlsx")
    return openpyxl.load_workbook(
        tmp_path / "book.xlsx", read_only=True, data_only=True
    )


def test_cells_are_those_of_openpyxl(book):
    sheet = book.worksheets[0]
    expected = {
        number: [as_text(value) for value in row]
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
        if any(value is not None for value in row)
    }
    found = {number: cells for number, cells in Cells(sheet).rows() if any(cells)}
    assert found.keys() == expected.keys()
    for number, cells in found.items():
        width = len(expected[number])
        assert cells + [""] * (width - len(cells)) == expected[number]
