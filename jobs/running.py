"""How a job is queued, claimed, run, stopped and started again.

A job is held by a lease in database time, under a claim that is new at each try. Who
has lost the claim can write nothing more to the row.
"""

import logging
import time
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from accounts.models import User
from jobs.broker import hand_over
from jobs.kinds import JobKind, UnknownKind, kind_named
from jobs.models import Job

logger = logging.getLogger(__name__)

State = Job.State
LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
PAUSE_BEFORE_NEXT_TRY = timedelta(seconds=20)
ERROR_LENGTH = 4000


class Cancelled(Exception):
    """A person stopped the job."""


class LeaseLost(Exception):
    """Another worker has taken the job over."""


class Hopeless(Exception):
    """Another try would fail, too; the text says why, in plain words."""


class Run:
    """One try of a job by the worker that holds its claim."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._mine = Job.objects.filter(pk=job.pk, claim=job.claim, state=State.RUNNING)

    def report(self, done: int, total: int, note: str = "") -> None:
        """Record progress and renew the lease; call it between transactions."""
        self.renew(progress_done=done, progress_total=total, progress_note=note[:200])

    def renew(self, **fields: Any) -> None:
        if not self._hold(lease_until=Now() + LEASE, heartbeat_at=Now(), **fields):
            state = Job.objects.values_list("state", flat=True).get(pk=self.job.pk)
            raise Cancelled if state == State.CANCELLED else LeaseLost

    def finish(self, state: str, error: str = "") -> None:
        self._hold(state=state, error=error, lease_until=None, finished_at=Now())

    def put_back(self, error: str, *, pause: timedelta) -> None:
        """Leave the job to a later try."""
        self._hold(
            state=State.WAITING,
            error=error,
            lease_until=None,
            queued_at=None,
            not_before=Now() + pause,
        )

    def _hold(self, **fields: Any) -> bool:
        return bool(self._mine.update(**fields))


def enqueue(
    kind: str,
    *,
    key: str,
    arguments: dict[str, Any] | None = None,
    by: User | None = None,
) -> Job:
    """The one job of this kind and key; queued on commit where it is new."""
    job, is_new = Job.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={
            "arguments": arguments or {},
            "queue": kind_named(kind).queue,
            "created_by": by,
        },
    )
    if is_new:
        transaction.on_commit(lambda: hand_over(job))
    return job


def enqueue_new(kind: str, *, key: str, arguments: dict[str, Any]) -> bool:
    """Queue the job if there is none of this kind and key, without asking first."""
    job = Job(kind=kind, key=key, arguments=arguments, queue=kind_named(kind).queue)
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        return False
    transaction.on_commit(lambda: hand_over(job))
    return True


def run_now(
    kind: str,
    *,
    key: str,
    arguments: dict[str, Any] | None = None,
    by: User | None = None,
) -> Job:
    """Run the job inline, without a broker, unless it is done; raise what it raises.

    A failed job is taken up again; one that a worker holds is waited for.
    """
    job, _ = Job.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={
            "arguments": arguments or {},
            "queue": kind_named(kind).queue,
            "created_by": by,
        },
    )
    if job.state == State.FAILED:
        reopen(job)
    Job.objects.filter(pk=job.pk, state=State.WAITING).update(not_before=None)
    while not job.is_finished:
        run = claim(job.pk)
        if run:
            carry_out(run, most_tries=1)
        else:
            time.sleep(0.2)
        job.refresh_from_db()
    return job


def execute(pk: int) -> bool:
    """Run the job with this id if it is due and nobody holds it."""
    run = claim(pk)
    if run is None:
        return False
    kind = registered_kind(run)
    if kind is None:
        return False
    try:
        carry_out(run, most_tries=kind.most_tries)
    except Exception:
        logger.exception("Job %s %s failed", run.job.kind, pk)
        return False
    return True


def registered_kind(run: Run) -> JobKind | None:
    try:
        return kind_named(run.job.kind)
    except UnknownKind as error:
        run.finish(State.FAILED, str(error))
        return None


def claim(pk: int) -> Run | None:
    """Take the job by one conditional UPDATE in database time."""
    token = uuid.uuid4()
    taken = (
        Job.objects.filter(pk=pk)
        .claimable()
        .update(
            state=State.RUNNING,
            claim=token,
            tries=F("tries") + 1,
            lease_until=Now() + LEASE,
            heartbeat_at=Now(),
            started_at=Coalesce("started_at", Now()),
        )
    )
    return Run(Job.objects.get(pk=pk)) if taken else None


def carry_out(run: Run, *, most_tries: int) -> None:
    """Run the job's function under a heartbeat and record how it ended."""
    try:
        with heartbeat(run):
            kind_named(run.job.kind).run(run)
    except (Cancelled, LeaseLost) as stop:
        logger.info("Job %s %s: %s", run.job.kind, run.job.pk, type(stop).__name__)
    except Hopeless as error:
        run.finish(State.FAILED, str(error))
        raise
    except Exception:
        trace = traceback.format_exc()[-ERROR_LENGTH:]
        if run.job.tries >= most_tries:
            run.finish(State.FAILED, trace)
        else:
            run.put_back(trace, pause=PAUSE_BEFORE_NEXT_TRY)
        raise
    except BaseException as stop:
        run.put_back(type(stop).__name__, pause=timedelta())
        raise
    else:
        run.finish(State.DONE)


@contextmanager
def heartbeat(run: Run) -> Iterator[None]:
    """Renew the lease from a thread, on a connection of its own."""
    ended = Event()
    beat = Thread(target=keep_alive, args=(run, ended), daemon=True)
    beat.start()
    try:
        yield
    finally:
        ended.set()
        beat.join()


def keep_alive(run: Run, ended: Event) -> None:
    try:
        while not ended.wait(LEASE.total_seconds() / 4):
            try:
                run.renew()
            except (Cancelled, LeaseLost, Job.DoesNotExist):
                return
            except DatabaseError as error:
                logger.warning("Heartbeat of job %s missed: %s", run.job.pk, error)
                connection.close()
    finally:
        connection.close()


def cancel(job: Job, *, by: User) -> bool:
    """Stop the job; a worker that runs it notices at its next report."""
    stopped = (
        Job.objects.filter(pk=job.pk)
        .exclude(state__in=Job.FINISHED)
        .update(
            state=State.CANCELLED,
            error=f"Stopped by {by}.",
            lease_until=None,
            finished_at=Now(),
        )
    )
    return bool(stopped)


def retry(job: Job) -> bool:
    """Queue a failed, stopped or stalled job once more; it goes on from there."""
    if not reopen(job) and not job.is_stalled:
        return False
    transaction.on_commit(lambda: hand_over(job))
    return True


def reopen(job: Job) -> bool:
    opened = Job.objects.filter(
        pk=job.pk, state__in=(State.FAILED, State.CANCELLED)
    ).update(
        state=State.WAITING,
        tries=0,
        error="",
        not_before=None,
        queued_at=None,
        finished_at=None,
    )
    job.refresh_from_db()
    return bool(opened)
