"""Which kind of file a header names: a layout known exactly, else the nearest one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from imports.kinds import Column, Kind
from imports.looking import Look, normal
from imports.mapping import LIKELY, FileColumn, file_columns, suggest


@dataclass(frozen=True, slots=True)
class Match:
    """A header held against the columns of a kind.

    ``missing``: what only the file can tell; ``asked``: what a person may say instead.
    """

    kind: Kind
    columns: dict[str, int]
    by_place: dict[str, dict[str, int]]
    missing: list[Column]
    asked: list[Column]
    doubled: list[Column]
    has_marks: bool

    @property
    def fits(self) -> bool:
        return self.has_marks and not self.missing and bool(self.columns)

    @property
    def rank(self) -> tuple[bool, float]:
        """A named layout wins; then most columns, then the kind that needs more."""
        needed = sum(column.required for column in self.kind.columns)
        return not self.kind.is_generic, len(self.columns) + needed / 100


def recognise(
    look: Look, kinds: Sequence[Kind], options: Mapping[str, object]
) -> Match | None:
    """The kind that the header names exactly; a named layout before a generic one."""
    matches = [match_header(kind, look.header, options) for kind in kinds]
    fitting = [match for match in matches if match.fits]
    return max(fitting, key=lambda match: match.rank, default=None)


def nearest(look: Look, kinds: Sequence[Kind], options: Mapping[str, object]) -> Match:
    """The generic kind that explains the columns best."""
    offered = [kind for kind in kinds if kind.is_generic] or list(kinds)
    columns = file_columns(look)
    matches = [match_header(kind, look.header, options) for kind in offered]
    return max(matches, key=lambda match: worth(match, columns, options))


def worth(
    match: Match, columns: Sequence[FileColumn], options: Mapping[str, object]
) -> float:
    """What is found speaks for a kind; what is lacking or unexplained against it.

    Customer data says nothing of a kind.
    """
    ideas = suggest(match.kind, columns, match.columns)
    known = match.columns.keys() | ideas.keys()
    lacks = [c for c in match.kind.lacks(known, options) if not c.unless_option]
    used = {*match.columns.values(), *(idea.index for idea in ideas.values())}
    telling = {column.index for column in columns if not column.is_customer_data}
    points = sum(
        idea.score if idea.confidence == LIKELY else -0.25
        for idea in ideas.values()
        if idea.index in telling
    )
    needed = sum(column.required for column in match.kind.columns)
    found = len(match.columns) * 1.5 + points + needed / 100
    return found - 2 * len(lacks) - 0.75 * len(telling - used)


def match_header(
    kind: Kind, header: Sequence[str], options: Mapping[str, object]
) -> Match:
    names = [normal(cell) for cell in header]
    written = [" ".join(cell.casefold().split()) for cell in header]
    columns: dict[str, int] = {}
    by_place: dict[str, dict[str, int]] = {}
    doubled = []
    for column in kind.columns:
        for wanted in column.headers:
            looked_in = written if "(" in wanted else names
            if wanted in looked_in:
                columns[column.name] = looked_in.index(wanted)
                if looked_in.count(wanted) > 1:
                    doubled.append(column)
                break
        places = places_of(column, header)
        if places:
            by_place[column.name] = places
            columns.setdefault(column.name, min(places.values()))
    lacks = kind.lacks(columns, options)
    return Match(
        kind,
        columns,
        by_place,
        [column for column in lacks if not column.unless_option],
        [column for column in lacks if column.unless_option and not by_place],
        doubled,
        all(mark in names or mark in written for mark in kind.known_by),
    )


def places_of(column: Column, header: Sequence[str]) -> dict[str, int]:
    """Where the header has a column of this name for each location."""
    return {
        cell[len(start) :].strip(): index
        for index, cell in enumerate(header)
        for start in column.begins
        if cell.casefold().startswith(start.casefold()) and cell[len(start) :].strip()
    }


def missing_columns(
    look: Look, kinds: Sequence[Kind], options: Mapping[str, object]
) -> str:
    """Names what the nearest kind lacks, or what is known at all."""
    matches = [match_header(kind, look.header, options) for kind in kinds]
    close = max(matches, key=lambda match: len(match.columns) - len(match.missing))
    if len(close.columns) < 2:
        names = ", ".join(kind.label for kind in kinds)
        return f"No row names the columns of a known file. Known files: {names}."
    lacks = (*close.missing, *close.asked)
    names = ", ".join(f"“{column.label}”" for column in lacks)
    if not names:
        return f"This looks like {close.kind.label}, but its columns differ from it."
    return (
        f"This looks like {close.kind.label}, but the column {names} cannot be found."
    )
