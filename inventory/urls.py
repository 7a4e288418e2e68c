"""Addresses of inventory. URL name = view name = template name."""

from django.urls import path

from inventory.views import person_locations

urlpatterns = [
    path(
        "people/<int:pk>/locations/",
        person_locations.person_locations,
        name="person_locations",
    ),
]
