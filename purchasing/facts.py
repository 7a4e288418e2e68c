"""The facts of a product in a location, each with what it rests on."""

from dataclasses import dataclass
from decimal import Decimal

from forecasting.models import ReplenishmentPlan
from inventory.models import Location, Product, Shop, StockLevel
from jit_backoffice.figures import counted, day, money, number, percent
from purchasing.explaining import rate
from purchasing.incoming import IncomingLine, incoming_lines
from purchasing.outlook import StockOutlook
from purchasing.position import ZERO

LATE = (StockOutlook.State.OUT, StockOutlook.State.RUNS_OUT)


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    note: str
    colour: str = ""


def facts_of(
    product: Product, location: Location, outlook: StockOutlook | None
) -> list[Fact]:
    level = StockLevel.objects.filter(product=product, location=location).first()
    today = location.today()
    lines = incoming_lines([location], today, products=[product.pk])
    facts = [on_hand(level, location), incoming(lines)]
    if outlook is not None:
        facts += [lasts(outlook), sells(product, location, outlook)]
    cost = outlook.offer.cost if outlook and outlook.offer else product.cost
    currency = Shop.load().currency
    facts += [margin(product, cost, currency), value(level, cost, currency)]
    if outlook is not None and outlook.suggested_quantity:
        facts.append(order_by(outlook))
    return facts


def on_hand(level: StockLevel | None, location: Location) -> Fact:
    if level is None or level.on_hand is None or level.anchor_at is None:
        return Fact("On hand", "–", "never counted here")
    note = f"counted {day(level.anchor_at.astimezone(location.zone).date())}"
    colour = "red" if level.on_hand <= 0 else ""
    return Fact("On hand", number(level.on_hand), note, colour)


def incoming(lines: list[IncomingLine]) -> Fact:
    if not lines:
        return Fact("Incoming", "–", "nothing on order")
    first = min(lines, key=lambda line: line.due_on)
    total = sum((line.counted_quantity for line in lines), ZERO)
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    return Fact(
        "Incoming", number(total), f"{day(first.due_on)}, {first.document}{more}"
    )


def lasts(outlook: StockOutlook) -> Fact:
    low, likely, high = (
        None if days is None else int(days)
        for days in (
            outlook.cover_days_low,
            outlook.cover_days,
            outlook.cover_days_high,
        )
    )
    if likely is None:
        return Fact("Lasts", "–", "unknown" if outlook.on_hand is None else "no sales")
    colour = "red" if outlook.state in LATE else ""
    note = f"likely {low} to {high}" if low != high else "on current sales"
    return Fact("Lasts", counted(likely, "day,days"), note, colour)


def sells(product: Product, location: Location, outlook: StockOutlook) -> Fact:
    plan = ReplenishmentPlan.objects.filter(
        product=product, location=location, as_of=outlook.as_of
    )
    per_day = plan.values_list("demand_per_day", flat=True).first()
    if per_day is None:
        return Fact("Sells", "–", "no forecast")
    return Fact("Sells", f"{rate(per_day)} a day", f"forecast of {day(outlook.as_of)}")


def margin(product: Product, cost: Decimal | None, currency: str) -> Fact:
    if not product.price or cost is None:
        return Fact("Margin", "–", "price or cost is missing")
    share = float((product.price - cost) / product.price)
    note = f"{money(product.price, currency)}, cost {money(cost, currency)}"
    return Fact("Margin", percent(share, 1), note, "red" if share < 0 else "")


def value(level: StockLevel | None, cost: Decimal | None, currency: str) -> Fact:
    if level is None or level.on_hand is None or cost is None:
        return Fact("Stock value", "–", "at cost")
    return Fact(
        "Stock value", money(max(level.on_hand, ZERO) * cost, currency), "at cost"
    )


def order_by(outlook: StockOutlook) -> Fact:
    note = f"arrives {day(outlook.delivery_on)}"
    return Fact("Order by", day(outlook.order_by), note)
