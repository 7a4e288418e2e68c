"""What a file is: its encoding, delimiter, header row, kind and order of dates."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, cast

from imports.kinds import Column, Kind, kind_named
from imports.reading import (
    DELIMITERS,
    MOST_COLUMNS,
    SAMPLE_BYTES,
    BadRow,
    FileProblem,
    Source,
    detect_encoding,
    is_workbook,
    opened,
    sample_rows,
    workbook_rows,
)
from imports.values import DateOrder, could_be, has_decimal_comma

HEADER_WITHIN = 20
LOOK_AT_ROWS = 20_000
DATE_ORDERS: dict[str, str] = {
    "ymd": "year-month-day",
    "dmy": "day/month/year",
    "mdy": "month/day/year",
}
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class AmbiguousDates(FileProblem):
    """Dates that can be read with day or month first: a person has to say."""


@dataclass(frozen=True, slots=True)
class Detected:
    """How to read the file; kept with the import as JSON."""

    kind: str
    header_row: int
    columns: dict[str, int]
    headers: dict[str, str] = field(default_factory=dict)
    dropped: int = 0
    is_workbook: bool = False
    encoding: str = ""
    delimiter: str = ""
    date_order: DateOrder = "ymd"
    decimal_comma: bool = False

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Detected":
        return cls(**stored)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def source(self, path: Path) -> Source:
        return Source(path, self.is_workbook, self.encoding, self.delimiter)

    def in_words(self) -> str:
        how = (
            ["Excel workbook"]
            if self.is_workbook
            else [DELIMITER_NAMES.get(self.delimiter, "text"), self.encoding.upper()]
        )
        return ", ".join([*how, DATE_ORDERS[self.date_order]])


@dataclass(frozen=True, slots=True)
class Header:
    """A row that looks like the header of a kind."""

    kind: Kind
    row: int
    columns: dict[str, int]
    missing: list[Column]
    doubled: list[Column]
    width: int

    @property
    def score(self) -> float:
        """Most columns win; among equals the kind that needs more of them."""
        needed = sum(column.required for column in self.kind.columns)
        return len(self.columns) - (100 if self.missing else 0) + needed / 100


def normal(header: str) -> str:
    """
    >>> normal(" Unit_Price (EUR) ")
    'unit price'
    """
    return " ".join(re.sub(r"\(.*?\)", " ", with_brackets(header)).split())


def with_brackets(header: str) -> str:
    """
    >>> with_brackets(" On_hand (current) ")
    'on hand (current)'
    """
    text = unicodedata.normalize("NFKC", header).casefold()
    return " ".join(re.sub(r"[_\-./:]+", " ", text).split())


def detect(
    path: Path, kinds: Sequence[Kind], options: Mapping[str, object]
) -> Detected:
    """How to read the file; FileProblem where it cannot be read at all."""
    if is_workbook(path):
        sample = [
            (number, row if isinstance(row, list) else [])
            for number, row in islice(workbook_rows(path), HEADER_WITHIN)
        ]
        header = find_header({"": sample}, kinds, options)[1]
        found = described(header, sample, is_workbook=True)
    else:
        encoding = detect_encoding(path)
        with opened(path, encoding) as file:
            text = file.read(SAMPLE_BYTES)
        samples = {
            mark: list(enumerate(sample_rows(text, mark, HEADER_WITHIN), start=1))
            for mark in DELIMITERS
        }
        mark, header = find_header(samples, kinds, options)
        found = described(header, samples[mark], encoding=encoding, delimiter=mark)
    return settle_values(found, path, header.kind, options)


def find_header(
    samples: Mapping[str, list[tuple[int, list[str]]]],
    kinds: Sequence[Kind],
    options: Mapping[str, object],
) -> tuple[str, Header]:
    """The row that names the most columns of a kind, by any delimiter."""
    found = [
        (mark, match_header(kind, number, cells, options))
        for mark, rows in samples.items()
        for number, cells in rows
        if any(map(str.strip, cells))
        for kind in kinds
    ]
    if not found:
        raise FileProblem("The file is empty.")
    mark, best = max(found, key=lambda pair: pair[1].score)
    if best.missing:
        raise FileProblem(missing_columns(found, kinds))
    if best.doubled:
        names = ", ".join(f"“{column.label}”" for column in best.doubled)
        raise FileProblem(
            f"Two columns can be {names}. Rename or delete one of them in the file."
        )
    if best.width > MOST_COLUMNS:
        raise FileProblem(f"The file has more than {MOST_COLUMNS} columns.")
    return mark, best


def match_header(
    kind: Kind, number: int, cells: list[str], options: Mapping[str, object]
) -> Header:
    names = [normal(cell) for cell in cells]
    whole = [with_brackets(cell) for cell in cells]
    columns: dict[str, int] = {}
    doubled = []
    for column in kind.columns:
        places = places_of(column, names, whole)
        if places:
            columns[column.name] = places[0]
        if len(places) > 1 and not column.begins:
            doubled.append(column)
    missing = [c for c in kind.required(options) if c.name not in columns]
    return Header(kind, number, columns, missing, doubled, len(cells))


def places_of(column: Column, names: Sequence[str], whole: Sequence[str]) -> list[int]:
    """Where in the header a column stands: by its best name, else by how it begins."""
    for header in column.headers:
        known = whole if "(" in header else names
        if header in known:
            return [place for place, name in enumerate(known) if name == header]
    return [place for place, name in enumerate(whole) if beginning_of(column, name)]


def beginning_of(column: Column, header: str) -> str:
    """How the header begins, if as the column says."""
    name = with_brackets(header)
    return next((begin for begin in column.begins if name.startswith(begin)), "")


def missing_columns(found: list[tuple[str, Header]], kinds: Sequence[Kind]) -> str:
    """Names what the nearest kind lacks, or what is known at all."""
    _, nearest = max(
        found, key=lambda pair: len(pair[1].columns) - len(pair[1].missing)
    )
    if len(nearest.columns) < 2:
        names = ", ".join(kind.label for kind in kinds)
        return f"No row names the columns of a known file. Known files: {names}."
    names = ", ".join(f"“{column.label}”" for column in nearest.missing)
    few = "the column" if len(nearest.missing) == 1 else "the columns"
    return f"This looks like {nearest.kind.label}, but {few} {names} cannot be found."


def described(
    header: Header, sample: list[tuple[int, list[str]]], **how: Any
) -> Detected:
    cells = next(cells for number, cells in sample if number == header.row)
    return Detected(
        kind=header.kind.name,
        header_row=header.row,
        columns=header.columns,
        headers={name: cells[index] for name, index in header.columns.items()},
        dropped=sum(bool(cell.strip()) for cell in cells) - len(header.columns),
        **how,
    )


def settle_values(
    found: Detected, path: Path, kind: Kind, options: Mapping[str, object]
) -> Detected:
    """Decide what only the values tell: decimal mark and order of day and month."""
    rows = list(islice(body(found, path), 1000))
    if not rows:
        raise FileProblem("The file has a header but no rows.")
    found = replace(found, decimal_comma=uses_decimal_comma(found, rows, kind))
    order = cast("DateOrder", options.get("date_order") or "")
    if order:
        return replace(found, date_order=order)
    return replace(found, date_order=date_order(found, path, rows, kind))


def body(found: Detected, path: Path) -> Iterator[list[str]]:
    """Rows below the header that can be read and are not blank."""
    for number, cells in found.source(path).rows():
        if (
            number > found.header_row
            and not isinstance(cells, BadRow)
            and any(map(str.strip, cells))
        ):
            yield cells


def uses_decimal_comma(found: Detected, rows: list[list[str]], kind: Kind) -> bool:
    indexes = [
        found.columns[column.name]
        for column in kind.columns
        if column.is_number and column.name in found.columns
    ]
    told = [
        has_decimal_comma(row[index])
        for row in rows
        for index in indexes
        if index < len(row) and row[index]
    ]
    commas, points = told.count(True), told.count(False)
    return commas > points or (found.delimiter == ";" and not points)


def date_order(
    found: Detected, path: Path, rows: list[list[str]], kind: Kind
) -> DateOrder:
    indexes = [
        found.columns[column.name]
        for column in kind.columns
        if column.is_date and column.name in found.columns
    ]
    seen: set[str] = {"dmy", "mdy"}
    example = ""
    for row in rows if len(rows) < 1000 else islice(body(found, path), LOOK_AT_ROWS):
        for index in indexes:
            orders = could_be(row[index]) if index < len(row) else frozenset()
            if not orders or "ymd" in orders:
                continue
            example = example or row[index]
            seen = seen & orders or seen
            if len(seen) == 1:
                return cast("DateOrder", seen.pop())
    if not example:
        return "ymd"
    if kind.date_order:
        return cast("DateOrder", kind.date_order)
    raise AmbiguousDates(
        f"Dates such as “{example}” can be read with the day or the month first. "
        "Choose which, or write dates as 2026-04-03."
    )


def detected_kind(found: Detected) -> Kind:
    return kind_named(found.kind)
