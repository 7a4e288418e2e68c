"""Why this quantity, and how a product stands: parts of other pages."""

from decimal import Decimal

from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from forecasting.models import ReplenishmentPlan
from inventory.context import chosen_locations, visible_locations
from inventory.models import Location, Product
from jit_backoffice.http import HtmxRequest, is_fragment
from purchasing.assessing import assess, gather
from purchasing.explaining import explanation
from purchasing.facts import facts_of
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from purchasing.outlook import StockOutlook
from purchasing.why import why

URGENCY = PurchaseOrderLine.Urgency
AS_SHOWN = Case(
    When(suggested_quantity=None, then=Value(len(URGENCY))),
    *[When(urgency=urgency, then=Value(n)) for n, urgency in enumerate(URGENCY)],
    output_field=IntegerField(),
)


def order_line_why(request: HtmxRequest, pk: int, line_pk: int) -> HttpResponse:
    """What was frozen on the line, whatever has changed since."""
    orders = PurchaseOrder.objects.visible_to(request.user)
    order = get_object_or_404(orders.select_related("location", "vendor"), pk=pk)
    rows = order.lines.select_related("product")
    lines = list(rows.order_by(AS_SHOWN, "product__name", "pk"))
    place = next((n for n, line in enumerate(lines) if line.pk == line_pk), None)
    if place is None:
        raise Http404
    line = lines[place]
    suggested = line.suggested_quantity or Decimal(0)
    context = {
        "order": order,
        "line": line,
        "product": line.product,
        "location": order.location,
        "before": lines[place - 1] if place else None,
        "after": lines[place + 1] if place + 1 < len(lines) else None,
        "why": why(
            line.explanation,
            product=line.product,
            location=order.location,
            quantity=suggested,
        )
        if line.explanation
        else None,
    }
    page = "purchasing/order_line_why.html"
    return render(request, f"{page}#panel" if is_fragment(request) else page, context)


def product_why(request: HtmxRequest, pk: int, location_pk: int) -> HttpResponse:
    """The same for a product without an order, reckoned now."""
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    location = place_of(request, location_pk)
    plans = ReplenishmentPlan.objects.filter(product=product, location=location)
    newest = plans.select_related("product", "location").order_by("-as_of")[:1]
    found = assess(gather(list(newest)))
    case = found[0].case if found else None
    quantity = case.size.quantity if case and case.size else Decimal(0)
    context = {
        "product": product,
        "location": location,
        "quantity": quantity,
        "why": why(
            explanation(found[0]), product=product, location=location, quantity=quantity
        )
        if found
        else None,
    }
    page = "purchasing/product_why.html"
    return render(request, f"{page}#panel" if is_fragment(request) else page, context)


def product_outlook(request: HtmxRequest, pk: int) -> HttpResponse:
    """The fact strip of the product page, for one location."""
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    location = place_of(request, request.GET.get("location"))
    outlooks = StockOutlook.objects.filter(product=product, location=location)
    outlook = outlooks.select_related("offer__vendor").first()
    context = {
        "product": product,
        "location": location,
        "outlook": outlook,
        "facts": facts_of(product, location, outlook),
    }
    page = "purchasing/product_outlook.html"
    return render(request, f"{page}#strip" if is_fragment(request) else page, context)


def place_of(request: HtmxRequest, pk: object) -> Location:
    """The location named, or the one the person works in; a foreign one is 404."""
    places = visible_locations(request)
    if not pk:
        places, pk = chosen_locations(request), None
    location = next((one for one in places if pk in (None, one.pk, str(one.pk))), None)
    if location is None:
        raise Http404
    return location
