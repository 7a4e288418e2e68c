"""The app's worker, which knows how to climb; started by tests as a process."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jit_backoffice.settings")
django.setup()

from jit_backoffice.celery import app  # noqa: E402
from tests.jobs.climbing import register_climbing  # noqa: E402

register_climbing()

__all__ = ["app"]
