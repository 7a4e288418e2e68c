"""What all steps of the wizard share: the import, and its place among the steps."""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from imports.models import Import
from jit_backoffice.http import HtmxRequest
from jobs.models import Job

STEPS = {
    "Upload": "",
    "Detected": "import_detected",
    "Columns": "import_columns",
    "Check": "import_check",
    "Import": "",
    "Result": "",
}


@dataclass(frozen=True, slots=True)
class Step:
    """``address``: where a person may go back to before anything is written."""

    word: str
    number: int
    is_done: bool
    is_current: bool
    address: str = ""


def named(request: HtmxRequest, pk: int) -> Import:
    visible = Import.objects.visible_to(request.user).select_related("created_by")
    found: Import = get_object_or_404(visible, pk=pk)
    return found


def steps(current: str, imported: Import | None = None) -> list[Step]:
    place = list(STEPS).index(current)
    may_go_back = imported is not None and is_open(imported)
    return [
        Step(
            word,
            number + 1,
            number < place,
            number == place,
            reverse(page, args=[imported.pk])
            if imported and may_go_back and page and number < place
            else "",
        )
        for number, (word, page) in enumerate(STEPS.items())
    ]


def is_open(imported: Import) -> bool:
    """Nothing is written yet, and there is a file of which more can be said."""
    states = (Import.State.UPLOADED, Import.State.CHECKED)
    return imported.state in states and bool(imported.path)


def job_of(imported: Import, kind: str, key: str = "") -> Job | None:
    return Job.objects.filter(kind=kind, key=key or str(imported.pk)).first()


def sent_by(request: HtmxRequest) -> QueryDict | None:
    """What a form was sent with, even if that is nothing; None where it is shown."""
    return request.POST if request.method == "POST" else None


def gone_to(request: HtmxRequest, name: str, pk: int) -> HttpResponse:
    """To another page, whether the form was sent by the browser or by htmx."""
    address = reverse(name, args=[pk])
    if request.htmx:
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)
