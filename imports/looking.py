"""The beginning of a file as a table: how its text reads and where its header is.

Knows the names that headers may have, and no kind: what the table holds is decided in
``detecting``. Whatever a person says of the file holds; the rest is found out.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from imports.kinds import Kind
from imports.reading import (
    DELIMITERS,
    MOST_COLUMNS,
    SAMPLE_BYTES,
    FileProblem,
    detect_encoding,
    is_workbook,
    opened,
    sample_rows,
)
from imports.values import RowProblem, could_be, number
from imports.workbook_start import workbook_start

HEADER_WITHIN = 20
UNWRITABLE = re.compile("[\0\ud800-\udfff]")  # zero bytes, and bytes of no letter
SAMPLE_ROWS = 1000
MOST_NAMES_THAT_ARE_VALUES = 0.2

type NumberedRows = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What a person said of the file; None and empty: find out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """The first rows of a file that are not blank, with their numbers."""

    rows: NumberedRows
    header_row: int
    is_workbook: bool = False
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: Sequence[str] = ()
    bytes_read: int = 0
    is_whole: bool = False

    @property
    def width(self) -> int:
        return max((len(cells) for _, cells in self.rows), default=0)

    @property
    def header(self) -> list[str]:
        """Names of the columns; where the file has none, their places."""
        named = next(
            (cells for row, cells in self.rows if row == self.header_row), None
        )
        if named is None:
            return [f"Column {place}" for place in range(1, self.width + 1)]
        return [" ".join(cell.split())[:120] for cell in named]

    @property
    def body(self) -> list[list[str]]:
        return [cells for row, cells in self.rows if row > self.header_row]


def normal(header: str) -> str:
    """
    >>> normal(" Unit_Price (EUR) ")
    'unit price'
    """
    text = unicodedata.normalize("NFKC", header).casefold()
    text = re.sub(r"\(.*?\)", " ", text)
    return " ".join(re.sub(r"[_\-./:]+", " ", text).split())


def look_at(path: Path, kinds: Iterable[Kind], how: HowToRead = HowToRead()) -> Look:
    """Read the beginning; FileProblem where it is no table at all."""
    known = {
        header for kind in kinds for column in kind.columns for header in column.headers
    }
    if is_workbook(path):
        start = workbook_start(path, how.sheet)
        look = Look(
            filled(start.rows),
            0,
            is_workbook=True,
            sheet=how.sheet,
            sheets=start.sheets,
            is_whole=start.is_whole,
        )
    else:
        look = look_at_text(path, known, how)
    if not look.rows:
        raise FileProblem("The file is empty.")
    if look.width > MOST_COLUMNS:
        raise FileProblem(f"The file has more than {MOST_COLUMNS} columns.")
    header_row = how.header_row
    if header_row is None:
        header_row = header_of(look.rows, known)
    return replace(look, header_row=header_row)


def check_rows(look: Look) -> None:
    if not look.body:
        raise FileProblem("The file has a header but no rows.")


def look_at_text(path: Path, known: set[str], how: HowToRead) -> Look:
    encoding = how.encoding or detect_encoding(path)
    try:
        with opened(path, encoding) as file:
            text = file.read(SAMPLE_BYTES)
            is_whole = not file.read(1)
    except UnicodeError:
        raise FileProblem(
            f"The file cannot be read as {encoding.upper()}. Choose another encoding."
        ) from None
    marks = (how.delimiter,) if how.delimiter else DELIMITERS
    if not is_whole:
        text = text[: text.rfind("\n") + 1] or text
    samples = {
        mark: filled(enumerate(sample_rows(text, mark, SAMPLE_ROWS), start=1))
        for mark in marks
    }
    mark = max(marks, key=lambda mark: table_score(samples[mark], known))
    rows = samples[mark]
    return Look(
        rows,
        0,
        encoding=encoding,
        delimiter=mark,
        bytes_read=sum(map(bytes_of(encoding), rows)),
        is_whole=is_whole and len(rows) < SAMPLE_ROWS,
    )


def bytes_of(encoding: str) -> Callable[[tuple[int, list[str]]], int]:
    """About how many bytes of the file a row takes."""
    width = 2 if encoding.startswith("utf-16") else 1
    return lambda row: (
        width
        * sum(
            len(cell if width == 2 else cell.encode(encoding, "replace")) + 1
            for cell in row[1]
        )
    )


def filled(rows: Iterable[tuple[int, list[str]]]) -> NumberedRows:
    """Rows that are not blank; what neither page nor database can hold is marked."""
    return [
        (number, [UNWRITABLE.sub("\ufffd", cell) for cell in cells])
        for number, cells in rows
        if any(map(str.strip, cells))
    ]


def table_score(rows: NumberedRows, known: set[str]) -> tuple[int, int]:
    """Names that are known first; then how many rows are alike, and how wide."""
    names = max(
        (known_names(cells, known) for _, cells in rows[:HEADER_WITHIN]), default=0
    )
    widths = Counter(len(cells) for _, cells in rows)
    width, alike = widths.most_common(1)[0] if widths else (0, 0)
    return names, alike * min(width, 40) if width > 1 else 0


def known_names(cells: list[str], known: set[str]) -> int:
    return len({normal(cell) for cell in cells} & known)


def header_of(rows: NumberedRows, known: set[str]) -> int:
    """The row with most known names, else the first that looks like names; else 0."""
    near = [(row, cells) for row, cells in rows if row <= HEADER_WITHIN]
    row, cells = max(
        near, key=lambda pair: known_names(pair[1], known), default=(0, [])
    )
    if known_names(cells, known) >= 2:
        return row
    width = Counter(len(cells) for _, cells in rows).most_common(1)[0][0]
    for row, cells in near:
        names = [cell for cell in cells if cell.strip()]
        if len(names) >= max(2, 0.6 * width):
            return row if are_names(names) else 0
    return 0


def are_names(cells: list[str]) -> bool:
    """Names are words, hardly a number and never a date."""
    if any(map(could_be, cells)):
        return False
    values = sum(map(is_value, cells))
    return values <= MOST_NAMES_THAT_ARE_VALUES * len(cells)


def is_value(cell: str) -> bool:
    return bool(could_be(cell)) or is_number(cell)


def is_number(cell: str) -> bool:
    return reads(lambda: number(cell, cause="number_unreadable"))


def reads(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except RowProblem:
        return False
    return True
