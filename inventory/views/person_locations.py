"""A store manager's own locations: a fragment that the page of the person loads."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.access import allowed, confirmed
from accounts.models import User
from inventory import places
from inventory.forms import OwnLocationsForm
from inventory.models import Location
from jit_backoffice.http import HtmxRequest, is_fragment


@allowed("edit_people")
@confirmed
def person_locations(request: HtmxRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    own = Location.objects.filter(accesses__user=person)
    form = OwnLocationsForm(request.POST or None, initial={"locations": own})
    if request.method == "POST":
        form = OwnLocationsForm(request.POST)
        if form.is_valid():
            places.give_access(person, to=form.cleaned_data["locations"])
            messages.success(request, f"{person} now sees these locations.")
            return redirect("person_edit", person.pk)
    page = "inventory/person_locations.html"
    page = f"{page}#card" if is_fragment(request) else page
    status = 422 if form.errors else 200
    return render(request, page, {"form": form, "person": person}, status=status)
