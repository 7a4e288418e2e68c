"""Rows that stand twice in one file: the first counts, the others say where it is."""

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from imports.staging import Stage

# A row of the file may be several rows here, so its place is told by ctid.
REJECT = """
WITH repeated AS (
    SELECT {key} AS same FROM {stage} WHERE cause = ''
    GROUP BY 1 HAVING count(*) > 1
), numbered AS (
    SELECT s.ctid AS place, row_number() OVER of_one AS turn,
        first_value(s.row_number) OVER of_one AS first
    FROM {stage} s JOIN repeated r ON r.same = s.{key}
    WHERE s.cause = ''
    WINDOW of_one AS (PARTITION BY s.{key} ORDER BY s.row_number, s.ctid)
)
UPDATE {stage} s SET cause = %s, detail = 'row ' || n.first
FROM numbered n WHERE n.place = s.ctid AND n.turn > 1
"""


def reject_repeated(
    cursor: CursorWrapper, stage: Stage, *, cause: str, key: str = "key"
) -> None:
    """Reject all but the first of the rows of one key, for this cause."""
    cursor.execute("SET work_mem = '64MB'")
    cursor.execute(stage.query(REJECT, key=sql.Identifier(key)), [cause])
    cursor.execute("RESET work_mem")
