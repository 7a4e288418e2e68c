"""What was read of a file already: rows repeat what was sold, or the receipt."""

from collections.abc import Sequence

from imports.kinds import Column
from sales.sold import Occasion, PartedReader, Sold, cells_of

MOST_KNOWN = 20_000


class Known:
    """Parts of rows by the cells that tell them; receipts stand row by row."""

    def __init__(self, reader: PartedReader, columns: Sequence[Column]) -> None:
        self.reader = reader
        apart = set(reader.told_apart)
        self.told = cells_of(columns, {column.name for column in columns} - apart)
        self.told_apart = cells_of(columns, apart)
        self.sold_by_cells: dict[tuple[str, ...], Sold] = {}
        self.occasion_cells: tuple[str, ...] = ()
        self.last_place = ""
        self.last_occasion: Occasion | None = None

    def sold(self, cells: list[str]) -> Sold | None:
        return self.sold_by_cells.get(self.told(cells))

    def learn(self, cells: list[str], sold: Sold) -> None:
        if len(self.sold_by_cells) > MOST_KNOWN:
            self.sold_by_cells.clear()
        self.sold_by_cells[self.told(cells)] = sold

    def occasion(self, cells: list[str], place: str) -> Occasion | None:
        """That of the row before, if this one is of the same."""
        apart = self.told_apart(cells)
        if apart == self.occasion_cells and place == self.last_place:
            return self.last_occasion
        self.occasion_cells, self.last_place = apart, place
        self.last_occasion = None
        return None
