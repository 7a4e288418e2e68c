"""Names of pages whose room is still being built: they lead to the dashboard."""

from django.urls import path
from django.views.generic import RedirectView

NAMES = (
    "dashboard low_stock suggested_orders order_list approvals deliveries vendor_list "
    "product_list count_list transfer_list import_list mailbox person_list "
    "location_list defaults alert_list"
).split()
there = RedirectView.as_view(url="/help/")
urlpatterns = [path(f"pending/{name}/", there, name=name) for name in NAMES]
urlpatterns += [
    path(f"pending/{name}/<int:pk>/", there, name=name)
    for name in ("order", "approval", "product", "vendor")
]
urlpatterns += [
    path(f"pending/{name}/", there, name=name)
    for name in ("location_add", "import_new")
]
