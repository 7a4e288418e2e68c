"""The nightly run: the order of its steps, by workers or inline.

Each step is a plain function of an app. What a step has found for a shard is a part;
a run goes on with the parts that are missing, whoever did the others.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from forecasting import planning, runs
from forecasting.models import PlanRun
from inventory.ledger import reconcile
from inventory.models import Location
from jit_backoffice.first_start import DEMO_KIND
from jobs import ticks
from jobs.kinds import JobKind, register
from jobs.models import Job
from jobs.running import Run, enqueue
from purchasing.alerting import settle_differences
from purchasing.assessing import StockReader, stock_now, stock_then
from purchasing.suggesting import refresh
from sales.models import DailySales
from sales.stockouts import recompute_stockouts

KIND = "nightly_part"
DONE_ANEW = ("prepare", "suggestions", "check")
ADVANCE_LOCK, INLINE_LOCK = 7_302, 7_303


@dataclass(frozen=True, slots=True)
class Step:
    """One step: of the whole run, or of each of its shards."""

    name: str
    work: Callable[[PlanRun, int], bytes | None]
    by_shard: bool = False

    def numbers(self, run: PlanRun) -> list[int]:
        return planning.shard_numbers(run) if self.by_shard else [0]


@dataclass(frozen=True, slots=True)
class NightlyReport:
    """What a run, or all runs of one call, did; the last three are counts."""

    as_of: dt.date | None
    seconds: dict[str, float]
    series: int = 0
    alerts: int = 0
    suggested_orders: int = 0


def prepare(run: PlanRun, _: int) -> None:
    """Stock-out spells, then the series and their terms, cut into shards."""
    locations = list(run.locations().prefetch_related("closes"))
    through = max(run.business_date, runs.newest_plan(locations) or run.business_date)
    recompute_stockouts(locations, through)
    planning.find_series(run)


def suggest(run: PlanRun, _: int) -> bytes:
    """Alerts and suggested orders; what a later plan knows better stays."""
    planning.clear_old_rows(run)
    locations: Sequence[Location] = list(run.locations())
    newest = runs.newest_plan(locations)
    if newest and newest > run.business_date:
        return b"{}"
    report = refresh(locations, run.business_date, stock=stock_of(run))
    found = {"alerts": report.alerts, "suggested_orders": report.suggested_orders}
    return json.dumps(found).encode()


def stock_of(run: PlanRun) -> StockReader:
    """Stock at the end of the day of the run, where other days have ended since."""
    return stock_then if runs.is_past(run) else stock_now


def check_stock(run: PlanRun, _: int) -> None:
    """Differences between the facts and the stock on record become alerts."""
    settle_differences(reconcile())


STEPS = (
    Step("prepare", prepare),
    Step(planning.Part.TOTALS, planning.sum_calendar, by_shard=True),
    Step(planning.Part.CALENDAR, lambda run, _: planning.settle_calendar(run)),
    Step(planning.Part.FIT, planning.fit_shard, by_shard=True),
    Step(planning.Part.POOL, lambda run, _: planning.pool_shards(run)),
    Step(planning.Part.ROWS, planning.write_shard, by_shard=True),
    Step("suggestions", suggest),
    Step("check", check_stock),
)


def run_by_hand(as_of: dt.date | None = None) -> NightlyReport:
    """Run all time zones inline, for a date or for the last day that is over."""
    now = timezone.now()
    reports = [run_zone(zone, as_of or zone.last_closed(now)) for zone in runs.zones()]
    return summed(reports, as_of)


def run_in_background() -> None:
    """Let workers run all time zones anew, for the last day that is over."""
    now = timezone.now()
    for zone in runs.zones():
        advance(runs.start_by_hand(zone, zone.last_closed(now)))


def run_zone(zone: runs.Zone, date: dt.date) -> NightlyReport:
    """Go on with a run that was killed, or begin a new one if facts have changed."""
    try:
        return run_inline(runs.start_by_hand(zone, date))
    except planning.Outdated:
        return run_inline(runs.start_by_hand(zone, date))


def run_inline(run: PlanRun) -> NightlyReport:
    """Do here and now all that is missing of a run; workers keep away meanwhile."""
    with worked_inline(run):
        try:
            run.parts.filter(step__in=DONE_ANEW).delete()
            for step in STEPS:
                for number in step.numbers(run):
                    perform(run, step, number)
            return complete(run)
        except Exception:
            runs.fail(run)
            raise


def perform(run: PlanRun, step: Step, number: int) -> None:
    planning.perform(run, step.name, number, lambda: step.work(run, number))


def complete(run: PlanRun) -> NightlyReport:
    """Close a run of which every part is there, and say what it did."""
    run.refresh_from_db()
    found = run.parts.filter(step="suggestions").first()
    counts = json.loads(bytes(found.content)) if found else {}
    seconds = planning.seconds_by_step(run)
    runs.finish(run, seconds)
    Job.objects.filter(
        kind=KIND, key__startswith=f"{run.pk}/", state=Job.State.DONE
    ).delete()
    return NightlyReport(run.business_date, seconds, run.series, **counts)


def summed(reports: Sequence[NightlyReport], as_of: dt.date | None) -> NightlyReport:
    """The runs of all time zones as one."""
    steps = {name for report in reports for name in report.seconds}
    seconds = {
        name: round(sum(report.seconds.get(name, 0.0) for report in reports), 3)
        for name in sorted(steps)
    }
    dates = [report.as_of for report in reports if report.as_of]
    return NightlyReport(
        as_of or max(dates, default=None),
        seconds,
        sum(report.series for report in reports),
        sum(report.alerts for report in reports),
        sum(report.suggested_orders for report in reports),
    )


def tick() -> None:
    """Start what is due, and push on what stands still; any number of times.

    Before the first sales are in nothing is due: a run of half a history would use
    up the day. Later files make the day's run begin anew.
    """
    coming = files_are_coming()
    if DailySales.objects.exists() and (PlanRun.objects.exists() or not coming):
        runs.start_due()
    if not coming:
        runs.start_for_new_files()
    for run in PlanRun.objects.filter(state=PlanRun.State.RUNNING):
        advance(run)


def files_are_coming() -> bool:
    under_way = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING))
    return under_way.filter(kind__in=("import_file", DEMO_KIND)).exists()


def do_part(job_run: Run) -> None:
    """One part of a run, by a worker; the last part of a step starts the next."""
    arguments = job_run.job.arguments
    run = PlanRun.objects.get(pk=arguments["run"])
    step = next(step for step in STEPS if step.name == arguments["step"])
    if run.state == PlanRun.State.RUNNING:
        perform(run, step, arguments["number"])
        advance(run)


@transaction.atomic
def advance(run: PlanRun) -> None:
    """Queue the parts of the first step that is not complete, or close the run."""
    if not _turn(run) or not _is_running(run):
        return
    done = set(run.parts.values_list("step", "number"))
    for step in STEPS:
        missing = [n for n in step.numbers(run) if (step.name, n) not in done]
        if missing:
            _queue(run, step, missing)
            return
    complete(run)


def _queue(run: PlanRun, step: Step, numbers: Sequence[int]) -> None:
    jobs = [
        enqueue(
            KIND,
            key=f"{run.pk}/{step.name}/{number}",
            arguments={"run": run.pk, "step": step.name, "number": number},
        )
        for number in numbers
    ]
    if any(job.state in (Job.State.FAILED, Job.State.CANCELLED) for job in jobs):
        runs.fail(run)


def _turn(run: PlanRun) -> bool:
    """Wait for who advances this run; leave it alone while it is run inline."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ADVANCE_LOCK, run.pk])
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock_shared(%s, %s)", [INLINE_LOCK, run.pk]
        )
        return bool(cursor.fetchone()[0])


def _is_running(run: PlanRun) -> bool:
    return PlanRun.objects.filter(pk=run.pk, state=PlanRun.State.RUNNING).exists()


@contextmanager
def worked_inline(run: PlanRun) -> Iterator[None]:
    """Held by this connection as long as it lives; freed by a kill."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [INLINE_LOCK, run.pk])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [INLINE_LOCK, run.pk])


register(JobKind(KIND, run=do_part, queue="forecast", title="Nightly run"))
ticks.register(tick)
