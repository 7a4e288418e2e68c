"""Bringing a file in, step by step; each step has an address and can be left."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import allowed
from imports import checking, importing
from imports.detecting import Detected
from imports.forms import UploadForm
from imports.held import held_csv
from imports.kinds import kinds_of
from imports.models import HeldRow, Import
from imports.uploading import MOST_BYTES, MOST_WORKBOOK_BYTES
from jit_backoffice.http import HtmxRequest
from jobs.models import Job
from jobs.running import enqueue, retry

PAGE_ROWS = 50
STEPS = ("Upload", "Check", "Import", "Result")


def named(request: HtmxRequest, pk: int) -> Import:
    visible = Import.objects.visible_to(request.user).select_related("created_by")
    return get_object_or_404(visible, pk=pk)


def steps(current: str) -> list[dict[str, Any]]:
    place = STEPS.index(current)
    return [
        {"word": word, "number": n + 1, "is_done": n < place, "is_current": n == place}
        for n, word in enumerate(STEPS)
    ]


def job_of(imported: Import, kind: str, key: str = "") -> Job | None:
    return Job.objects.filter(kind=kind, key=key or str(imported.pk)).first()


@require_safe
@allowed("import_files")
def import_list(request: HtmxRequest) -> HttpResponse:
    waiting = Count("held_rows", filter=Q(held_rows__state__in=HeldRow.WAITING))
    imports = (
        Import.objects.visible_to(request.user)
        .select_related("created_by")
        .annotate(rows_waiting=waiting)
        .order_by("-created_at", "-pk")
    )
    page = Paginator(imports, PAGE_ROWS).get_page(request.GET.get("page"))
    keys = [str(imported.pk) for imported in page]
    stalled = set(
        Job.objects.stalled()
        .filter(kind="import_file", key__in=keys)
        .values_list("key", flat=True)
    )
    rows = [
        {
            "import": imported,
            "state": "stalled" if str(imported.pk) in stalled else imported.state,
        }
        for imported in page
    ]
    return render(request, "imports/import_list.html", {"page": page, "rows": rows})


@allowed("import_files")
def import_new(request: HtmxRequest) -> HttpResponse:
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        imported = form.receive(by=request.user)
        if imported:
            check_again(imported, by=request)
            return redirect("import_check", imported.pk)
    context = {
        "form": form,
        "kinds": kinds_of(),
        "steps": steps("Upload"),
        "megabytes": MOST_BYTES // 1024**2,
        "workbook_megabytes": MOST_WORKBOOK_BYTES // 1024**2,
    }
    status = 422 if form.errors else 200
    return render(request, "imports/import_new.html", context, status=status)


def check_again(imported: Import, *, by: HtmxRequest) -> Job:
    return enqueue(
        "check_file",
        key=imported.check_key,
        arguments={"import": imported.pk},
        by=by.user,
    )


@allowed("import_files")
def import_check(request: HtmxRequest, pk: int) -> HttpResponse:
    """What importing would do; POST chooses a fix and checks anew."""
    imported = named(request, pk)
    if imported.state not in (Import.State.UPLOADED, Import.State.CHECKED):
        return redirect("import_result", pk)
    if request.method == "POST":
        option = request.POST.get("choice", "")
        if option in {fix.option for fix in imported.file_kind.fixes}:
            imported.choose(checking.with_choice(imported, option))
            check_again(imported, by=request)
        return redirect("import_check", pk)
    found = Detected.from_json(imported.detected)
    same = Import.objects.of_same_file(imported.sha256).exclude(pk=pk)
    context = {
        "import": imported,
        "found": found,
        "steps": steps("Check"),
        "job": job_of(imported, "check_file", imported.check_key),
        "parts": checking.parts(imported),
        "problems": checking.problems(imported),
        "decided": checking.decided(imported),
        "same": same.select_related("created_by").first() if imported.sha256 else None,
        "columns": checking.preview_columns(imported),
        "rows": checking.preview_rows(imported),
    }
    return render(request, "imports/import_check.html", context)


@allowed("import_files")
def import_progress(request: HtmxRequest, pk: int) -> HttpResponse:
    """How far the import is; POST starts it, or takes it up again."""
    imported = named(request, pk)
    if request.method == "POST":
        start(imported, request)
        return redirect("import_progress", pk)
    kind = "undo_import" if imported.state == Import.State.UNDOING else "import_file"
    job = job_of(imported, kind)
    if job is None or job.state == Job.State.DONE:
        return redirect("import_result", pk)
    context = {"import": imported, "job": job, "steps": steps("Import")}
    return render(request, "imports/import_progress.html", context)


def start(imported: Import, request: HtmxRequest) -> None:
    """Queue the import; only one that was checked or that stopped half-way."""
    if imported.state not in (Import.State.CHECKED, Import.State.IMPORTING):
        return
    job = enqueue(
        "import_file",
        key=str(imported.pk),
        arguments={"import": imported.pk},
        by=request.user,
    )
    retry(job)


@require_safe
@allowed("import_files")
def import_result(request: HtmxRequest, pk: int) -> HttpResponse:
    imported = named(request, pk)
    if imported.state in (Import.State.UPLOADED, Import.State.CHECKED):
        return redirect("import_check", pk)
    job = job_of(imported, "import_file")
    under_way = imported.state in (Import.State.IMPORTING, Import.State.UNDOING)
    if under_way and job and job.state != Job.State.DONE:
        return redirect("import_progress", pk)
    held = dict(
        HeldRow.objects.filter(import_file=imported)
        .values_list("state")
        .annotate(Count("pk"))
        .order_by()
    )
    context = {
        "import": imported,
        "found": Detected.from_json(imported.detected),
        "steps": steps("Result"),
        "parts": checking.parts(imported),
        "problems": checking.problems(imported),
        "waiting": sum(held.get(state, 0) for state in HeldRow.WAITING),
        "held": sum(held.values()),
        "undo_job": job_of(imported, "undo_import"),
    }
    return render(request, "imports/import_result.html", context)


@require_POST
@allowed("import_files")
def import_cancellation(request: HtmxRequest, pk: int) -> HttpResponse:
    imported = named(request, pk)
    if importing.cancel(imported):
        messages.success(request, f"{imported} was not imported. Nothing was written.")
    return redirect("import_list")


@require_POST
@allowed("import_files")
def import_undo(request: HtmxRequest, pk: int) -> HttpResponse:
    imported = named(request, pk)
    if imported.can_be_undone:
        importing.begin_undo(imported)
        job = enqueue(
            "undo_import", key=str(pk), arguments={"import": pk}, by=request.user
        )
        retry(job)
    return redirect("import_progress", pk)


@require_POST
@allowed("import_files")
def import_waiting(request: HtmxRequest, pk: int) -> HttpResponse:
    """Check the waiting rows of an import again, as an import of their own."""
    imported = named(request, pk)
    if not imported.held_rows.filter(state__in=HeldRow.WAITING).exists():
        return redirect("import_result", pk)
    again = importing.import_waiting(imported, by=request.user)
    check_again(again, by=request)
    return redirect("import_check", again.pk)


@require_safe
@allowed("import_files")
def import_held(request: HtmxRequest, pk: int) -> StreamingHttpResponse:
    """The rows that stayed out, as a file to mend and bring in again."""
    imported = named(request, pk)
    lines = held_csv(imported)
    response = StreamingHttpResponse(lines, content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="import-{pk}-rows.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
