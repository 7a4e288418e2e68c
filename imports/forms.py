"""What a person fills in to bring a file in: the file, how to read it, its columns."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from imports import answering, uploading
from imports.asking import date_choices, number_choices
from imports.detecting import (
    DATE_ORDERS,
    DECIMAL_MARKS,
    DELIMITER_NAMES,
    Detected,
)
from imports.kinds import Column, Kind, Question, kind_named, kinds_of
from imports.looking import HEADER_WITHIN, HowToRead, Look
from imports.mapping import FileColumn, file_columns
from imports.models import Import
from imports.reading import FileProblem

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (LE)",
    "utf-16-be": "UTF-16 (BE)",
    "cp1252": "Western (Windows-1252)",
    "cp932": "Japanese (Shift-JIS)",
}
GROUPS = {
    "sales": "Sales",
    "products": "Products",
    "stock": "Stock",
    "prices": "Vendors and prices",
    "vendors": "Vendors and prices",
    "orders": "Open orders",
}
NEW = "+"


class UploadForm(forms.Form):
    """The file; what it is we find out ourselves."""

    file = forms.FileField(
        label="File",
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,.xlsx", "data-show-name": "file-name"}
        ),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def keep(self, by: User) -> Import | None:
        """The new import, or None with the problem told at the field."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            return uploading.keep(file.chunks(), file.name or "file", by=by)
        except FileProblem as problem:
            self.add_error("file", str(problem))
        return None


class PresetField(forms.ChoiceField):
    """A choice that has been made already, and may be made otherwise."""

    def clean(self, value: Any) -> Any:
        return super().clean(value or self.initial)


