"""Pages of the house itself: dashboard, search, settings, help, choice of location."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from inventory.context import SESSION_KEY, chosen_locations, visible_locations
from inventory.models import Product
from jit_backoffice import dashboard as board
from jit_backoffice.dead_stock import DEAD_DAYS, dead_stock
from jit_backoffice.first_start import DEMO_KIND
from jit_backoffice.health import problems
from jit_backoffice.http import HtmxRequest, is_fragment
from jobs.models import Job
from purchasing.models import PurchaseOrder
from vendors.models import Vendor

FOUND = 12
FIRST_NUMBER = 1000

TODO_ROWS = 8
COMING_ROWS = 6
PAGE_ROWS = 50


def dashboard(request: HtmxRequest) -> HttpResponse:
    here = chosen_locations(request)
    if not here:
        return render(request, "no_location.html")
    today = timezone.localdate()
    orders = board.open_orders(here)
    figures = board.stock_figures(here)
    todo = board.todos(request.user, orders, here, figures)
    coming = [order for order in orders if order.is_on_the_way and order.due_on]
    dead = dead_stock(here, today).aggregate(products=Count("pk"), money=Sum("value"))
    shown = todo if "all" in request.GET else todo[:TODO_ROWS]
    context = {
        "today": today,
        "freshness": board.freshness(here),
        "figures": figures,
        "tile": board.order_tile(orders),
        "late": [order for order in coming if order.is_late],
        "dead": dead,
        "dead_days": DEAD_DAYS,
        "todos": shown,
        "todo_count": len(todo),
        "coming": sorted(coming, key=board.due_first)[:COMING_ROWS],
    }
    return render(request, "dashboard.html", context)


def dashboard_notices(request: HtmxRequest) -> HttpResponse:
    """What runs or is wrong behind the scenes; loaded after the page: it asks a lot."""
    page = "dashboard_notices.html"
    filling = Job.objects.filter(kind=DEMO_KIND).exclude(state__in=Job.FINISHED).first()
    context = {"job": filling, "problems": [] if filling else problems()}
    return render(request, f"{page}#notices" if is_fragment(request) else page, context)


def dead_stock_list(request: HtmxRequest) -> HttpResponse:
    found = dead_stock(chosen_locations(request), timezone.localdate())
    rows = found.select_related("product", "location")
    context = {
        "page": Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page")),
        "value": found.aggregate(money=Sum("value"))["money"],
        "dead_days": DEAD_DAYS,
    }
    return render(request, "dead_stock_list.html", context)


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
