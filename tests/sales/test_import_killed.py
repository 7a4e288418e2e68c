"""P2 and case 5: an import killed anywhere and resumed is one clean import."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from imports import importing
from imports.kinds import kinds_of
from imports.models import Import
from imports.uploading import receive_path
from inventory import ledger
from tests.sales.files import (
    DAILY_HEADER,
    SQUARE_HEADER,
    daily,
    run,
    square,
    state,
    write,
)

ROWS = 900
CHUNK = 60
KILLS = 20
# A worker that writes in small chunks, slowly enough to be killed in any of them.
WORKER = """
import sys, time
import django
django.setup()
from imports import importing, staging
from imports.models import Import
importing.CHUNK_ROWS = {chunk}
staging.ROWS_PER_BATCH, staging.SECONDS_PER_REPORT = 200, 0
def report(done, total, note):
    print(done, flush=True)
    time.sleep(0.02)
importing.write(Import.objects.get(pk=int(sys.argv[1])), report)
"""


def rows_of(kind, rows=ROWS):
    if kind == "square_items":
        return SQUARE_HEADER, [
            square(f"R{n // 3}", f"Item {n % 40}", net=f"${n % 7}.00")
            for n in range(rows)
        ]
    return DAILY_HEADER, [
        daily(f"2025-{1 + n % 12:02}-{1 + n // 12 % 28:02}", f"S{n // 336}", n % 9)
        for n in range(rows)
    ]


def received(path):
    ticked = {"create_products": True, "create_locations": True}
    return receive_path(Path(path), kinds=kinds_of("sales"), options=ticked)


def work(imported, *, kill_after=None, chunk=CHUNK):
    """Run the worker; kill it after so many of its reports."""
    database = connection.settings_dict
    address = (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@{database['HOST']}"
        f":{database['PORT']}/{database['NAME']}"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER.format(chunk=chunk), str(imported.pk)],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "jit_backoffice.settings",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        for reports, _ in enumerate(worker.stdout, start=1):
            if reports == kill_after:
                time.sleep(random.random() / 50)  # noqa: S311
                worker.send_signal(signal.SIGKILL)
    return worker.returncode


def clean_import(path, rows):
    """The rows of an import that nothing stopped; it is undone afterwards."""
    clean = received(path)
    assert work(clean) == 0
    expected = state()
    assert run("undo_import", clean.pk) == {"undone": rows}
    return expected


def assert_same(imported, expected, rows):
    imported.refresh_from_db()
    assert imported.state == Import.State.DONE
    assert (imported.rows_read, imported.rows_new) == (rows, rows)
    assert state() == expected
    assert ledger.reconcile() == []


@pytest.mark.django_db(transaction=True)
def test_fault_05_a_killed_import_resumes_with_true_counts(tmp_path, old_town):
    path = write(tmp_path / "sales.csv", *rows_of("daily_totals"))
    expected = clean_import(path, ROWS)
    imported = received(path)
    # While it reads the file, as it begins to write, and in the midst of writing.
    for reports in (3, 6, 9):
        assert work(imported, kill_after=reports) == -signal.SIGKILL
    assert work(imported) == 0
    assert_same(imported, expected, ROWS)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["square_items", "daily_totals"])
def test_fault_05_killed_at_twenty_random_points(tmp_path, old_town, kind):
    rows, dice, kills = 3000, random.Random(20), 0  # noqa: S311
    path = write(tmp_path / "sales.csv", *rows_of(kind, rows))
    expected = clean_import(path, rows)
    imported = received(path)
    # Fifteen reports while it reads, then one for each of three hundred chunks.
    while work(imported, kill_after=dice.randint(1, 24), chunk=10):
        kills += 1
    assert kills >= KILLS
    assert_same(imported, expected, rows)


@pytest.mark.django_db(transaction=True)
def test_fault_08_two_imports_of_one_file_at_once_add_it_once(
    tmp_path, old_town, monkeypatch
):
    monkeypatch.setattr(importing, "CHUNK_ROWS", CHUNK)
    path = write(tmp_path / "sales.csv", *rows_of("daily_totals"))
    both = [received(path), received(path)]
    start = threading.Barrier(2)

    def work_beside(imported):
        start.wait()
        try:
            importing.write(imported, lambda *report: None)
        finally:
            connection.close()

    threads = [threading.Thread(target=work_beside, args=[one]) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in both:
        one.refresh_from_db()
    assert sum(one.rows_new for one in both) == ROWS
    assert sum(one.rows_duplicate for one in both) == ROWS
    assert ledger.reconcile() == []


@pytest.mark.django_db(transaction=True)
def test_fault_06_rows_lost_with_the_server_are_read_from_the_file_again(
    tmp_path, old_town, monkeypatch
):
    monkeypatch.setattr(importing, "CHUNK_ROWS", CHUNK)
    path = write(tmp_path / "sales.csv", *rows_of("daily_totals"))
    imported = received(path)

    def stop_half_way(done, total, note):
        if Import.objects.get(pk=imported.pk).merged_to > ROWS // 2:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        importing.write(imported, stop_half_way)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE imports_stage_{imported.pk}")
    importing.write(Import.objects.get(pk=imported.pk), lambda *report: None)
    imported.refresh_from_db()
    assert imported.rows_new == ROWS
    assert ledger.reconcile() == []
