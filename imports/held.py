"""Rows that stay out, as a file: mapped columns only, safe in a spreadsheet."""

from collections.abc import Iterator

from imports.csv_lines import line_writer
from imports.detecting import Detected
from imports.escaping import escaped
from imports.kinds import Column
from imports.models import HeldRow, Import
from imports.problem_rows import ProblemRow, ProblemRows
from imports.staging import Stage
from jit_backoffice.words import STATES

OWN_COLUMNS = ("row", "state", "reason")


def problem_csv(imported: Import) -> Iterator[str]:
    """The rows line by line, under the names that the columns have in the file.

    So the file can be mended and imported again as it is. Names by which the layout is
    known stand there, too, though their cells are empty.
    """
    writer = line_writer()
    used = used_columns(imported)
    header = held_header(imported)
    yield "\ufeff" + writer.writerow([*OWN_COLUMNS, *header])
    blanks = [""] * (len(header) - len(used))
    for row in rows_out(imported):
        cells = [escaped(str(row.values.get(column.name, ""))) for column in used]
        state = STATES["import_row"][row.outcome].word
        yield writer.writerow([row.number, state, escaped(row.reason), *cells, *blanks])


def used_columns(imported: Import) -> list[Column]:
    columns = imported.detected.get("columns", {})
    kind = imported.file_kind
    by_hand = {"location"} if kind.unfold else set()
    return [column for column in kind.columns if column.name in {*columns, *by_hand}]


def held_header(imported: Import) -> list[str]:
    """Rows that one row of the file became say their location in a column."""
    found = Detected.from_json(imported.detected)
    if imported.file_kind.unfold:
        return [column.label for column in used_columns(imported)]
    names = [
        found.headers.get(column.name) or column.label
        for column in used_columns(imported)
    ]
    known = {name.casefold() for name in names}
    marks = [mark for mark in imported.file_kind.known_by if mark not in known]
    return [*names, *marks]


def rows_out(imported: Import) -> Iterator[ProblemRow]:
    """Before the import what the check found, afterwards what was held back."""
    found = ProblemRows(Stage.of(imported))
    if imported.state == Import.State.CHECKED and found.exists():
        yield from found.all()
        return
    rows = HeldRow.objects.filter(import_file=imported).order_by("row_number", "pk")
    for row in rows.iterator(chunk_size=2000):
        yield ProblemRow(
            row.pk, row.row_number, row.state, row.cause, "", row.values, row.reason
        )
