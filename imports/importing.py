"""The verbs of an import: check it, write it, undo it, take up what waits.

Rows become facts in chunks. Each chunk is classified, written and counted in one
transaction, so a killed import goes on at the next chunk with true counts.
"""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from imports.finding import Findings, count
from imports.kinds import same_source
from imports.models import HeldRow, Import
from imports.problem_rows import ProblemRows
from imports.problems import LABELS, Tally
from imports.reading import FileProblem
from imports.row_reader import SEPARATOR
from imports.staging import Report, Stage
from imports.workbook_start import forget_file
from jobs.models import Job
from jobs.running import Cancelled, LeaseLost, enqueue

CHUNK_ROWS = 50_000
KEEP_UNUSED = dt.timedelta(hours=24)
KEEP_STOPPED = dt.timedelta(minutes=2)


def check(imported: Import, report: Report) -> None:
    """Read the file and say what importing it would do; writes no fact."""
    stage = Stage.of(imported)
    try:
        if not stage.is_filled():
            stage.fill(report)
    except FileProblem as problem:
        give_up(imported, str(problem))
        return
    problem_rows = ProblemRows(stage)
    problem_rows.create()
    findings = Findings(stage, problem_rows)
    for first, last in chunks(stage, after=0):
        with transaction.atomic(), connection.cursor() as cursor:
            stage.kind.classify(cursor, stage, first, last)
            findings.add(cursor)
            cursor.execute("DROP TABLE import_chunk")
        report(stage.imported.last_row + last, 2 * stage.imported.last_row, "Checking")
    store_check(imported, findings)


def store_check(imported: Import, findings: Findings) -> None:
    Import.objects.filter(
        pk=imported.pk,
        checks=imported.checks,
        state__in=(Import.State.UPLOADED, Import.State.CHECKED),
    ).update(
        state=Import.State.CHECKED,
        preview=findings.preview,
        problems=findings.tally.as_json(),
        **{f"rows_{name}": number for name, number in findings.counts.items()},
    )


def write(imported: Import, report: Report) -> None:
    """Write the rows as facts; takes up where a killed run stopped."""
    if not start(imported):
        return
    stage = Stage.of(imported)
    try:
        if not stage.is_filled():
            stage.fill(report)
        if stage.kind.create:
            stage.kind.create(stage)
        for first, last in chunks(stage, after=imported.merged_to):
            write_chunk(stage, first, last)
            report(stage.imported.last_row + last, 2 * stage.imported.last_row, "")
    except FileProblem as problem:
        retract_written(imported)
        give_up(imported, str(problem))
    except Cancelled:
        take_back(imported)
        raise
    else:
        finish(imported)


def start(imported: Import) -> bool:
    """From here on no choice changes it any more; False where it was called off.

    The counts of the check are forgotten, once: a resumed import keeps its own.
    """
    Import.objects.filter(pk=imported.pk, state__in=Import.NOT_BEGUN).update(
        state=Import.State.IMPORTING,
        merged_to=0,
        problems=[],
        **{f"rows_{name}": 0 for name in Import.OUTCOMES},
    )
    imported.refresh_from_db()
    return imported.state == Import.State.IMPORTING


def chunks(stage: Stage, *, after: int) -> Iterator[tuple[int, int]]:
    for first in range(after + 1, stage.imported.last_row + 1, CHUNK_ROWS):
        yield first, min(first + CHUNK_ROWS - 1, stage.imported.last_row)


