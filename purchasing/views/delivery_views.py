"""What comes when, and booking what came."""

from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import allowed
from accounts.policy import can
from inventory.context import chosen_locations
from jit_backoffice.figures import counted, number
from jit_backoffice.http import HtmxRequest, is_fragment
from purchasing.order_listing import (
    OrderFilters,
    by_day,
    deliveries_of,
    late_count,
    tabs,
    vendors_of,
)
from purchasing.orders import PurchaseOrder, Refused
from purchasing.receiving import OverReceipt, receive
from purchasing.receiving_page import ReceivingPage, receiving_page
from purchasing.views.answers import order_of, told_conflicts

PAGE_ROWS = 50


def order_list(request: HtmxRequest) -> HttpResponse:
    here = chosen_locations(request)
    orders = PurchaseOrder.objects.filter(location__in=here)
    filters = OrderFilters.of(request.GET)
    pages = Paginator(filters.rows(orders), PAGE_ROWS)
    context = {
        "page": pages.get_page(request.GET.get("page")),
        "filters": filters,
        "now": timezone.now(),
        "several_places": len(here) > 1,
    }
    if is_fragment(request):
        return render(request, "purchasing/order_list.html#rows", context)
    context |= {
        "tabs": tabs(orders, filters),
        "vendors": vendors_of(orders),
        "may_edit": can(request.user, "edit_order"),
    }
    return render(request, "purchasing/order_list.html", context)


def deliveries(request: HtmxRequest) -> HttpResponse:
    here = chosen_locations(request)
    found = deliveries_of(here)
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "groups": by_day(list(page.object_list)),
        "late_count": late_count(here),
        "several_places": len(here) > 1,
        "may_receive": can(request.user, "receive_order"),
    }
    return render(request, "purchasing/deliveries.html", context)


@allowed("receive_order")
@told_conflicts
def receiving(request: HtmxRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)
    if request.method != "POST":
        if not found.is_on_the_way:
            return redirect("order", pk)
        return show(request, receiving_page(found, QueryDict()))
    page = receiving_page(found, request.POST, is_asked=True)
    if not page.is_clear:
        problem = "Some lines need an answer before anything is booked."
        return show(request, replace(page, problem=problem), status=422)
    try:
        receipt = receive(
            found,
            lines=page.arrivals(),
            by=request.user,
            key=page.key,
            note=request.POST.get("note", ""),
        )
    except OverReceipt:
        problem = "Somebody else booked a part of this meanwhile. Check the lines."
        return show(request, replace(page, problem=problem), status=422)
    except Refused as refused:
        return show(request, replace(page, problem=str(refused)), status=422)
    units = number(sum(line.quantity for line in receipt.lines.all()))
    messages.success(request, f"{units} units booked. Stock has risen.")
    return redirect("order", pk)


@require_POST
@allowed("receive_order")
def receiving_check(request: HtmxRequest, pk: int) -> HttpResponse:
    """The line that was typed in, with its question, and the sums; books nothing."""
    page = receiving_page(order_of(request, pk), request.POST)
    typed = request.POST.get("line", "")
    row = next((row for row in page.lines if str(row.line.pk) == typed), None)
    if row is None:
        return show(request, page)
    context = {"row": row, "page": page, "order": page.order}
    return render(request, "purchasing/receiving_line.html", context)


def show(
    request: HtmxRequest, page: ReceivingPage, *, status: int = 200
) -> HttpResponse:
    context = {
        "page": page,
        "order": page.order,
        "lines_word": counted(len(page.lines), "line,lines"),
    }
    return render(request, "purchasing/receiving.html", context, status=status)
