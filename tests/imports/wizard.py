"""What the tests of the wizard do at its pages, and what a worker would do."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports.models import Import
from jobs.models import Job
from jobs.running import execute
from tests.conftest import PASSWORD


def sign_in(client, person):
    """A moment ago, so no page asks for the password again."""
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def upload(client, content, name="days.csv", **headers):
    file = SimpleUploadedFile(
        name, content if isinstance(content, bytes) else content.encode()
    )
    return client.post(reverse("import_new"), {"file": file}, headers=headers)


def latest():
    return Import.objects.latest("pk")


def page(client, name, imported, **query):
    return client.get(reverse(name, args=[imported.pk], query=query or None))


def post(client, name, imported, **fields):
    return client.post(reverse(name, args=[imported.pk]), fields)


def work():
    """Do what the worker would do."""
    for job in Job.objects.filter(state=Job.State.WAITING):
        execute(job.pk)
        job.refresh_from_db()
        assert job.state in (Job.State.DONE, Job.State.CANCELLED), job.error


def at(response, name, imported):
    """Whether the answer leads to this page."""
    return response.url == reverse(name, args=[imported.pk])
