"""What a person says of an uploaded file, and what still has to be asked.

Each answer that changes how the file is read makes the next check read it anew.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accounts.models import User
from imports.detecting import Detected, interpret, mapped
from imports.kinds import Column, Kind, kind_named, kinds_of
from imports.looking import HowToRead, Look, look_at
from imports.models import FileProfile, Import
from imports.previewing import preview_first_rows
from imports.profiles import recall
from jobs.models import Job
from jobs.running import cancel, enqueue


def look_again(imported: Import) -> Look:
    """The beginning of the file, read as settled so far."""
    found = Detected.from_json(imported.detected)
    return look_at(Path(imported.path), kinds_of(), found.how_to_read())


def asked_columns(imported: Import) -> list[Column]:
    """Columns that the file lacks and that a person may answer for all rows."""
    found = Detected.from_json(imported.detected)
    return [
        column
        for column in imported.file_kind.columns
        if column.unless_option
        and column.name not in found.columns
        and column.name not in found.by_place
        and (column.required or column.choices)
    ]


def asked_values(imported: Import) -> list[str]:
    """Order of dates, decimal mark: where the file leaves them open, or did so once."""
    found = Detected.from_json(imported.detected)
    return [*found.asks, *found.answered]


def is_known(imported: Import) -> bool:
    """Whether the layout was recognised, so that nobody has to look at the columns."""
    return not needs_columns(imported) and not imported.file_kind.is_generic


def remembered(look: Look) -> FileProfile | None:
    known = recall(look)
    return known.profile if known else None


def missing_columns(imported: Import) -> list[Column]:
    """What is needed, stands in no column, and no answer stands for."""
    found = Detected.from_json(imported.detected)
    told = found.columns.keys() | found.by_place.keys()
    return imported.file_kind.lacks(told, imported.options)


def open_questions(imported: Import) -> list[str]:
    """Options without which the file cannot be read as it is meant."""
    found = Detected.from_json(imported.detected)
    missing = {column.unless_option for column in missing_columns(imported)} - {""}
    return [*found.asks, *sorted(missing)]


def needs_columns(imported: Import) -> bool:
    """Whether a person has to look at the columns before the check."""
    found = Detected.from_json(imported.detected)
    lacks = [c for c in missing_columns(imported) if not c.unless_option]
    return bool(lacks or found.guessed or found.doubled)


def next_step(imported: Import) -> Import.Step:
    if open_questions(imported):
        return Import.Step.DETECTED
    return Import.Step.COLUMNS if needs_columns(imported) else Import.Step.CHECK


def read_as(imported: Import, how: HowToRead, kind: Kind | None, *, by: User) -> None:
    """Another encoding, sheet, header row or kind; FileProblem changes nothing."""
    path = Path(imported.path)
    kinds = kinds_of()
    look = look_at(path, kinds, how)
    options = imported.options
    if kind is None:
        found = interpret(path, look, kinds, options)
    else:
        found = interpret(path, look, [kind], options)
    if kind_named(found.kind).name != imported.kind:
        imported.profile = kind_named(found.kind).label
        options = {"accept_changes": kind_named(found.kind).applies_changes}
    store_reading(imported, found, options, by=by)


def answer(imported: Import, answers: Mapping[str, Any], *, by: User) -> None:
    """Keep answers, and read the values as they say."""
    options = {k: v for k, v in (imported.options | answers).items() if v != ""}
    imported.profile = str(options.get("source") or imported.profile)[:120]
    found = Detected.from_json(imported.detected)
    look = look_again(imported)
    again = mapped(Path(imported.path), look, found, found.columns, options)
    again = again.with_doubts_of(found)
    store_reading(imported, again, options, by=by)


def unknown_places(imported: Import) -> list[str]:
    """Names of locations in the file that this shop does not have."""
    return [
        name
        for group in imported.problems
        if group["cause"] == "unknown_location"
        for name, _ in group["details"]
        if name
    ]


def choose_columns(imported: Import, columns: Mapping[str, int], *, by: User) -> None:
    found = Detected.from_json(imported.detected)
    look = look_again(imported)
    again = mapped(Path(imported.path), look, found, columns, imported.options)
    store_reading(imported, again, imported.options, by=by)


def store_reading(
    imported: Import, found: Detected, options: Mapping[str, Any], *, by: User
) -> None:
    """From here on the file is read like this; a check under way is stopped."""
    stop_check(imported, by=by)
    imported.settle(
        kind=found.kind,
        profile=imported.profile,
        detected=found.as_json(),
        options=dict(options),
        last_row=0,
    )


def stop_check(imported: Import, *, by: User) -> None:
    job = Job.objects.filter(kind="check_file", key=imported.check_key).first()
    if job:
        cancel(job, by=by)


def go_to(imported: Import, step: Import.Step) -> None:
    imported.step = step
    imported.save(update_fields=["step"])


def begin_check(imported: Import, *, by: User) -> Job:
    """Show the first rows at once, and check all of them in the background."""
    go_to(imported, Import.Step.CHECK)
    preview_first_rows(imported)
    return enqueue(
        "check_file",
        key=imported.check_key,
        arguments={"import": imported.pk},
        by=by,
    )
