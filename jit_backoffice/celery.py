"""The queue: Celery carries ids of job rows; the rows are the truth."""

import os
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jit_backoffice.settings")
# Workers share the cores by shards, not by threads; read when NumPy is loaded.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

EVERY_MINUTE = 60
LONG_WORK_NICENESS = 10

app = Celery("jit_backoffice")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    result_backend=None,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    enable_utc=True,
    task_default_queue="default",
    # A killed child's task runs again; the attempts cap is in the job row.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_max_memory_per_child=1_500_000,
    worker_soft_shutdown_timeout=3,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    worker_enable_remote_control=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=4,
    broker_transport_options={
        # Above the longest hard time limit (jobs/broker.py), with a margin.
        "visibility_timeout": 2 * 3600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 20,
        "socket_keepalive": True,
        # Of who sends: a request never waits long for a broker that is away.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "interval_max": 0.1,
    },
    beat_schedule={
        "tick": {
            "task": "jobs.tasks.tick",
            "schedule": EVERY_MINUTE,
            "options": {"queue": "default", "expires": EVERY_MINUTE - 5},
        },
        "canary": {
            "task": "jobs.tasks.canary",
            "schedule": EVERY_MINUTE,
            "options": {"queue": "default", "expires": EVERY_MINUTE - 5},
        },
    },
)
app.set_default()  # for the threads of the web server, too
app.autodiscover_tasks()


@celeryd_init.connect
def step_back(options: dict[str, Any], **_: Any) -> None:
    """Long work leaves the processor to the pages; its children inherit it."""
    if "import" in (options.get("queues") or ()):
        os.nice(LONG_WORK_NICENESS)


@beat_init.connect
def begin_at_once(**_: Any) -> None:
    """The first tick comes at the start, not a minute later."""
    with suppress(KombuError, RedisError, OSError):
        for entry in app.conf.beat_schedule.values():
            app.send_task(entry["task"], retry=False, **entry["options"])
