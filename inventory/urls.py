"""Addresses of inventory. URL name = view name = template name."""

from django.urls import path

from inventory.views import locations, person_locations, products, stock, transfers

urlpatterns = [
    path("products/", products.product_list, name="product_list"),
    path("products/choices/", products.product_choices, name="product_choices"),
    path("products/add/", products.product_add, name="product_add"),
    path("products/<int:pk>/", products.product, name="product"),
    path("products/<int:pk>/edit/", products.product_edit, name="product_edit"),
    path(
        "products/<int:pk>/sales/<str:date>/",
        products.product_sales,
        name="product_sales",
    ),
    path("products/<int:pk>/counts/add/", stock.count_add, name="count_add"),
    path(
        "products/<int:pk>/adjustments/add/",
        stock.adjustment_add,
        name="adjustment_add",
    ),
    path(
        "products/<int:pk>/transfers/add/", transfers.transfer_add, name="transfer_add"
    ),
    path("counts/", stock.count_list, name="count_list"),
    path("transfers/", transfers.transfer_list, name="transfer_list"),
    path("transfers/<int:pk>/", transfers.transfer, name="transfer"),
    path(
        "transfers/<int:pk>/arrival/",
        transfers.transfer_arrival,
        name="transfer_arrival",
    ),
    path("locations/", locations.location_list, name="location_list"),
    path("locations/add/", locations.location_add, name="location_add"),
    path("locations/<int:pk>/", locations.location_edit, name="location_edit"),
    path("shop/", locations.shop_edit, name="shop_edit"),
    path(
        "people/<int:pk>/locations/",
        person_locations.person_locations,
        name="person_locations",
    ),
]
