"""All addresses. URL name = view name = template name."""

from django.urls import include, path

urlpatterns = [
    path("", include("purchasing.urls")),
    path("", include("forecasting.urls")),
    path("", include("vendors.urls")),
    path("", include("sales.urls")),
    path("", include("inventory.urls")),
    path("", include("imports.urls")),
    path("", include("jobs.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
]
