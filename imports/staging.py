"""Rows of one import in a table of their own, parsed, before they become facts.

The table is unlogged: what is lost with the server is read from the file again.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import batched
from operator import itemgetter
from pathlib import Path
from typing import Any, LiteralString, cast

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor, sql

from imports.detecting import Detected
from imports.kinds import Kind, Parser
from imports.models import HeldRow, Import
from imports.reading import MOST_ROWS, BadRow, FileProblem, Row
from imports.row_reader import RowReader

ROWS_PER_BATCH = 2_000
SECONDS_PER_REPORT = 0.5

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
            cursor.execute(
                self.query("CREATE INDEX ON {stage} USING brin (row_number)")
            )
            self.analyze(cursor)
            report(read, 2 * max(read, 1), "Reading the file")  # or it was stopped
            self.settle_keys(cursor)
        Import.objects.filter(pk=self.imported.pk).update(rows_read=read, last_row=last)
        self.imported.rows_read, self.imported.last_row = read, last

    def analyze(self, cursor: CursorWrapper) -> None:
        """A small sample tells enough: the columns differ by orders of magnitude."""
        cursor.execute("SET default_statistics_target = 10")
        cursor.execute(self.query("ANALYZE {stage}"))
        cursor.execute("RESET default_statistics_target")

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
        reader = RowReader(self.kind, parser, self.options)
        batches = map(reader.lines, batched(self.source_rows(), ROWS_PER_BATCH))
        copy = self.copy_next if self.imported.waiting_of else self.copy_for_a_while
        while copy(batches):
            report(reader.read, 2 * self.expected_rows(reader), "Reading the file")
            if reader.read > MOST_ROWS:
                raise FileProblem(
                    f"The file has more than {MOST_ROWS:,} rows. Export it in parts, "
                    "one year each."
                )
        return reader.read, reader.last_row

    @transaction.atomic
    def copy_for_a_while(self, batches: Iterator[str]) -> bool:
        """Copy until it is time to report; whether there may be more.

        PostgreSQL takes in one batch while we read the next.
        """
        until = time.monotonic() + SECONDS_PER_REPORT
        with connection.cursor() as cursor:
            raw = cast("Cursor[Any]", cursor.cursor)
            with raw.copy(self.query("COPY {stage} FROM STDIN")) as copy:
                for batch in batches:
                    copy.write(batch)
                    if time.monotonic() >= until:
                        return True
        return False

    def copy_next(self, batches: Iterator[str]) -> bool:
        """Copy one batch that was read before: it comes from this very connection."""
        batch = next(batches, "")
        if batch:
            with connection.cursor() as cursor:
                raw = cast("Cursor[Any]", cursor.cursor)
                with raw.copy(self.query("COPY {stage} FROM STDIN")) as copy:
                    copy.write(batch)
        return bool(batch)

    def expected_rows(self, reader: "RowReader") -> int:
        if not reader.characters or self.imported.waiting_of:
            return reader.read
        return max(reader.read, self.imported.size * reader.read // reader.characters)

    def source_rows(self) -> Iterator[tuple[int, Row]]:
        return self.waiting_rows() if self.imported.waiting_of else self.file_rows()

    def raw_rows(self) -> Iterator[tuple[int, Row]]:
        return self.detected.source(Path(self.imported.path)).rows()

    def file_rows(self) -> Iterator[tuple[int, Row]]:
        rows = self.raw_rows()
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
            elif cells and (cells[0].strip() or any(map(str.strip, cells))):
                if len(cells) < width:
                    cells.extend([""] * (width - len(cells)))
                cells.append("")  # what the file does not have
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
