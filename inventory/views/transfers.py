"""Pages of transfers: what is on the way, sending, and booking the arrival."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allowed
from accounts.policy import can
from inventory import transferring
from inventory.context import chosen_locations
from inventory.models import Location, Product, Transfer
from inventory.stock_forms import ArrivalForm, TransferForm
from inventory.views.products import location_of
from inventory.views.stock import own_locations
from jit_backoffice.http import HtmxRequest

PAGE = 50


@allowed("view")
def transfer_list(request: HtmxRequest) -> HttpResponse:
    """What is on the way first, by the day it should arrive; then what arrived."""
    here = chosen_locations(request)
    transfers = Transfer.objects.filter(
        Q(from_location__in=here) | Q(to_location__in=here)
    )
    rows = transfers.select_related("product", "from_location", "to_location", "user")
    waiting = rows.in_transit().order_by("expected_on", "pk")
    arrived = rows.filter(arrived_at__isnull=False).order_by("-arrived_at", "-pk")
    page = Paginator(arrived, PAGE).get_page(request.GET.get("page"))
    context = {"waiting": waiting, "page": page}
    return render(request, "inventory/transfer_list.html", context)


@allowed("transfer_stock")
def transfer_add(request: HtmxRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    location = location_of(request)
    tomorrow = dt.timedelta(days=1)
    form = TransferForm(
        request.POST or None,
        product=product,
        locations=own_locations(request),
        initial={
            "location": location,
            "expected_on": location and location.today() + tomorrow,
        },
    )
    if request.method == "POST" and form.is_valid():
        sent = transferring.send(
            product,
            from_location=form.cleaned_data["location"],
            to_location=form.cleaned_data["to_location"],
            quantity=form.cleaned_data["quantity"],
            expected_on=form.cleaned_data["expected_on"],
            idempotency_key=f"form:{form.cleaned_data['token']}",
            by=request.user,
        )
        messages.success(request, f"{sent} is on its way to {sent.to_location}.")
        return redirect("transfer", sent.pk)
    levels = product.levels.filter(location__in=own_locations(request))
    context = {
        "form": form,
        "product": product,
        "levels": levels.select_related("location").order_by(
            F("on_hand").desc(nulls_last=True)
        ),
    }
    status = 422 if form.errors else 200
    return render(request, "inventory/transfer_add.html", context, status=status)


@allowed("view")
def transfer(request: HtmxRequest, pk: int) -> HttpResponse:
    found = visible_transfer(request, pk)
    return render(request, "inventory/transfer.html", transfer_context(request, found))


@allowed("transfer_stock")
def transfer_arrival(request: HtmxRequest, pk: int) -> HttpResponse:
    found = visible_transfer(request, pk)
    if request.method != "POST" or not may_book(request, found):
        return redirect("transfer", found.pk)
    form = ArrivalForm(request.POST, transfer=found)
    if not form.is_valid():
        context = transfer_context(request, found) | {"form": form}
        return render(request, "inventory/transfer.html", context, status=422)
    transferring.arrive(found, quantity=form.cleaned_data["quantity"], by=request.user)
    messages.success(request, f"{found} is on the shelf in {found.to_location}.")
    return redirect("transfer", found.pk)


def visible_transfer(request: HtmxRequest, pk: int) -> Transfer:
    visible = Transfer.objects.visible_to(request.user).select_related(
        "product", "from_location", "to_location", "user"
    )
    found: Transfer = get_object_or_404(visible, pk=pk)
    return found


def may_book(request: HtmxRequest, found: Transfer) -> bool:
    """Who works where it goes to books the arrival, once."""
    there = Location.objects.visible_to(request.user).filter(pk=found.to_location_id)
    return (
        found.arrived_at is None
        and can(request.user, "transfer_stock")
        and there.exists()
    )


def transfer_context(request: HtmxRequest, found: Transfer) -> dict[str, object]:
    return {
        "transfer": found,
        "may_book": may_book(request, found),
        "form": ArrivalForm(transfer=found),
    }
