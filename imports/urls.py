"""Addresses of imports. URL name = view name = template name."""

from django.urls import URLPattern, path

from imports import views
from imports.views import exports

urlpatterns: list[URLPattern] = [
    path("exports/<str:kind>.<str:form>", exports.export_file, name="export_file"),
    path("imports/", views.import_list, name="import_list"),
    path("imports/new/", views.import_new, name="import_new"),
    path("imports/<int:pk>/", views.import_result, name="import_result"),
    path("imports/<int:pk>/detected/", views.import_detected, name="import_detected"),
    path("imports/<int:pk>/columns/", views.import_columns, name="import_columns"),
    path(
        "imports/<int:pk>/locations/", views.import_locations, name="import_locations"
    ),
    path("imports/<int:pk>/rows/", views.import_rows, name="import_rows"),
    path("imports/<int:pk>/check/", views.import_check, name="import_check"),
    path("imports/<int:pk>/progress/", views.import_progress, name="import_progress"),
    path("imports/<int:pk>/held-rows/", views.import_held, name="import_held"),
    path(
        "imports/<int:pk>/cancellation/",
        views.import_cancellation,
        name="import_cancellation",
    ),
    path("imports/<int:pk>/undo/", views.import_undo, name="import_undo"),
    path("imports/<int:pk>/waiting/", views.import_waiting, name="import_waiting"),
]
