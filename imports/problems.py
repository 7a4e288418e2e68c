"""Why rows stay out: causes in plain words, and how often each was met."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MOST_DETAILS = 200
SHOWN_ROWS = 5

# Rows that are no fact of ours and are left out without a fault: fees, transfers.
IGNORED: set[str] = set()

LABELS: dict[str, str] = {
    "quote_unclosed": "A quote is opened and never closed",
    "line_too_long": "The line is longer than 1 MB",
    "cell_too_long": "A cell is longer than 65,536 letters",
    "unreadable_bytes": "Letters in an unknown encoding",
    "too_few_cells": "The row ends before a needed column",
    "empty_value": "A needed value is empty",
    "shortened_number": "Excel shortened this number; export again as text",
    "number_too_large": "The number is too large",
    "number_unreadable": "The number cannot be read",
    "quantity_not_a_number": "Quantity is not a number",
    "date_unreadable": "Date cannot be read",
    "date_in_the_future": "The date is in the future",
    "date_too_old": "The date is before 1990",
    "time_unreadable": "Time cannot be read",
    "time_skipped": "This hour was skipped when the clocks went forward",
    "changed": "Differs from the line already here",
}


def label_causes(**labels: str) -> None:
    """Words for the causes of an app's own kinds."""
    LABELS.update(labels)


def label_ignored(**labels: str) -> None:
    """Words for causes that leave a row out because it is nothing of ours."""
    LABELS.update(labels)
    IGNORED.update(labels)


def label_of(cause: str) -> str:
    return LABELS.get(cause, cause.replace("_", " ").capitalize())


def sentence(cause: str, detail: str) -> str:
    return f"{label_of(cause)}: “{detail}”" if detail else label_of(cause)


@dataclass(slots=True)
class Cause:
    outcome: str
    cause: str
    rows: int = 0
    details: Counter[str] = field(default_factory=Counter)
    row_numbers: list[int] = field(default_factory=list)


class Tally:
    """Rows that stay out, grouped by cause, with examples."""

    def __init__(self, stored: list[dict[str, Any]] | None = None) -> None:
        self._causes: dict[tuple[str, str], Cause] = {}
        for group in stored or []:
            for text, rows in group["details"]:
                self.add(group["outcome"], group["cause"], text, rows)
            cause = self._causes[group["outcome"], group["cause"]]
            cause.rows = group["rows"]
            cause.row_numbers = group["row_numbers"]

    def add(
        self, outcome: str, cause: str, detail: str, rows: int, row: int | None = None
    ) -> None:
        group = self._causes.setdefault((outcome, cause), Cause(outcome, cause))
        group.rows += rows
        if detail in group.details or len(group.details) < MOST_DETAILS:
            group.details[detail] += rows
        if row is not None and len(group.row_numbers) < SHOWN_ROWS:
            group.row_numbers.append(row)

    def as_json(self) -> list[dict[str, Any]]:
        groups = sorted(
            self._causes.values(), key=lambda group: (group.outcome, -group.rows)
        )
        return [
            {
                "outcome": group.outcome,
                "cause": group.cause,
                "label": label_of(group.cause),
                "rows": group.rows,
                "details": group.details.most_common(),
                "row_numbers": group.row_numbers,
            }
            for group in groups
        ]
