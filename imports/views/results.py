"""Step 6: what came of it, and how to take it back."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import allowed, confirmed
from imports import answering, checking, importing, showing
from imports.models import HeldRow, Import
from imports.pace import seconds_taken
from imports.views.steps import job_of, named, steps
from jit_backoffice.http import HtmxRequest
from jobs.models import Job
from jobs.running import enqueue, retry


@require_safe
@allowed("import_files")
def import_result(request: HtmxRequest, pk: int) -> HttpResponse:
    imported = named(request, pk)
    if imported.page != "import_result":
        return redirect(imported.page, pk)
    job = job_of(imported, "import_file")
    under_way = imported.state in (Import.State.IMPORTING, Import.State.UNDOING)
    if under_way and job and job.state != Job.State.DONE:
        return redirect("import_progress", pk)
    held = showing.held_counts(imported)
    context = {
        "import": imported,
        "steps": steps("Result"),
        "parts": checking.parts(imported),
        "problems": checking.problems(imported),
        "waiting": sum(held.get(state, 0) for state in HeldRow.WAITING),
        "held": sum(held.values()),
        "seconds": seconds_taken(imported, job),
        "profile": showing.profile_kept(imported),
        "undo_job": job_of(imported, "undo_import"),
    }
    return render(request, "imports/import_result.html", context)


@allowed("import_files")
@confirmed
def import_undo(request: HtmxRequest, pk: int) -> HttpResponse:
    """What undoing would take back; POST does it, in the background."""
    imported = named(request, pk)
    if not imported.can_be_undone:
        return redirect(imported.page, pk)
    if request.method == "POST":
        importing.begin_undo(imported)
        job = enqueue(
            "undo_import", key=str(pk), arguments={"import": pk}, by=request.user
        )
        retry(job)
        return redirect("import_progress", pk)
    later = showing.later_imports(imported)
    return render(
        request, "imports/import_undo.html", {"import": imported, "later": later}
    )


@require_POST
@allowed("import_files")
def import_waiting(request: HtmxRequest, pk: int) -> HttpResponse:
    """Check the waiting rows of an import again, as an import of their own."""
    imported = named(request, pk)
    if not imported.held_rows.filter(state__in=HeldRow.WAITING).exists():
        return redirect("import_result", pk)
    again = importing.import_waiting(imported, by=request.user)
    answering.begin_check(again, by=request.user)
    return redirect("import_check", again.pk)
