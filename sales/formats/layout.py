"""How a layout of files is known, and how its rows are read. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from imports.kinds import Column
from sales.formats.rows import SaleRow
from sales.formats.spelling import Spelling


class Reader(Protocol):
    """Reads the rows of one file; it may complete the cells in place."""

    def read(self, cells: list[str]) -> SaleRow: ...


@dataclass(frozen=True, slots=True)
class Layout:
    """A file as one shop software exports it.

    ``known_by``: headers that stand in it besides the needed columns. ``documented``:
    where its columns are described.
    """

    name: str
    label: str
    what: str
    columns: tuple[Column, ...]
    reader: Callable[[Spelling], Reader]
    documented: str
    known_by: tuple[str, ...] = ()
    date_order: str = ""
