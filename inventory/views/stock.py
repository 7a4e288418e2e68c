"""Pages that change stock by hand: counting and adjusting."""

import datetime as dt

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import allowed
from inventory import adjusting, counting
from inventory.context import chosen_locations
from inventory.history import record_before
from inventory.models import Location, Product, StockCount, StockLevel, StockMove
from inventory.stock_forms import AdjustmentForm, CountForm, plain
from inventory.views.products import location_of
from jit_backoffice.http import HtmxRequest

RECENT_DAYS = 30
ROWS = 50


@allowed("view")
def count_list(request: HtmxRequest) -> HttpResponse:
    """What is due to be counted, then what was counted lately."""
    here = chosen_locations(request)
    levels = StockLevel.objects.filter(
        Q(on_hand=None) | Q(on_hand__lt=0),
        location__in=here,
        product__is_active=True,
        product__merged_into=None,
    )
    since = timezone.now() - dt.timedelta(days=RECENT_DAYS)
    recent = StockCount.objects.current().filter(
        location__in=here, counted_at__gte=since
    )
    counts = list(
        recent.select_related("product", "location", "user").order_by(
            "-counted_at", "-pk"
        )[:ROWS]
    )
    rows = [
        (count, said, None if said is None else count.counted_quantity - said)
        for count, said in zip(counts, record_before(counts), strict=True)
    ]
    due = levels.select_related("product", "location")
    context = {
        "due": due.order_by("on_hand", "product__name", "pk")[:ROWS],
        "due_count": due.count(),
        "counts": rows,
    }
    return render(request, "inventory/count_list.html", context)


@allowed("count_stock")
def count_add(request: HtmxRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    form = CountForm(
        request.POST or None,
        product=product,
        locations=own_locations(request),
        initial={"location": location_of(request)},
    )
    if request.method == "POST" and form.is_valid():
        count = counting.count(
            product,
            location=form.cleaned_data["location"],
            counted_quantity=form.cleaned_data["quantity"],
            moment=form.cleaned_data["moment"],
            date=form.cleaned_data["date"],
            note=form.cleaned_data["note"],
            idempotency_key=f"form:{form.cleaned_data['token']}",
            by=request.user,
        )
        messages.success(request, told(count))
        return back_to(product, count.location)
    context = {"form": form, "product": product}
    status = 422 if form.errors else 200
    return render(request, "inventory/count_add.html", context, status=status)


@allowed("adjust_stock")
def adjustment_add(request: HtmxRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    form = AdjustmentForm(
        request.POST or None,
        product=product,
        locations=own_locations(request),
        initial={"location": location_of(request)},
    )
    if request.method == "POST" and form.is_valid():
        adjust(product, form, request)
        messages.success(request, "The stock is adjusted.")
        return back_to(product, form.cleaned_data["location"])
    context = {"form": form, "product": product}
    status = 422 if form.errors else 200
    return render(request, "inventory/adjustment_add.html", context, status=status)


def adjust(product: Product, form: AdjustmentForm, request: HtmxRequest) -> StockMove:
    written = form.cleaned_data
    quantity, kind = written["quantity"], written["kind"]
    key = f"form:{written['token']}"
    if kind == form.WRITE_OFF:
        return adjusting.write_off(
            product,
            location=written["location"],
            quantity=quantity,
            reason=written["reason"],
            idempotency_key=key,
            by=request.user,
        )
    return adjusting.adjust(
        product,
        location=written["location"],
        change=quantity if kind == form.FOUND else -quantity,
        reason=written["reason"],
        idempotency_key=key,
        by=request.user,
    )


def told(count: StockCount) -> str:
    """What the count changed, in words."""
    said = record_before([count])[0]
    words = f"Counted {plain(count.counted_quantity)}."
    if said is None:
        return f"{words} From now on the stock is known."
    variance = count.counted_quantity - said
    if variance == 0:
        return f"{words} The record said the same."
    kind = "more" if variance > 0 else "missing"
    return f"{words} The record said {plain(said)}: {plain(abs(variance))} {kind}."


def own_locations(request: HtmxRequest) -> QuerySet[Location]:
    own: QuerySet[Location] = Location.objects.visible_to(request.user).filter(
        is_active=True
    )
    return own


def back_to(product: Product, location: Location) -> HttpResponseRedirect:
    page = reverse("product", args=[product.pk])
    return HttpResponseRedirect(f"{page}?location={location.pk}")
