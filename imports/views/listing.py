"""All files that came in: how far each is, who brought it, what became of its rows."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import allowed
from imports.kinds import live_kinds
from imports.models import HeldRow, Import
from jit_backoffice.http import HtmxRequest
from jobs.models import Job

PAGE_ROWS = 50


@require_safe
@allowed("import_files")
def import_list(request: HtmxRequest) -> HttpResponse:
    """Files, or what came live: a day of a shop that sends its orders is one row."""
    waiting = Count("held_rows", filter=Q(held_rows__state__in=HeldRow.WAITING))
    live = Q(kind__in=[kind.name for kind in live_kinds()])
    is_live = "live" in request.GET
    imports = (
        Import.objects.visible_to(request.user)
        .filter(live if is_live else ~live)
        .select_related("created_by")
        .annotate(rows_waiting=waiting)
        .order_by("-created_at", "-pk")
    )
    page = Paginator(imports, PAGE_ROWS).get_page(request.GET.get("page"))
    halted = halted_imports([str(imported.pk) for imported in page])
    rows = [
        {
            "import": imported,
            "state": "stalled" if str(imported.pk) in halted else imported.state,
            "page": page_of(imported),
        }
        for imported in page
    ]
    context = {"page": page, "rows": rows, "is_live": is_live}
    return render(request, "imports/import_list.html", context)


def halted_imports(keys: list[str]) -> set[str]:
    """Those whose work stopped half-way: its worker has gone, or it failed."""
    jobs = Job.objects.filter(kind__in=("import_file", "undo_import"), key__in=keys)
    stalled = set(jobs.stalled().values_list("key", flat=True))
    failed = set(jobs.filter(state=Job.State.FAILED).values_list("key", flat=True))
    under_way = (Import.State.IMPORTING, Import.State.UNDOING)
    open_keys = Import.objects.filter(
        pk__in=[int(key) for key in stalled | failed], state__in=under_way
    ).values_list("pk", flat=True)
    return {str(pk) for pk in open_keys}


def page_of(imported: Import) -> str:
    if imported.state in (Import.State.IMPORTING, Import.State.UNDOING):
        return "import_progress"
    return imported.page
