"""Rows of a file as lines of COPY; a row that cannot be read keeps its cause."""

from collections.abc import Mapping, Sequence
from itertools import chain, starmap

from imports.escaping import without_escape
from imports.kinds import COPY_MARKS, NULL, Kind, KnowingParser, Parser
from imports.reading import BadRow, Row
from imports.references import ReferenceHash
from imports.values import RowProblem

SEPARATOR = "\x1f"
ESCAPE = f"{SEPARATOR}'"
MARKS = ("\\", "\t", "\n", "\r", "\0", ESCAPE)
LONGEST_CELL = 500


class RowReader:
    """Reads the rows of one file batch by batch and counts them.

    Most batches are plain: what needs care is looked for once per batch.
    """

    def __init__(
        self, kind: Kind, parser: Parser, options: Mapping[str, object]
    ) -> None:
        self.parse = parser.parse
        self.knowing = parser if isinstance(parser, KnowingParser) else None
        self.reference_at = [
            place for place, column in enumerate(kind.columns) if column.is_reference
        ]
        self.hashed = ReferenceHash()
        self.location = str(options.get("location") or "")
        names = [column.name for column in kind.columns]
        self.location_at = names.index("location") if "location" in names else -1
        self.no_fields = "\t".join([NULL] * (len(kind.fields) + 2))
        self.read = self.last_row = self.characters = 0

    def lines(self, batch: Sequence[tuple[int, Row]]) -> str:
        """The batch as COPY reads it."""
        self.read += len(batch)
        self.last_row = batch[-1][0]
        rows = [row for _, row in batch if not isinstance(row, BadRow)]
        cells = ["", *chain.from_iterable(rows), self.location]
        written = SEPARATOR.join(cells)
        self.characters += 2 * (len(written) - len(cells))
        if not is_plain(written, len(cells)):
            return "".join(starmap(self.odd_line, batch))
        if self.knowing and len(rows) == len(batch):
            return self.plain_lines(self.knowing, [n for n, _ in batch], rows)
        return "".join(starmap(self.plain_line, batch))

    def plain_lines(
        self, knowing: KnowingParser, numbers: Sequence[int], rows: Sequence[list[str]]
    ) -> str:
        """Rows that repeat earlier ones, all at once; the others one by one."""
        for place in self.reference_at:
            for row in rows:
                if row[place]:
                    row[place] = self.hashed.of(row[place])
        known = knowing.known_fields(rows)
        if self.location and self.location_at >= 0:
            for row, fields in zip(rows, known, strict=True):
                if fields:
                    row[self.location_at] = self.location
        return "".join(
            [
                f"{number}\t\t\t{SEPARATOR.join(row)}\t{fields}\n"
                if fields
                else self.plain_line(number, row)
                for number, row, fields in zip(numbers, rows, known, strict=True)
            ]
        )

    def plain_line(self, number: int, row: Row) -> str:
        if isinstance(row, BadRow):
            return self.held_line(number, row.cause, row.detail, "")
        self.hash_references(row)
        try:
            fields = "\t".join(self.fields(row))
        except RowProblem as problem:
            return self.held_line(number, problem.cause, problem.detail, raw_text(row))
        return f"{number}\t\t\t{SEPARATOR.join(row)}\t{fields}\n"

    def odd_line(self, number: int, row: Row) -> str:
        """Of a batch in which something is escaped, or to be escaped, or broken."""
        if isinstance(row, BadRow):
            return self.held_line(number, row.cause, row.detail, "")
        row = [without_escape(cell) for cell in row]
        self.hash_references(row)
        try:
            check_letters(SEPARATOR.join(row))
            fields = "\t".join(self.fields(row))
        except RowProblem as problem:
            return self.held_line(number, problem.cause, problem.detail, raw_text(row))
        return f"{number}\t\t\t{raw_text(row)}\t{fields}\n"

    def hash_references(self, row: list[str]) -> None:
        for place in self.reference_at:
            if row[place]:
                row[place] = self.hashed.of(row[place])

    def fields(self, row: list[str]) -> Sequence[str]:
        fields = self.parse(row)
        if self.location and self.location_at >= 0:
            row[self.location_at] = self.location
        return fields

    def held_line(self, number: int, cause: str, detail: str, raw: str) -> str:
        plain = detail.translate(COPY_MARKS).encode("utf-8", "replace").decode()
        return f"{number}\t{cause}\t{plain}\t{raw}\t{self.no_fields}\n"


def is_plain(text: str, cells: int) -> bool:
    """Whether COPY takes joined cells as they are, and no bytes in them were broken."""
    if text.count(SEPARATOR) >= cells or any(mark in text for mark in MARKS):
        return False
    return text.isascii() or is_encodable(text)


def is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_letters(raw: str) -> None:
    """Bytes that no encoding explains came in as surrogates or as U+FFFD."""
    if "\0" in raw:
        raise RowProblem("unreadable_bytes", "a zero byte")
    try:
        raw.encode()
    except UnicodeEncodeError as error:
        raise RowProblem("unreadable_bytes", f"letter {error.start + 1}") from None


def raw_text(row: Sequence[str]) -> str:
    """Mapped cells as one text; what the database cannot hold is replaced."""
    raw = SEPARATOR.join(cell[:LONGEST_CELL].replace(SEPARATOR, " ") for cell in row)
    return raw.translate(COPY_MARKS).encode("utf-8", "replace").decode()
