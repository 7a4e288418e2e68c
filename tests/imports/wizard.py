"""What the tests of the wizard do at its pages, and what a worker would do."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from imports.models import Import
from jobs.models import Job
from jobs.running import execute
from tests.conftest import PASSWORD

TILL = (
    "Report of the till\n\n"
    "Bon;Day;Branch office;Thing;Article code;Pieces;Takings;Guest;E-mail\n"
    "R-1;13.04.2026;Old Town;Oat drink;GR-1042;2;4,98;Ada Canary;ada@canary.example\n"
    "R-2;14.04.2026;Old Town;Oat drink;GR-1042;1;2,49;Bob Canary;bob@canary.example\n"
)
MAPPED = {
    "date": "1",
    "quantity": "5",
    "sku": "4",
    "item": "3",
    "receipt": "0",
    "location": "2",
    "net": "6",
}
DAYS = "date,location,sku,quantity\n2026-05-01,Old Town,GR-1042,3\n"


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


def columns_of(imported):
    """Names that the form has for our columns, whatever the kind calls them."""
    names = {column.name for column in imported.file_kind.columns}
    return {name: index for name, index in MAPPED.items() if name in names}


def through(client, content=TILL, **answers):
    """An unknown file as far as its check."""
    upload(client, content)
    imported = latest()
    post(client, "import_detected", imported, **answers)
    post(client, "import_columns", imported, **columns_of(imported))
    work()
    imported.refresh_from_db()
    return imported