class ReadingForm(forms.Form):
    """How the file is read: each answer was found, and may be changed."""

    def __init__(self, imported: Import, look: Look, data: Any = None) -> None:
        super().__init__(data, auto_id="id_reading_%s")
        self.imported = imported
        self.found = found = Detected.from_json(imported.detected)
        mark = "comma" if found.decimal_comma else "point"
        sheets = look.sheets
        sheet = found.sheet or (sheets[0] if sheets else "")
        delimiters = [
            (mark, name.capitalize()) for mark, name in DELIMITER_NAMES.items()
        ]
        self.show("kind", "What is in it", kind_choices(), found.kind)
        if len(sheets) > 1:
            self.show("sheet", "Sheet", [(name, name) for name in sheets], sheet)
        if not look.is_workbook:
            letters = list(ENCODINGS.items())
            self.show("encoding", "Letters", letters, found.encoding)
            self.show("delimiter", "Columns are split by", delimiters, found.delimiter)
        headers = header_choices(look)
        self.show("header_row", "Names of the columns", headers, found.header_row)
        asked = answering.asked_values(imported)
        if "date_order" not in asked:
            orders = list(DATE_ORDERS.items())
            self.show("date_order", "Dates", orders, found.date_order)
        if "decimal_mark" not in asked:
            marks = list(DECIMAL_MARKS.items())
            self.show("decimal_mark", "Numbers", marks, mark)

    def show(self, name: str, label: str, choices: list[Any], found: Any) -> None:
        self.fields[name] = PresetField(label=label, choices=choices, initial=found)

    def changes(self) -> dict[str, str]:
        """What is not as it was found."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if value != str(self.fields[name].initial)
        }

    def read_again(self, by: User) -> bool:
        """Read the file as it is said now; the problem is told at the form."""
        changes = self.changes()
        meant: dict[str, Any] = {
            name: changes.pop(name)
            for name in ("date_order", "decimal_mark")
            if name in changes
        }
        kind = kind_named(changes.pop("kind")) if "kind" in changes else None
        try:
            if kind or changes:
                answering.read_as(self.imported, self.how(changes), kind, by=by)
            if meant:
                answering.answer(self.imported, meant, by=by)
        except FileProblem as problem:
            self.add_error(None, str(problem))
            return False
        return True

    def how(self, changes: dict[str, str]) -> HowToRead:
        """Where other letters are read, the header may stand elsewhere."""
        found = self.found
        is_other_text = changes.keys() & {"sheet", "encoding", "delimiter"}
        header_row = int(changes.get("header_row", found.header_row))
        return HowToRead(
            encoding=changes.get("encoding", found.encoding),
            delimiter=changes.get("delimiter", found.delimiter),
            sheet=changes.get("sheet", found.sheet),
            header_row=None if is_other_text else header_row,
        )


def kind_choices() -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for kind in kinds_of():
        group = groups.setdefault(GROUPS.get(kind.group, kind.group.title()), [])
        group.append((kind.name, kind.label))
    return list(groups.items())


def header_choices(look: Look) -> list[tuple[int, str]]:
    hidden = {column.index for column in file_columns(look) if column.is_customer_data}
    rows = [
        (
            number,
            f"Row {number}: "
            + beginning(cells, set() if number == look.header_row else hidden),
        )
        for number, cells in look.rows
        if number <= HEADER_WITHIN
    ]
    return [*rows, (0, "There is no row with names")]


def beginning(cells: list[str], hidden: set[int]) -> str:
    """The first cells of a row, customer data masked."""
    shown = [
        "•••" if place in hidden else cell.strip()
        for place, cell in enumerate(cells)
        if cell.strip()
    ]
    return ", ".join(shown)[:60]


class AnswersForm(forms.Form):
    """What the file does not say: asked once, kept for the next file like it."""

    def __init__(self, imported: Import, data: Any = None) -> None:
        super().__init__(data)
        self.imported = imported
        self.options = imported.options
        found = Detected.from_json(imported.detected)
        for name in answering.asked_values(imported):
            example = found.asks.get(name, "")
            self.fields[name] = value_question(name, example, self.options)
        for column in answering.asked_columns(imported):
            self.ask_of_all_rows(column)
        for question in imported.file_kind.questions:
            if not question.column or question.column in found.columns:
                self.fields[question.option] = field_of(question, imported)

    def ask_of_all_rows(self, column: Column) -> None:
        """One value for all rows: a known one, or a new one where it can be made."""
        option = column.unless_option
        if column.is_date:
            self.fields[option] = date_of_all_rows(column, self.options.get(option))
            return
        names = sorted(choices_of(option)())
        chosen = str(self.options.get(option) or "")
        can_create = creating_option(self.imported.file_kind, option)
        is_new = bool(chosen) and chosen not in names
        choices = [("", "Choose"), *((name, name) for name in names)]
        if can_create:
            choices.append((NEW, f"A new {option} …"))
        self.fields[option] = forms.ChoiceField(
            label=f"{column.label.capitalize()} of all rows",
            choices=choices,
            required=column.required,
            initial=NEW if is_new else chosen or (names[0] if len(names) == 1 else ""),
            help_text=f"The file has no column that names the {option}.",
            error_messages={"required": f"Choose the {option} of all rows."},
        )
        if can_create:
            self.fields[f"new_{option}"] = forms.CharField(
                label=f"Name of the new {option}",
                required=False,
                max_length=120,
                initial=chosen if is_new else "",
                help_text="Only where you chose a new one.",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for option in [name for name, value in cleaned.items() if value == NEW]:
            name = str(cleaned.get(f"new_{option}") or "").strip()
            if not name:
                self.add_error(f"new_{option}", f"Type the name of the new {option}.")
            cleaned[option] = name
            creates = creating_option(self.imported.file_kind, option)
            if creates:
                cleaned[creates] = True
        return cleaned

    def answers(self) -> dict[str, Any]:
        return {
            name: value if isinstance(value, bool) else str(value or "")
            for name, value in self.cleaned_data.items()
            if not name.startswith("new_")
        }


def date_of_all_rows(column: Column, initial: Any) -> forms.Field:
    return forms.DateField(
        label=column.label,
        help_text="The file does not say which day it is of.",
        initial=initial,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day that the file is of."},
    )


def choices_of(option: str) -> Callable[[], list[str]]:
    """What may be chosen for all rows, as some kind of file has registered it."""
    for kind in kinds_of():
        for column in kind.columns:
            if column.unless_option == option and column.choices:
                return column.choices
    return list


def creating_option(kind: Kind, option: str) -> str:
    """The fix that makes a new one, where the kind has it."""
    name = f"create_{option}s"
    return name if any(fix.option == name for fix in kind.fixes) else ""


def value_question(name: str, example: str, options: dict[str, Any]) -> forms.Field:
    choices, label = date_choices(example), f"Which day is {example or 'meant'}?"
    if name == "decimal_mark":
        choices, label = number_choices(example), f"How much is {example or 'meant'}?"
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial=options.get(name),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one: the file does not tell."},
    )


def field_of(question: Question, imported: Import) -> forms.Field:
    initial = imported.options.get(question.option) or question.initial
    if question.form == "time":
        return forms.TimeField(
            label=question.label,
            help_text=question.hint,
            required=False,
            initial=initial,
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            error_messages={"invalid": "Write a time such as 04:00."},
        )
    if question.form == "text":
        return forms.CharField(
            label=question.label,
            help_text=question.hint,
            required=False,
            max_length=120,
            initial=initial or imported.profile,
        )
    return PresetField(
        label=question.label,
        help_text=question.hint,
        choices=question.choices,
        initial=initial or question.choices[0][0],
    )


class ColumnsForm(forms.Form):
    """For each of our fields the column of the file that has it."""

    def __init__(
        self, imported: Import, columns: list[FileColumn], data: Any = None
    ) -> None:
        super().__init__(data)
        self.imported = imported
        found = Detected.from_json(imported.detected)
        names = [column.name for column in columns]
        choices = [
            ("", "Not in this file"),
            *((str(column.index), label_of(column, names)) for column in columns),
        ]
        for column in needed_first(imported):
            doubled = column.name in found.doubled
            index = "" if doubled else str(found.columns.get(column.name, ""))
            self.fields[column.name] = forms.ChoiceField(
                label=column.label[:1].upper() + column.label[1:],
                choices=choices,
                initial=index,
                required=False,
                help_text=f"Two columns are called “{found.headers[column.name]}”. "
                "Choose which."
                if doubled
                else "",
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = self.imported.file_kind
        found = [name for name, index in cleaned.items() if index]
        for column in kind.lacks(found, self.imported.options):
            if not column.unless_option:
                self.add_error(
                    column.name, f"Choose the column for {wanted(kind, column)}."
                )
        return cleaned

    def columns(self) -> dict[str, int]:
        return {name: int(index) for name, index in self.cleaned_data.items() if index}


def wanted(kind: Kind, column: Column) -> str:
    """What is needed, and what may stand for it."""
    if column.name not in kind.one_of:
        return column.label.lower()
    return " or ".join(c.label for c in kind.columns if c.name in kind.one_of)


def needed_first(imported: Import) -> list[Column]:
    """Columns of the kind in the order in which they are asked."""
    needed = imported.file_kind.required(imported.options)
    return sorted(imported.file_kind.columns, key=lambda column: column not in needed)


def label_of(column: FileColumn, names: list[str]) -> str:
    """Its name, its place where two are called the same, and a first value."""
    place = f" (column {column.index + 1})" if names.count(column.name) > 1 else ""
    sample = column.samples[0] if column.samples else "empty"
    return f"{column.name}{place} · {sample}"


class PlacesForm(forms.Form):
    """Which of our locations each unknown name of the file stands for."""

    def __init__(self, imported: Import, data: Any = None) -> None:
        super().__init__(data)
        self.names = answering.unknown_places(imported)
        known = [(name, name) for name in sorted(choices_of("location")())]
        for place, name in enumerate(self.names):
            self.fields[f"place_{place}"] = forms.ChoiceField(
                label=f"“{name}”",
                required=False,
                choices=[("", "Let its rows wait"), *known],
            )

    def meant(self) -> dict[str, str]:
        chosen = (
            (name, self.cleaned_data[f"place_{place}"])
            for place, name in enumerate(self.names)
        )
        return {name: location for name, location in chosen if location}
