"""A command brings its own database along, and leaves the machine as it was."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jit_backoffice import embedded

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def own_home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    for folder in (home, *home.parents[:2]):
        folder.chmod(0o755)
    return home


def manage(home, *arguments):
    environment = {
        name: value for name, value in os.environ.items() if name != "DATABASE_URL"
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment | {"BACKOFFICE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout


def test_readme_commands_start_a_database_and_stop_it(own_home):
    manage(own_home, "migrate", "--verbosity", "0")
    answer = manage(own_home, "reconcile", "--json").splitlines()[-1]
    assert json.loads(answer) == {"differences": []}
    assert not embedded.is_running(own_home)


def test_a_running_database_is_left_running(own_home):
    embedded.start(own_home, durable=False)
    try:
        manage(own_home, "migrate", "--verbosity", "0")
        assert embedded.is_running(own_home)
    finally:
        embedded.stop(own_home)


def test_secret_key_is_kept_and_private(own_home, monkeypatch):
    monkeypatch.setenv("BACKOFFICE_HOME", str(own_home))
    assert embedded.secret_key() == embedded.secret_key()
    assert (own_home / "secret_key").stat().st_mode & 0o077 == 0


def test_production_refuses_to_start_and_lists_what_is_missing(own_home):
    environment = {"PATH": os.environ["PATH"], "BACKOFFICE_HOME": str(own_home)}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment | {"BACKOFFICE_ENV": "production"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert "SECRET_KEY, DATABASE_URL, REDIS_URL, SITE_URL" in done.stderr
