"""Rows of one import in a table of their own, parsed, before they become facts.

The table is unlogged: what is lost with the server is read from the file again.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, LiteralString, cast

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor, sql

from imports.detecting import Detected
from imports.escaping import without_escape
from imports.kinds import COPY_MARKS, NULL, Kind, Parser
from imports.models import HeldRow, Import
from imports.reading import MOST_ROWS, BadRow, FileProblem, Row
from imports.references import ReferenceHash
from imports.values import RowProblem

ROWS_PER_COPY = 20_000
LINES_PER_WRITE = 2_000
SEPARATOR = "\x1f"
MARKS_IN_COPY = re.compile(r"[\\\t\n\r]")
LONGEST_CELL = 500

type Report = Callable[[int, int, str], None]


@dataclass(slots=True)
class Stage:
    """The staging table of one import, and how its kind reads it."""

    imported: Import
    kind: Kind
    detected: Detected

    @classmethod
    def of(cls, imported: Import) -> "Stage":
        return cls(imported, imported.file_kind, Detected.from_json(imported.detected))

    @property
    def options(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self.imported.options)

    @property
    def name(self) -> str:
        return f"imports_stage_{self.imported.pk}"

    @property
    def table(self) -> sql.Identifier:
        return sql.Identifier(self.name)

    @property
    def is_preview(self) -> bool:
        """Nothing is written yet, so what will be created is not there."""
        return self.imported.state in (Import.State.UPLOADED, Import.State.CHECKED)

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.kind.columns]

    def is_filled(self) -> bool:
        if not self.imported.last_row:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [self.name])
            (exists,) = cursor.fetchone()
            if not exists:
                return False
            cursor.execute(self.query("SELECT EXISTS (SELECT FROM {stage})"))
            return bool(cursor.fetchone()[0])

    def query(self, text: LiteralString, **parts: sql.Composable) -> str:
        """SQL with {stage} put in."""
        return sql.SQL(text).format(stage=self.table, **parts).as_string(None)

    def fill(self, report: Report) -> None:
        """Read every row into the table, then settle what only all rows tell."""
        parser = self.kind.parser(self)
        self.create()
        read, last = self.copy_all(parser, report)
        parser.finish()
        with connection.cursor() as cursor:
            self.settle_keys(cursor)
            cursor.execute(
                self.query("CREATE INDEX ON {stage} USING brin (row_number)")
            )
            cursor.execute(self.query("ANALYZE {stage}"))
        Import.objects.filter(pk=self.imported.pk).update(rows_read=read, last_row=last)
        self.imported.rows_read, self.imported.last_row = read, last

    def create(self) -> None:
        fields = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
            for name, kind in self.kind.fields.items()
        )
        text = """CREATE UNLOGGED TABLE {stage} (
            row_number int NOT NULL, cause text NOT NULL, detail text NOT NULL,
            raw text NOT NULL, key bytea, held_key bytea, {fields})"""
        self.drop()
        with connection.cursor() as cursor:
            cursor.execute(self.query(text, fields=fields))

    def drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.query("DROP TABLE IF EXISTS {stage}"))

    def copy_all(self, parser: Parser, report: Report) -> tuple[int, int]:
        reader = RowReader(self, parser)
        lines = map(reader.line, self.source_rows())
        while batch := list(islice(lines, ROWS_PER_COPY)):
            self.copy(batch)
            report(reader.read, 2 * self.expected_rows(reader), "Reading the file")
            if reader.read > MOST_ROWS:
                raise FileProblem(
                    f"The file has more than {MOST_ROWS:,} rows. Export it in parts, "
                    "one year each."
                )
        return reader.read, reader.last_row

    def copy(self, lines: list[str]) -> None:
        with connection.cursor() as cursor:
            raw = cast("Cursor[Any]", cursor.cursor)
            with raw.copy(self.query("COPY {stage} FROM STDIN")) as copy:
                for start in range(0, len(lines), LINES_PER_WRITE):
                    copy.write("".join(lines[start : start + LINES_PER_WRITE]))

    def expected_rows(self, reader: "RowReader") -> int:
        if not reader.characters or self.imported.waiting_of:
            return reader.read
        return max(reader.read, self.imported.size * reader.read // reader.characters)

    def source_rows(self) -> Iterator[tuple[int, Row]]:
        return self.waiting_rows() if self.imported.waiting_of else self.file_rows()

    def file_rows(self) -> Iterator[tuple[int, Row]]:
        rows = self.detected.source(Path(self.imported.path)).rows()
        indexes = [self.detected.columns.get(name, -1) for name in self.column_names]
        if self.kind.unfold:
            yield from self.kind.unfold(self.detected, rows)
            return
        width = max(indexes) + 1
        pick = itemgetter(*indexes)
        for number, cells in rows:
            if number <= self.detected.header_row:
                continue
            if isinstance(cells, BadRow):
                yield number, cells
            elif any(map(str.strip, cells)):
                cells.extend([""] * max(1, width - len(cells) + 1))
                yield number, list(pick(cells))

    def waiting_rows(self) -> Iterator[tuple[int, Row]]:
        waiting = HeldRow.objects.filter(
            import_file=self.imported.waiting_of, state__in=HeldRow.WAITING
        )
        for row in waiting.order_by("row_number").iterator(chunk_size=5000):
            yield (
                row.row_number,
                [row.values.get(name, "") for name in self.column_names],
            )

    def settle_keys(self, cursor: CursorWrapper) -> None:
        if self.imported.waiting_of and self.kind.numbers_keys:
            cursor.execute(
                self.query(
                    """UPDATE {stage} s SET key = h.key FROM imports_heldrow h
                    WHERE h.import_file_id = %s AND h.row_number = s.row_number
                      AND h.state <> 'rejected' AND s.cause = ''"""
                ),
                [self.imported.waiting_of.pk],
            )
        elif self.kind.prepare:
            self.kind.prepare(cursor, self)


class RowReader:
    """Turns rows into lines of COPY and counts them; a bad row keeps its cause."""

    def __init__(self, stage: Stage, parser: Parser) -> None:
        self.parse = parser.parse
        self.reference_at = [
            place
            for place, column in enumerate(stage.kind.columns)
            if column.is_reference
        ]
        self.hashed = ReferenceHash()
        self.location = str(stage.options.get("location") or "")
        names = stage.column_names
        self.location_at = names.index("location") if "location" in names else -1
        self.no_fields = "\t".join([NULL] * (len(stage.kind.fields) + 2))
        self.read = self.last_row = self.characters = 0

    def line(self, numbered: tuple[int, Row]) -> str:
        number, row = numbered
        self.read += 1
        self.last_row = number
        if isinstance(row, BadRow):
            return self.held_line(number, row.cause, row.detail, "")
        written = SEPARATOR.join(row)
        self.characters += len(written) * 2
        if "'" in written:
            row = [without_escape(cell) for cell in row]
        if self.reference_at:
            self.hash_references(row)
        try:
            if "\0" in written or not written.isascii():
                check_letters(written)
            fields = self.parse(row)
        except RowProblem as problem:
            return self.held_line(number, problem.cause, problem.detail, raw_text(row))
        if self.location and self.location_at >= 0:
            row[self.location_at] = self.location
        raw = SEPARATOR.join(row)
        if self.location or MARKS_IN_COPY.search(raw):
            raw = raw_text(row)
        return f"{number}\t\t\t{raw}\t{'\t'.join(fields)}\n"

    def hash_references(self, row: list[str]) -> None:
        for place in self.reference_at:
            row[place] = self.hashed.of(row[place])

    def held_line(self, number: int, cause: str, detail: str, raw: str) -> str:
        plain = detail.translate(COPY_MARKS).encode("utf-8", "replace").decode()
        return f"{number}\t{cause}\t{plain}\t{raw}\t{self.no_fields}\n"


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
