"""How far a job is; stopping it and starting it again."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from jit_backoffice.http import HtmxRequest, is_fragment
from jobs import running
from jobs.models import Job


@require_safe
def job(request: HtmxRequest, pk: int) -> HttpResponse:
    """The job's page, or its progress bar, which asks again until the job ends.

    At the end the page around the bar is loaded anew: what it shows has changed.
    """
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    fragment = is_fragment(request)
    context = {
        "job": found,
        "manages": Job.objects.managed_by(request.user).filter(pk=pk).exists(),
    }
    template = "jobs/_progress.html" if fragment else "jobs/job.html"
    response = render(request, template, context)
    if fragment and found.is_finished:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def job_cancellation(request: HtmxRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Job.objects.managed_by(request.user), pk=pk)
    running.cancel(found, by=request.user)
    return redirect("job", pk=pk)


@require_POST
def job_retry(request: HtmxRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Job.objects.managed_by(request.user), pk=pk)
    running.retry(found)
    return redirect("job", pk=pk)
