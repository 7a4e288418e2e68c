"""Find jobs that the queue has lost and jobs whose worker has gone."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from jobs.broker import hand_over
from jobs.kinds import UnknownKind, kind_named
from jobs.models import Job

UNHEARD_AFTER = timedelta(seconds=settings.JOB_UNHEARD_SECONDS)
AT_MOST = 500
WORN_OUT = "The worker stopped {tries} times while it ran this."


def sweep() -> int:
    """Queue again what waits unheard or stalled; fail what stalled too often."""
    unheard = Q(queued_at__isnull=True) | Q(queued_at__lt=Now() - UNHEARD_AFTER)
    lost = Job.objects.claimable().filter(unheard | Q(state=Job.State.RUNNING))
    queued = 0
    for job in lost.order_by("queued_at", "pk")[:AT_MOST]:
        if is_worn_out(job):
            give_up(job)
        elif hand_over(job):
            queued += 1
        else:
            break
    return queued


def is_worn_out(job: Job) -> bool:
    if job.state != Job.State.RUNNING:
        return False
    try:
        return job.tries >= kind_named(job.kind).most_tries
    except UnknownKind:
        return True


def give_up(job: Job) -> None:
    Job.objects.filter(pk=job.pk, claim=job.claim).stalled().update(
        state=Job.State.FAILED,
        error="\n".join(filter(None, [WORN_OUT.format(tries=job.tries), job.error])),
        finished_at=Now(),
    )
