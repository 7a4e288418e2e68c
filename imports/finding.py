"""What a check found: rows per outcome, causes with examples, odd rows, first rows."""

import json
from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from imports.models import Import
from imports.problem_rows import WARNING, ProblemRows
from imports.problems import Tally
from imports.staging import Stage

FIRST_ROWS = 20
COMES_IN = ("new", "duplicate")


class Findings:
    """Of all chunks of a file, each as it stands in the table import_chunk."""

    def __init__(self, stage: Stage, problem_rows: ProblemRows | None = None) -> None:
        self.stage = stage
        self.problem_rows = problem_rows
        self.counts = dict.fromkeys(Import.OUTCOMES, 0)
        self.tally = Tally()
        self.rows: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.effect = stage.kind.effect(stage) if stage.kind.effect else None

    def add(self, cursor: CursorWrapper) -> None:
        count(cursor, self.counts, self.tally)
        self.add_odd_rows(cursor)
        if self.problem_rows:
            self.problem_rows.add(cursor)
        if len(self.rows) < FIRST_ROWS:
            self.rows += first_rows(cursor, self.stage, list(Import.OUTCOMES))
        if len(self.changes) < FIRST_ROWS:
            self.changes += first_rows(cursor, self.stage, ["changed"])
        if self.effect:
            self.effect.add(cursor)

    def add_odd_rows(self, cursor: CursorWrapper) -> None:
        if not self.stage.kind.odd_rows:
            return
        query = sql.SQL(
            """SELECT cause, detail, count(*), min(row_number) FROM ({rows}) o
            GROUP BY cause, detail ORDER BY count(*) DESC, min(row_number)"""
        )
        odd_rows = sql.SQL(self.stage.kind.odd_rows)
        cursor.execute(query.format(rows=odd_rows).as_string(None))
        for cause, detail, rows, row in cursor.fetchall():
            self.tally.add(WARNING, cause, detail, rows, row)

    @property
    def preview(self) -> dict[str, Any]:
        return {
            "rows": self.rows[:FIRST_ROWS],
            "changes": self.changes[:FIRST_ROWS],
            "effect": self.effect.sentences() if self.effect else [],
        }


def count(cursor: CursorWrapper, counts: dict[str, int], tally: Tally) -> None:
    cursor.execute("SELECT outcome, count(*) FROM import_chunk GROUP BY outcome")
    for outcome, rows in cursor.fetchall():
        counts[outcome] += rows
    if not any(rows for outcome, rows in counts.items() if outcome not in COMES_IN):
        return
    cursor.execute(
        """SELECT outcome, cause, detail, count(*), min(row_number) FROM import_chunk
        WHERE outcome NOT IN ('new', 'duplicate')
        GROUP BY outcome, cause, detail ORDER BY count(*) DESC, min(row_number)"""
    )
    for outcome, cause, detail, rows, row in cursor.fetchall():
        tally.add(outcome, cause, detail, rows, row)


def first_rows(
    cursor: CursorWrapper, stage: Stage, outcomes: list[str]
) -> list[dict[str, Any]]:
    """Rows as they will be stored, and what they change where the kind tells it."""
    cursor.execute(
        """SELECT row_number, outcome, to_jsonb(c) - 'key' - 'raw' FROM import_chunk c
        WHERE outcome = ANY(%s) ORDER BY row_number LIMIT %s""",
        [outcomes, FIRST_ROWS],
    )
    return [
        {
            "number": number,
            "outcome": outcome,
            "cells": [text_of(values, name) for name in stage.kind.preview],
            "before": [text_of(values, f"o_{name}") for name in stage.kind.preview]
            if outcome == "changed"
            else [],
        }
        for number, outcome, row in cursor.fetchall()
        for values in [row if isinstance(row, dict) else json.loads(row)]
    ]


def text_of(values: dict[str, Any], name: str) -> str | None:
    """None where the row knows nothing of this value, as for what stood before."""
    if name not in values:
        return None
    value = values[name]
    return "" if value is None else str(value)
