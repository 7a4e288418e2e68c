"""Files of records that change: products, vendors, prices.

A row says what it knows of one record; an empty cell leaves what is known. What each
row replaced is kept, so that undoing an import gives back what still holds and leaves
later changes alone. The statements are put together here, from the names of columns
in the code and never from a file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from django.db.backends.utils import CursorWrapper

from imports import problems
from imports.staging import Stage
from jit_backoffice.figures import counted


@dataclass(frozen=True, slots=True)
class Field:
    """A value that a row may bring: its name in the file's table and in words.

    ``known`` is where the value stands now; ``otherwise`` is what a new record gets
    where the file says nothing. ``taken`` overrules how these come together;
    ``shown`` is how a difference writes a value, which stands for {}.
    """

    name: LiteralString
    form: LiteralString
    known: LiteralString
    label: LiteralString
    otherwise: LiteralString = "''"
    taken: LiteralString = ""
    shown: LiteralString = ""

    @property
    def value(self) -> LiteralString:
        return self.taken or f"coalesce(s.{self.name}, {self.known}, {self.otherwise})"

    @property
    def difference(self) -> LiteralString:
        before, after = self.written(f"o_{self.name}"), self.written(self.name)
        return (
            f"CASE WHEN {self.name} IS DISTINCT FROM o_{self.name} THEN '{self.label} '"
            f" || coalesce(nullif({before}, ''), '–') || ' → '"
            f" || coalesce(nullif({after}, ''), '–') END"
        )

    def written(self, value: LiteralString) -> LiteralString:
        if self.shown:
            return self.shown.replace("{}", value)
        if self.form == "boolean":
            return f"CASE WHEN {value} THEN 'yes' ELSE 'no' END"
        is_number = self.form.startswith("numeric")
        return f"trim_scale({value})::text" if is_number else f"{value}::text"


@dataclass(frozen=True, slots=True)
class Table:
    """Records that a row makes or changes.

    ``known`` is the column of import_chunk with the record that is there already;
    ``columns`` and ``given`` are the table's columns and what import_chunk has for
    them, the latter for new records only. ``made_by`` and ``changed_by`` say which
    rows do what, and may ask %(accepts)s: whether changes are wanted. ``retire`` takes
    back the records that these changes made. ``is_main``: a row of the file is one
    record of it, so that undone rows are counted here.
    """

    name: LiteralString
    known: LiteralString
    columns: dict[LiteralString, LiteralString]
    given: dict[LiteralString, LiteralString]
    made_by: LiteralString
    changed_by: LiteralString
    retire: Callable[[CursorWrapper, list[int]], None]
    is_main: bool = False


CHUNK = """
CREATE TEMP TABLE import_chunk ON COMMIT DROP AS
WITH line AS (
    SELECT s.row_number, s.cause, s.detail, s.raw, s.key, s.held_key, {context},
        {olds}, {news}
    FROM {{stage}} s {joins}
    WHERE s.row_number BETWEEN %(first)s AND %(last)s
), decided AS (
    SELECT line.*, CASE WHEN cause <> '' THEN cause {verdicts}
        WHEN {is_known} AND ({news_named}) IS DISTINCT FROM ({olds_named})
        THEN 'changed' ELSE '' END AS why
    FROM line
)
SELECT decided.*, CASE WHEN cause = ANY(%(left_out)s) THEN 'ignored'
        WHEN cause <> '' THEN 'rejected'
        {outcomes}
        WHEN why = 'changed' THEN 'changed'
        WHEN why <> '' THEN 'parked'
        WHEN {is_known} THEN 'duplicate'
        ELSE 'new' END AS outcome,
    CASE why {details} WHEN 'changed' THEN left(identity || ': '
        || concat_ws(', ', {differences}), 200) ELSE detail END AS told
FROM decided
"""

# The columns that everything else reads: why and told take the place of what was read.
SETTLE = """
ALTER TABLE import_chunk DROP COLUMN cause, DROP COLUMN detail;
ALTER TABLE import_chunk RENAME COLUMN why TO cause;
ALTER TABLE import_chunk RENAME COLUMN told TO detail;
"""

# Each row's history is written by a trigger, and what is still to be checked at the end
# of the transaction slows each of them down: checked at once, 20,000 take 2 s, not 20.
CHECK_AT_ONCE = "SET CONSTRAINTS ALL IMMEDIATE"

MAKE = """
WITH made AS (
    INSERT INTO {table} ({names}) SELECT {values} FROM import_chunk c
    WHERE {made_by} ORDER BY row_number
    ON CONFLICT DO NOTHING RETURNING *
)
INSERT INTO imports_importedchange
    (import_file_id, "table", record_id, before, after, is_undone)
SELECT %(import)s, %(table)s, made.id, NULL, jsonb_build_object({after}), false
FROM made
"""

CHANGE = """
WITH changed AS (
    UPDATE {table} t SET {assignments}
    FROM import_chunk c WHERE t.id = c.{known} AND {changed_by}
    RETURNING t.id, jsonb_build_object({before}) AS before,
        jsonb_build_object({after}) AS after
), kept AS (
    SELECT changed.id,
        coalesce(jsonb_object_agg(b.key, b.value) FILTER (WHERE differs), '{{}}')
            AS before,
        coalesce(jsonb_object_agg(b.key, after -> b.key) FILTER (WHERE differs), '{{}}')
            AS after
    FROM changed, jsonb_each(before) b,
        LATERAL (SELECT after -> b.key IS DISTINCT FROM b.value AS differs) d
    GROUP BY changed.id HAVING bool_or(differs) OR %(is_main)s
)
INSERT INTO imports_importedchange AS c
    (import_file_id, "table", record_id, before, after, is_undone)
