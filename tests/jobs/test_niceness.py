"""Long work leaves the processor to the pages; mail does not wait for it."""

import subprocess
import sys

import pytest
from django.conf import settings

ASK = """
import os
from celery.signals import celeryd_init
from jit_backoffice import celery_app
celeryd_init.send(sender="w", instance=None, conf=celery_app.conf,
    options={{"queues": {queues}}})
print(os.nice(0))
"""


@pytest.mark.parametrize(
    ("queues", "nicer_by"), [(["import", "forecast"], 10), (["mail", "default"], 0)]
)
def test_a_worker_of_long_work_steps_back(queues, nicer_by):
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os; print(os.nice(0))\n" + ASK.format(queues=queues),
        ],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    before, after = map(int, told.stdout.split())
    assert after == min(before + nicer_by, 19)
