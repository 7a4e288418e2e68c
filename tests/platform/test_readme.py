"""The commands of the README work, in the order in which they stand there."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from jit_backoffice import embedded

ROOT = Path(__file__).resolve().parents[2]
RUNS_ALL_TESTS = {"make test"}
SERVES = re.compile(r"(make|manage\.py) up$")
PLAIN = (
    "DATABASE_URL",
    "REDIS_URL",
    "SITE_URL",
    "BACKOFFICE_ENV",
    "PYTHONPATH",
    "VIRTUAL_ENV",
)


def commands():
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    lines = [line for block in blocks for line in block.strip().split("\n")]
    return [line for line in lines if line not in RUNS_ALL_TESTS]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """What a clone has, with this environment's packages: they are there already."""
    clone = tmp_path_factory.mktemp("clone")
    for folder in (clone, *clone.parents[:2]):
        folder.chmod(0o755)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.split("\n"):
        if name and (ROOT / name).exists():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, clone / name)
    if (ROOT / "uv.lock").exists():
        shutil.copy2(ROOT / "uv.lock", clone)
    return clone


@pytest.fixture(scope="module")
def environment(clone, tmp_path_factory):
    """As a newcomer's: the machine's own Python, not that of the tests."""
    kept = {name: text for name, text in os.environ.items() if name not in PLAIN}
    own = os.environ.get("VIRTUAL_ENV") or str(ROOT / ".venv")
    folders = os.environ["PATH"].split(os.pathsep)
    machine = [folder for folder in folders if not folder.startswith(own)]
    tools = str(clone / ".tools" / "bin")
    return kept | {
        "BACKOFFICE_HOME": str(clone / "home"),
        "UV_PROJECT_ENVIRONMENT": own,
        "PATH": os.pathsep.join([*machine, tools]),
    }


@pytest.mark.parametrize("command", commands())
def test_readme_command_works(command, clone, environment):
    if SERVES.search(command):
        serve(command, clone, environment)
        return
    done = subprocess.run(  # noqa: S602
        command,
        shell=True,
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def serve(command, clone, environment):
    """Wait until the site answers at the address it prints; then press Ctrl-C."""
    said = clone / "said"
    with said.open("w") as out:
        process = subprocess.Popen(  # noqa: S602
            command.replace("manage.py up", "manage.py up --no-demo"),
            shell=True,
            cwd=clone,
            env=environment | {"PORT": str(embedded.free_port()), "UP": "--no-demo"},
            process_group=0,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + 240
        while not (found := re.search(r"is at (http://\S+)", said.read_text())):
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < until, said.read_text()
            time.sleep(0.2)
        with urlopen(f"{found[1]}/readyz", timeout=20) as answer:  # noqa: S310
            assert answer.status == 200
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
    assert "Your data is kept" in said.read_text()
