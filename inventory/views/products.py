"""Pages of products: the list, one product with its ledger, and its form."""

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from accounts.access import allowed
from inventory import introducing
from inventory.context import chosen_location, chosen_locations, visible_locations
from inventory.forms import ProductForm
from inventory.history import ledger_page, start_of
from inventory.listing import (
    OUT_OF_RANGE,
    SORTS,
    Choice,
    count_states,
    product_row,
    with_stock,
)
from inventory.models import Location, Product, SaleLine
from inventory.other_names import other_names
from jit_backoffice.http import HtmxRequest, is_fragment

PAGE = 50
SALE_LINES = 200
CHOICES = 20
TABS = ("out", "runs_out", "low", "enough", "unknown")


@allowed("view")
def product_list(request: HtmxRequest) -> HttpResponse:
    here = chosen_locations(request)
    choice = Choice(
        text=request.GET.get("q", "").strip(),
        category=request.GET.get("category", ""),
        state=request.GET.get("state", ""),
        sort=request.GET.get("sort", "")
        if request.GET.get("sort") in SORTS
        else "name",
    )
    pages = Paginator(with_stock(choice.products(here), here), PAGE)
    page = pages.get_page(request.GET.get("page"))
    counts = count_states(here)
    context = {
        "page": page,
        "rows": [product_row(product, here) for product in page],
        "choice": choice,
        "tabs": [(state, counts.get(state, 0)) for state in TABS],
        "all_count": Product.objects.in_use().count(),
        "out_of_range": OUT_OF_RANGE,
        "categories": Product.objects.in_use().categories(),
        "location": chosen_location(request),
    }
    name = "inventory/product_list.html"
    return render(request, f"{name}#rows" if is_fragment(request) else name, context)


@require_safe
@allowed("view")
def product_choices(request: HtmxRequest) -> HttpResponse:
    """Products to choose from, for the list of a text field of any name."""
    text = request.GET.get(next(iter(request.GET), ""), "").strip()
    found = Product.objects.visible_to(request.user).in_use()
    context = {"products": found.matching(text)[:CHOICES] if text else []}
    return render(request, "inventory/product_choices.html", context)


def choice_of(request: HtmxRequest) -> Choice:
    sort = request.GET.get("sort", "")
    return Choice(
        text=request.GET.get("q", "").strip(),
        category=request.GET.get("category", ""),
        state=request.GET.get("state", ""),
        sort=sort if sort in SORTS else "name",
    )


@allowed("view")
def product(request: HtmxRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Product.objects.visible_to(request.user).select_related("merged_into"), pk=pk
    )
    if found.merged_into:
        return redirect(found.merged_into)
    location = location_of(request)
    levels = found.levels.filter(location__in=visible_locations(request))
    older = parse_date(request.GET.get("older", ""))
    context = {
        "product": found,
        "location": location,
        "levels": levels.select_related("location").order_by("location__name"),
        "outlook": found.outlooks.filter(location=location).first(),
        "older": older,
        "ledger": location and ledger_page(found, location, older_than=older),
        "names": other_names(found),
    }
    name = "inventory/product.html"
    return render(request, f"{name}#ledger" if is_fragment(request) else name, context)


@allowed("view")
def product_sales(request: HtmxRequest, pk: int, date: str) -> HttpResponse:
    """The receipts of one day in one location."""
    found = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    location, day = location_of(request), parse_date(date)
    if location is None or day is None:
        raise Http404
    start = start_of(day, location)
    lines = SaleLine.objects.current().filter(
        product__survivor_id=found.pk,
        location=location,
        sold_at__gte=start,
        sold_at__lt=start_of(day + dt.timedelta(days=1), location),
    )
    context = {
        "product": found,
        "location": location,
        "date": day,
        "lines": lines.select_related("import_file").order_by("sold_at")[:SALE_LINES],
    }
    return render(request, "inventory/product_sales.html", context)


@allowed("add_product")
def product_add(request: HtmxRequest) -> HttpResponse:
    form = product_form(request, Product())
    if request.method == "POST" and form.is_valid():
        made = introducing.introduce(form.instance, by=request.user)
        messages.success(request, f"{made} is added, with nothing on hand.")
        return redirect(made)
    status = 422 if form.errors else 200
    return render(request, "inventory/product_add.html", {"form": form}, status=status)


@allowed("edit_product")
def product_edit(request: HtmxRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    form = product_form(request, found)
    if request.method == "POST" and form.is_valid():
        introducing.revise(form.instance)
        messages.success(request, "The product is saved.")
        return redirect(found)
    context = {"form": form, "product": Product.objects.get(pk=pk)}
    status = 422 if form.errors else 200
    return render(request, "inventory/product_edit.html", context, status=status)


def product_form(request: HtmxRequest, instance: Product) -> ProductForm:
    return ProductForm(
        request.POST or None,
        instance=instance,
        user=request.user,
        categories=Product.objects.categories(),
    )


def location_of(request: HtmxRequest) -> Location | None:
    """The location of the address, else the chosen one, else the first of them."""
    visible = visible_locations(request)
    asked = request.GET.get("location")
    if asked:
        found = next((place for place in visible if str(place.pk) == asked), None)
        if found is None:
            raise Http404
        return found
    return chosen_location(request) or next(iter(visible), None)
