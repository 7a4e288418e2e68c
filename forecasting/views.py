"""Pages of forecasting: the defaults, and two cards of the product page."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allowed
from forecasting.forms import DefaultsForm
from forecasting.models import PolicyDefaults, ReplenishmentPlan
from forecasting.outlook import NO_SALES, PRIOR
from forecasting.plan import NOT_RECKONED
from forecasting.weeks import demand_of
from inventory.context import chosen_location
from inventory.models import Location, Product
from jit_backoffice.http import HtmxRequest, is_fragment

SPANS = {"13": "13 w", "26": "26 w", "104": "2 y"}
USUAL_SPAN = "26"
SOURCE_WORDS = {
    "offer": "of this offer",
    "vendor": "of the vendor",
    "default": "the default",
}
METHOD_WORDS = {
    PRIOR: "Few data: the level leans on what its category sells.",
    NO_SALES: "Nothing was sold while it was on sale here.",
    NOT_RECKONED: "This one could not be reckoned; look at its sales.",
}


@allowed("edit_defaults")
def defaults(request: HtmxRequest) -> HttpResponse:
    form = DefaultsForm(request.POST or None, instance=PolicyDefaults.load())
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved. The next nightly run plans with it.")
        return redirect("defaults")
    status = 422 if form.errors else 200
    return render(request, "forecasting/defaults.html", {"form": form}, status=status)


@allowed("view")
def product_demand(request: HtmxRequest, pk: int) -> HttpResponse:
    """Card of the product page: demand by week, past and to come."""
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    location = location_of(request)
    span = request.GET.get("weeks", USUAL_SPAN)
    span = span if span in SPANS else USUAL_SPAN
    plan = newest_plan(product, location)
    context = {
        "product": product,
        "location": location,
        "plan": plan,
        "demand": demand_of(product, location, plan, int(span)),
        "span": span,
        "spans": SPANS.items(),
    }
    return render(request, template(request, "product_demand"), context)


@allowed("view")
def product_policy(request: HtmxRequest, pk: int) -> HttpResponse:
    """Card of the product page: the levels in use, and what they rest on."""
    product = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    location = location_of(request)
    plan = newest_plan(product, location)
    context = {
        "product": product,
        "location": location,
        "plan": plan,
        "source_words": SOURCE_WORDS.get(plan.lead_time_source, "") if plan else "",
        "few_data": METHOD_WORDS.get(plan.method, "") if plan else "",
    }
    return render(request, template(request, "product_policy"), context)


def template(request: HtmxRequest, name: str) -> str:
    part = "#card" if is_fragment(request) else ""
    return f"forecasting/{name}.html{part}"


def location_of(request: HtmxRequest) -> Location:
    """The location of the address, else the chosen one, else the first of them."""
    visible = Location.objects.visible_to(request.user).filter(is_active=True)
    asked = request.GET.get("location", "")
    if asked:
        return get_object_or_404(visible, pk=asked if asked.isdecimal() else 0)
    chosen = chosen_location(request) or visible.first()
    return chosen or get_object_or_404(visible, pk=0)


def newest_plan(product: Product, location: Location) -> ReplenishmentPlan | None:
    plans = ReplenishmentPlan.objects.filter(product=product, location=location)
    return plans.order_by("-as_of").first()
