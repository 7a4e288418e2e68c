"""How long pages of a real server take, signed in as an admin."""

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import databases

from jit_backoffice.embedded import free_port

PATHS = ("/", "/products/", "/orders/", "/imports/")
ROUNDS = 60
PAUSE = 0.05
SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.models import Role, User
user = User.objects.create_user("bench@example.com", "x", name="Bench", role=Role.ADMIN)
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.save()
print(session.session_key)
"""


@dataclass(frozen=True)
class Site:
    port: int
    session: str

    def p95(self, while_true: Callable[[], bool] = lambda: True) -> dict[str, float]:
        """Milliseconds of each page that 95 of 100 answers stay below."""
        took: dict[str, list[float]] = {path: [] for path in PATHS}
        for _ in range(ROUNDS):
            for path in PATHS:
                took[path].append(self.answer(path))
                time.sleep(PAUSE)
            if not while_true():
                break
        return {path: statistics.quantiles(ms, n=20)[-1] for path, ms in took.items()}

    def answer(self, path: str) -> float:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        begun = time.perf_counter()
        asked.request("GET", path, headers={"Cookie": f"sessionid={self.session}"})
        answer = asked.getresponse()
        answer.read()
        took = 1000 * (time.perf_counter() - begun)
        asked.close()
        assert answer.status == 200, (path, answer.status, answer.getheader("Location"))
        return took


@contextmanager
def served(database: str) -> Iterator[Site]:
    environment = databases.environment(database)
    signed_in = subprocess.run(
        [*databases.manage("shell", "-v0", "-c"), SIGN_IN],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4"]
    server = subprocess.Popen(
        [*command, "jit_backoffice.wsgi:application"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    site = Site(port, signed_in.stdout.split()[-1])
    try:
        wait_for(site)
        yield site
    finally:
        server.terminate()
        server.wait()


def wait_for(site: Site) -> None:
    """Until it answers, and each page was asked for twice."""
    until = time.monotonic() + 60
    while True:
        try:
            for path in (*PATHS, *PATHS):
                site.answer(path)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return
