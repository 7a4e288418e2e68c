"""What was read of a file already: rows repeat what was sold, or the receipt."""

from collections.abc import Sequence

from imports.kinds import Column
from sales.sold import PartedReader, Sold, cells_of

MOST_KNOWN = 20_000


class Known:
    """What was sold, by the cells that tell it."""

    def __init__(self, reader: PartedReader, columns: Sequence[Column]) -> None:
        self.reader = reader
        apart = set(reader.told_apart)
        self.told = cells_of(columns, {column.name for column in columns} - apart)
        self.told_apart = cells_of(columns, apart)
        self.sold_by_cells: dict[tuple[str, ...], Sold] = {}

    def sold(self, cells: list[str]) -> Sold | None:
        return self.sold_by_cells.get(self.told(cells))

    def sold_of(self, rows: Sequence[list[str]]) -> list[Sold | None]:
        return list(map(self.sold_by_cells.get, map(self.told, rows)))

    def learn(self, cells: list[str], sold: Sold) -> None:
        if len(self.sold_by_cells) > MOST_KNOWN:
            self.sold_by_cells.clear()
        self.sold_by_cells[self.told(cells)] = sold
