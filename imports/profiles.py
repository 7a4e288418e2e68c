"""How files like this one were read before, so that nobody is asked twice."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from imports.detecting import Detected
from imports.kinds import Kind, kind_named, kinds_of
from imports.looking import Look, normal
from imports.models import FileProfile, Import


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a profile says of a new file like those before."""

    profile: FileProfile
    kind: Kind
    columns: dict[str, int]
    options: dict[str, Any]


def headers_key(header: Iterable[str]) -> str:
    """The same for files with the same names of columns, in any order."""
    names = sorted(normal(name) for name in header if name)
    return sha256("\x1f".join(names).encode()).hexdigest()


def recall(look: Look) -> Remembered | None:
    """The profile of files with these columns, as far as it fits this file."""
    if not look.header_row:
        return None
    profile = FileProfile.objects.filter(headers_key=headers_key(look.header)).first()
    if profile is None or profile.kind not in {kind.name for kind in kinds_of()}:
        return None
    kind = kind_named(profile.kind)
    names = [normal(name) for name in look.header]
    columns = {
        name: place
        for name, (header, place) in profile.columns.items()
        for place in [standing(names, header, place)]
        if place >= 0
    }
    if columns.keys() != profile.columns.keys():
        return None
    return Remembered(profile, kind, columns, dict(profile.options))


def standing(names: list[str], header: str, place: int) -> int:
    """Where a header is now: where it was, else where it is the only one; else -1."""
    if place < len(names) and names[place] == header:
        return place
    return names.index(header) if names.count(header) == 1 else -1


def remember(imported: Import, header: Sequence[str]) -> None:
    """Keep what a person has settled: kind, columns, order of dates, answers."""
    found = Detected.from_json(imported.detected)
    names = [normal(name) for name in header]
    columns = {
        name: [written, standing(names, written, place)]
        for name, place in found.columns.items()
        for written in [normal(found.headers.get(name, ""))]
    }
    FileProfile.objects.update_or_create(
        headers_key=headers_key(header),
        defaults={
            "kind": imported.kind,
            "source": imported.profile,
            "columns": columns,
            "options": lasting(imported.file_kind, imported.options),
            "created_by": imported.created_by,
        },
    )


def lasting(kind: Kind, options: Mapping[str, Any]) -> dict[str, Any]:
    """Answers that hold for the next file, too; ticks hold for one file only."""
    kept = {
        "date_order",
        "decimal_mark",
        "location_names",
        *(column.unless_option for column in kind.columns if column.unless_option),
        *(question.option for question in kind.questions),
    }
    return {name: value for name, value in options.items() if name in kept and value}
