"""What a person fills in to bring a file in."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from imports.detecting import DATE_ORDERS, AmbiguousDates
from imports.kinds import Column, kinds_of
from imports.models import Import
from imports.reading import FileProblem
from imports.uploading import receive


def optional_columns() -> dict[str, Column]:
    """Columns that a file may leave out where a person says it for all rows."""
    return {
        column.unless_option: column
        for kind in kinds_of()
        for column in kind.columns
        if column.choices
    }


class UploadForm(forms.Form):
    """The file; what it is we find out ourselves."""

    file = forms.FileField(
        label="File",
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,.xlsx", "data-show-name": "file-name"}
        ),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )
    kind = forms.ChoiceField(required=False, label="What is in it")
    date_order = forms.ChoiceField(
        required=False,
        label="Dates in this file",
        choices=[
            ("", "As the file shows"),
            *((key, word) for key, word in DATE_ORDERS.items() if key != "ymd"),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = optional_columns()
        kind = cast(forms.ChoiceField, self.fields["kind"])
        kind.choices = [
            ("", "Find out from the columns"),
            *((kind.name, kind.label) for kind in kinds_of()),
        ]
        for option, column in self.options.items():
            names = column.choices() if column.choices else []
            self.fields[option] = forms.ChoiceField(
                required=False,
                label=f"{column.label.capitalize()} of all rows",
                choices=[
                    ("", "As the file says"),
                    *((name, name) for name in sorted(names)),
                ],
            )

    def receive(self, by: User) -> Import | None:
        """The new import, or None with the problem told at the field."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        named = ("date_order", *self.options)
        options = {name: self.cleaned_data[name] for name in named}
        try:
            return receive(
                file.chunks(),
                file.name or "file",
                kinds=[
                    kind
                    for kind in kinds_of()
                    if self.cleaned_data["kind"] in ("", kind.name)
                ],
                options={name: value for name, value in options.items() if value},
                by=by,
            )
        except AmbiguousDates as problem:
            self.add_error("date_order", str(problem))
        except FileProblem as problem:
            self.add_error("file", str(problem))
        return None
