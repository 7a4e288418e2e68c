"""Orders that wait for approval: the list by cut-off, and one of them in detail."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.access import allowed
from accounts.policy import can
from inventory.context import chosen_locations
from jit_backoffice.figures import counted
from jit_backoffice.http import HtmxRequest, is_fragment
from purchasing import ordering
from purchasing.approval_page import approval_page
from purchasing.order_flags import Flags, flags_of, lines_of, with_known_vendor
from purchasing.orders import Conflict, PurchaseOrder, Refused
from purchasing.views.answers import order_of


def approvals(request: HtmxRequest) -> HttpResponse:
    waiting = waiting_orders(request)
    return show(request, waiting, waiting[0] if waiting else None)


def approval(request: HtmxRequest, pk: int) -> HttpResponse:
    waiting = waiting_orders(request)
    chosen = next((order for order in waiting if order.pk == pk), None)
    if chosen is None:
        return redirect("order", order_of(request, pk).pk)
    return show(request, waiting, chosen)


def show(
    request: HtmxRequest, waiting: list[PurchaseOrder], chosen: PurchaseOrder | None
) -> HttpResponse:
    lines = lines_of(waiting)
    flags = flags_of(waiting, lines, request.user)
    place = waiting.index(chosen) if chosen else 0
    unflagged = [order for order in waiting if not flags[order.pk]]
    context = {
        "entries": [(order, flags[order.pk]) for order in waiting],
        "total": sum(order.total for order in waiting),
        "unflagged": unflagged,
        "chosen": chosen,
        "detail": chosen and approval_page(chosen, lines[chosen.pk], flags[chosen.pk]),
        "earlier": waiting[place - 1] if place > 0 else None,
        "later": waiting[place + 1] if place + 1 < len(waiting) else None,
        "may_approve": can(request.user, "approve_order"),
        "may_edit": can(request.user, "edit_order"),
        "may_approve_total": chosen and request.user.may_approve_total(chosen.total),
    }
    name = "purchasing/approvals.html" + ("#columns" if is_fragment(request) else "")
    return render(request, name, context)


def waiting_orders(request: HtmxRequest) -> list[PurchaseOrder]:
    """First cut-off first; with a currency each, all in one list."""
    orders = PurchaseOrder.objects.filter(
        location__in=chosen_locations(request), state=PurchaseOrder.State.SUBMITTED
    )
    known = with_known_vendor(orders).select_related(
        "vendor", "location", "submitted_by"
    )
    return list(known.order_by(F("order_by").asc(nulls_last=True), "pk")[:200])


@require_POST
@allowed("approve_order")
def approvals_unflagged(request: HtmxRequest) -> HttpResponse:
    """Approve what stood on the page without flags, if it still has none."""
    seen = dict(
        pair.split("-", 1) for pair in request.POST.getlist("order") if "-" in pair
    )
    waiting = waiting_orders(request)
    flags = flags_of(waiting, lines_of(waiting), request.user)
    approved = approve_each(request, waiting, flags, seen)
    left = len(seen) - approved
    messages.success(request, f"{counted(approved, 'order,orders')} approved.")
    if left:
        messages.warning(
            request, f"{counted(left, 'order has,orders have')} changed: look again."
        )
    return redirect("approvals")


def approve_each(
    request: HtmxRequest,
    waiting: Sequence[PurchaseOrder],
    flags: Flags,
    seen: dict[str, str],
) -> int:
    approved = 0
    for order in waiting:
        version = seen.get(str(order.pk), "")
        if flags[order.pk] or version != str(order.version):
            continue
        try:
            ordering.approve(order, by=request.user, version=order.version)
        except (Conflict, Refused):
            continue
        approved += 1
    return approved
