"""Step 5: the rows become facts in the background; how far that is."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import allowed
from imports.beginning import begin, under_way
from imports.models import Import
from imports.pace import pace_of
from imports.views.steps import job_of, named, steps
from jit_backoffice.http import HtmxRequest, is_fragment


@allowed("import_files")
def import_progress(request: HtmxRequest, pk: int) -> HttpResponse:
    """How far the import is; POST starts it, or takes it up again."""
    imported = named(request, pk)
    if request.method == "POST":
        if begin(imported, by=request.user):
            return redirect("import_progress", pk)
        if under_way(imported):
            messages.warning(request, "This very file is being imported right now.")
        return redirect(imported.page, pk)
    kind = "undo_import" if imported.state == Import.State.UNDOING else "import_file"
    job = job_of(imported, kind)
    fragment = is_fragment(request)
    if job is None or job.is_finished:
        if fragment:
            response = HttpResponse()
            response["HX-Refresh"] = "true"
            return response
        if job is None or imported.page != "import_result" or not is_stopped(imported):
            return redirect(imported.page, pk)
    context = {
        "import": imported,
        "job": job,
        "pace": pace_of(imported, job),
        "steps": steps("Import"),
    }
    template = "imports/_progress.html" if fragment else "imports/import_progress.html"
    return render(request, template, context)


def is_stopped(imported: Import) -> bool:
    """Half-way, and nobody works at it: a person may take it up again."""
    return imported.state in (Import.State.IMPORTING, Import.State.UNDOING)
