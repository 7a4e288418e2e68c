"""Rows that were held back, as a file: mapped columns only, safe in a spreadsheet."""

import csv
from collections.abc import Iterator

from imports.escaping import escaped
from imports.models import HeldRow, Import


class Line:
    """Takes what the CSV writer writes and gives it back."""

    def write(self, text: str) -> str:
        return text


def held_csv(imported: Import) -> Iterator[str]:
    """The held rows line by line; the header names the columns of the kind.

    So the file can be mended and imported again as it is.
    """
    writer = csv.writer(Line())
    columns = imported.file_kind.columns
    used = [c for c in columns if c.name in imported.detected.get("columns", {})]
    labels = [column.label for column in used]
    yield "\ufeff" + writer.writerow(["row", "state", "reason", *labels])
    rows = HeldRow.objects.filter(import_file=imported).order_by("row_number")
    for row in rows.iterator(chunk_size=2000):
        cells = [escaped(str(row.values.get(column.name, ""))) for column in used]
        yield writer.writerow(
            [row.row_number, row.get_state_display(), escaped(row.reason), *cells]
        )
