"""What Celery runs: each calls one verb."""

import logging

from celery import shared_task

from jobs import ticks
from jobs.pulse import beat
from jobs.running import execute

logger = logging.getLogger(__name__)


@shared_task(name="jobs.tasks.run_job", soft_time_limit=3600, time_limit=3660)
def run_job(pk: int) -> None:
    logger.info("Job %s %s", pk, "ran" if execute(pk) else "left")


@shared_task(name="jobs.tasks.tick", soft_time_limit=50, time_limit=60)
def tick() -> None:
    ticks.run_all()


@shared_task(name="jobs.tasks.canary", soft_time_limit=10, time_limit=20)
def canary() -> None:
    beat("canary")
