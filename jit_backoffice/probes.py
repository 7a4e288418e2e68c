"""What machines and the admin ask: is it alive, is it ready, is all well?"""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import allowed
from jit_backoffice import health, nightly
from jit_backoffice.http import HtmxRequest


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has all migrations; the queue may be away."""
    try:
        ready = not has_pending_migrations()
    except OperationalError:
        return HttpResponse("no database", content_type="text/plain", status=503)
    if not ready:
        return HttpResponse("migrate first", content_type="text/plain", status=503)
    return HttpResponse("ready", content_type="text/plain")


@allowed("edit_defaults")
@require_safe
def statusz(request: HtmxRequest) -> HttpResponse:
    return render(request, "statusz.html", {"checks": health.checks()})


@allowed("edit_defaults")
@require_POST
def nightly_runs(request: HtmxRequest) -> HttpResponse:
    nightly.run_in_background()
    messages.success(request, "The forecast is being made anew. It takes a minute.")
    return redirect("statusz")


def has_pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
