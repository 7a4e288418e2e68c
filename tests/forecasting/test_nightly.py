import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connections

from forecasting import planning, runs
from forecasting.models import PlanPart, PlanRun, PolicyDefaults, ReplenishmentPlan
from imports.models import Import
from inventory.ledger import record_count
from inventory.models import Alert
from jit_backoffice import nightly
from jobs.models import Job
from jobs.running import execute
from purchasing.models import PurchaseOrder, StockOutlook
from sales.models import DailySales
from tests.forecasting.shop import LAST, busy_shop, plans, sell

DAY = dt.timedelta(days=1)
AT_NIGHT = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)


def run(as_of=LAST):
    return nightly.run_by_hand(as_of)


def test_plan_has_a_row_per_product_and_location(old_town, harbour):
    busy_shop(old_town, harbour, count=5)
    report = run()
    assert (report.as_of, report.series) == (LAST, 10)
    assert set(report.seconds) >= {"prepare", "totals", "fit", "rows", "suggestions"}
    assert ReplenishmentPlan.objects.filter(as_of=LAST).count() == 10
    assert StockOutlook.objects.count() == 10
    finished = PlanRun.objects.get()
    assert (finished.state, finished.series) == ("done", 10)
    assert not PlanPart.objects.exists()


def test_twice_gives_the_same_rows(old_town):
    busy_shop(old_town)
    run()
    first = plans()
    run()
    assert plans() == first
    assert [found.attempt for found in PlanRun.objects.order_by("attempt")] == [0, 1]


def test_shard_size_does_not_change_the_plan(old_town, harbour, settings):
    busy_shop(old_town, harbour)
    run()
    whole = plans()
    settings.NIGHTLY_SHARD_SIZE = 5
    run()
    for key, (*numbers, daily, past, closed, method) in plans().items():
        assert numbers == pytest.approx(whole[key][:-4], rel=1e-5, abs=1e-9)
        assert daily == pytest.approx(whole[key][-4], rel=1e-5)
        assert [past, closed, method] == whole[key][-3:]


def test_nothing_later_than_the_date_is_used(old_town, steady):
    busy_shop(old_town)
    run(LAST - 5 * DAY)
    before = plans(as_of=LAST - 5 * DAY)
    sell(steady, old_town, [50] * 30, LAST + 25 * DAY)
    ReplenishmentPlan.objects.all().delete()
    run(LAST - 5 * DAY)
    assert plans() == before


def test_stock_of_a_past_date_is_that_of_its_evening(steady, old_town):
    sell(steady, old_town, [2] * 60)
    for day, units in ((15, 500), (21, 3)):
        record_count(
            steady,
            location=old_town,
            counted_quantity=units,
            counted_at=dt.datetime(2026, 11, day, 8, tzinfo=dt.UTC),
            key=f"{day}",
        )
    run(dt.date(2026, 11, 16))
    assert StockOutlook.objects.get().on_hand == 500 - 2 * 2
    run(LAST)
    assert StockOutlook.objects.get().on_hand == 3 - 2 * 2


def test_older_date_leaves_alerts_and_suggestions_alone(steady, old_town):
    sell(steady, old_town, [3] * 60)
    record_count(
        steady,
        location=old_town,
        counted_quantity=5,
        counted_at=dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC),
        key="a",
    )
    run()
    outlook = StockOutlook.objects.values().get()
    alerts = list(Alert.objects.values())
    assert PurchaseOrder.objects.filter(state="suggested").exists()
    report = run(LAST - 7 * DAY)
    assert (report.series, report.alerts, report.suggested_orders) == (1, 0, 0)
    assert StockOutlook.objects.values().get() == outlook
    assert list(Alert.objects.values()) == alerts
    assert ReplenishmentPlan.objects.count() == 2


def test_rows_that_a_later_attempt_no_longer_has_go(steady, lumpy, old_town):
    sell(steady, old_town, [1] * 40)
    sell(lumpy, old_town, [1] * 40)
    run()
    lumpy.is_active = False
    lumpy.save()
    run()
    assert [row.product_id for row in ReplenishmentPlan.objects.all()] == [steady.pk]


