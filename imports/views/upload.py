"""Step 1: the file. Whatever can be read is kept; what it is comes next."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allowed
from imports import answering, importing
from imports.forms import UploadForm
from imports.kinds import kinds_of
from imports.limiting import may_upload
from imports.models import Import
from imports.uploading import MOST_BYTES, MOST_WORKBOOK_BYTES
from imports.views.steps import gone_to, named, sent_by, steps
from jit_backoffice.http import HtmxRequest

GROUPS = {"sales": "Sales", "stock": "Stock on hand", "products": "Products"}
TOO_MANY = "That were many files at once. Wait a minute, then upload this one again."


@allowed("import_files")
def import_new(request: HtmxRequest) -> HttpResponse:
    form = UploadForm(sent_by(request), request.FILES or None)
    if form.is_valid():
        imported = taken_in(form, request)
        if imported:
            return gone_to(request, imported.page, imported.pk)
    context = {
        "form": form,
        "rooms": recognised(),
        "own": [kind for kind in kinds_of() if kind.is_generic],
        "steps": steps("Upload"),
        "megabytes": MOST_BYTES // 1024**2,
        "workbook_megabytes": MOST_WORKBOOK_BYTES // 1024**2,
    }
    status = 422 if form.errors else 200
    return render(request, "imports/import_new.html", context, status=status)


def recognised() -> list[dict[str, Any]]:
    """The layouts that are known by their columns, by what they hold."""
    return [
        {
            "word": word,
            "labels": ", ".join(
                kind.label for kind in kinds_of(group) if not kind.is_generic
            ),
        }
        for group, word in GROUPS.items()
    ]


def taken_in(form: UploadForm, request: HtmxRequest) -> Import | None:
    """The file kept; where its columns are known from before, its check begun."""
    if not may_upload(request.user):
        form.add_error("file", TOO_MANY)
        return None
    imported = form.keep(by=request.user)
    if imported and imported.step == Import.Step.CHECK:
        answering.begin_check(imported, by=request.user)
    return imported


@require_POST
@allowed("import_files")
def import_cancellation(request: HtmxRequest, pk: int) -> HttpResponse:
    imported = named(request, pk)
    if importing.cancel(imported):
        answering.stop_check(imported, by=request.user)
        messages.success(request, f"{imported} was not imported. Nothing was written.")
    return redirect("import_list")
