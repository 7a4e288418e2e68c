"""Lines of sales in a workbook: real dates, times and numbers instead of texts."""

import datetime as dt

import openpyxl

from imports.detecting import detect
from imports.kinds import kinds_of
from tests.sales.formats.golden import Sample, read

HEADER = ["Date", "Time", "Receipt no", "SKU", "Item", "Qty", "Net sales", "Store"]
ROWS = [
    [dt.date(2026, 5, 1), dt.time(13, 5), 1001, "0017", "Tote", 2, 40.5, "Old Town"],
    [dt.datetime(2026, 5, 2, 9, 30), None, "R-2", 90.75, "Fern", 1.0, 16, "Old Town"],
    [46144.5434, None, "R-3", 4006381333931, "Pen", 3, 4.5, "Old Town"],
    ["Total", None, None, None, None, 6, 61, None],
]


class Workbook(Sample):
    @property
    def path(self):
        return self.file

    options = {"location": "Old Town"}


def test_cells_of_a_workbook_are_read_as_they_are_meant(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Sales of May"])
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    path = tmp_path / "sales.xlsx"
    book.save(path)
    assert detect(path, kinds_of("sales"), {}).header_row == 2
    first, second, third, total = read(Workbook(path, "sale_lines"))
    assert (first["date"], first["clock"]) == ("2026-05-01", "13:05:00")
    assert (first["receipt"], first["sku"], first["quantity"]) == ("1001", "0017", "2")
    assert (second["date"], second["clock"]) == ("2026-05-02", "09:30:00")
    assert (second["sku"], second["quantity"]) == ("90.75", "1")
    assert (third["date"], third["clock"]) == ("2026-05-02", "13:02:30")
    assert third["sku"] == "4006381333931"
    assert total["cause"] == "totals_row"