def test_case_49_lead_time_and_its_source_are_on_the_row(steady, lumpy, near, old_town):
    PolicyDefaults(pk=1, lead_time_days="4.5", review_period_days=3).save()
    bare, _ = busy_shop(old_town, count=2)
    near.order_weekdays = [0, 3]
    near.save()
    sell(steady, old_town, [1] * 40)
    sell(lumpy, old_town, [1] * 40)
    run()
    rows = {row.product_id: row for row in ReplenishmentPlan.objects.all()}
    found = {
        pk: (row.lead_time_days, row.lead_time_source, row.protection_days)
        for pk, row in rows.items()
    }
    assert found[steady.pk] == (2, "vendor", 6)
    assert found[lumpy.pk] == (30, "vendor", 33)
    assert found[bare.pk] == (4.5, "default", 8)
    assert rows[lumpy.pk].lead_time_sd_days == 8


def test_case_48_odd_series_fall_back_and_the_run_goes_on(old_town, lumpy, steady):
    busy_shop(old_town)
    sell(steady, old_town, [0] * 100)
    sell(lumpy, old_town, [7, 7, 7])
    run()
    methods = dict(ReplenishmentPlan.objects.values_list("product_id", "method"))
    assert methods[steady.pk] == "no sales"
    assert methods[lumpy.pk] == "category prior"


def test_shop_without_sales_or_locations_has_an_empty_run(db, old_town):
    assert run().series == 0
    old_town.delete()
    assert run().series == 0


def test_history_longer_than_the_window_is_cut(steady, old_town):
    sell(steady, old_town, [1] * 2000)
    assert run().series == 1
    assert ReplenishmentPlan.objects.get().demand_per_day == pytest.approx(1, rel=0.01)


# Resuming


class Killed(BaseException):
    pass


def killed_at(monkeypatch, step, number):
    """A run that dies like a killed process: after some parts, cleaning up nothing."""
    perform = nightly.perform

    def dying(run, now, part):
        if (now.name, part) == (step, number):
            raise Killed
        perform(run, now, part)

    monkeypatch.setattr(nightly, "perform", dying)
    with pytest.raises(Killed):
        run()
    monkeypatch.setattr(nightly, "perform", perform)


@pytest.mark.parametrize("step", ["calendar", "fit", "rows"])
def test_case_45_killed_run_goes_on_where_it_stopped(
    old_town, settings, monkeypatch, step
):
    settings.NIGHTLY_SHARD_SIZE = 4
    busy_shop(old_town)
    run()
    whole = plans()
    ReplenishmentPlan.objects.all().delete()
    killed_at(monkeypatch, step, 0 if step == "calendar" else 1)
    half = PlanRun.objects.get(state="running")
    done = dict(half.parts.exclude(step="prepare").values_list("pk", "seconds"))
    read, calls = planning.read_panel, []
    monkeypatch.setattr(
        planning, "read_panel", lambda series: calls.append(1) or read(series)
    )
    run()
    half.refresh_from_db()
    assert half.state == "done"
    assert len(calls) == {"calendar": 3, "fit": 2, "rows": 0}[step]
    assert len(done) >= 3
    assert plans() == whole


@pytest.mark.parametrize("change", ["terms", "file"])
def test_killed_run_is_begun_anew_when_facts_have_changed(
    old_town, monkeypatch, change
):
    busy_shop(old_town)
    killed_at(monkeypatch, "fit", 0)
    if change == "terms":
        PolicyDefaults(pk=1, lead_time_days=20).save()
    else:
        state = Import.State.DONE
        Import.objects.create(size=1, state=state, finished_at=AT_NIGHT)
    run()
    states = list(PlanRun.objects.order_by("attempt").values_list("state", flat=True))
    assert states == ["failed", "done"]


# Workers


def work_off():
    """What workers do until the queue is empty; counts the parts."""
    done = 0
    while job := Job.objects.filter(kind=nightly.KIND, state="waiting").first():
        done += execute(job.pk)
    return done


@pytest.fixture
def at_night():
    with time_machine.travel(AT_NIGHT, tick=False):
        yield


def test_workers_give_the_same_plan_as_inline(old_town, settings, at_night):
    settings.NIGHTLY_SHARD_SIZE = 4
    busy_shop(old_town)
    run()
    inline = plans()
    PlanRun.objects.all().delete()
    nightly.tick()
    assert work_off() == 3 * 3 + 5
    assert plans() == inline
    assert PlanRun.objects.get().state == "done"
    nightly.tick()
    assert not Job.objects.exclude(state="done").exists()


