"""The steps of a run, each a plain function from parts to a part.

Pass one reads what every shard says, pass two plans with what all of them say
together. A shard's part is found again after a crash and not worked out twice.
"""

import datetime as dt
import time
from collections.abc import Callable
from enum import StrEnum

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Sum

from forecasting import calendar
from forecasting import fit as fitting
from forecasting import pool as pooling
from forecasting.calendar import CalendarFactors, GroupTotals
from forecasting.demand import read_panel
from forecasting.fit import ShardFit
from forecasting.history import ShardHistory, shard_history
from forecasting.models import PlanPart, PlanRun, ReplenishmentPlan
from forecasting.plan import plan_shard
from forecasting.plan_rows import write_plans
from forecasting.pool import PoolStats
from forecasting.series import ShardSeries, all_series
from imports.models import Import

ROWS_KEPT = dt.timedelta(days=100)


class Outdated(Exception):
    """What a run has found so far no longer fits the facts."""


class Part(StrEnum):
    """What the planning steps leave to the later ones."""

    SERIES = "series"
    TOTALS = "totals"
    CALENDAR = "calendar"
    HISTORY = "history"
    FIT = "fit"
    POOL = "pool"
    ROWS = "rows"


def find_series(run: PlanRun) -> None:
    """Cut the series of a run into shards.

    Parts of an earlier try are kept if the series, their terms and the files that
    came in are still the same; else the run is of no use any more.
    """
    locations = list(run.locations().prefetch_related("closes"))
    found = all_series(locations, run.business_date, facts_stamp())
    size = settings.NIGHTLY_SHARD_SIZE
    shards = [
        found.rows(slice(start, start + size))
        for start in range(0, found.n_series, size)
    ]
    kept = [ShardSeries.from_bytes(part) for part in _contents(run, Part.SERIES)]
    if len(kept) == len(shards) and all(map(ShardSeries.same_as, kept, shards)):
        return
    if run.parts.exclude(step=Part.SERIES).exists():
        raise Outdated(f"The facts have changed since {run} began.")
    with transaction.atomic():
        run.parts.all().delete()
        run.parts.bulk_create(
            PlanPart(run=run, step=Part.SERIES, number=n, content=shard.to_bytes())
            for n, shard in enumerate(shards)
        )
        PlanRun.objects.filter(pk=run.pk).update(series=found.n_series)


def facts_stamp() -> int:
    """A number that differs as soon as a file of facts came in or was undone."""
    seen = Import.objects.with_facts().aggregate(
        files=Count("finished_at"),
        undone=Count("undone_at"),
        last=Max("finished_at"),
        last_undone=Max("undone_at"),
    )
    moments = [seen["last"], seen["last_undone"]]
    microseconds = [int(at.timestamp() * 1e6) for at in moments if at]
    return int(max(microseconds, default=0) + seen["files"] + seen["undone"])


def shard_numbers(run: PlanRun) -> list[int]:
    found = run.parts.filter(step=Part.SERIES).order_by("number")
    return list(found.values_list("number", flat=True))


def sum_calendar(run: PlanRun, number: int) -> bytes:
    """What a shard knows of the week and the year of its pools."""
    series = shard_series(run, number)
    n_week, n_year = (int(n) for n in series.n_pools)
    totals = calendar.group_totals(read_panel(series), series.groups, n_week, n_year)
    return totals.to_bytes()


def settle_calendar(run: PlanRun) -> bytes:
    parts = [GroupTotals.from_bytes(part) for part in _contents(run, Part.TOTALS)]
    return calendar.factors(calendar.merge(parts)).to_bytes() if parts else b""


def fit_shard(run: PlanRun, number: int) -> bytes:
    """Levels and backtests of a shard, and its past intervals beside them."""
    series = shard_series(run, number)
    factors = CalendarFactors.from_bytes(_content(run, Part.CALENDAR))
    seen, days = read_panel(series), series.protection_days
    past = shard_history(seen, days).to_bytes()
    keep_part(run, Part.HISTORY, number, past)
    return fitting.fit_shard(seen, series.groups, factors, days).to_bytes()


def pool_shards(run: PlanRun) -> bytes:
    fits = [ShardFit.from_bytes(part) for part in _contents(run, Part.FIT)]
    return pooling.reduce(fits).to_bytes() if fits else b""


def write_shard(run: PlanRun, number: int) -> bytes:
    """Quantiles and policy of a shard, as plan rows."""
    series = shard_series(run, number)
    plan = plan_shard(
        ShardFit.from_bytes(_content(run, Part.FIT, number)),
        PoolStats.from_bytes(_content(run, Part.POOL)),
        CalendarFactors.from_bytes(_content(run, Part.CALENDAR)),
        series.terms,
    )
    past = ShardHistory.from_bytes(_content(run, Part.HISTORY, number))
    write_plans(run, series, plan, past)
    return b""


def clear_old_rows(run: PlanRun) -> None:
    """Rows of the same day that this run no longer has, and rows of long ago."""
    stale = ReplenishmentPlan.objects.filter(
        location__in=run.locations(), as_of=run.business_date
    )
    stale.exclude(run=run).delete()
    too_old = run.started_at - ROWS_KEPT
    ReplenishmentPlan.objects.filter(run__finished_at__lt=too_old).delete()


def shard_series(run: PlanRun, number: int) -> ShardSeries:
    return ShardSeries.from_bytes(_content(run, Part.SERIES, number))


def perform(
    run: PlanRun, step: str, number: int, work: Callable[[], bytes | None]
) -> None:
    """Do a part of a run once; a part that is there already is left as it is."""
    if run.parts.filter(step=step, number=number).exists():
        return
    began = time.perf_counter()
    content = work() or b""
    keep_part(run, step, number, content, seconds=time.perf_counter() - began)


def keep_part(
    run: PlanRun, step: str, number: int, content: bytes, *, seconds: float = 0.0
) -> None:
    try:
        with transaction.atomic():
            run.parts.create(step=step, number=number, content=content, seconds=seconds)
    except IntegrityError:
        return


def seconds_by_step(run: PlanRun) -> dict[str, float]:
    rows = run.parts.values("step").annotate(spent=Sum("seconds"))
    return {row["step"]: round(row["spent"], 3) for row in rows if row["spent"]}


def _content(run: PlanRun, part: Part, number: int = 0) -> bytes:
    return bytes(run.parts.get(step=part, number=number).content)


def _contents(run: PlanRun, part: Part) -> list[bytes]:
    found = run.parts.filter(step=part).order_by("number")
    return [bytes(content) for content in found.values_list("content", flat=True)]
