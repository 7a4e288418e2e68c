"""What is low, and putting it on orders."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import allowed
from inventory.context import chosen_locations
from jit_backoffice.figures import counted
from jit_backoffice.http import HtmxRequest, is_fragment
from purchasing import low_stock as listing
from purchasing.adding import Added, add_to_orders
from purchasing.outlook import StockOutlook

PAGE_ROWS = 50


def low_stock(request: HtmxRequest) -> HttpResponse:
    here = chosen_locations(request)
    outlooks = StockOutlook.objects.filter(location__in=here)
    filters = listing.Filters.of(request.GET)
    chosen = filters.apply(outlooks.low()).select_related(
        "product", "location", "offer__vendor"
    )
    page = Paginator(chosen, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "rows": listing.rows_of(list(page.object_list), timezone.localdate()),
        "place": here[0] if len(here) == 1 else None,
    }
    if is_fragment(request):
        return render(request, "purchasing/low_stock.html#rows", context)
    categories = listing.categories(outlooks.low())
    context |= {
        "tabs": listing.tabs(outlooks.low(), filters, categories),
        "product_count": outlooks.count(),
        "vendors": listing.vendors(outlooks.low()),
        "categories": categories,
        "states": StockOutlook.LOW,
    }
    return render(request, "purchasing/low_stock.html", context)


def low_stock_export(request: HtmxRequest) -> StreamingHttpResponse:
    """The same rows as on the screen, all pages, as a file."""
    outlooks = StockOutlook.objects.filter(location__in=chosen_locations(request)).low()
    rows = listing.Filters.of(request.GET).apply(outlooks)
    found = rows.select_related("product", "location", "offer__vendor")
    name = f"low-stock-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        listing.csv_lines(found.iterator(chunk_size=1000)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@allowed("edit_order")
def low_stock_lines(request: HtmxRequest) -> HttpResponse:
    """Put the selected products on orders to their vendors."""
    keys = [key for key in request.POST.getlist("pk") if key.isdecimal()]
    chosen = StockOutlook.objects.visible_to(request.user).filter(pk__in=keys)
    outlooks = list(chosen.select_related("product", "location", "offer__vendor"))
    added = add_to_orders(outlooks, by=request.user)
    tell(request, added)
    if len(added.orders) == 1:
        return redirect(added.orders[0])
    if added.orders:
        return HttpResponseRedirect(f"{reverse('order_list')}?state=draft")
    return redirect("low_stock")


def tell(request: HtmxRequest, added: Added) -> None:
    if added.lines:
        lines = counted(added.lines, "product,products")
        orders = counted(len(added.orders), "draft order,draft orders")
        messages.success(request, f"{lines} put on {orders}.")
    if added.known:
        known = counted(added.known, "product is,products are")
        messages.info(request, f"{known} on a draft order already.")
    if added.without_vendor:
        products = counted(added.without_vendor, "product has,products have")
        messages.warning(request, f"{products} no vendor. Add one to order it.")
    if not (added.lines or added.known or added.without_vendor):
        messages.warning(request, "Select the products to order first.")
