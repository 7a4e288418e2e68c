"""Files with a column per location: each row becomes one row per location."""

from collections.abc import Iterator

from imports.detecting import Detected
from imports.kinds import kind_named
from imports.reading import BadRow, Row


def one_row_per_place(
    detected: Detected, rows: Iterator[tuple[int, Row]]
) -> Iterator[tuple[int, Row]]:
    """Rows of the kind's columns; “location” is what the other headers go on with."""
    names = [column.name for column in kind_named(detected.kind).columns]
    places = {
        place.strip(" []"): place
        for by_place in detected.by_place.values()
        for place in by_place
    }
    for number, cells in rows:
        if isinstance(cells, BadRow):
            yield number, cells
        elif number > detected.header_row and any(map(str.strip, cells)):
            for place, written in places.items():
                yield (
                    number,
                    [
                        place
                        if name == "location"
                        else cell(detected, cells, name, written)
                        for name in names
                    ],
                )


def cell(detected: Detected, cells: list[str], name: str, place: str) -> str:
    by_place = detected.by_place.get(name)
    index = by_place.get(place, -1) if by_place else detected.columns.get(name, -1)
    return cells[index] if 0 <= index < len(cells) else ""
