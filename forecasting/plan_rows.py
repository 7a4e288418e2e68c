"""Plan rows into the database, a shard at a time, by COPY."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from forecasting.history import ShardHistory
from forecasting.models import PlanRun
from forecasting.plan import ShardPlan
from forecasting.quantiles import LEVELS
from forecasting.series import ShardSeries

COLUMNS = (
    "run_id",
    "product_id",
    "location_id",
    "as_of",
    "demand_per_day",
    "lead_time_days",
    "lead_time_sd_days",
    "lead_time_source",
    "review_period_days",
    "protection_days",
    "target_fill_rate",
    "expected_demand",
    *(f"demand_q{round(level * 100)}" for level in LEVELS),
    "variance_ratio",
    "safety_stock",
    "reorder_point",
    "order_up_to_level",
    "daily_mean",
    "last_intervals",
    "interval_had_stockout",
    "method",
    "abc",
)
COPY = f"COPY forecasting_replenishmentplan ({', '.join(COLUMNS)}) FROM STDIN"
REPLACE = """
DELETE FROM forecasting_replenishmentplan p
USING unnest(%(products)s::bigint[], %(locations)s::bigint[])
    AS s (product_id, location_id)
WHERE p.product_id = s.product_id AND p.location_id = s.location_id
  AND p.as_of = %(as_of)s
"""


@transaction.atomic
def write_plans(
    run: PlanRun, series: ShardSeries, plan: ShardPlan, history: ShardHistory
) -> None:
    """Write the rows of a shard; those of the same day and series are replaced."""
    as_of = dt.date.fromordinal(int(series.as_of))
    with connection.cursor() as cursor:
        cursor.execute(
            REPLACE,
            {
                "products": series.product_id.tolist(),
                "locations": series.location_id.tolist(),
                "as_of": as_of,
            },
        )
        with cursor.copy(COPY) as copy:
            for row in _rows(run.pk, as_of, series, plan, history):
                copy.write_row(row)


def _rows(
    run_pk: int,
    as_of: dt.date,
    series: ShardSeries,
    plan: ShardPlan,
    history: ShardHistory,
) -> Iterator[tuple[Any, ...]]:
    columns = (
        series.product_id,
        series.location_id,
        plan.demand_per_day,
        series.lead_time_days,
        series.lead_time_sd_days,
        series.lead_time_source,
        series.review_period_days,
        series.protection_days,
        series.fill_rate,
        plan.expected_demand,
        *plan.quantiles.T,
        plan.variance_ratio,
        plan.safety_stock,
        plan.reorder_point,
        plan.order_up_to_level,
        plan.daily_mean,
        history.demand,
        history.had_stockout,
        history.count,
        plan.method,
        plan.abc,
    )
    for row in zip(*(column.tolist() for column in columns), strict=True):
        product, location, *numbers, sums, closed, count, method, abc = row
        past = sums[len(sums) - count :], closed[len(closed) - count :]
        yield (run_pk, product, location, as_of, *numbers, *past, method, abc)
