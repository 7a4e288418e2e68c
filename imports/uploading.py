"""A file comes in: kept under a name of our own, looked at, and given a row."""

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import User
from imports import answering
from imports.detecting import Detected, detect, interpret, mapped, with_kind
from imports.kinds import Kind, kind_named, kinds_of
from imports.looking import look_at
from imports.models import Import
from imports.profiles import recall
from imports.reading import FileProblem, is_workbook
from imports.workbook_start import forget_file

BLOCK = 1024 * 1024
MOST_BYTES = settings.UPLOAD_MAX_BYTES
MOST_WORKBOOK_BYTES = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    path: Path
    name: str
    sha256: str

    def give_row(
        self, found: Detected, options: Mapping[str, Any], **fields: Any
    ) -> Import:
        kind = kind_named(found.kind)
        return Import.objects.create(
            kind=kind.name,
            file_name=os.path.basename(self.name)[:250],
            sha256=self.sha256,
            size=self.path.stat().st_size,
            path=str(self.path),
            options={"accept_changes": kind.applies_changes} | dict(options),
            detected=found.as_json(),
            **fields,
        )


def receive_path(
    path: Path,
    *,
    kinds: Sequence[Kind],
    options: Mapping[str, Any],
    profile: str = "",
    by: User | None = None,
) -> Import:
    """Take in a file of this machine; it stays where it is."""
    try:
        with path.open("rb") as file:
            blocks = iter(lambda: file.read(BLOCK), b"")
            return receive(
                blocks, path.name, kinds=kinds, options=options, profile=profile, by=by
            )
    except OSError as error:
        raise FileProblem(f"The file cannot be opened: {error.strerror}.") from None


def receive(
    blocks: Iterable[bytes],
    file_name: str,
    *,
    kinds: Sequence[Kind],
    options: Mapping[str, Any],
    profile: str = "",
    by: User | None = None,
) -> Import:
    """Take in a file that is clear by itself; FileProblem leaves nothing behind."""
    with stored(blocks, file_name) as file:
        found = detect(file.path, kinds, options)
        name = profile or kind_named(found.kind).label
        return file.give_row(found, options, profile=name, created_by=by)


def keep(blocks: Iterable[bytes], file_name: str, *, by: User) -> Import:
    """Take in any table of a person who is asked what is unclear.

    Files with columns that were imported before are read as they were then.
    """
    with stored(blocks, file_name) as file:
        kinds = kinds_of()
        look = look_at(file.path, kinds)
        known = recall(look)
        options = known.options if known else {}
        if known:
            found = mapped(
                file.path,
                look,
                with_kind(look, known.kind, known.options),
                known.columns,
                known.options,
            )
            source = known.profile.source
        else:
            found = interpret(file.path, look, kinds, options)
            source = kind_named(found.kind).label
        imported = file.give_row(
            found,
            options,
            profile=source,
            created_by=by,
            step=Import.Step.DETECTED,
        )
        if known and answering.next_step(imported) == Import.Step.CHECK:
            answering.go_to(imported, Import.Step.CHECK)
        return imported


@contextmanager
def stored(blocks: Iterable[bytes], file_name: str) -> Iterator[StoredFile]:
    """The bytes under a name of our own; whatever fails inside leaves nothing."""
    path = new_path()
    try:
        sha256 = store(blocks, path)
        check_size(path)
        yield StoredFile(path, file_name, sha256)
    except BaseException:
        forget_file(path)
        raise


def new_path() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / uuid.uuid4().hex


def store(blocks: Iterable[bytes], path: Path) -> str:
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        for block in within_limit(blocks):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def within_limit(blocks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        if size > MOST_BYTES:
            raise FileProblem(
                f"The file is larger than {MOST_BYTES // 1024**2} MB. Export it in "
                "parts, one year each, and import them in any order."
            )
        yield block


def check_size(path: Path) -> None:
    if path.stat().st_size > MOST_WORKBOOK_BYTES and is_workbook(path):
        raise FileProblem(
            "The Excel file is larger than 25 MB. Save it as .csv and import that."
        )
