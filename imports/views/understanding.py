"""Steps 2 and 3: what the file is, and which of its columns is which of ours."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import allowed
from imports import answering, showing
from imports.detecting import Detected
from imports.forms import AnswersForm, ColumnsForm, PlacesForm, ReadingForm
from imports.mapping import file_columns
from imports.models import Import
from imports.views.steps import is_open, named, sent_by, steps
from jit_backoffice.http import HtmxRequest


@allowed("import_files")
def import_detected(request: HtmxRequest, pk: int) -> HttpResponse:
    """What the file looks like; POST says it is otherwise, or answers what is open."""
    imported = named(request, pk)
    if not is_open(imported):
        return redirect(imported.page, pk)
    look = answering.look_again(imported)
    is_reading = "reading" in request.POST
    sent = sent_by(request)
    reading = ReadingForm(imported, look, sent if is_reading else None)
    answers = AnswersForm(imported, None if is_reading else sent)
    if is_reading and reading.is_valid() and reading.read_again(by=request.user):
        return redirect("import_detected", pk)
    if not is_reading and answers.is_valid():
        answering.answer(imported, answers.answers(), by=request.user)
        return go_on(imported, request)
    context = {
        "import": imported,
        "found": Detected.from_json(imported.detected),
        "steps": steps("Detected", imported),
        "reading": reading,
        "answers": answers,
        "is_known": answering.is_known(imported),
        "missing": answering.missing_columns(imported),
        "next": answering.next_step(imported),
        "sample": showing.sample_table(look),
        "same": showing.same_file(imported),
        "remembered": answering.remembered(look),
    }
    status = 422 if reading.errors or answers.errors else 200
    return render(request, "imports/import_detected.html", context, status=status)


def go_on(imported: Import, request: HtmxRequest) -> HttpResponse:
    """To the first step at which a person is needed."""
    step = answering.next_step(imported)
    if step == Import.Step.CHECK:
        answering.begin_check(imported, by=request.user)
    else:
        answering.go_to(imported, step)
    return redirect(imported.page, imported.pk)


@allowed("import_files")
def import_columns(request: HtmxRequest, pk: int) -> HttpResponse:
    """Our fields beside the columns of the file; POST keeps the choice and goes on."""
    imported = named(request, pk)
    if not is_open(imported):
        return redirect(imported.page, pk)
    columns = file_columns(answering.look_again(imported))
    form = ColumnsForm(imported, columns, sent_by(request))
    if form.is_valid():
        answering.choose_columns(imported, form.columns(), by=request.user)
        return go_on(imported, request)
    context = {
        "import": imported,
        "steps": steps("Columns", imported),
        "form": form,
        "fields": showing.field_rows(imported, form, columns),
        "unused": showing.unused_columns(imported, columns),
    }
    status = 422 if form.errors else 200
    return render(request, "imports/import_columns.html", context, status=status)


@allowed("import_files")
def import_locations(request: HtmxRequest, pk: int) -> HttpResponse:
    """Which location each unknown name stands for; POST reads the file anew."""
    imported = named(request, pk)
    if not is_open(imported):
        return redirect(imported.page, pk)
    form = PlacesForm(imported, sent_by(request))
    if form.is_valid():
        known = imported.options.get("location_names") or {}
        meant = {"location_names": known | form.meant()}
        answering.answer(imported, meant, by=request.user)
        return go_on(imported, request)
    context = {"import": imported, "form": form}
    status = 422 if form.errors else 200
    return render(request, "imports/import_locations.html", context, status=status)
