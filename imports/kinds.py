"""The kinds of files that can come in; the apps that own the facts register them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import (
    TYPE_CHECKING,
    Literal,
    LiteralString,
    Protocol,
    runtime_checkable,
)

from django.db.backends.utils import CursorWrapper

if TYPE_CHECKING:
    from imports.detecting import Detected
    from imports.models import Import
    from imports.reading import Row
    from imports.staging import Stage

NULL = r"\N"
COPY_MARKS = str.maketrans(
    {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\0": "\ufffd"}
)


def copied(text: str) -> str:
    """Text as COPY reads it."""
    return text.translate(COPY_MARKS) if "\\" in text else text


def copied_key(digest: bytes) -> str:
    return rf"\\x{digest.hex()}"


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a kind, found in a file by the name of its header.

    A header with brackets is looked for with its brackets, any other without.
    ``begins``: how a header may begin that goes on with the name of a location.
    ``is_reference``: tells only which rows belong together; a salted hash of it takes
    its place before anything is stored.
    """

    name: str
    label: str
    headers: tuple[str, ...]
    begins: tuple[str, ...] = ()
    required: bool = False
    unless_option: str = ""
    is_date: bool = False
    is_time: bool = False
    is_number: bool = False
    is_reference: bool = False
    choices: Callable[[], list[str]] | None = None


class Parser(Protocol):
    """Reads one file's rows: mapped cells in, fields of the staging table out.

    It may complete the cells in place: what stands in them afterwards is what a row
    that waits keeps.
    """

    def parse(self, cells: list[str]) -> Sequence[str]: ...

    def finish(self) -> None:
        """Raise FileProblem where the rows together make no sense."""


@runtime_checkable
class KnowingParser(Parser, Protocol):
    """A parser that remembers what it read, and so tells many rows at once."""

    def known_fields(self, rows: Sequence[list[str]]) -> list[str]:
        """The fields of each row as ``parse`` gives them, with tabs between.

        Empty where a row has to be parsed. Leaves the cells as they are.
        """


class Unfold(Protocol):
    """Rows of the file in, header and all; rows of the kind's columns out."""

    def __call__(
        self, detected: "Detected", rows: "Iterator[tuple[int, Row]]"
    ) -> "Iterator[tuple[int, Row]]": ...


class Classify(Protocol):
    def __call__(
        self, cursor: CursorWrapper, stage: "Stage", first: int, last: int
    ) -> None:
        """Make the temporary table import_chunk of rows first to last.

        Its columns: row_number, outcome, cause, detail, raw, key, and the kind's own.
        """


class Effect(Protocol):
    """Says what an import would change, from one import_chunk after the other."""

    def add(self, cursor: CursorWrapper) -> None: ...

    def sentences(self) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Fix:
    """What a person may decide about the rows of one cause, as an option.

    ``word`` is the button; {n} in it stands for how many different ones there are.
    """

    option: str
    cause: str
    word: str
    told: str
    back: str


@dataclass(frozen=True, slots=True)
class Question:
    """What no file says of its rows: asked once, kept as an option and remembered.

    With a ``column``, it is asked only of files that have it.
    """

    option: str
    label: str
    form: Literal["choice", "time", "text"] = "choice"
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    initial: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One layout of files of a group: what it holds and how its rows become facts.

    A named layout is known by its required columns and by the headers ``known_by``,
    all of them; where none fits, a person maps the columns to a generic kind. Of the
    columns ``one_of`` one at least is needed. ``unfold`` makes several rows of one that
    has a column per location. ``prepare`` settles what only all rows together tell;
    ``create`` makes products or locations that a person ticked; ``undo`` takes back
    chunk by chunk and yields the rows of each. ``is_live``: its rows come by
    themselves, in no file; ``tells`` names the layout of files that tells the same
    sales. ``numbers_keys``: equal lines of one receipt are numbered, so a row that
    waits keeps its key. ``applies_changes``: a changed row is the purpose of the file
    and needs no tick. ``odd_rows``: SQL that gives row_number, cause and detail of the
    rows of import_chunk that come in but look odd. ``pages``: where a person settles
    the rows of a cause, as the name of a URL that takes the import. ``afterwards``
    and ``after_undo`` say what follows from an import, and what an undo leaves.
    """

    name: str
    label: str
    group: str
    columns: tuple[Column, ...]
    fields: Mapping[str, str]
    parser: "Callable[[Stage], Parser]"
    classify: Classify
    merge: "Callable[[CursorWrapper, Stage], None]"
    preview: Mapping[str, str]
    unfold: "Unfold | None" = None
    prepare: "Callable[[CursorWrapper, Stage], None] | None" = None
    create: "Callable[[Stage], None] | None" = None
    effect: "Callable[[Stage], Effect] | None" = None
    undo: "Callable[[Import], Iterator[int]] | None" = None
    fixes: tuple[Fix, ...] = ()
    questions: tuple[Question, ...] = ()
    odd_rows: LiteralString = ""
    what: str = ""
    known_by: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    is_generic: bool = False
    documented: str = ""
    afterwards: str = ""
    after_undo: str = "Products and locations that it created stay."
    pages: Mapping[str, str] = MappingProxyType({})
    date_order: str = ""
    numbers_keys: bool = False
    applies_changes: bool = False
    is_live: bool = False
    tells: str = ""

    @property
    def can_undo(self) -> bool:
        return self.undo is not None

    @property
    def source_kind(self) -> str:
        """Kinds that tell the same sales share it."""
        return self.tells or self.name

    @property
    def tells_whose(self) -> bool:
        """Files may have a column that tells which rows belong to one customer."""
        return any(column.is_reference for column in self.columns)

    def required(self, options: Mapping[str, object]) -> list[Column]:
        return [
            column
            for column in self.columns
            if column.required and not options.get(column.unless_option)
        ]

    def lacks(
        self, found: Collection[str], options: Mapping[str, object]
    ) -> list[Column]:
        """Needed columns that are not among the found ones."""
        missing = [
            column for column in self.required(options) if column.name not in found
        ]
        if self.one_of and not any(name in found for name in self.one_of):
            missing += [c for c in self.columns if c.name == self.one_of[0]]
        return missing


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    return _kinds[name]


def kinds_of(group: str = "") -> list[Kind]:
    """Kinds of files, all or those of a group."""
    files = (kind for kind in _kinds.values() if not kind.is_live)
    return [kind for kind in files if not group or kind.group == group]


def live_kinds() -> list[Kind]:
    return [kind for kind in _kinds.values() if kind.is_live]


def same_source(kind: Kind) -> list[str]:
    """Names of the kinds that tell the same sales, itself among them."""
    kinds = _kinds.values()
    return [other.name for other in kinds if other.source_kind == kind.source_kind]
