"""What a file roughly holds, told before it is read: rows, days, locations.

The beginning and the end of the file are looked at, not what lies between.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from imports.looking import Look
from imports.reading import sample_rows
from imports.values import DateOrder, Dates, RowProblem

TAIL_BYTES = 64 * 1024
TAIL_ROWS = 400


@dataclass(frozen=True, slots=True)
class Summary:
    rows: int = 0
    is_exact: bool = False
    first_date: str = ""
    last_date: str = ""
    places: int = 0

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Summary":
        return cls(**stored)

    @property
    def first_day(self) -> dt.date | None:
        return dt.date.fromisoformat(self.first_date) if self.first_date else None

    @property
    def last_day(self) -> dt.date | None:
        return dt.date.fromisoformat(self.last_date) if self.last_date else None


def sum_up(
    path: Path, look: Look, columns: Mapping[str, int], order: DateOrder
) -> dict[str, Any]:
    body = look.body
    rows = [*body, *tail(path, look)]
    days = sorted(days_of(rows, columns.get("date", -1), order))
    places = {row[columns["location"]] for row in rows if in_row(row, columns)}
    summary = Summary(
        rows=len(body) if look.is_whole else estimated(path, look, len(body)),
        is_exact=look.is_whole,
        first_date=days[0] if days else "",
        last_date=days[-1] if days else "",
        places=len(places),
    )
    return asdict(summary)


def in_row(row: Sequence[str], columns: Mapping[str, int]) -> bool:
    index = columns.get("location", -1)
    return 0 <= index < len(row) and bool(row[index].strip())


def days_of(rows: Sequence[Sequence[str]], index: int, order: DateOrder) -> set[str]:
    dates, days = Dates(order), set()
    for row in rows:
        if 0 <= index < len(row):
            try:
                days.add(dates.iso(row[index]))
            except RowProblem:
                continue
    return days


def estimated(path: Path, look: Look, rows: int) -> int:
    """By the bytes that the first rows took; unknown for a workbook."""
    if look.is_workbook or not look.bytes_read:
        return 0
    return rows * path.stat().st_size // look.bytes_read


def tail(path: Path, look: Look) -> list[list[str]]:
    """The last rows of a text file, as far as they can be read from there."""
    if look.is_workbook or look.is_whole or look.encoding.startswith("utf-16"):
        return []
    with path.open("rb") as file:
        file.seek(-min(TAIL_BYTES, path.stat().st_size), 2)
        text = file.read().decode(look.encoding, "replace")
    _, _, whole = text.partition("\n")
    return sample_rows(whole, look.delimiter, TAIL_ROWS * 10)[-TAIL_ROWS:]
