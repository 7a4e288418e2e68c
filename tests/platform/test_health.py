"""Whether all is well: for machines, for the admin, for the dashboard."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from forecasting.models import PlanRun
from inventory.models import CloseOfDay
from jit_backoffice import health
from jobs.models import Job, Pulse
from sales.models import DailySales

pytestmark = pytest.mark.django_db
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
TODAY = dt.date(2026, 11, 24)


def told(name):
    return next(check for check in health.checks() if check.name.startswith(name))


@pytest.mark.parametrize("name", ["healthz", "readyz"])
def test_probes_need_no_sign_in_and_start_no_session(client, name):
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert not answer.cookies


def test_status_page_is_the_admins(client, people):
    client.force_login(people.buyer)
    assert client.get(reverse("statusz")).status_code == 403
    client.force_login(people.admin)
    page = client.get(reverse("statusz"))
    assert "Background work" in page.text
    assert "Nightly run, Europe/Amsterdam" in page.text


def test_silent_worker_is_a_problem():
    assert not told("Background work").is_well
    Pulse.objects.create(name="canary", beaten_at=timezone.now())
    assert told("Background work").is_well
    Pulse.objects.update(beaten_at=timezone.now() - dt.timedelta(minutes=5))
    silent = told("Background work")
    assert (silent.is_well, silent.sentence) == (False, "Silent for 5 minutes.")


@pytest.fixture
def sold(old_town, steady):
    return DailySales.objects.create(
        product=steady, location=old_town, business_date=TODAY, sold=3
    )


def ran(date, state=PlanRun.State.DONE):
    PlanRun.objects.create(
        time_zone="Europe/Amsterdam", business_date=date, state=state
    )


def nightly_at(time_machine, hour, minute=0):
    """The check at this time in Amsterdam, on the day after."""
    moment = dt.datetime(2026, 11, 25, hour, minute, tzinfo=AMSTERDAM)
    time_machine.move_to(moment, tick=False)
    return told("Nightly run, Europe/Amsterdam")


def test_shop_without_sales_misses_no_run(old_town):
    assert told("Nightly run").is_well


def test_missing_run_shows_within_an_hour_of_being_due(sold, time_machine):
    ran(TODAY - dt.timedelta(days=1))
    assert nightly_at(time_machine, 2, 59).is_well
    late = nightly_at(time_machine, 3, 1)
    assert not late.is_well
    assert late.sentence == "Ran for 23 Nov; 24 Nov is missing."


def test_run_that_failed_is_missing(sold, time_machine):
    ran(TODAY, PlanRun.State.FAILED)
    assert not nightly_at(time_machine, 4).is_well


def test_run_that_is_done_is_well(sold, time_machine):
    ran(TODAY)
    assert nightly_at(time_machine, 4).sentence == "Ran for 24 Nov."


def test_run_is_due_only_after_the_shops_close_of_day(sold, old_town, time_machine):
    ran(TODAY - dt.timedelta(days=1))
    CloseOfDay.objects.create(location=old_town, time=dt.time(4))
    assert nightly_at(time_machine, 6, 59).is_well
    assert not nightly_at(time_machine, 7, 1).is_well


def test_failed_job_of_today_is_a_problem():
    Job.objects.create(
        kind="x", key="1", queue="default", state="failed", finished_at=timezone.now()
    )
    assert told("Imports").sentence == "0 waiting, 0 stalled, 1 failed since yesterday."
    assert "Imports and other long work" in [p.name for p in health.problems()]
