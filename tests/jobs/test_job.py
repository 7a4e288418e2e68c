"""A person sees how far a job is, and stops or repeats own ones."""

import pytest
from django.urls import reverse

from jobs.models import Job
from jobs.running import Hopeless, claim, enqueue, execute

HTMX = {"HX-Request": "true"}


@pytest.fixture
def job(register, people):
    def refuse(run):
        raise Hopeless("The shelf is gone.")

    return enqueue(register(refuse), key="1", by=people.buyer)


@pytest.fixture
def sign_in(client, people):
    def as_person(name):
        client.force_login(getattr(people, name))
        return client

    return as_person


def test_running_job_asks_again_each_second(sign_in, job):
    claim(job.pk).report(1, 4, "Reading rows")
    page = sign_in("buyer").get(reverse("job", args=[job.pk]), headers=HTMX)
    assert "Reading rows · 25 %" in page.text
    assert 'hx-trigger="load delay:1s"' in page.text
    assert "HX-Refresh" not in page.headers


def test_finished_job_asks_no_more_and_has_its_page_loaded_anew(sign_in, job):
    execute(job.pk)
    page = sign_in("buyer").get(reverse("job", args=[job.pk]), headers=HTMX)
    assert "Failed: The shelf is gone." in page.text
    assert "hx-trigger" not in page.text
    assert page.headers["HX-Refresh"] == "true"


def test_page_has_the_same_progress_and_a_stop_button(sign_in, job):
    page = sign_in("buyer").get(reverse("job", args=[job.pk]))
    assert "Waiting for its turn" in page.text
    assert "Stop it" in page.text


@pytest.mark.parametrize(
    ("name", "status"), [("buyer", 200), ("admin", 200), ("manager", 404)]
)
def test_job_is_seen_by_who_started_it_and_the_admin(sign_in, job, name, status):
    assert sign_in(name).get(reverse("job", args=[job.pk])).status_code == status


def test_job_of_the_app_is_seen_by_all_and_stopped_by_the_admin_alone(sign_in, job):
    Job.objects.update(created_by=None)
    viewer = sign_in("viewer")
    assert "Stop it" not in viewer.get(reverse("job", args=[job.pk])).text
    assert viewer.post(reverse("job_cancellation", args=[job.pk])).status_code == 404
    sign_in("admin").post(reverse("job_cancellation", args=[job.pk]))
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.CANCELLED, "Stopped by Admin.")


def test_failed_job_is_tried_again_on_request(sign_in, job):
    execute(job.pk)
    client = sign_in("buyer")
    assert "Try again" in client.get(reverse("job", args=[job.pk])).text
    client.post(reverse("job_retry", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == Job.State.WAITING


def test_get_does_not_stop_a_job(sign_in, job):
    answer = sign_in("admin").get(reverse("job_cancellation", args=[job.pk]))
    assert answer.status_code == 405
