"""Step 4: what importing would do, and the rows with which something is wrong."""

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import allowed
from imports import answering, checking, showing
from imports.beginning import under_way
from imports.detecting import Detected
from imports.held import problem_csv
from imports.models import Import
from imports.problem_rows import rows_of_cause
from imports.problems import label_of
from imports.views.steps import is_open, job_of, named, steps
from jit_backoffice.http import HtmxRequest

PAGE_ROWS = 50


@allowed("import_files")
def import_check(request: HtmxRequest, pk: int) -> HttpResponse:
    """What importing would do; POST chooses a fix and checks anew."""
    imported = named(request, pk)
    if imported.state not in (Import.State.UPLOADED, Import.State.CHECKED):
        return redirect("import_result", pk)
    if imported.page != "import_check":
        return redirect(imported.page, pk)
    if request.method == "POST":
        option = request.POST.get("choice", "")
        if option in {fix.option for fix in imported.file_kind.fixes}:
            imported.choose(checking.with_choice(imported, option))
            answering.begin_check(imported, by=request.user)
        return redirect("import_check", pk)
    context = {
        "import": imported,
        "found": Detected.from_json(imported.detected),
        "steps": steps("Check", imported),
        "can_go_back": is_open(imported),
        "answers": showing.answers_given(imported),
        "job": job_of(imported, "check_file", imported.check_key),
        "parts": checking.parts(imported),
        "problems": checking.problems(imported),
        "decided": checking.decided(imported),
        "same": showing.same_file(imported),
        "under_way": under_way(imported),
        "columns": checking.preview_columns(imported),
        "rows": checking.preview_rows(imported, "rows"),
        "changes": checking.preview_rows(imported, "changes"),
    }
    return render(request, "imports/import_check.html", context)


@require_safe
@allowed("import_files")
def import_rows(request: HtmxRequest, pk: int) -> HttpResponse:
    """The rows of one cause, page by page: mapped columns only."""
    imported = named(request, pk)
    outcome, cause = request.GET.get("outcome", ""), request.GET.get("cause", "")
    group = checking.group_of(imported, outcome, cause)
    pages = Paginator(range(group["rows"] if group else 0), PAGE_ROWS)
    page = pages.get_page(request.GET.get("page"))
    rows = rows_of_cause(
        imported, outcome, cause, after=max(0, page.start_index() - 1), most=PAGE_ROWS
    )
    context = {
        "import": imported,
        "outcome": outcome,
        "cause": label_of(cause),
        "columns": showing.mapped_columns(imported),
        "rows": showing.cells_of_rows(imported, rows),
        "page": page,
    }
    return render(request, "imports/import_rows.html", context)


@require_safe
@allowed("import_files")
def import_held(request: HtmxRequest, pk: int) -> StreamingHttpResponse:
    """The rows that stay out, as a file to mend and bring in again."""
    imported = named(request, pk)
    response = StreamingHttpResponse(problem_csv(imported), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="import-{pk}-rows.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
