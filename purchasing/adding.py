"""Putting what a person chose from the low-stock list on orders to its vendors."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from django.db import transaction
from django.db.models import F

from accounts.models import User
from forecasting.models import ReplenishmentPlan
from purchasing.assessing import Assessment, assess, gather
from purchasing.editing import edited
from purchasing.explaining import explanation
from purchasing.looking_again import look_again
from purchasing.ordering import start
from purchasing.orders import PurchaseOrder, PurchaseOrderLine
from purchasing.outlook import StockOutlook
from purchasing.suggesting import URGENT
from vendors.models import VendorProduct

State = PurchaseOrder.State


@dataclass(slots=True)
class Added:
    """Where the chosen products went; ``known`` were on the draft already."""

    orders: list[PurchaseOrder] = field(default_factory=list)
    lines: int = 0
    known: int = 0
    without_vendor: int = 0


@transaction.atomic
def add_to_orders(outlooks: Sequence[StockOutlook], *, by: User) -> Added:
    """Put each product on the draft to its vendor, one per vendor and location.

    A line that was suggested moves there with its explanation, so that nothing stands
    on two orders.
    """
    added = Added()
    groups: dict[tuple[int, int], list[StockOutlook]] = defaultdict(list)
    for outlook in outlooks:
        if outlook.offer is None:
            added.without_vendor += 1
        else:
            groups[outlook.location_id, outlook.offer.vendor_id].append(outlook)
    for _, chosen in sorted(groups.items()):
        add_group(added, chosen, by)
        look_again(chosen[0].location, [one.product_id for one in chosen])
    return added


def add_group(added: Added, chosen: Sequence[StockOutlook], by: User) -> None:
    offer = offer_of(chosen[0])
    location = chosen[0].location
    orders = PurchaseOrder.objects.filter(
        vendor=offer.vendor_id,
        location=location,
        state__in=(State.SUGGESTED, State.DRAFT),
    )
    standing = list(orders.order_by("pk").select_for_update(no_key=True))
    drafts = [order for order in standing if order.state == State.DRAFT]
    suggested = [order for order in standing if order.state == State.SUGGESTED]
    draft = drafts[-1] if drafts else start(offer.vendor, location=location, by=by)
    on_draft = set(draft.lines.values_list("product", flat=True))
    fresh = [one for one in chosen if one.product_id not in on_draft]
    added.known += len(chosen) - len(fresh)
    added.lines += len(fresh)
    added.orders.append(draft)
    if not fresh:
        return
    moved = move_lines(suggested, draft, fresh)
    write_lines(draft, [one for one in fresh if one.product_id not in moved])
    names = ", ".join(str(one.product) for one in fresh)
    edited(draft, verb="added", note=f"From low stock: {names}", by=by, at=None)


def move_lines(
    suggested: Sequence[PurchaseOrder],
    draft: PurchaseOrder,
    chosen: Iterable[StockOutlook],
) -> set[int]:
    """Take lines over from the suggested order, which goes when it is empty."""
    lines = PurchaseOrderLine.objects.filter(
        order__in=suggested, product__in=[one.product_id for one in chosen]
    )
    moved = set(lines.values_list("product", flat=True))
    lines.update(order=draft)
    for order in suggested:
        left = list(order.lines.all())
        if not left:
            order.delete()
        elif moved:
            total = sum((line.total for line in left), Decimal(0))
            PurchaseOrder.objects.filter(pk=order.pk).update(
                version=F("version") + 1, total=total
            )
    return moved


def write_lines(draft: PurchaseOrder, chosen: Sequence[StockOutlook]) -> None:
    """New lines for what was not suggested, each with its explanation of now."""
    known = explained(chosen)
    PurchaseOrderLine.objects.bulk_create(
        [line_of(draft, one, known.get(one.product_id)) for one in chosen]
    )


def line_of(
    draft: PurchaseOrder, outlook: StockOutlook, assessment: Assessment | None
) -> PurchaseOrderLine:
    offer = offer_of(outlook)
    urgency = PurchaseOrderLine.Urgency
    return PurchaseOrderLine(
        order=draft,
        product=outlook.product,
        vendor_sku=offer.vendor_sku,
        case_pack=offer.case_pack,
        suggested_quantity=outlook.suggested_quantity,
        quantity=outlook.suggested_quantity or least_quantity(offer),
        unit_cost=offer.cost,
        cost_source=f"Price list of {offer.vendor}",
        urgency=urgency.MUST if outlook.state in URGENT else urgency.SHOULD,
        explanation=explanation(assessment) if assessment else {},
    )


def explained(chosen: Sequence[StockOutlook]) -> dict[int, Assessment]:
    if not chosen:
        return {}
    plans = ReplenishmentPlan.objects.filter(
        location=chosen[0].location_id,
        as_of=chosen[0].as_of,
        product__in=[one.product_id for one in chosen],
    )
    cases = gather(list(plans.select_related("product", "location")))
    return {one.case.plan.product_id: one for one in assess(cases)}


def least_quantity(offer: VendorProduct) -> Decimal:
    """One pack, or as many as the vendor's minimum asks."""
    packs = max(offer.moq, offer.case_pack) / offer.case_pack
    return packs.to_integral_value(rounding=ROUND_CEILING) * offer.case_pack


def offer_of(outlook: StockOutlook) -> VendorProduct:
    if outlook.offer is None:
        raise ValueError("Only what a vendor sells can be ordered.")
    return outlook.offer
