"""The plan as a table: one row per product and location, as known on a day."""

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched, groupby
from typing import Any, TextIO

from django.db.models import Max, Q, QuerySet

from forecasting.models import ReplenishmentPlan
from forecasting.quantiles import LEVELS
from purchasing.assessing import Case, gather, stock_then
from purchasing.order_document import no_formula

QUANTILES = tuple(f"demand_q{round(level * 100)}" for level in LEVELS)
COLUMNS = (
    "sku",
    "location",
    "as_of",
    "on_hand",
    "incoming",
    "inventory_position",
    "demand_per_day",
    "lead_time_days",
    "review_period_days",
    "protection_days",
    "expected_demand",
    *QUANTILES,
    "safety_stock",
    "reorder_point",
    "order_up_to_level",
    "suggested_quantity",
    "method",
)
BATCH = 2000
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class NoPlan(Exception):
    """There is no plan for this day."""

    as_of: dt.date | None


def write_plan(file: TextIO, as_of: dt.date | None = None) -> int:
    """Write the plan of a day, or the newest of each location: number of rows."""
    plans = plans_of(as_of)
    if not plans.exists():
        raise NoPlan(as_of)
    table = csv.writer(file)
    table.writerow(COLUMNS)
    count = 0
    for case in cases(plans):
        table.writerow(row_of(case))
        count += 1
    return count


def plans_of(as_of: dt.date | None) -> QuerySet[ReplenishmentPlan]:
    plans = ReplenishmentPlan.objects.all()
    if as_of:
        return plans.filter(as_of=as_of)
    newest = plans.values("location").annotate(newest=Max("as_of"))
    wanted = Q(pk__in=[])
    for row in newest:
        wanted |= Q(location=row["location"], as_of=row["newest"])
    return plans.filter(wanted)


def cases(plans: QuerySet[ReplenishmentPlan]) -> Iterator[Case]:
    """Each plan with its stock, what is incoming and the terms it is bought on."""
    ordered = plans.select_related("product", "location").order_by(
        "location__name", "as_of", "product__sku"
    )
    for _, same in groupby(
        ordered.iterator(chunk_size=BATCH), lambda plan: (plan.location_id, plan.as_of)
    ):
        for part in batched(same, BATCH, strict=False):
            yield from gather(part, stock=stock_then)


def row_of(case: Case) -> list[Any]:
    plan, size = case.plan, case.size
    return [
        no_formula(plan.product.sku),
        no_formula(case.location.name),
        plan.as_of.isoformat(),
        shown(case.on_hand),
        shown(case.counted_incoming),
        shown(case.position),
        shown(plan.demand_per_day),
        shown(plan.lead_time_days),
        shown(plan.review_period_days),
        shown(plan.protection_days),
        shown(plan.expected_demand),
        *(shown(getattr(plan, name)) for name in QUANTILES),
        shown(plan.safety_stock),
        shown(plan.reorder_point),
        shown(plan.order_up_to_level),
        shown(size.quantity if size else None),
        plan.method,
    ]


def shown(amount: Any) -> str:
    """A number without noise; nothing for what is not known."""
    if amount is None:
        return ""
    text = f"{float(amount):.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
