"""Any file as rows of text: encoding, delimiter, sheets. Knows no database.

Every row is either a list of cells or a ``BadRow`` that says why it cannot be read;
a bad row never takes its neighbours with it.
"""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO

LONGEST_FIELD = 64 * 1024
LONGEST_LINE = 1024 * 1024
MOST_READ_AGAIN = 32 * 1024 * 1024
MOST_COLUMNS = 300
MOST_ROWS = 2_000_000
SAMPLE_BYTES = 256 * 1024
TOO_LONG = "a line that is too long"
DELIMITERS = (",", ";", "\t", "|")
XLSX_MAGIC = b"PK\x03\x04"
OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0"
MARKS = (
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)

csv.field_size_limit(LONGEST_FIELD)


class FileProblem(Exception):
    """Why a file cannot be read at all, in plain words."""


class LineTooLong(Exception):
    """A line of the file exceeds what any shop export has."""


@dataclass(frozen=True, slots=True)
class BadRow:
    cause: str
    detail: str = ""


type Row = list[str] | BadRow


@dataclass(frozen=True, slots=True)
class Source:
    """How to open a file: as a workbook, or as text in an encoding."""

    path: Path
    is_workbook: bool
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Rows with their number as a spreadsheet shows it; the first is 1."""
        if self.is_workbook:
            return workbook_rows(self.path, self.sheet)
        return text_rows(self.path, self.encoding, self.delimiter)


def is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == OLD_OFFICE_MAGIC:
        raise FileProblem(
            "This is an old Excel file or one with a password. Save it as .xlsx or "
            ".csv without a password."
        )
    return magic == XLSX_MAGIC


def detect_encoding(path: Path) -> str:
    """The encoding of a text file, by its mark or by what reads without a fault."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
    if not sample:
        raise FileProblem("The file is empty.")
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        return utf16_without_mark(sample)
    if reads_as_utf8(path):
        return "utf-8"
    return eight_bit_encoding(sample)


def utf16_without_mark(sample: bytes) -> str:
    """UTF-16 shows as a zero in every second byte; else this is no text."""
    half = len(sample) // 2
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) > 0.7 * half:
            return encoding
    raise FileProblem(
        "This is not a table. Choose a .csv, .tsv or .xlsx file exported by your POS."
    )


def reads_as_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return True


def eight_bit_encoding(sample: bytes) -> str:
    """UTF-8 with a few broken bytes, Shift-JIS, or the Western Windows encoding."""
    loose = sample.decode("utf-8", "replace")
    broken = loose.count("\ufffd")
    if sum(not letter.isascii() for letter in loose) - broken > broken:
        return "utf-8"
    try:
        japanese = sample.decode("cp932", "ignore")
    except UnicodeDecodeError:
        return "cp1252"
    letters = [letter for letter in japanese if not letter.isascii()]
    kana = sum("\u3040" <= letter <= "\u30ff" for letter in letters)
    return "cp932" if kana > 0.2 * len(letters) else "cp1252"


@contextmanager
def opened(path: Path, encoding: str) -> Iterator[IO[str]]:
    """The file as text; bytes that cannot be read become marks that rows check."""
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        yield file


class Lines:
    """Lines of one file that can be given back when a row went wrong."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.taken: list[str] = []
        self.length = self.read_again = 0
        self.again: deque[str] = deque()
        self.ended = False

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else self.read()
        if not line:
            self.ended = True
            raise StopIteration
        if line is TOO_LONG and self.taken:
            self.again.appendleft(line)
            raise csv.Error("the row goes on in a line that is too long")
        if line is TOO_LONG:
            raise LineTooLong
        self.taken.append(line)
        self.length += len(line)
        if self.length > LONGEST_LINE:
            raise csv.Error("row too long")
        return line

    def begin_row(self) -> None:
        self.taken.clear()
        self.length = 0

    def read(self) -> str:
        """The next line; of one that is too long only that it was there."""
        line = rest = self.file.readline(LONGEST_LINE)
        while len(rest) >= LONGEST_LINE and not rest.endswith(("\n", "\r")):
            line, rest = TOO_LONG, self.file.readline(LONGEST_LINE)
        return line

    def give_back(self) -> None:
        """Keep the first line of the row taken; the others start rows of their own."""
        self.read_again += self.length
        if self.read_again > MOST_READ_AGAIN:
            raise FileProblem("Too many quotes in this file are opened and not closed.")
        self.again.extendleft(reversed(self.taken[1:]))
        self.ended = False


def split_rows(file: IO[str], delimiter: str) -> Iterator[Row]:
    lines = Lines(file)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except LineTooLong:
            yield BadRow("line_too_long")
        except csv.Error:
            is_long = len(lines.taken) == 1 and lines.length > LONGEST_FIELD
            lines.give_back()
            yield BadRow("cell_too_long" if is_long else "quote_unclosed")
        else:
            if not lines.ended:
                yield cells
                continue
            lines.give_back()
            yield BadRow("quote_unclosed")
        reader = csv.reader(lines, delimiter=delimiter)


def text_rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, Row]]:
    with opened(path, encoding) as file:
        yield from zip(count(1), split_rows(file, delimiter), strict=False)


def sample_rows(text: str, delimiter: str, most: int) -> list[list[str]]:
    """The first rows of a sample; bad ones are empty, so that numbers stay right."""
    rows = zip(range(most), split_rows(io.StringIO(text), delimiter), strict=False)
    return [[] if isinstance(row, BadRow) else row for _, row in rows]


def workbook_rows(path: Path, sheet: str = "") -> Iterator[tuple[int, Row]]:
    """Rows of a sheet, else of the first one, read by a child with limited memory."""
    return workbook_rows_and_sheets(path, sheet)[1]


def workbook_rows_and_sheets(
    path: Path, sheet: str = ""
) -> tuple[list[str], Iterator[tuple[int, Row]]]:
    """Names of the sheets that are shown, which come first, and the rows of one."""
    lines = workbook_lines(path, sheet)
    return json.loads(next(lines)), map(numbered_row, lines)


def numbered_row(line: str) -> tuple[int, Row]:
    number, cells = json.loads(line)
    return number, BadRow(cells) if isinstance(cells, str) else cells


def workbook_lines(path: Path, sheet: str) -> Iterator[str]:
    """What the child prints; FileProblem where it refuses the file or dies of it."""
    if not zipfile.is_zipfile(path):
        raise FileProblem("This Excel file is damaged. Save it again and upload that.")
    child = subprocess.Popen(
        [sys.executable, "-m", "imports.workbook_child", str(path), sheet],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).resolve().parent.parent,
        text=True,
        encoding="utf-8",
    )
    assert child.stdout is not None  # noqa: S101  it is a pipe
    try:
        refusal = ""
        for line in child.stdout:
            if line.startswith("!"):
                refusal = line[1:].strip()
            elif line.endswith("\n"):  # else the child died while it wrote
                yield line
        if child.wait(timeout=10) != 0 or refusal:
            raise FileProblem(refusal or "This Excel file could not be read safely.")
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
