"""What the pages of the wizard show of a file and of what was said of it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.forms import BoundField

from imports.detecting import Detected
from imports.forms import ColumnsForm
from imports.kinds import Column, Kind
from imports.looking import Look
from imports.mapping import SURE, FileColumn, file_columns
from imports.models import FileProfile, HeldRow, Import
from imports.problem_rows import ProblemRow

SAMPLE_ROWS = 5
SAMPLE_COLUMNS = 30
CONFIDENCE = {
    "sure": ("check-circle-fill", "green", "Same name"),
    "likely": ("check-circle", "blue", "Similar name"),
    "guess": ("question-diamond", "amber", "By its values"),
    "ask": ("question-diamond", "amber", "Choose which"),
    "missing": ("x-circle-fill", "red", "Needed"),
    "chosen": ("check-circle-fill", "green", "Chosen"),
    "left": ("slash-circle", "grey", "Left out"),
}


@dataclass(frozen=True, slots=True)
class LabelledCell:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class SampleTable:
    """The first rows as the file has them; customer data is masked."""

    columns: list[FileColumn]
    rows: list[list[LabelledCell]]
    more_columns: int


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One of our fields, the choice of its column, and how sure that choice is."""

    field: BoundField
    need: str
    samples: list[str]
    icon: str
    colour: str
    word: str


def sample_table(look: Look) -> SampleTable:
    columns = file_columns(look)
    shown = columns[:SAMPLE_COLUMNS]
    rows = [
        [LabelledCell(column.name, shown_cell(row, column)) for column in shown]
        for row in look.body[:SAMPLE_ROWS]
    ]
    return SampleTable(shown, rows, len(columns) - len(shown))


def shown_cell(row: list[str], column: FileColumn) -> str:
    text = row[column.index].strip()[:60] if column.index < len(row) else ""
    return "•••" if text and column.is_customer_data else text


def field_rows(
    imported: Import, form: ColumnsForm, columns: list[FileColumn]
) -> list[FieldRow]:
    found = Detected.from_json(imported.detected)
    needed = imported.file_kind.required(imported.options)
    by_index = {column.index: column for column in columns}
    rows = []
    for column in imported.file_kind.columns:
        chosen = by_index.get(found.columns.get(column.name, -1))
        icon, colour, word = CONFIDENCE[confidence(found, column, column in needed)]
        rows.append(
            FieldRow(
                form[column.name],
                need_of(imported.file_kind, column, needed),
                chosen.samples if chosen and column.name not in found.doubled else [],
                icon,
                colour,
                word,
            )
        )
    return sorted(rows, key=lambda row: not row.need)


def need_of(kind: Kind, column: Column, needed: list[Column]) -> str:
    if column in needed and not column.unless_option:
        return "needed"
    return "one of these is needed" if column.name in kind.one_of else ""


def confidence(found: Detected, column: Column, is_needed: bool) -> str:
    if column.name in found.doubled:
        return "ask"
    if column.name in found.guessed:
        return found.guessed[column.name]
    if column.name in found.columns:
        return SURE
    return "missing" if is_needed and not column.unless_option else "left"


def unused_columns(imported: Import, columns: list[FileColumn]) -> list[FileColumn]:
    """What of the file is not stored, customer data first."""
    found = Detected.from_json(imported.detected)
    used = set(found.columns.values())
    left = [column for column in columns if column.index not in used]
    return sorted(left, key=lambda column: not column.is_customer_data)


def same_file(imported: Import) -> Import | None:
    """An earlier import of the same bytes that still counts."""
    if not imported.sha256:
        return None
    same = Import.objects.of_same_file(imported.sha256).exclude(pk=imported.pk)
    found: Import | None = same.select_related("created_by").first()
    return found


def answers_given(imported: Import) -> list[str]:
    """What a person said of all rows, in words."""
    kind, options = imported.file_kind, imported.options
    told = [
        f"all rows of {column.label.lower()} {options[column.unless_option]}"
        for column in kind.columns
        if column.unless_option and options.get(column.unless_option)
    ]
    for question in kind.questions:
        answer = options.get(question.option)
        words = dict(question.choices).get(str(answer), str(answer or ""))
        if answer not in (None, "", question.initial) and question.form == "choice":
            told.append(f"{question.label.lower()}: {words.lower()}")
    return told


def mapped_columns(imported: Import) -> list[str]:
    return [column.label for column in used_columns(imported)]


def used_columns(imported: Import) -> list[Column]:
    found = Detected.from_json(imported.detected)
    used = found.columns.keys() | found.by_place.keys()
    return [
        column
        for column in imported.file_kind.columns
        if column.name in used and not column.is_reference
    ]


def cells_of_rows(imported: Import, rows: list[ProblemRow]) -> list[dict[str, Any]]:
    columns = used_columns(imported)
    return [
        {
            "number": row.number,
            "detail": row.detail,
            "cells": [
                LabelledCell(column.label, str(row.values.get(column.name, "")))
                for column in columns
            ],
        }
        for row in rows
    ]


def held_counts(imported: Import) -> dict[str, int]:
    rows: QuerySet[HeldRow] = HeldRow.objects.filter(import_file=imported)
    return dict(rows.values_list("state").annotate(Count("pk")).order_by())


def profile_kept(imported: Import) -> bool:
    """Whether the next file like this one needs no questions."""
    return (
        not imported.waiting_of_id
        and FileProfile.objects.filter(
            kind=imported.kind, source=imported.profile
        ).exists()
    )


def later_imports(imported: Import) -> int:
    """Imports of the same source since: what they brought stays."""
    return int(
        Import.objects.filter(
            kind=imported.kind,
            profile=imported.profile,
            state=Import.State.DONE,
            pk__gt=imported.pk,
        ).count()
    )
