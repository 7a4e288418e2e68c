"""What a file is: its kind by the names of its columns, and how its values are meant.

A file that is no named layout exactly is never taken for one: a person maps it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, cast

from imports.kinds import Kind, kind_named
from imports.looking import HowToRead, Look, check_rows, look_at
from imports.mapping import file_columns, suggest
from imports.reading import BadRow, FileProblem, Source
from imports.recognising import (
    Match,
    match_header,
    missing_columns,
    nearest,
    recognise,
)
from imports.summing_up import Summary, sum_up
from imports.values import DateOrder, could_be, has_decimal_comma

LOOK_AT_ROWS = 20_000
DATE_ORDERS: dict[str, str] = {
    "ymd": "year-month-day",
    "dmy": "day/month/year",
    "mdy": "month/day/year",
}
DECIMAL_MARKS = {"point": "1,234.50", "comma": "1.234,50"}
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class AmbiguousDates(FileProblem):
    """Dates that can be read with day or month first: a person has to say."""


@dataclass(frozen=True, slots=True)
class Detected:
    """How to read the file; kept with the import as JSON.

    ``guessed``: columns that were suggested, not found by name. ``doubled``: columns
    that two headers could be. ``asks``: what the values leave open, each with an
    example; ``answered``: what they left open until a person said. ``by_place``:
    columns that there are once per location.
    """

    kind: str
    header_row: int
    columns: dict[str, int]
    headers: dict[str, str] = field(default_factory=dict)
    dropped: int = 0
    is_workbook: bool = False
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    date_order: DateOrder = "ymd"
    decimal_comma: bool = False
    guessed: dict[str, str] = field(default_factory=dict)
    doubled: list[str] = field(default_factory=list)
    asks: dict[str, str] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    by_place: dict[str, dict[str, int]] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Detected":
        return cls(**stored)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def summary(self) -> Summary:
        return Summary.from_json(self.about)

    def source(self, path: Path) -> Source:
        return Source(path, self.is_workbook, self.encoding, self.delimiter, self.sheet)

    def how_to_read(self) -> HowToRead:
        return HowToRead(self.encoding, self.delimiter, self.sheet, self.header_row)

    def with_doubts_of(self, other: "Detected") -> "Detected":
        """The same columns are as doubtful as they were."""
        return replace(self, guessed=other.guessed, doubled=other.doubled)

    def in_words(self) -> str:
        how = (
            ["Excel workbook", *([f"sheet “{self.sheet}”"] if self.sheet else [])]
            if self.is_workbook
            else [DELIMITER_NAMES.get(self.delimiter, "text"), self.encoding.upper()]
        )
        return ", ".join([*how, DATE_ORDERS[self.date_order]])


def detect(
    path: Path, kinds: Sequence[Kind], options: Mapping[str, object]
) -> Detected:
    """How to read a file that nobody can be asked about; FileProblem where unclear."""
    look = look_at(path, kinds)
    match = recognise(look, kinds, options)
    if match is None or match.asked:
        raise FileProblem(missing_columns(look, kinds, options))
    check_rows(look)
    if match.doubled:
        names = ", ".join(f"“{column.label}”" for column in match.doubled)
        raise FileProblem(
            f"Two columns can be {names}. Rename or delete one of them in the file."
        )
    found = settled(described(look, match), path, look, options)
    if example := found.asks.get("date_order"):
        raise AmbiguousDates(
            f"Dates such as “{example}” can be read with the day or the month first. "
            "Choose which, or write dates as 2026-04-03."
        )
    return found


def interpret(
    path: Path,
    look: Look,
    kinds: Sequence[Kind],
    options: Mapping[str, object],
) -> Detected:
    """The best reading of a file of which a person is asked what remains unclear."""
    check_rows(look)
    named = [kind for kind in kinds if not kind.is_generic]
    match = recognise(look, named, options) or nearest(look, kinds, options)
    found = described(look, match)
    if match.kind.is_generic or not match.fits:
        found = with_suggestions(found, look, match)
    return settled(found, path, look, options)


def with_kind(look: Look, kind: Kind, options: Mapping[str, object]) -> Detected:
    return described(look, match_header(kind, look.header, options))


def mapped(
    path: Path,
    look: Look,
    found: Detected,
    columns: Mapping[str, int],
    options: Mapping[str, object],
) -> Detected:
    """The reading with the columns that a person chose."""
    header = look.header
    chosen = {name: index for name, index in columns.items() if index >= 0}
    found = replace(
        found,
        columns=chosen,
        headers={name: named(header, index) for name, index in chosen.items()},
        dropped=left_out(look, chosen),
        guessed={},
        doubled=[],
    )
    return settled(found, path, look, options)


def described(look: Look, match: Match) -> Detected:
    header = look.header
    taken = [index for places in match.by_place.values() for index in places.values()]
    return Detected(
        kind=match.kind.name,
        header_row=look.header_row,
        columns=match.columns,
        headers={name: named(header, i) for name, i in match.columns.items()},
        dropped=left_out(look, match.columns, taken),
        is_workbook=look.is_workbook,
        encoding=look.encoding,
        delimiter=look.delimiter,
        sheet=look.sheet,
        doubled=[column.name for column in match.doubled],
        by_place=match.by_place,
    )


def with_suggestions(found: Detected, look: Look, match: Match) -> Detected:
    ideas = suggest(match.kind, file_columns(look), match.columns)
    columns = found.columns | {name: idea.index for name, idea in ideas.items()}
    header = look.header
    return replace(
        found,
        columns=columns,
        headers={name: named(header, index) for name, index in columns.items()},
        dropped=left_out(look, columns),
        guessed={name: idea.confidence for name, idea in ideas.items()},
    )


def named(header: Sequence[str], index: int) -> str:
    return header[index] if index < len(header) else f"Column {index + 1}"


def left_out(look: Look, columns: Mapping[str, int], others: Sequence[int] = ()) -> int:
    used = {*columns.values(), *others}
    return sum(
        bool(cell) and index not in used for index, cell in enumerate(look.header)
    )


def settled(
    found: Detected, path: Path, look: Look, options: Mapping[str, object]
) -> Detected:
    """Decide what only the values tell: decimal mark and order of day and month.

    An answer counts only where the values leave it open, or for the decimal mark.
    """
    kind = kind_named(found.kind)
    comma, number = decimal_comma(found, look.body, kind)
    order, date = date_order(found, path, look, kind)
    open_values = {
        name: example
        for name, example in (("decimal_mark", number), ("date_order", date))
        if example and not assumed(kind, name)
    }
    mark = options.get("decimal_mark") or ("comma" if comma else "point")
    if date:
        order = cast("DateOrder", options.get("date_order") or kind.date_order or order)
    found = replace(
        found,
        decimal_comma=mark == "comma",
        date_order=order,
        asks={k: v for k, v in open_values.items() if not options.get(k)},
        answered={k: v for k, v in open_values.items() if options.get(k)},
    )
    return replace(found, about=sum_up(path, look, found.columns, found.date_order))


def assumed(kind: Kind, name: str) -> bool:
    """Known layouts write numbers with a point; some say the order of their dates."""
    return bool(kind.date_order) if name == "date_order" else not kind.is_generic


def cells_of(
    rows: Iterator[list[str]] | list[list[str]], indexes: list[int]
) -> Iterator[str]:
    for row in rows:
        for index in indexes:
            if index < len(row) and row[index]:
                yield row[index]


def places_in(found: Detected, kind: Kind, wanted: str) -> list[int]:
    return [
        found.columns[column.name]
        for column in kind.columns
        if getattr(column, wanted) and column.name in found.columns
    ]


def decimal_comma(
    found: Detected, rows: list[list[str]], kind: Kind
) -> tuple[bool, str]:
    """Whether the comma is the decimal mark, and an example where nobody can tell."""
    commas = points = 0
    example = ""
    for text in cells_of(rows, places_in(found, kind, "is_number")):
        told = has_decimal_comma(text)
        if told is None:
            example = example or (text if "," in text or "." in text else "")
        else:
            commas, points = commas + told, points + (not told)
    comma = commas > points or (found.delimiter == ";" and not points)
    return comma, "" if commas or points else example


def date_order(
    found: Detected, path: Path, look: Look, kind: Kind
) -> tuple[DateOrder, str]:
    """The order of day and month, and an example where both are possible."""
    indexes = places_in(found, kind, "is_date")
    order, example = order_in(look.body, indexes)
    if not example or look.is_whole:
        return order, example
    return order_in(islice(body(found, path), LOOK_AT_ROWS), indexes)


def order_in(
    rows: Iterator[list[str]] | list[list[str]], indexes: list[int]
) -> tuple[DateOrder, str]:
    seen: set[str] = {"dmy", "mdy"}
    example = ""
    for text in cells_of(rows, indexes):
        orders = could_be(text)
        if not orders or "ymd" in orders:
            continue
        example = example or text
        seen = seen & orders or seen
        if len(seen) == 1:
            return cast("DateOrder", seen.pop()), ""
    return "ymd", example


def body(found: Detected, path: Path) -> Iterator[list[str]]:
    """Rows below the header that can be read and are not blank."""
    for number, cells in found.source(path).rows():
        if (
            number > found.header_row
            and not isinstance(cells, BadRow)
            and any(map(str.strip, cells))
        ):
            yield cells


def detected_kind(found: Detected) -> Kind:
    return kind_named(found.kind)
