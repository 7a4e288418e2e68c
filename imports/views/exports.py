"""Files that go out: the same columns come in again."""

import tempfile
from pathlib import Path

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import allowed
from imports.exporting import Export, csv_lines, export_named, write_file
from jit_backoffice.http import HtmxRequest

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@allowed("view")
def export_file(request: HtmxRequest, kind: str, form: str) -> HttpResponseBase:
    """All records of a kind that this person may see."""
    export = export_named(kind)
    if export is None or form not in ("csv", "xlsx"):
        raise Http404
    name = f"{kind}-{timezone.localdate():%Y-%m-%d}.{form}"
    if form == "xlsx":
        return workbook(export, request, name)
    return StreamingHttpResponse(
        csv_lines(export, request.user),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def workbook(export: Export, request: HtmxRequest, name: str) -> FileResponse:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_file(export, path, request.user)
        opened = path.open("rb")
    return FileResponse(
        opened, as_attachment=True, filename=name, content_type=WORKBOOK
    )
