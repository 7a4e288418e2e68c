"""Addresses of purchasing. URL name = view name = template name."""

from django.urls import path

from purchasing.views import (
    alert_views,
    approval_views,
    delivery_views,
    low_stock_views,
    order_views,
    step_views,
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
    path(
        "orders/<int:pk>/forecast/",
        suggestion_views.order_forecast,
        name="order_forecast",
    ),
    path("orders/", delivery_views.order_list, name="order_list"),
    path("orders/add/", order_views.order_add, name="order_add"),
    path("orders/<int:pk>/", order_views.order, name="order"),
    path("orders/<int:pk>/lines/", order_views.order_lines, name="order_lines"),
    path(
        "orders/<int:pk>/lines/add/",
        order_views.order_line_add,
        name="order_line_add",
    ),
    path("orders/<int:pk>/pdf/", order_views.order_pdf, name="order_pdf"),
    path("orders/<int:pk>/csv/", order_views.order_csv, name="order_csv"),
    path(
        "orders/<int:pk>/submission/",
        step_views.order_submission,
        name="order_submission",
    ),
    path("orders/<int:pk>/approval/", step_views.order_approval, name="order_approval"),
    path("orders/<int:pk>/return/", step_views.order_return, name="order_return"),
    path("orders/<int:pk>/mail/", step_views.order_mail, name="order_mail"),
    path("orders/<int:pk>/sent/", step_views.order_sent, name="order_sent"),
    path(
        "orders/<int:pk>/confirmation/",
        step_views.order_confirmation,
        name="order_confirmation",
    ),
    path(
        "orders/<int:pk>/cancellation/",
        step_views.order_cancellation,
        name="order_cancellation",
    ),
    path("orders/<int:pk>/closure/", step_views.order_closure, name="order_closure"),
    path("orders/<int:pk>/copy/", step_views.order_copy, name="order_copy"),
    path("orders/<int:pk>/costs/", step_views.order_costs, name="order_costs"),
    path("orders/<int:pk>/receiving/", delivery_views.receiving, name="receiving"),
    path(
        "orders/<int:pk>/receiving/check/",
        delivery_views.receiving_check,
        name="receiving_check",
    ),
    path("approvals/", approval_views.approvals, name="approvals"),
    path(
        "approvals/unflagged/",
        approval_views.approvals_unflagged,
        name="approvals_unflagged",
    ),
    path("approvals/<int:pk>/", approval_views.approval, name="approval"),
    path("deliveries/", delivery_views.deliveries, name="deliveries"),
    path("alerts/", alert_views.alert_list, name="alert_list"),
    path("alerts/<int:pk>/snooze/", alert_views.alert_snooze, name="alert_snooze"),
    path("alerts/<int:pk>/wake/", alert_views.alert_wake, name="alert_wake"),
]
