import datetime as dt
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from forecasting import runs
from forecasting.models import PlanRun
from imports.models import Import
from inventory.models import CloseOfDay, Location
from inventory.places import BusinessDays

NOW = dt.datetime(2026, 11, 23, 2, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
YESTERDAY = dt.date(2026, 11, 22)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def found():
    rows = PlanRun.objects.order_by("time_zone", "business_date", "attempt")
    return [(run.business_date, run.attempt, run.state) for run in rows]


def test_due_two_hours_after_the_last_location_has_closed(old_town, harbour):
    assert runs.start_due(NOW - dt.timedelta(minutes=31)) == [
        PlanRun.objects.get(business_date=YESTERDAY - DAY)
    ]
    CloseOfDay.objects.create(location=harbour, time=dt.time(2))
    assert runs.start_due(NOW) == []
    (run,) = runs.start_due(NOW + dt.timedelta(hours=2))
    assert run.business_date == YESTERDAY


def test_case_44_a_second_tick_starts_nothing(old_town):
    assert len(runs.start_due(NOW)) == 1
    assert runs.start_due(NOW) == []


def test_case_46_after_an_outage_only_the_latest_day_is_run(old_town):
    runs.start_due(NOW - 4 * DAY)
    runs.start_due(NOW)
    assert found() == [
        (YESTERDAY - 4 * DAY, 0, "running"),
        (YESTERDAY - 3 * DAY, 0, "skipped"),
        (YESTERDAY - 2 * DAY, 0, "skipped"),
        (YESTERDAY - DAY, 0, "skipped"),
        (YESTERDAY, 0, "running"),
    ]


def imported(moment, state=Import.State.DONE, **fields):
    return Import.objects.create(
        file_name="week.csv",
        sha256="0" * 64,
        size=1,
        state=state,
        finished_at=moment,
        **fields,
    )


def test_file_of_the_morning_after_makes_the_day_run_anew(old_town):
    (run,) = runs.start_due(NOW)
    imported(run.started_at - HOUR)
    runs.finish(run, {})
    assert runs.start_for_new_files() == []
    imported(timezone.now() + HOUR)
    (again,) = runs.start_for_new_files()
    assert (again.business_date, again.attempt) == (run.business_date, 1)


def test_file_that_never_came_in_starts_no_run(old_town):
    (run,) = runs.start_due(NOW)
    runs.finish(run, {})
    for state in (Import.State.CANCELLED, Import.State.FAILED):
        imported(timezone.now() + HOUR, state=state)
    assert runs.start_for_new_files() == []


def test_undone_file_makes_the_day_run_anew(old_town):
    (run,) = runs.start_due(NOW)
    runs.finish(run, {})
    imported(run.started_at - HOUR, undone_at=timezone.now() + HOUR)
    assert len(runs.start_for_new_files()) == 1


def test_running_run_is_not_started_beside_itself(old_town):
    runs.start_due(NOW)
    imported(timezone.now() + HOUR)
    assert runs.start_for_new_files() == []


def test_each_time_zone_has_its_own_day(old_town):
    Location.objects.create(name="Sydney", time_zone="Australia/Sydney")
    Location.objects.create(name="Line Islands", time_zone="Pacific/Kiritimati")
    Location.objects.create(name="Pier", time_zone="America/Los_Angeles")
    noon = dt.datetime(2026, 11, 22, 23, tzinfo=dt.UTC)
    dates = {run.time_zone: run.business_date.day for run in runs.start_due(noon)}
    assert dates == {
        "Australia/Sydney": 22,
        "Pacific/Kiritimati": 22,
        "Europe/Amsterdam": 21,
        "America/Los_Angeles": 21,
    }


@pytest.mark.parametrize(
    ("time_zone", "change"),
    [
        ("Europe/Amsterdam", dt.date(2026, 3, 29)),
        ("Europe/Amsterdam", dt.date(2026, 10, 25)),
        ("America/New_York", dt.date(2026, 3, 8)),
        ("America/New_York", dt.date(2026, 11, 1)),
        ("Australia/Lord_Howe", dt.date(2026, 10, 4)),
    ],
)
@pytest.mark.parametrize("close", [dt.time(0), dt.time(2, 30)])
def test_case_47_each_local_date_closes_once_when_clocks_change(
    time_zone, change, close
):
    days = BusinessDays(ZoneInfo(time_zone), ((dt.date(2020, 1, 1), close),))
    zone = runs.Zone(time_zone, (days,))
    begin = dt.datetime.combine(change - 3 * DAY, dt.time(), dt.UTC)
    closed = [zone.last_closed(begin + n * HOUR / 4) for n in range(6 * 24 * 4)]
    dates = sorted(set(closed))
    assert closed == sorted(closed)
    assert dates == [dates[0] + n * DAY for n in range(len(dates))]
    assert change in dates


def test_case_47_one_run_per_date_over_the_night_the_clocks_change(old_town):
    begin = dt.datetime(2026, 10, 23, 12, tzinfo=dt.UTC)
    for tick in range(4 * 12):
        runs.start_due(begin + tick * 2 * HOUR)
    assert [(date.day, state) for date, _, state in found()] == [
        (day, "running") for day in (22, 23, 24, 25, 26)
    ]


def test_locations_out_of_use_and_virtual_ones_have_no_run(db):
    Location.objects.virtual(Location.Kind.LOSS)
    Location.objects.create(name="Closed", is_active=False)
    assert runs.start_due(NOW) == []


def test_by_hand_is_another_attempt_of_a_finished_date(old_town):
    (run,) = runs.start_due(NOW)
    (zone,) = runs.zones()
    assert runs.start_by_hand(zone, YESTERDAY) == run
    runs.finish(run, {})
    assert runs.start_by_hand(zone, YESTERDAY).attempt == 1
    assert runs.start_due(NOW) == []


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_start_one_run(old_town):
    ready, started = Barrier(6), []

    def tick():
        ready.wait()
        started.extend(runs.start_due(NOW))
        connection.close()

    threads = [Thread(target=tick) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(started) == 1
    assert found() == [(YESTERDAY, 0, "running")]
