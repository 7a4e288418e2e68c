"""Addresses of forecasting. URL name = view name = template name."""

from django.urls import path

from forecasting import views

urlpatterns = [
    path("defaults/", views.defaults, name="defaults"),
    path("products/<int:pk>/demand/", views.product_demand, name="product_demand"),
    path("products/<int:pk>/policy/", views.product_policy, name="product_policy"),
]
