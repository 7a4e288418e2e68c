"""Pages give up on the database sooner than work in the background does."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SHOW = """
{start}
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT current_setting('statement_timeout'), "
                   "current_setting('lock_timeout')")
    print(*cursor.fetchone())
"""


@pytest.mark.parametrize(
    ("start", "patience"),
    [
        ("from jit_backoffice.wsgi import application", "5s 3s"),
        ("import django; django.setup()", "10min 10s"),
    ],
)
def test_a_page_waits_for_seconds_and_a_worker_for_minutes(
    database_server, start, patience
):
    told = subprocess.run(
        [sys.executable, "-c", SHOW.format(start=start)],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": database_server,
            "DJANGO_SETTINGS_MODULE": "jit_backoffice.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split("\n")[0] == patience
