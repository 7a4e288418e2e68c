"""A file comes in: kept under a name of our own, looked at, and given a row."""

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import User
from imports.detecting import detect
from imports.kinds import Kind
from imports.models import Import
from imports.reading import FileProblem, is_workbook

BLOCK = 1024 * 1024
MOST_BYTES = settings.UPLOAD_MAX_BYTES
MOST_WORKBOOK_BYTES = 25 * 1024 * 1024


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
    """Keep the bytes and detect what they are; FileProblem leaves nothing behind."""
    path = new_path()
    try:
        sha256 = store(blocks, path)
        check_size(path)
        found = detect(path, kinds, options)
        kind = next(kind for kind in kinds if kind.name == found.kind)
        return Import.objects.create(
            kind=kind.name,
            profile=profile or kind.label,
            file_name=os.path.basename(file_name)[:250],
            sha256=sha256,
            size=path.stat().st_size,
            path=str(path),
            options={"accept_changes": kind.applies_changes} | dict(options),
            detected=found.as_json(),
            created_by=by,
        )
    except BaseException:
        path.unlink(missing_ok=True)
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
