"""Rows that a check found fault with, in a table of their own until the import ends.

So they can be looked through and taken away as a file before anything is written.
Mapped columns only; the table is unlogged and goes with the staging table.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from imports.models import HeldRow, Import
from imports.problems import label_of, sentence
from imports.row_reader import SEPARATOR
from imports.staging import Stage

WARNING = "warning"
ROWS_PER_READ = 2_000

CREATE = """
CREATE UNLOGGED TABLE {table} (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    row_number int NOT NULL, outcome text NOT NULL, cause text NOT NULL,
    detail text NOT NULL, raw text NOT NULL)
"""
ADD = """
INSERT INTO {table} (row_number, outcome, cause, detail, raw)
SELECT row_number, outcome, cause, detail, raw FROM import_chunk
WHERE outcome NOT IN ('new', 'duplicate') ORDER BY row_number
"""
ADD_ODD = """
INSERT INTO {table} (row_number, outcome, cause, detail, raw)
SELECT o.row_number, 'warning', o.cause, o.detail, c.raw FROM ({rows}) o
JOIN import_chunk c USING (row_number) ORDER BY o.row_number
"""
OF_CAUSE = """
SELECT id, row_number, outcome, cause, detail, raw FROM {table}
WHERE outcome = %s AND cause = %s ORDER BY id OFFSET %s LIMIT %s
"""
ALL = """
SELECT id, row_number, outcome, cause, detail, raw FROM {table}
WHERE outcome <> 'warning' AND id > %s ORDER BY id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class ProblemRow:
    pk: int
    number: int
    outcome: str
    cause: str
    detail: str
    values: dict[str, Any]
    told: str = ""

    @property
    def reason(self) -> str:
        return self.told or sentence(self.cause, self.detail)


@dataclass(frozen=True, slots=True)
class ProblemRows:
    """The rows of one import that were found so far."""

    stage: Stage

    @property
    def name(self) -> str:
        return f"imports_problems_{self.stage.imported.pk}"

    def query(self, text: LiteralString, **parts: sql.Composable) -> str:
        table = sql.Identifier(self.name)
        return sql.SQL(text).format(table=table, **parts).as_string(None)

    def create(self) -> None:
        self.drop()
        with connection.cursor() as cursor:
            cursor.execute(self.query(CREATE))

    def drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.query("DROP TABLE IF EXISTS {table}"))

    def exists(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [self.name])
            return bool(cursor.fetchone()[0])

    def add(self, cursor: CursorWrapper) -> None:
        cursor.execute(self.query(ADD))
        if self.stage.kind.odd_rows:
            rows = sql.SQL(self.stage.kind.odd_rows)
            cursor.execute(self.query(ADD_ODD, rows=rows))

    def of_cause(
        self, outcome: str, cause: str, *, after: int, most: int
    ) -> list[ProblemRow]:
        return self.read(OF_CAUSE, [outcome, cause, after, most])

    def all(self) -> Iterator[ProblemRow]:
        last = 0
        while rows := self.read(ALL, [last, ROWS_PER_READ]):
            yield from rows
            last = rows[-1].pk

    def read(self, text: LiteralString, arguments: list[Any]) -> list[ProblemRow]:
        names = self.stage.column_names
        with connection.cursor() as cursor:
            cursor.execute(self.query(text), arguments)
            return [
                ProblemRow(
                    pk,
                    number,
                    outcome,
                    cause,
                    detail,
                    dict(zip(names, raw.split(SEPARATOR), strict=False)),
                )
                for pk, number, outcome, cause, detail, raw in cursor.fetchall()
            ]


def rows_of_cause(
    imported: Import, outcome: str, cause: str, *, after: int, most: int
) -> list[ProblemRow]:
    """As the check found them; once the import is done, those that stayed out."""
    found = ProblemRows(Stage.of(imported))
    if found.exists():
        return found.of_cause(outcome, cause, after=after, most=most)
    rows = HeldRow.objects.filter(import_file=imported, state=outcome, cause=cause)
    start = len(label_of(cause)) + len(": “")
    return [
        ProblemRow(
            row.pk,
            row.row_number,
            row.state,
            row.cause,
            row.reason[start:-1],
            row.values,
        )
        for row in rows.order_by("row_number", "pk")[after : after + most]
    ]
