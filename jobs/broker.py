"""The broker as a hint: it carries ids, and may lose them."""

import logging
from dataclasses import dataclass

from celery import current_app
from django.db.models.functions import Now
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from jobs.models import Job

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    soft_seconds: int
    hard_seconds: int


# The hard limits stay below the broker's visibility timeout (jit_backoffice/celery.py).
LIMITS = {
    "mail": Limits(120, 150),
    "default": Limits(1800, 1860),
    "import": Limits(3600, 3660),
    "forecast": Limits(3600, 3660),
}


def hand_over(job: Job) -> bool:
    """Tell the workers of a waiting job; where no broker answers, the sweeper will."""
    limits = LIMITS[job.queue]
    try:
        current_app.send_task(
            "jobs.tasks.run_job",
            args=[job.pk],
            queue=job.queue,
            soft_time_limit=limits.soft_seconds,
            time_limit=limits.hard_seconds,
            retry=False,
        )
    except (KombuError, RedisError, OSError) as error:
        logger.warning("Job %s waits: the broker does not answer (%s)", job.pk, error)
        return False
    Job.objects.filter(pk=job.pk).update(queued_at=Now())
    return True
