"""Amounts of one file, as text that the database reads; an empty cell says nothing."""

from decimal import Decimal

from imports.kinds import NULL
from imports.values import RowProblem, clean, number


class Amounts:
    """Reads numbers that may not be below zero."""

    def __init__(self, *, decimal_comma: bool) -> None:
        self.decimal_comma = decimal_comma

    def needed(self, text: str, label: str) -> str:
        if not clean(text):
            raise RowProblem("empty_value", label)
        value = number(
            text, cause="number_unreadable", decimal_comma=self.decimal_comma
        )
        if value.startswith("-") and Decimal(value):
            raise RowProblem("below_zero", f"{label} {value}")
        return value.lstrip("-")

    def optional(self, text: str, label: str) -> str:
        return self.needed(text, label) if clean(text) else NULL

    def positive(self, text: str, label: str) -> str:
        value = self.optional(text, label)
        if value != NULL and not Decimal(value):
            raise RowProblem("below_zero", f"{label} {value}")
        return value

    def at_most(self, text: str, label: str, most: int) -> str:
        value = self.optional(text, label)
        if value != NULL and Decimal(value) > most:
            raise RowProblem("too_much", f"{label} {value}")
        return value
