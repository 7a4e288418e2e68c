"""What a row of a sales file says was sold, as COPY reads it.

A file repeats its items and their prices, not its receipts: each distinct one is
written out once.
"""

from collections.abc import Callable, Collection, Sequence
from operator import itemgetter
from typing import NamedTuple, Protocol, runtime_checkable

from imports.kinds import NULL, Column, copied
from sales.formats.rows import Apart, SaleRow
from sales.formats.spelling import once
from sales.not_products import is_no_product


@runtime_checkable
class PartedReader(Protocol):
    """A reader that tells what was sold from other columns than all the rest.

    ``read`` of two rows that differ only in the columns ``told_apart`` differs only in
    what ``apart`` tells of them.
    """

    told_apart: tuple[str, ...]

    def apart(self, cells: list[str]) -> Apart: ...


class Sold(NamedTuple):
    """The first fields of the staging table, those of an occasion follow.

    ``key`` and ``held_key``: ends of the keys of the fact, and of a row that waits.
    """

    place: str
    key: str
    held_key: str
    fields: str
    warning: str


# Receipt and moment of a row, as Sold is what was sold: with what the keys of its lines
# begin, fields, warning. Half of the rows have one of their own.
type Occasion = tuple[str, str, str]
UNREAD: Occasion = ("", "", "")


def fields_of(parts: Sequence[Sold | None], occasions: Sequence[Occasion]) -> list[str]:
    """The fields of each row as the staging table has them, with tabs between.

    Empty where a part is not known.
    """
    return [
        f"{key}{sold.key}\t{key + sold.held_key if sold.held_key else NULL}"
        f"\t{sold.fields}\t{fields}\t{sold.warning or warning}"
        if sold is not None and key
        else ""
        for sold, (key, fields, warning) in zip(parts, occasions, strict=True)
    ]


def sold_of(row: SaleRow, place: str, *, key: str, held_key: str) -> Sold:
    fields = (
        copied(row.identity[:400]),
        copied(row.name[:250]),
        copied(row.category[:120]),
        copied(place[:120]),
        row.kind,
        "0" if row.is_void else row.quantity,
        "0" if row.is_void else row.net_amount or NULL,
        row.gross_amount or NULL,
        copied(row.barcode[:60]),
        "t" if row.is_void else "f",
        "t" if row.is_kept_out else "f",
        row.sale_date or NULL,
        sells_nothing(row.identity, row.item),
    )
    return Sold(place, key, held_key, "\t".join(fields), row.warning)


def apart_of(row: SaleRow) -> Apart:
    return Apart(row.receipt, row.date, row.clock, row.zone, row.offset, row.reference)


type Cells = Callable[[list[str]], tuple[str, ...]]


def cells_of(columns: Sequence[Column], names: Collection[str]) -> Cells:
    """Of a row, the cells of these columns."""
    return itemgetter(
        *(place for place, column in enumerate(columns) if column.name in names)
    )


@once
def sells_nothing(identity: str, item: str) -> str:
    """For COPY; a row without a name leaves it to the others of its identity."""
    if is_no_product(identity, item):
        return "t"
    return "f" if item else NULL
