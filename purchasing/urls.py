"""Addresses of purchasing. URL name = view name = template name."""

from django.urls import path

from purchasing.views import (
    alert_views,
    low_stock_views,
    suggestion_views,
    why_views,
)

urlpatterns = [
    path("low-stock/", low_stock_views.low_stock, name="low_stock"),
    path(
        "low-stock/export/", low_stock_views.low_stock_export, name="low_stock_export"
    ),
    path("low-stock/lines/", low_stock_views.low_stock_lines, name="low_stock_lines"),
    path(
        "suggested-orders/", suggestion_views.suggested_orders, name="suggested_orders"
    ),
    path(
        "orders/<int:pk>/lines/<int:line_pk>/why/",
        why_views.order_line_why,
        name="order_line_why",
    ),
    path(
        "products/<int:pk>/locations/<int:location_pk>/why/",
        why_views.product_why,
        name="product_why",
    ),
    path(
        "products/<int:pk>/outlook/", why_views.product_outlook, name="product_outlook"
    ),
    path("alerts/", alert_views.alert_list, name="alert_list"),
    path("alerts/<int:pk>/snooze/", alert_views.alert_snooze, name="alert_snooze"),
    path("alerts/<int:pk>/wake/", alert_views.alert_wake, name="alert_wake"),
]
