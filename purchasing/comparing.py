"""Whether the forecast would order something else today than a draft does."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Subquery

from forecasting.models import ReplenishmentPlan
from purchasing.assessing import gather
from purchasing.orders import PurchaseOrder, PurchaseOrderLine


@dataclass(frozen=True, slots=True)
class Changed:
    """A line for which another quantity would be suggested now."""

    line: PurchaseOrderLine
    was: Decimal
    now: Decimal


def changed_since(order: PurchaseOrder) -> list[Changed]:
    """Lines of an order whose suggestion has changed, leaving out the order itself."""
    lines = {
        line.product_id: line
        for line in order.lines.exclude(suggested_quantity=None).select_related(
            "product"
        )
    }
    newest = ReplenishmentPlan.objects.filter(location=order.location).order_by(
        "-as_of"
    )
    plans = ReplenishmentPlan.objects.filter(
        location=order.location,
        product__in=lines,
        as_of=Subquery(newest.values("as_of")[:1]),
    )
    cases = gather(list(plans.select_related("product", "location")), without=order)
    found = [
        Changed(lines[case.plan.product_id], suggested, case.size.quantity)
        for case in cases
        if case.size is not None
        and (suggested := lines[case.plan.product_id].suggested_quantity) is not None
    ]
    return [one for one in found if one.was != one.now]
