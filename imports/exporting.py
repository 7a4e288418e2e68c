"""Files that go out with the columns that come in: export, edit, import again.

The apps that own the records register what they export. A text that a spreadsheet
would calculate is escaped; what comes back is read without that mark.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from accounts.models import User
from imports.csv_lines import line_writer
from imports.escaping import escaped
from imports.workbook_writing import write_workbook

BYTE_ORDER_MARK = "\ufeff"

type Value = str | int | bool | Decimal | dt.date | None
type Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Export:
    """What goes out: ``rows`` of all that the person may see, or of everything."""

    name: str
    label: str
    columns: tuple[str, ...]
    rows: Callable[[User | None], Iterable[Row]]


_exports: dict[str, Export] = {}


def register(export: Export) -> None:
    _exports[export.name] = export


def export_named(name: str) -> Export | None:
    return _exports.get(name)


def export_names() -> list[str]:
    return list(_exports)


def cells(row: Row) -> list[str | Decimal]:
    """Texts and numbers of a row, as files of either form have them."""
    return [cell_of(value) for value in row]


def cell_of(value: Value) -> str | Decimal:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal() | int():
            return Decimal(value)
        case dt.datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case dt.date():
            return value.isoformat()
    return escaped(value)


def plain(cell: str | Decimal) -> str:
    """
    >>> plain(Decimal("12.500")), plain(Decimal("100"))
    ('12.5', '100')
    """
    return cell if isinstance(cell, str) else f"{cell.normalize():f}"


def csv_lines(export: Export, user: User | None) -> Iterator[str]:
    writer = line_writer()
    yield BYTE_ORDER_MARK + writer.writerow(export.columns)
    for row in export.rows(user):
        yield writer.writerow([plain(cell) for cell in cells(row)])


def write_file(export: Export, path: Path, user: User | None) -> None:
    """Write all rows to a new file; its name says in which form."""
    if path.suffix == ".xlsx":
        rows = (cells(row) for row in export.rows(user))
        write_workbook(path, export.columns, rows)
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(csv_lines(export, user))
