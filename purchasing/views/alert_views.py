"""Alerts: what is open, what is snoozed, and snoozing with a reason."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import allowed
from inventory.alert_kinds import KINDS
from inventory.alerting import snooze, wake
from inventory.context import chosen_locations
from inventory.models import Alert
from jit_backoffice.http import HtmxRequest, is_fragment
from purchasing.alerts_shown import counts_by_kind, shown

PAGE_ROWS = 50
USUAL_DAYS = 7


class SnoozeForm(forms.Form):
    until = forms.DateField(
        label="Quiet until",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label="Reason", max_length=250, help_text="Others see it beside the alert."
    )


def alert_list(request: HtmxRequest) -> HttpResponse:
    here, today = chosen_locations(request), timezone.localdate()
    mine = Alert.objects.visible_to(request.user).of_places(here)
    is_snoozed = request.GET.get("view") == "snoozed"
    found = mine.snoozed(today) if is_snoozed else mine.awake(today)
    kinds = counts_by_kind(found)
    kind = request.GET.get("kind", "")
    if kind in KINDS:
        found = found.filter(kind=kind)
    rows = found.select_related("product", "location")
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [shown(alert) for alert in page.object_list],
        "kinds": kinds,
        "kind": kind,
        "is_snoozed": is_snoozed,
        "open_count": mine.awake(today).count(),
        "snoozed_count": mine.snoozed(today).count(),
        "place": here[0] if len(here) == 1 else None,
    }
    return render(request, "purchasing/alert_list.html", context)


@allowed("snooze_alert")
def alert_snooze(request: HtmxRequest, pk: int) -> HttpResponse:
    """Keep an alert quiet until a day, with a reason that others see."""
    found = Alert.objects.visible_to(request.user).still_open()
    alert = get_object_or_404(found.select_related("product", "location"), pk=pk)
    usual = timezone.localdate() + dt.timedelta(days=USUAL_DAYS)
    form = SnoozeForm(request.POST or None, initial={"until": usual})
    if form.is_valid() and snoozed(alert, form):
        messages.success(request, f"Quiet until {form.cleaned_data['until']:%-d %b}.")
        return redirect("alert_list")
    context = {"alert": shown(alert), "form": form}
    page = "purchasing/alert_snooze.html"
    page = f"{page}#form" if is_fragment(request) else page
    return render(request, page, context, status=422 if form.errors else 200)


def snoozed(alert: Alert, form: SnoozeForm) -> bool:
    try:
        snooze(alert, **form.cleaned_data, today=timezone.localdate())
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return False
    return True


@require_POST
@allowed("snooze_alert")
def alert_wake(request: HtmxRequest, pk: int) -> HttpResponse:
    alert = get_object_or_404(
        Alert.objects.visible_to(request.user).still_open(), pk=pk
    )
    wake(alert)
    messages.success(request, "The alert is shown again.")
    return redirect("alert_list")