SELECT %(import)s, %(table)s, id, before, after, false FROM kept
ON CONFLICT ON CONSTRAINT one_change_per_import_and_record DO UPDATE SET
    before = excluded.before || c.before, after = c.after || excluded.after
"""

DEACTIVATE = """
UPDATE {table} t SET is_active = false FROM imports_importedchange m
WHERE m.id = ANY(%s) AND t.id = m.record_id AND t.is_active
"""

IS_RETIRED = """
EXISTS (SELECT FROM imports_importedchange r
        WHERE r."table" = '{table}' AND r.record_id = {record} AND r.is_undone
          AND r.before IS NULL)
AND NOT EXISTS (SELECT FROM imports_importedchange r
        WHERE r."table" = '{table}' AND r.record_id = {record} AND NOT r.is_undone)
"""


def is_retired(table: LiteralString, record: LiteralString) -> LiteralString:
    """Made by an import that was undone, and not brought back since."""
    return IS_RETIRED.format(table=table, record=record)


def tidied(text: LiteralString) -> LiteralString:
    """A stored text as a file would have it, so that blanks make no difference."""
    return rf"btrim(regexp_replace(normalize({text}, NFKC), '\s+', ' ', 'g'))"


def deactivate(table: LiteralString) -> Callable[[CursorWrapper, list[int]], None]:
    """How records that others may point to are taken back."""

    def retire(cursor: CursorWrapper, changes: list[int]) -> None:
        cursor.execute(DEACTIVATE.format(table=table), [changes])

    return retire


def fields_of(fields: Sequence[Field]) -> dict[str, str]:
    """Columns of the staging table; empty where the file says nothing."""
    return {field.name: field.form for field in fields}


def chunk_query(
    fields: Sequence[Field],
    *,
    context: LiteralString,
    joins: LiteralString,
    is_known: LiteralString,
    verdicts: LiteralString = "",
    outcomes: LiteralString = "",
    details: LiteralString = "",
) -> LiteralString:
    """The statement that makes import_chunk, with old values as o_<name>."""
    return CHUNK.format(
        context=context,
        joins=joins,
        is_known=is_known,
        verdicts=verdicts,
        outcomes=outcomes,
        details=details,
        olds=", ".join(f"{field.known} AS o_{field.name}" for field in fields),
        news=", ".join(f"{field.value} AS {field.name}" for field in fields),
        olds_named=", ".join(f"o_{field.name}" for field in fields),
        news_named=", ".join(field.name for field in fields),
        differences=", ".join(field.difference for field in fields),
    )


def classify(
    cursor: CursorWrapper,
    stage: Stage,
    query: LiteralString,
    *,
    first: int,
    last: int,
    options: Sequence[str] = (),
) -> None:
    """Make import_chunk; each option is a choice that the statement may ask for."""
    chosen: dict[str, Any] = {name: bool(stage.options.get(name)) for name in options}
    left_out = sorted(problems.IGNORED)
    arguments: dict[str, Any] = {
        "first": first,
        "last": last,
        "left_out": left_out,
        "import": stage.imported.pk,
        **chosen,
    }
    cursor.execute(stage.query(query), arguments)
    cursor.execute(SETTLE)


def write(cursor: CursorWrapper, stage: Stage, table: Table) -> None:
    """Make and change the records of one chunk, and keep what they replaced."""
    accepts = bool(stage.options.get("accept_changes"))
    arguments: dict[str, Any] = {
        "import": stage.imported.pk,
        "table": table.name,
        "accepts": accepts,
        "is_main": table.is_main,
    }
    cursor.execute(CHECK_AT_ONCE)
    put = table.columns | table.given
    cursor.execute(
        MAKE.format(
            table=table.name,
            names=", ".join(put),
            values=", ".join(put.values()),
            made_by=table.made_by,
            after=", ".join(f"'{name}', {name}" for name in table.columns),
        ),
        arguments,
    )
    if not accepts:
        return
    cursor.execute(
        CHANGE.format(
            table=table.name,
            known=table.known,
            changed_by=table.changed_by,
            assignments=", ".join(
                f"{name} = CASE WHEN c.{value} IS DISTINCT FROM c.o_{value}"
                f" THEN c.{value} ELSE t.{name} END"
                for name, value in table.columns.items()
            ),
            before=", ".join(f"'{n}', c.o_{v}" for n, v in table.columns.items()),
            after=", ".join(f"'{n}', t.{n}" for n in table.columns),
        ),
        arguments,
    )


class RecordEffect:
    """How many records are new and how many change: “price,prices” is their word."""

    def __init__(self, words: str, note: str = "") -> None:
        self.words = words
        self.note = note
        self.rows = {"new": 0, "changed": 0}

    def add(self, cursor: CursorWrapper) -> None:
        cursor.execute(
            """SELECT outcome, count(*) FROM import_chunk
            WHERE outcome IN ('new', 'changed') GROUP BY outcome"""
        )
        for outcome, rows in cursor.fetchall():
            self.rows[outcome] += rows

    def sentences(self) -> list[str]:
        new, changed = self.rows["new"], self.rows["changed"]
        if not new and not changed:
            return ["Changes nothing: every row is here already or has to wait."]
        told = [f"adds {counted(new, self.words)}"] if new else []
        told += [f"changes {counted(changed, self.words)}"] if changed else []
        sentence = f"{' and '.join(told)}.".capitalize()
        return [sentence, self.note] if self.note else [sentence]
