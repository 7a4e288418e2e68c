"""What the check page shows: counters, problems with their fixes, what was decided."""

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

from imports.kinds import Fix
from imports.models import Import

BAR_WIDTH = 1000
SMALLEST_PART = 12
NOTES = {
    "new": "will be added",
    "changed": "differ from what is known",
    "duplicate": "already here, skipped",
    "ignored": "left out by your rules",
    "parked": "wait for a decision",
    "rejected": "cannot be read",
}
DONE_NOTES = NOTES | {"new": "added", "parked": "wait for a decision"}

PAGE_WORDS = {
    "unknown_product": "Match to products",
    "unknown_location": "Assign locations",
}
NO_RULE = ("", "")
RULES = {
    "date_unreadable": ("import_detected", "Change date rule"),
    "date_in_the_future": ("import_detected", "Change date rule"),
    "date_too_old": ("import_detected", "Change date rule"),
    "unreadable_bytes": ("import_detected", "Change letters"),
    "too_few_cells": ("import_detected", "Change how it is read"),
    "empty_value": ("import_columns", "Change columns"),
    "number_unreadable": ("import_columns", "Change columns"),
    "quantity_not_a_number": ("import_columns", "Change columns"),
    "time_unreadable": ("import_columns", "Change columns"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One counter, and its piece of the bar below."""

    outcome: str
    rows: int
    note: str
    left: int
    width: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A value; ``before``: what it was, where the row changes it."""

    label: str
    form: str
    value: Any = None
    before: Any = None
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class PreviewRow:
    number: int
    outcome: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Problem:
    """Rows of one cause, with examples and what may be done."""

    outcome: str
    cause: str
    label: str
    rows: int
    examples: str
    first_row: int | None
    fixes: list[Fix]
    page: str = ""
    page_word: str = ""
    rule: str = ""
    rule_word: str = ""
    can_list: bool = True


def parts(imported: Import) -> list[Part]:
    """The six counters; small groups get a piece that can be seen."""
    notes = NOTES if imported.state == Import.State.CHECKED else DONE_NOTES
    counts = imported.row_counts
    total = sum(counts.values()) or 1
    widths = {
        name: max(SMALLEST_PART, rows * BAR_WIDTH // total) if rows else 0
        for name, rows in counts.items()
    }
    largest = max(widths, key=lambda name: widths[name])
    widths[largest] -= max(0, sum(widths.values()) - BAR_WIDTH)
    made, left = [], 0
    for name, rows in counts.items():
        made.append(Part(name, rows, notes[name], left, max(0, widths[name] - 3)))
        left += widths[name]
    return made


def problems(imported: Import) -> list[Problem]:
    """Errors first, then what comes in but looks odd."""
    kind = imported.file_kind
    is_checked = imported.state == Import.State.CHECKED
    listed = {"parked", "rejected", "changed"}
    return [
        Problem(
            outcome=group["outcome"],
            cause=group["cause"],
            label=group["label"],
            rows=group["rows"],
            examples=examples(group),
            first_row=min(group["row_numbers"], default=None),
            fixes=[
                replace(fix, word=fix.word.format(n=f"{len(group['details']):,}"))
                for fix in kind.fixes
                if fix.cause == group["cause"] and not imported.options.get(fix.option)
            ],
            page=kind.pages.get(group["cause"], ""),
            page_word=PAGE_WORDS.get(group["cause"], "Settle them"),
            rule=RULES.get(group["cause"], NO_RULE)[0],
            rule_word=RULES.get(group["cause"], NO_RULE)[1],
            can_list=is_checked or group["outcome"] in listed,
        )
        for group in sorted(imported.problems, key=problem_order)
    ]


def problem_order(group: dict[str, Any]) -> tuple[bool, str]:
    return group["outcome"] == "warning", group["outcome"]


def group_of(imported: Import, outcome: str, cause: str) -> dict[str, Any] | None:
    return next(
        (
            group
            for group in imported.problems
            if (group["outcome"], group["cause"]) == (outcome, cause)
        ),
        None,
    )


def examples(group: dict[str, Any]) -> str:
    """“GR-1099” 88 times, “MUG-OLD” 61 times and 7 more."""
    named = [(text, rows) for text, rows in group["details"] if text]
    if not named:
        return ""
    shown = ", ".join(
        f"“{text}”" + (f" {rows:,} times" if rows > 1 else "")
        for text, rows in named[:3]
    )
    more = len(named) - 3
    return f"{shown} and {more} more" if more > 0 else shown


def preview_columns(imported: Import) -> list[Cell]:
    kind = imported.file_kind
    return [
        Cell(label, form_of(kind.fields.get(name, "text")))
        for name, label in kind.preview.items()
    ]


def preview_rows(imported: Import, which: str) -> list[PreviewRow]:
    """The first rows, or changes, with values that the page can write in its way."""
    columns = preview_columns(imported)
    return [
        PreviewRow(
            row["number"],
            row["outcome"],
            [
                shown(column, text, before)
                for column, text, before in zip_longest(
                    columns, row["cells"], row.get("before") or ()
                )
            ],
        )
        for row in imported.preview.get(which, [])
    ]


def shown(column: Cell, text: str | None, before: str | None) -> Cell:
    value = value_of(text or "", column.form)
    if before is None:
        return replace(column, value=value)
    was = value_of(before, column.form)
    return replace(column, value=value, before=was, is_changed=was != value)


def form_of(column: str) -> str:
    """How values of a column of the database are written."""
    if column.startswith("numeric"):
        return "money" if column.endswith(",2)") else "number"
    return {"timestamptz": "moment", "date": "date"}.get(column, "text")


def value_of(text: str, form: str) -> Any:
    if not text:
        return None
    if form in ("money", "number"):
        return Decimal(text)
    if form == "moment":
        return parse_datetime(text)
    return parse_date(text) if form == "date" else text


def decided(imported: Import) -> list[Fix]:
    return [fix for fix in imported.file_kind.fixes if imported.options.get(fix.option)]


def with_choice(imported: Import, option: str) -> dict[str, Any]:
    """Options after a person chose a fix, or took it back; one fix per cause."""
    fixes = imported.file_kind.fixes
    chosen = next(fix for fix in fixes if fix.option == option)
    is_on = not imported.options.get(option)
    others = {f.option for f in fixes if f.cause == chosen.cause} - {option}
    kept = {k: v for k, v in imported.options.items() if k not in others}
    return kept | {option: is_on}
