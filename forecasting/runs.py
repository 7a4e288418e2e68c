"""Which nightly runs are due, and that each is started once.

A run covers all locations of one time zone. It is due when the last of them has
closed its day; after an outage only the latest day is run, the others are marked.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from forecasting.models import PlanRun, ReplenishmentPlan
from imports.models import Import
from inventory.models import Location
from inventory.places import BusinessDays

MARGIN = dt.timedelta(hours=2)
MOST_SKIPPED = 366
LOCK = 7_301

State = PlanRun.State


@dataclass(frozen=True, slots=True)
class Zone:
    """The locations that one run covers, and when their days end."""

    time_zone: str
    days: tuple[BusinessDays, ...]

    def last_closed(self, now: dt.datetime) -> dt.date:
        """The latest day that is over in all locations of the zone."""
        date = now.astimezone(ZoneInfo(self.time_zone)).date()
        while any(days.end_of(date) > now for days in self.days):
            date -= dt.timedelta(days=1)
        return date


def zones() -> list[Zone]:
    """The time zones in which there is a location in use."""
    places = Location.objects.real().filter(is_active=True).prefetch_related("closes")
    by_zone = groupby(places.order_by("time_zone", "pk"), lambda place: place.time_zone)
    return [
        Zone(name, tuple(place.business_days() for place in group))
        for name, group in by_zone
    ]


def start_due(now: dt.datetime | None = None) -> list[PlanRun]:
    """Start the run of each zone that is due; two at once start one."""
    late_enough = (now or timezone.now()) - MARGIN
    started = [_start(zone, zone.last_closed(late_enough)) for zone in zones()]
    return [run for run in started if run]


@transaction.atomic
def _start(zone: Zone, date: dt.date) -> PlanRun | None:
    _lock_runs()
    runs = PlanRun.objects.filter(time_zone=zone.time_zone)
    if runs.filter(business_date__gte=date).exists():
        return None
    newest = runs.aggregate(newest=Max("business_date"))["newest"]
    _mark_skipped(zone, newest, date)
    return PlanRun.objects.create(time_zone=zone.time_zone, business_date=date)


def _mark_skipped(zone: Zone, newest: dt.date | None, date: dt.date) -> None:
    missed = (date - newest).days - 1 if newest else 0
    PlanRun.objects.bulk_create(
        PlanRun(
            time_zone=zone.time_zone,
            business_date=date - dt.timedelta(days=ago),
            state=State.SKIPPED,
            finished_at=timezone.now(),
        )
        for ago in range(1, min(missed, MOST_SKIPPED) + 1)
    )


@transaction.atomic
def start_by_hand(zone: Zone, date: dt.date) -> PlanRun:
    """A new attempt for a date; one that was killed is taken up again."""
    _lock_runs()
    runs = PlanRun.objects.filter(time_zone=zone.time_zone, business_date=date)
    newest = runs.order_by("-attempt").first()
    if newest and newest.state == State.RUNNING:
        return newest
    attempt = newest.attempt + 1 if newest else 0
    return PlanRun.objects.create(
        time_zone=zone.time_zone, business_date=date, attempt=attempt
    )


def start_for_new_files() -> list[PlanRun]:
    """Run the last planned day anew where files have come in since its run began.

    A till's export of yesterday often arrives the morning after.
    """
    came_in = Import.objects.with_facts()
    files = came_in.aggregate(last=Max("finished_at"), undone=Max("undone_at"))
    moments = [moment for moment in files.values() if moment]
    if not moments:
        return []
    started = [_start_again(zone, max(moments)) for zone in zones()]
    return [run for run in started if run]


def _start_again(zone: Zone, since: dt.datetime) -> PlanRun | None:
    runs = PlanRun.objects.filter(time_zone=zone.time_zone)
    newest = runs.order_by("-business_date", "-attempt").first()
    if newest is None or newest.started_at > since or newest.state == State.RUNNING:
        return None
    return start_by_hand(zone, newest.business_date)


def _lock_runs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def finish(run: PlanRun, seconds: dict[str, float]) -> None:
    """Mark a run done and let its parts go; twice is once."""
    done = PlanRun.objects.filter(pk=run.pk, state=State.RUNNING).update(
        state=State.DONE, finished_at=timezone.now(), seconds=seconds
    )
    if done:
        run.parts.all().delete()


def fail(run: PlanRun) -> None:
    """Give a run up; what it found is of no use to another."""
    PlanRun.objects.filter(pk=run.pk, state=State.RUNNING).update(
        state=State.FAILED, finished_at=timezone.now()
    )
    run.parts.all().delete()


def is_past(run: PlanRun) -> bool:
    """Whether a later day than that of the run is over in its zone."""
    zone = next(
        (zone for zone in zones() if zone.time_zone == run.time_zone),
        Zone(run.time_zone, ()),
    )
    return run.business_date < zone.last_closed(timezone.now())


def newest_plan(locations: Sequence[Location]) -> dt.date | None:
    """The latest day that a plan of these locations knows."""
    plans = ReplenishmentPlan.objects.filter(location__in=locations)
    finished = plans.exclude(run__state=State.FAILED)
    newest: dt.date | None = finished.aggregate(newest=Max("as_of"))["newest"]
    return newest
