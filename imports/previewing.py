"""The first rows of a file, checked while a person waits for the whole of it."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from imports.finding import Findings
from imports.models import Import
from imports.reading import FileProblem, Row
from imports.staging import Stage
from imports.workbook_start import workbook_start

PREVIEW_ROWS = 1000


class FirstRowsStage(Stage):
    """A staging table of the first rows only."""

    @property
    def name(self) -> str:
        return f"imports_first_{self.imported.pk}"

    def raw_rows(self) -> Iterator[tuple[int, Row]]:
        if not self.detected.is_workbook:
            return super().raw_rows()
        path = Path(self.imported.path)
        return iter(workbook_start(path, self.detected.sheet).rows)

    def file_rows(self) -> Iterator[tuple[int, Row]]:
        return islice(super().file_rows(), PREVIEW_ROWS)

    def waiting_rows(self) -> Iterator[tuple[int, Row]]:
        return islice(super().waiting_rows(), PREVIEW_ROWS)


def preview_first_rows(imported: Import) -> None:
    """Show what the first rows come to; their numbers are not kept."""
    try:
        findings = check_first_rows(imported)
    except FileProblem:
        return  # the check of the whole file tells it
    imported.preview = findings.preview
    imported.save(update_fields=["preview"])


@transaction.atomic
def check_first_rows(imported: Import) -> Findings:
    stage = FirstRowsStage.of(imported)
    stage.create()
    _, last = stage.copy_all(stage.kind.parser(stage), lambda *_: None)
    findings = Findings(stage)
    with connection.cursor() as cursor:
        stage.settle_keys(cursor)
        stage.kind.classify(cursor, stage, 0, last)
        findings.add(cursor)
        cursor.execute("DROP TABLE import_chunk")
    stage.drop()
    return findings
