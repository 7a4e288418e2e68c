"""Suggested orders to review, and how one product stands."""

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from inventory.context import chosen_locations
from jit_backoffice.http import HtmxRequest
from purchasing.orders import PurchaseOrder
from purchasing.reviewing import suggestions, with_next_chance

PAGE_ROWS = 50


def suggested_orders(request: HtmxRequest) -> HttpResponse:
    here = chosen_locations(request)
    found = suggestions(PurchaseOrder.objects.filter(location__in=here))
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": with_next_chance(page.object_list, timezone.now()),
        "total": found.order_by().aggregate(sum=Sum("total"))["sum"],
        "place": here[0] if len(here) == 1 else None,
    }
    return render(request, "purchasing/suggested_orders.html", context)
