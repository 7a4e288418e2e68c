"""What a command says of the imports it ran; the last line is JSON where asked."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from imports.models import Import
from imports.reading import FileProblem
from jobs.running import run_now

COUNTS = ("read", *Import.OUTCOMES)


def import_files(
    command: BaseCommand,
    files: Sequence[str],
    receive: Callable[[Path], Import],
    *,
    as_json: bool,
) -> None:
    """Import files one after the other; exit 1 if one could not be read at all."""
    begun = time.monotonic()
    summary: dict[str, Any] = {"import_ids": [], **dict.fromkeys(COUNTS, 0)}
    problems = []
    for file in files:
        try:
            imported = import_one(receive(Path(file)))
        except FileProblem as problem:
            problems.append(f"{file}: {problem}")
            continue
        summary["import_ids"].append(imported.pk)
        for name in COUNTS:
            summary[name] += getattr(imported, f"rows_{name}")
        command.stdout.write(in_words(imported))
    summary["seconds"] = round(time.monotonic() - begun, 2)
    for told in problems:
        command.stderr.write(told)
    if as_json:
        command.stdout.write(json.dumps(summary))
    if problems:
        sys.exit(1)


def import_one(imported: Import) -> Import:
    run_now("import_file", key=str(imported.pk), arguments={"import": imported.pk})
    imported.refresh_from_db()
    if imported.state == Import.State.FAILED:
        raise FileProblem(imported.error)
    return imported


def in_words(imported: Import) -> str:
    counts = ", ".join(f"{rows} {name}" for name, rows in imported.row_counts.items())
    lines = [f"{imported.file_name}: {imported.rows_read} rows read = {counts}"]
    for group in imported.problems:
        examples = ", ".join(f"“{text}”" for text, _ in group["details"][:3] if text)
        rows = ", ".join(str(number) for number in group["row_numbers"])
        lines.append(
            f"  {group['rows']} {group['outcome']}: {group['label']}"
            f" {examples} (row {rows})"
        )
    return "\n".join(lines)