def test_tick_takes_up_an_inline_run_that_died(old_town, monkeypatch, at_night):
    busy_shop(old_town)
    killed_at(monkeypatch, "rows", 0)
    nightly.tick()
    work_off()
    assert PlanRun.objects.get().state == "done"
    assert ReplenishmentPlan.objects.count() == 12


def test_nothing_is_due_before_the_first_sales(old_town, steady, at_night):
    nightly.tick()
    assert not PlanRun.objects.exists()
    DailySales.objects.create(
        product=steady, location=old_town, business_date=LAST, sold=1
    )
    nightly.tick()
    assert PlanRun.objects.get().business_date == LAST


def test_first_run_waits_until_the_first_files_are_in(old_town, steady, at_night):
    DailySales.objects.create(
        product=steady, location=old_town, business_date=LAST, sold=1
    )
    coming = Job.objects.create(kind="import_file", key="1", queue="import")
    nightly.tick()
    assert not PlanRun.objects.exists()
    Job.objects.filter(pk=coming.pk).update(state="done")
    nightly.tick()
    assert PlanRun.objects.exists()


def test_part_that_fails_for_good_fails_the_run(old_town, steady, at_night):
    DailySales.objects.create(
        product=steady, location=old_town, business_date=LAST, sold=1
    )
    nightly.tick()
    Job.objects.update(state="failed")
    nightly.tick()
    assert PlanRun.objects.get().state == "failed"


@pytest.mark.django_db(transaction=True)
def test_workers_keep_away_from_a_run_that_is_done_inline(old_town):
    (zone,) = runs.zones()
    own = runs.start_by_hand(zone, LAST)
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        key = [nightly.INLINE_LOCK, own.pk]
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", key)
        nightly.advance(own)
        assert not Job.objects.exists()
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
    other.close()
    nightly.advance(own)
    assert Job.objects.count() == 1


# Commands


def command(name, *arguments):
    output = StringIO()
    call_command(name, *arguments, stdout=output)
    return output.getvalue()


def test_nightly_prints_one_object_on_the_last_line(old_town):
    busy_shop(old_town, count=3)
    last = command("nightly", "--as-of", "2026-11-22", "--json").splitlines()[-1]
    found = json.loads(last)
    assert found["as_of"] == "2026-11-22"
    assert (found["series"], found["suggested_orders"]) == (3, 0)
    assert set(found) == {"as_of", "series", "seconds", "alerts", "suggested_orders"}


def test_nightly_refuses_a_day_to_come(db):
    with pytest.raises(CommandError, match="not happened"):
        command("nightly", "--as-of", "2999-01-01")


def test_defaults_are_shown_changed_and_checked(db):
    assert json.loads(command("defaults", "--json"))["lead_time_days"] == 7
    command("defaults", "--lead-time-days", "3", "--target-fill-rate", "0.95")
    found = json.loads(command("defaults", "--json"))
    assert (found["lead_time_days"], found["target_fill_rate"]) == (3, 0.95)
    with pytest.raises(CommandError, match="--target-fill-rate"):
        command("defaults", "--target-fill-rate", "1.2")


def test_web_process_does_not_load_statsmodels():
    code = (
        "import sys, jit_backoffice.wsgi, jit_backoffice.urls; "
        "from django.urls import get_resolver; get_resolver().url_patterns; "
        "sys.exit(any(n in sys.modules for n in ('statsmodels', 'pandas')))"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "jit_backoffice.settings"}
    assert subprocess.run([sys.executable, "-c", code], env=env).returncode == 0


@pytest.mark.django_db(transaction=True)
def test_killed_process_is_resumed_by_the_next(old_town, settings):
    busy_shop(old_town)
    at = settings.DATABASES["default"]
    name = connections["default"].settings_dict["NAME"]
    address = f"postgresql://{at['USER']}@127.0.0.1:{at['PORT']}/{name}"
    env = {**os.environ, "DATABASE_URL": address, "NIGHTLY_SHARD_SIZE": "1"}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "nightly", "--as-of", f"{LAST}"],
        env=env,
        cwd=settings.BASE_DIR,
    )
    while not PlanPart.objects.filter(step="totals").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    settings.NIGHTLY_SHARD_SIZE = 1
    assert PlanRun.objects.get().state == "running"
    report = run()
    assert report.series == 12
    assert PlanRun.objects.get().state == "done"
    assert ReplenishmentPlan.objects.count() == 12
