"""The moment from which a file is written: by one person at a time."""

from pathlib import Path

from django.db import connection, transaction

from accounts.models import User
from imports.answering import look_again
from imports.held import OWN_COLUMNS, held_header
from imports.importing import start
from imports.models import Import
from imports.profiles import remember
from imports.reading import FileProblem
from jobs.models import Job
from jobs.running import enqueue, retry

OPEN = (Job.State.WAITING, Job.State.RUNNING)


def under_way(imported: Import) -> Import | None:
    """Another import of the same bytes that is being written now."""
    if not imported.sha256:
        return None
    others = Import.objects.filter(sha256=imported.sha256).exclude(pk=imported.pk)
    keys = [str(pk) for pk in others.values_list("pk", flat=True)]
    busy = Job.objects.filter(
        kind="import_file", key__in=keys, state__in=OPEN
    ).values_list("key", flat=True)
    found: Import | None = others.filter(pk__in=[int(key) for key in busy]).first()
    return found


@transaction.atomic
def begin(imported: Import, *, by: User) -> bool:
    """Queue the writing, or take it up again; False while another writes this file."""
    was = imported.state
    if was not in (Import.State.CHECKED, Import.State.IMPORTING):
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"import {imported.sha256 or imported.pk}"],
        )
    if under_way(imported):
        return False
    if not start(imported):
        return False
    if was == Import.State.CHECKED:
        keep_profile(imported)
    job = enqueue(
        "import_file", key=str(imported.pk), arguments={"import": imported.pk}, by=by
    )
    retry(job)
    return True


def keep_profile(imported: Import) -> None:
    """What a person has confirmed by importing serves the next file like it.

    So it does for the file of problem rows, once it is mended.
    """
    if not imported.path or not Path(imported.path).exists():
        return
    try:
        look = look_again(imported)
    except FileProblem:
        return  # the import itself tells why the file cannot be read
    if look.header_row:
        remember(imported, look.header)
        remember(imported, [*OWN_COLUMNS, *held_header(imported)])
