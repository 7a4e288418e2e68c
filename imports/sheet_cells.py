"""Rows of a sheet as text, straight from its XML: what openpyxl reads, in less time.

openpyxl opens the workbook and knows its styles and shared texts; making an object of
each cell is what it spends its time on.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, cast
from xml.etree.ElementTree import Element, iterparse

from openpyxl.cell.text import Text
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROW, VALUE, INLINE, PLAIN = f"{MAIN}row", f"{MAIN}v", f"{MAIN}is", f"{MAIN}t"
MOST_CACHED = 50_000
read_text: Callable[[Element], Any] = cast("Any", Text).from_tree
read_iso: Callable[[str], Any] = cast("Any", from_ISO8601)


class Cells:
    """Reads the cells of one sheet of a workbook that openpyxl has opened to read."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.texts: list[str] = sheet._shared_strings
        self.dates: set[int] = sheet.parent._date_formats
        self.durations: set[int] = sheet.parent._timedelta_formats
        self.number = lru_cache(MOST_CACHED)(self.number_text)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with their number; a row that tells none follows the one before."""
        number = 0
        with self.sheet._get_source() as source:
            for _, element in iterparse(source):  # noqa: S314  entities were refused
                if element.tag == ROW:
                    number = int(float(element.get("r", number + 1)))
                    yield number, self.row(element)
                    element.clear()

    def row(self, element: Element) -> list[str]:
        cells: list[str] = []
        for cell in element:
            place = column_of(cell.get("r", ""), len(cells))
            if place >= len(cells):
                cells.extend([""] * (place + 1 - len(cells)))
            cells[place] = self.text(cell)
        return cells

    def text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return inline_text(cell)
        written = cell.findtext(VALUE)
        if not written:
            return ""
        match kind:
            case "s":
                return self.texts[int(written)]
            case "n":
                return self.number(written, int(cell.get("s", 0)))
            case "b":
                return as_text(bool(int(written)))
            case "d":
                return as_text(read_iso(written))
        return written

    def number_text(self, written: str, style: int) -> str:
        is_whole = "." not in written and "E" not in written.upper()
        number = int(written) if is_whole else float(written)
        if style not in self.dates:
            return as_text(number)
        try:
            is_duration = style in self.durations
            epoch = self.sheet.parent.epoch
            return as_text(from_excel(number, epoch, timedelta=is_duration))
        except (OverflowError, ValueError):
            return "#VALUE!"


def inline_text(cell: Element) -> str:
    inline = cell.find(INLINE)
    if inline is None:
        return ""
    if len(inline) == 1 and inline[0].tag == PLAIN:
        return inline[0].text or ""
    return str(read_text(inline).content)


def column_of(reference: str, following: int) -> int:
    """
    >>> column_of("A1", 7), column_of("AB12", 0), column_of("", 7)
    (0, 27, 7)
    """
    return column_at(reference.rstrip("0123456789")) if reference else following


@lru_cache(1024)
def column_at(letters: str) -> int:
    return int(column_index_from_string(letters)) - 1


def as_text(value: Any) -> str:
    """A cell as a CSV file would have it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case float():
            return repr(value)
        case dt.datetime() if value.time() == dt.time(0):
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case dt.date() | dt.time():
            return value.isoformat()
    return str(value)