@transaction.atomic
def write_chunk(stage: Stage, first: int, last: int) -> None:
    """Facts, waiting rows and counts of one chunk, once: LeaseLost where it is done."""
    imported = stage.imported
    tally = Tally(imported.problems)
    counts = dict.fromkeys(Import.OUTCOMES, 0)
    with connection.cursor() as cursor:
        stage.kind.classify(cursor, stage, first, last)
        stage.kind.merge(cursor, stage)
        count(cursor, counts, tally)
        settle_waiting(cursor, imported)
        hold(cursor, stage, counts)
        cursor.execute("DROP TABLE import_chunk")
    imported.problems = tally.as_json()
    open_states = (Import.State.IMPORTING, Import.State.DONE)  # live days are done
    is_next = Import.objects.filter(
        pk=imported.pk, merged_to=first - 1, state__in=open_states
    ).update(
        merged_to=last,
        problems=imported.problems,
        **{f"rows_{name}": F(f"rows_{name}") + n for name, n in counts.items()},
    )
    if not is_next:
        raise LeaseLost


def settle_waiting(cursor: CursorWrapper, imported: Import) -> None:
    """Rows that waited and have now come in wait no longer."""
    outcomes = ["new", "duplicate"]
    if imported.options.get("accept_changes"):
        outcomes.append("changed")
    cursor.execute(
        """DELETE FROM imports_heldrow h
        WHERE h.profile = %(profile)s AND h.kind = ANY(%(kinds)s)
          AND h.state IN ('parked', 'changed') AND h.key IN (
              SELECT unnest(ARRAY[c.key, c.held_key]) FROM import_chunk c
              WHERE c.outcome = ANY(%(outcomes)s))""",
        {
            "profile": imported.profile,
            "kinds": same_source(imported.file_kind),
            "outcomes": outcomes,
        },
    )


def hold(cursor: CursorWrapper, stage: Stage, counts: dict[str, int]) -> None:
    """Keep what is parked, rejected, or differs and is not accepted."""
    imported = stage.imported
    outcomes = ["parked", "rejected"]
    if not imported.options.get("accept_changes"):
        outcomes.append("changed")
    if not any(counts[outcome] for outcome in outcomes):
        return
    cursor.execute(
        """INSERT INTO imports_heldrow
            (import_file_id, row_number, state, cause, reason, values, key, kind,
             profile)
        SELECT %(id)s, row_number, outcome, cause,
            left(coalesce(%(labels)s::jsonb ->> cause, cause)
                || CASE detail WHEN '' THEN '' ELSE ': “' || detail || '”' END, 300),
            CASE raw WHEN '' THEN '{}'::jsonb ELSE to_jsonb(jsonb_object(
                %(names)s::text[], string_to_array(raw, %(separator)s))) END,
            CASE outcome WHEN 'rejected' THEN NULL ELSE coalesce(held_key, key) END,
            %(kind)s, %(profile)s
        FROM import_chunk WHERE outcome = ANY(%(outcomes)s) ORDER BY row_number
        ON CONFLICT (profile, kind, key) WHERE state IN ('parked', 'changed')
        DO UPDATE SET values = excluded.values, state = excluded.state,
            cause = excluded.cause, reason = excluded.reason""",
        {
            "id": imported.pk,
            "labels": json.dumps(LABELS),
            "names": stage.column_names,
            "separator": SEPARATOR,
            "kind": imported.kind,
            "profile": imported.profile,
            "outcomes": outcomes,
        },
    )


def finish(imported: Import) -> None:
    Import.objects.filter(pk=imported.pk, state=Import.State.IMPORTING).update(
        state=Import.State.DONE, finished_at=timezone.now()
    )
    tidy(imported)


def retract_written(imported: Import) -> None:
    """What earlier chunks have written goes: half a file is of no use to anybody."""
    imported.refresh_from_db()
    if imported.merged_to and imported.file_kind.can_undo:
        retract(imported, lambda done, total, note: None)


def give_up(imported: Import, problem: str) -> None:
    Import.objects.filter(pk=imported.pk).update(
        state=Import.State.FAILED, error=problem, finished_at=timezone.now()
    )
    imported.refresh_from_db()
    tidy(imported)


def tidy(imported: Import) -> None:
    """Drop the staging table and the file; only mapped columns are kept."""
    stage = Stage.of(imported)
    stage.drop()
    ProblemRows(stage).drop()
    if imported.path:
        forget_file(Path(imported.path))


