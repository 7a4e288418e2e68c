"""Addresses of vendors. URL name = view name = template name."""

from django.urls import path

from vendors import views

urlpatterns = [
    path("vendors/", views.vendor_list, name="vendor_list"),
    path("vendors/add/", views.vendor_add, name="vendor_add"),
    path("vendors/<int:pk>/", views.vendor, name="vendor"),
    path("vendors/<int:pk>/edit/", views.vendor_edit, name="vendor_edit"),
    path("offers/add/", views.offer_add, name="offer_add"),
    path("offers/<int:pk>/", views.offer_edit, name="offer_edit"),
    path("offers/<int:pk>/removal/", views.offer_removal, name="offer_removal"),
    path("products/<int:pk>/offers/", views.product_offers, name="product_offers"),
]
