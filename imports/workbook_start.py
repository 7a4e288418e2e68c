"""The first rows of a workbook, kept beside it: opening one again takes seconds.

What is kept goes with the file and never reaches the database.
"""

import json
import os
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from imports.reading import BadRow, workbook_rows_and_sheets

MOST_ROWS = 1000


class WorkbookStart(NamedTuple):
    """Names of the sheets that are shown, and rows of the one that is read."""

    sheets: list[str]
    rows: list[tuple[int, list[str]]]

    @property
    def is_whole(self) -> bool:
        return len(self.rows) < MOST_ROWS


def workbook_start(path: Path, sheet: str) -> WorkbookStart:
    kept = beside(path)
    stamp = [path.stat().st_size, path.stat().st_mtime_ns, sheet]
    if kept.exists():
        stored = json.loads(kept.read_text())
        if stored["stamp"] == stamp:
            rows = [(number, cells) for number, cells in stored["rows"]]
            return WorkbookStart(stored["sheets"], rows)
    start = read_start(path, sheet)
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as file:
        json.dump({"stamp": stamp, "sheets": start.sheets, "rows": start.rows}, file)
    return start


def read_start(path: Path, sheet: str) -> WorkbookStart:
    sheets, found = workbook_rows_and_sheets(path, sheet)
    rows = [
        (number, [] if isinstance(cells, BadRow) else cells)
        for number, cells in islice(found, MOST_ROWS)
    ]
    return WorkbookStart(sheets, rows)


def beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.first")


def forget_file(path: Path) -> None:
    """The file, and what was kept of it beside it."""
    path.unlink(missing_ok=True)
    beside(path).unlink(missing_ok=True)
