"""What every view of orders shares: the order by lookup, and the plain answers."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from jit_backoffice.http import HtmxRequest, is_fragment
from purchasing.orders import AboveLimit, Conflict, PurchaseOrder

type View[**P] = Callable[Concatenate[HtmxRequest, P], HttpResponse]


def order_of(request: HtmxRequest, pk: int) -> PurchaseOrder:
    """The order, if this person may see it; else 404."""
    orders = PurchaseOrder.objects.visible_to(request.user).with_mail_state()
    found: PurchaseOrder = get_object_or_404(
        orders.select_related("vendor", "location", "submitted_by", "approved_by"),
        pk=pk,
    )
    return found


def told_conflicts[**P](view: View[P]) -> View[P]:
    """Answer 409 with who was faster, and 403 with who may approve such a total."""

    @wraps(view)
    def guarded(
        request: HtmxRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Conflict as lost:
            return conflict(request, lost)
        except AboveLimit as limit:
            raise PermissionDenied(str(limit)) from limit

    return guarded


def conflict(request: HtmxRequest, lost: Conflict) -> HttpResponse:
    name = "purchasing/conflict.html"
    if is_fragment(request):
        name += "#card"
    response = render(
        request, name, {"conflict": lost, "order": lost.order}, status=409
    )
    response["HX-Retarget"] = "#order-notice"
    response["HX-Reswap"] = "innerHTML"
    return response
