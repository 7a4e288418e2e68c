"""A throw-away PostgreSQL for the tests, unless DATABASE_URL names one."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from jit_backoffice import embedded

FOLDER = pytest.StashKey[Path]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    start_database(early_config)


def start_database(config):
    folder = Path(tempfile.mkdtemp(prefix="backoffice-test-"))
    folder.chmod(0o755)
    config.stash[FOLDER] = folder
    os.environ.setdefault("BACKOFFICE_HOME", str(folder))
    if "DATABASE_URL" not in os.environ:
        embedded.start(folder, durable=False)
        os.environ["DATABASE_URL"] = embedded.address(folder)


def pytest_unconfigure(config):
    folder = config.stash.get(FOLDER, None)
    if folder is None:
        return
    if (folder / "postgres" / "postmaster.pid").exists():
        embedded.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
