"""Pages of the shop and its locations."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allowed
from inventory import places
from inventory.forms import LocationForm, ShopForm
from inventory.models import Location, Shop
from jit_backoffice.http import HtmxRequest


@allowed("view")
def location_list(request: HtmxRequest) -> HttpResponse:
    locations = Location.objects.visible_to(request.user).prefetch_related("closes")
    context = {"locations": locations, "shop": Shop.load()}
    return render(request, "inventory/location_list.html", context)


@allowed("edit_location")
def location_add(request: HtmxRequest) -> HttpResponse:
    return location_form(request, Location(time_zone=Shop.load().time_zone))


@allowed("edit_location")
def location_edit(request: HtmxRequest, pk: int) -> HttpResponse:
    visible = Location.objects.visible_to(request.user)
    return location_form(request, get_object_or_404(visible, pk=pk))


def location_form(request: HtmxRequest, location: Location) -> HttpResponse:
    form = LocationForm(request.POST or None, instance=location)
    if request.method == "POST" and form.is_valid():
        places.settle(
            form.instance,
            day_ends_at=form.cleaned_data["day_ends_at"],
            valid_from=form.cleaned_data.get("valid_from"),
        )
        messages.success(request, f"{form.instance} is saved.")
        return redirect("location_list")
    page = "location_edit" if location.pk else "location_add"
    status = 422 if form.errors else 200
    context = {"form": form, "location": location}
    return render(request, f"inventory/{page}.html", context, status=status)


@allowed("edit_location")
def shop_edit(request: HtmxRequest) -> HttpResponse:
    form = ShopForm(request.POST or None, instance=Shop.load())
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "The shop is saved.")
        return redirect("location_list")
    status = 422 if form.errors else 200
    return render(request, "inventory/shop_edit.html", {"form": form}, status=status)
