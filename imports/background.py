"""What the worker runs of an import."""

from imports import importing
from imports.models import Import
from jobs.running import Run


def named_in(run: Run) -> Import:
    return Import.objects.get(pk=run.job.arguments["import"])


def check_file(run: Run) -> None:
    importing.check(named_in(run), run.report)


def import_file(run: Run) -> None:
    importing.write(named_in(run), run.report)


def undo_import(run: Run) -> None:
    importing.undo(named_in(run), run.report)
