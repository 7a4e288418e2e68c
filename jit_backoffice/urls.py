"""All addresses. URL name = view name = template name."""

from django.urls import include, path

from jit_backoffice import probes, views

urlpatterns = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("statusz/", probes.statusz, name="statusz"),
    path("nightly-runs/", probes.nightly_runs, name="nightly_runs"),
    path("", views.dashboard, name="dashboard"),
    path("dashboard/notices/", views.dashboard_notices, name="dashboard_notices"),
    path("dead-stock/", views.dead_stock_list, name="dead_stock_list"),
    path("search/", views.search, name="search"),
    path("location-choice/", views.location_choice, name="location_choice"),
    path("settings/", views.settings, name="settings"),
    path("help/", views.help, name="help"),
    path("more/", views.more, name="more"),
    path("", include("purchasing.urls")),
    path("", include("forecasting.urls")),
    path("", include("vendors.urls")),
    path("", include("sales.urls")),
    path("", include("inventory.urls")),
    path("", include("imports.urls")),
    path("", include("jobs.urls")),
    path("", include("accounts.urls")),
]
