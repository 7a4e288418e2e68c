"""Pages of the house itself: search, settings, help, all links, choice of location."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from inventory.context import SESSION_KEY, visible_locations
from inventory.models import Product
from jit_backoffice.http import HtmxRequest, is_fragment
from purchasing.models import PurchaseOrder
from vendors.models import Vendor

FOUND = 12
FIRST_NUMBER = 1000


def search(request: HtmxRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    number = text.upper().removeprefix("PO-")
    orders = PurchaseOrder.objects.visible_to(request.user).select_related(
        "vendor", "location"
    )
    found = {
        "search_text": text,
        "products": Product.objects.in_use().matching(text)[:FOUND] if text else [],
        "vendors": Vendor.objects.filter(name__icontains=text)[:FOUND] if text else [],
        "orders": orders.filter(pk=int(number) - FIRST_NUMBER)
        if number.isdecimal() and len(number) < 10
        else [],
    }
    page = "search.html#found" if is_fragment(request) else "search.html"
    return render(request, page, found)


@require_POST
def location_choice(request: HtmxRequest) -> HttpResponse:
    wanted = request.POST.get("location", "")
    known = {str(place.pk): place for place in visible_locations(request)}
    if wanted and wanted not in known:
        messages.error(request, "That location is not one of yours.")
    else:
        request.session[SESSION_KEY] = known[wanted].pk if wanted else None
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}):
        after = "/"
    return HttpResponseRedirect(after)


def settings(request: HtmxRequest) -> HttpResponse:
    return render(request, "settings.html")


def help(request: HtmxRequest) -> HttpResponse:
    return render(request, "help.html")


def more(request: HtmxRequest) -> HttpResponse:
    return render(request, "more.html")
