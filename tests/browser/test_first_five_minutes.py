"""From a low-stock alert to a fuller shelf, as a newcomer does it."""

import time

import pytest

from jobs.models import Job
from jobs.running import execute
from tests.browser.journey import walk

pytestmark = pytest.mark.django_db(transaction=True)


def do_waiting_work():
    for job in Job.objects.filter(state=Job.State.WAITING):
        execute(job.pk)


def test_newcomer_gets_from_alert_to_full_shelf(visit, demo_shop):
    visitor = visit()
    begun = time.monotonic()
    walk(visitor, do_waiting_work, lambda name: visitor.check())
    assert visitor.clicks <= 30
    print(f"{visitor.clicks} clicks, {time.monotonic() - begun:.0f} s")
