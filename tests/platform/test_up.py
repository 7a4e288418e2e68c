"""One command starts the whole site, and nothing is left when it ends."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from jit_backoffice import embedded

ROOT = Path(__file__).resolve().parents[2]
PLAIN = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "BACKOFFICE_ENV", "PORT")


@pytest.fixture(scope="module")
def own_home(tmp_path_factory):
    """A data folder that the user nobody can reach."""
    home = tmp_path_factory.mktemp("home")
    for folder in (home, *home.parents[:2]):
        folder.chmod(0o755)
    return home


def environment(home):
    kept = {name: text for name, text in os.environ.items() if name not in PLAIN}
    return kept | {"BACKOFFICE_HOME": str(home), "PYTHONUNBUFFERED": "1"}


class Up:
    """A running ``manage.py up`` and what it printed."""

    def __init__(self, home, *arguments):
        self.port = embedded.free_port()
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", f"--port={self.port}", *arguments],
            cwd=ROOT,
            env=environment(home),
            process_group=0,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_for(self, words, seconds=120):
        """Read on until a line has these words; return all lines until then."""
        lines = []
        until = time.monotonic() + seconds
        for line in self.process.stdout:
            lines.append(line)
            if words in line:
                return "".join(lines)
            assert time.monotonic() < until, "".join(lines)
        pytest.fail("it ended: " + "".join(lines))

    def get(self, path):
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.read().decode()

    def processes(self):
        """Ids of all processes that live from this home."""
        mark = f"BACKOFFICE_HOME={self.home}".encode()
        alive = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                told = (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if mark in told:
                alive.add(int(folder.name))
        return alive

    def wait_until_all_are_gone(self, seconds=30):
        until = time.monotonic() + seconds
        while self.processes():
            assert time.monotonic() < until, self.processes()
            time.sleep(0.2)


@pytest.fixture
def start(own_home):
    running = []

    def start_up(*arguments):
        running.append(Up(own_home, *arguments))
        return running[-1]

    yield start_up
    for up in running:
        if up.process.poll() is None:
            up.process.kill()
        up.process.wait()
        up.wait_until_all_are_gone()


def ends(home, *arguments):
    """Run ``up`` where it cannot start."""
    done = subprocess.run(
        [sys.executable, "manage.py", "up", *arguments],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr.strip()


def test_site_starts_and_stops_leaving_nothing_but_data(start, own_home):
    up = start("--no-demo")
    said = up.wait_for("Ctrl-C stops all")
    assert f"http://127.0.0.1:{up.port}" in said
    assert up.get("/readyz") == "ready"
    assert len(up.processes()) > 5
    second = ends(own_home, f"--port={embedded.free_port()}")
    assert second[0] == 2
    assert f"already runs on http://127.0.0.1:{up.port}" in second[1]
    up.process.terminate()
    assert up.process.wait(30) == 0
    assert "Your data is kept" in up.process.stdout.read()
    up.wait_until_all_are_gone(1)
    assert (own_home / "postgres" / "PG_VERSION").exists()


def test_children_do_not_outlive_a_killed_parent(start):
    up = start("--no-demo")
    up.wait_for("Ctrl-C stops all")
    up.process.kill()
    up.wait_until_all_are_gone()


def test_taken_port_is_one_clear_sentence(own_home):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        status, said = ends(own_home, f"--port={port}")
    assert status == 2
    assert said.startswith(f"Port {port} is taken")
    assert "\n" not in said


def test_folder_that_cannot_be_written_is_one_clear_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    status, said = ends(tmp_path / "file" / "home")
    assert status == 2
    assert said.startswith("Cannot write to the data folder")
    assert "\n" not in said


def test_data_of_another_postgresql_is_one_clear_sentence(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("14\n")
    status, said = ends(tmp_path, f"--port={embedded.free_port()}")
    assert status == 2
    assert re.search(r"made by PostgreSQL 14, and this is PostgreSQL \d+", said)
    assert "\n" not in said