def cancel(imported: Import) -> bool:
    """Stop before anything was written."""
    stopped = Import.objects.filter(
        pk=imported.pk, state__in=(Import.State.UPLOADED, Import.State.CHECKED)
    ).update(state=Import.State.CANCELLED, finished_at=timezone.now())
    if stopped:
        tidy(imported)
    return bool(stopped)


def take_back_stopped() -> None:
    """Imports that a person stopped while no worker was there to take them back."""
    long_ago = timezone.now() - KEEP_STOPPED
    stopped = Job.objects.filter(
        kind="import_file", state=Job.State.CANCELLED, finished_at__lt=long_ago
    )
    half = Import.objects.filter(state=Import.State.IMPORTING)
    for imported in half.filter(pk__in=map(int, stopped.values_list("key", flat=True))):
        if half.filter(pk=imported.pk).update(state=Import.State.UNDOING):
            arguments = {"import": imported.pk}
            enqueue("undo_import", key=str(imported.pk), arguments=arguments)


def drop_forgotten() -> None:
    """Files that nobody imported within a day are not kept."""
    forgotten = Import.objects.filter(
        state__in=(Import.State.UPLOADED, Import.State.CHECKED),
        created_at__lt=timezone.now() - KEEP_UNUSED,
    )
    for imported in forgotten:
        cancel(imported)


def drop_orphans() -> None:
    """Files whose upload was killed before they had a row."""
    long_ago = (timezone.now() - KEEP_UNUSED).timestamp()
    for path in (Path(settings.MEDIA_ROOT) / "imports").glob("*"):
        if path.stat().st_mtime < long_ago:
            rows = Import.objects.filter(path=str(path.with_suffix("")))
            if not rows.exists():
                path.unlink(missing_ok=True)


def take_back(imported: Import) -> None:
    """A person stopped the import while it wrote: nothing of it stays."""
    retract(imported, lambda done, total, note: None)
    Import.objects.filter(pk=imported.pk).update(
        state=Import.State.CANCELLED, finished_at=timezone.now()
    )
    tidy(imported)


def undo(imported: Import, report: Report) -> int:
    """Take back what this import wrote; a second undo changes nothing."""
    if not begin_undo(imported):
        return 0
    retract(imported, report)
    Import.objects.filter(pk=imported.pk).update(
        state=Import.State.UNDONE, undone_at=timezone.now()
    )
    imported.refresh_from_db()
    tidy(imported)
    return imported.rows_undone


def begin_undo(imported: Import) -> bool:
    """From here on the import's lines no longer count as a base for others."""
    begun = Import.objects.filter(
        pk=imported.pk, state__in=(Import.State.DONE, Import.State.UNDOING)
    ).update(state=Import.State.UNDOING)
    return bool(begun)


def retract(imported: Import, report: Report) -> None:
    kind = imported.file_kind
    if kind.undo is None:
        raise FileProblem(f"{kind.label} cannot be undone. Import the earlier file.")
    total = imported.rows_new + imported.rows_changed
    done = imported.rows_undone
    for rows in kind.undo(imported):
        done += rows
        report(done, total, "Taking back")
    HeldRow.objects.filter(import_file=imported).delete()


def count_undone(imported: Import, rows: int) -> None:
    """Called by the kind in the transaction that takes the rows back."""
    Import.objects.filter(pk=imported.pk).update(rows_undone=F("rows_undone") + rows)


def import_waiting(imported: Import, *, by: User) -> Import:
    """A new import of the rows of an earlier one that wait for a person."""
    return Import.objects.create(
        kind=imported.kind,
        profile=imported.profile,
        file_name=imported.file_name,
        sha256="",
        size=0,
        options=imported.options,
        detected=imported.detected,
        waiting_of=imported,
        created_by=by,
    )
