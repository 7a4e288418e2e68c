"""A job is one row, run by one worker, and says how it ended."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from jobs.kinds import JobKind
from jobs.models import Job
from jobs.running import (
    Cancelled,
    Hopeless,
    LeaseLost,
    cancel,
    claim,
    enqueue,
    execute,
    retry,
    run_now,
)

pytestmark = pytest.mark.django_db


def let_lease_run_out(job):
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def test_same_kind_and_key_is_the_same_row(register):
    kind = register(lambda run: None)
    first = enqueue(kind, key="1", arguments={"floor": 1})
    again = enqueue(kind, key="1", arguments={"floor": 2})
    assert again.pk == first.pk
    assert again.arguments == {"floor": 1}


def test_unknown_kind_is_refused_at_once():
    with pytest.raises(LookupError):
        enqueue("no_such_work", key="1")


def test_unknown_queue_is_refused():
    with pytest.raises(ValueError, match="no queue"):
        JobKind("sweep_floor", run=lambda run: None, queue="elsewhere")


def test_job_runs_once_however_often_its_id_arrives(register):
    runs = []
    job = enqueue(register(lambda run: runs.append(run.job.arguments)), key="1")
    assert execute(job.pk)
    assert not execute(job.pk)
    assert not execute(job.pk)
    job.refresh_from_db()
    assert (runs, job.state, job.tries) == ([{}], Job.State.DONE, 1)
    assert job.finished_at
    assert job.percent == 100


def test_running_job_cannot_be_claimed(register):
    job = enqueue(register(lambda run: None), key="1")
    assert claim(job.pk)
    assert claim(job.pk) is None


def test_job_whose_lease_ran_out_is_taken_over(register):
    job = enqueue(register(lambda run: None), key="1")
    old = claim(job.pk)
    let_lease_run_out(job)
    new = claim(job.pk)
    assert new.job.tries == 2
    with pytest.raises(LeaseLost):
        old.report(1, 2)
    old.finish(Job.State.FAILED, "late")
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING


def test_report_records_progress_and_renews_the_lease(register):
    job = enqueue(register(lambda run: None), key="1")
    run = claim(job.pk)
    let_lease_run_out(job)
    run.report(30, 120, "Reading rows")
    job.refresh_from_db()
    assert (job.percent, job.progress_note) == (25, "Reading rows")
    assert not Job.objects.stalled().exists()


def test_error_is_kept_and_the_job_tried_again_later(register):
    def stumble(run):
        raise RuntimeError("the bucket is empty")

    job = enqueue(register(stumble, most_tries=2), key="1")
    assert not execute(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.WAITING
    assert "the bucket is empty" in job.error
    assert claim(job.pk) is None, "the next try comes after a pause"
    Job.objects.update(not_before=Now())
    assert not execute(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED


def test_hopeless_job_is_not_tried_again(register):
    def refuse(run):
        raise Hopeless("There is no floor.")

    job = enqueue(register(refuse), key="1")
    execute(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "There is no floor.")


def test_cancelled_job_stops_at_its_next_report(register, people):
    seen = []

    def work(run):
        run.report(1, 3)
        cancel(run.job, by=people.admin)
        try:
            run.report(2, 3)
        except Cancelled:
            seen.append("stopped")
            raise

    job = enqueue(register(work), key="1")
    execute(job.pk)
    job.refresh_from_db()
    assert (seen, job.state) == (["stopped"], Job.State.CANCELLED)
    assert (job.progress_done, job.error) == (1, "Stopped by Admin.")


def test_finished_job_cannot_be_cancelled(register, people):
    job = run_now(register(lambda run: None), key="1")
    assert not cancel(job, by=people.admin)
    job.refresh_from_db()
    assert job.state == Job.State.DONE


def test_retry_opens_a_failed_job_and_leaves_others(register):
    tries = []

    def work(run):
        tries.append(1)
        if len(tries) == 1:
            raise Hopeless("Not today.")

    job = enqueue(register(work), key="1")
    assert not retry(job)
    execute(job.pk)
    assert retry(job)
    execute(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")


def test_run_now_runs_inline_once(register):
    runs = []
    kind = register(lambda run: runs.append(1))
    assert run_now(kind, key="1").state == Job.State.DONE
    assert run_now(kind, key="1").state == Job.State.DONE
    assert runs == [1]


def test_run_now_raises_what_the_work_raises_and_resumes(register):
    tries = []

    def work(run):
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("power cut")

    kind = register(work)
    with pytest.raises(RuntimeError, match="power cut"):
        run_now(kind, key="1")
    assert run_now(kind, key="1").state == Job.State.DONE


def test_job_of_a_kind_that_has_gone_fails_with_a_sentence():
    job = Job.objects.create(kind="old_work", key="1", queue="default")
    assert not execute(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "old_work" in job.error
