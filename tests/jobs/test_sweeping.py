"""What the queue lost is found; what wears its worker out is given up."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs.models import Job
from jobs.running import claim, enqueue, execute
from jobs.sweeping import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(register):
    return enqueue(register(lambda run: None, most_tries=2), key="1")


def move(job, **fields):
    Job.objects.filter(pk=job.pk).update(**fields)


def test_job_never_picked_up_is_queued_again(job):
    assert sweep() == 1
    assert sweep() == 0, "it was queued a moment ago"
    move(job, queued_at=Now() - timedelta(minutes=2))
    assert sweep() == 1


def test_job_with_a_worker_is_left(job):
    claim(job.pk)
    assert sweep() == 0


def test_job_whose_worker_has_gone_is_queued_again(job):
    claim(job.pk)
    move(job, queued_at=Now(), lease_until=Now() - timedelta(seconds=1))
    assert sweep() == 1
    assert execute(job.pk)


def test_job_waiting_for_its_pause_is_left(job):
    move(job, not_before=Now() + timedelta(minutes=1))
    assert sweep() == 0


def test_job_that_wears_out_its_workers_is_given_up(job):
    for _ in range(2):
        claim(job.pk)
        move(job, lease_until=Now() - timedelta(seconds=1))
    assert sweep() == 0
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "stopped 2 times" in job.error


def test_finished_job_is_left(job):
    execute(job.pk)
    assert sweep() == 0
