"""Suggested orders to review, and what has changed since a draft was made."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from inventory.context import chosen_locations
from jit_backoffice.http import HtmxRequest, is_fragment
from purchasing.comparing import changed_since
from purchasing.orders import PurchaseOrder
from purchasing.reviewing import suggestions

PAGE_ROWS = 50


def suggested_orders(request: HtmxRequest) -> HttpResponse:
    here = chosen_locations(request)
    found = suggestions(here, timezone.now())
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": list(page.object_list),
        "total": sum(row.order.total for row in found),
        "place": here[0] if len(here) == 1 else None,
    }
    return render(request, "purchasing/suggested_orders.html", context)


def order_forecast(request: HtmxRequest, pk: int) -> HttpResponse:
    """What the forecast of now would order instead: loaded by the order's page."""
    orders = PurchaseOrder.objects.visible_to(request.user)
    order = get_object_or_404(orders.select_related("vendor", "location"), pk=pk)
    is_open = order.state in PurchaseOrder.EDITABLE
    context = {"order": order, "changes": changed_since(order) if is_open else []}
    page = "purchasing/order_forecast.html"
    return render(request, f"{page}#notice" if is_fragment(request) else page, context)
