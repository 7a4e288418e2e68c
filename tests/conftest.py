"""A throw-away PostgreSQL for the tests, unless DATABASE_URL names one."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from jit_backoffice import embedded


@pytest.fixture(scope="session")
def database_server():
    """The address of a server that goes with the tests."""
    if "DATABASE_URL" in os.environ:
        yield os.environ["DATABASE_URL"]
        return
    folder = Path(tempfile.mkdtemp(prefix="backoffice-test-"))
    folder.chmod(0o755)
    embedded.start(folder, durable=False)
    yield embedded.address(folder)
    embedded.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server):
    port = str(settings.DATABASES["default"]["PORT"])
    if "DATABASE_URL" not in os.environ:
        port = database_server.rsplit(":", 1)[1].split("/")[0]
    settings.DATABASES["default"]["PORT"] = port
    connections["default"].settings_dict["PORT"] = port
