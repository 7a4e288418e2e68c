"""PostgreSQL and Valkey from wheels, for machines where no address is set.

Each listens on a port of its own on the loopback address; what they keep lies under
``$BACKOFFICE_HOME`` (``var/`` beside manage.py).
"""

import os
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, LOCK_UN, flock
from pathlib import Path
from typing import IO

from jit_backoffice.postgres_programs import EmbeddedError, account_for, run

ROLE = "backoffice"
NO_DATABASE = {"", "help", "check", "collectstatic", "--help", "--version", "version"}
BRINGS_ITS_OWN = {"up"}
START_SECONDS = 15
STOP_WHEN_UNUSED = "stop_when_unused"


def home() -> Path:
    beside = Path(__file__).resolve().parent.parent / "var"
    return Path(os.environ.get("BACKOFFICE_HOME") or beside).resolve()


def make_home() -> Path:
    """The data folder, there and writable."""
    folder = home()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise unwritable(folder)
    return folder


def unwritable(folder: Path) -> EmbeddedError:
    return EmbeddedError(
        f"Cannot write to the data folder {folder}: "
        "set BACKOFFICE_HOME to a folder that you may write to."
    )


def secret_key() -> str:
    """The signing key of this home; made once, readable by its owner alone."""
    path = make_home() / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def database_url() -> str:
    return os.environ.get("DATABASE_URL") or address(home())


def broker_url() -> str:
    return os.environ.get("REDIS_URL") or broker_address(home())


def site_url() -> str:
    return f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"


def address(folder: Path) -> str:
    return f"postgresql://{ROLE}@127.0.0.1:{port_of(folder)}/{ROLE}"


def broker_address(folder: Path) -> str:
    return f"redis://127.0.0.1:{port_of(folder, 'valkey_port')}/0"


def port_of(folder: Path, name: str = "postgres_port") -> int:
    """The port that this home uses; chosen once among the free ones."""
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(str(free_port()))
    return int(path.read_text())


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def cluster_of(folder: Path) -> Path:
    return folder / "postgres"


def is_running(folder: Path) -> bool:
    running = (cluster_of(folder) / "postmaster.pid").exists()
    return running and answers(port_of(folder))


def leave_taken_ports(folder: Path) -> None:
    """Choose another port where a stranger listens on ours."""
    if not is_running(folder) and answers(port_of(folder)):
        (folder / "postgres_port").unlink()


def create(folder: Path) -> None:
    """Make the data folder beside, then move it in: never half a one."""
    made, half = cluster_of(folder), folder / "postgres.new"
    shutil.rmtree(half, ignore_errors=True)
    account = account_for(made)
    half.mkdir(mode=0o700)
    if account.user:
        shutil.chown(half, account.user, account.group)
    run(
        account,
        "initdb",
        f"--pgdata={half}",
        f"--username={ROLE}",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync",
    )
    half.rename(made)


def prepare(folder: Path) -> None:
    """Make the data folder, or see that this PostgreSQL can read it."""
    cluster = cluster_of(folder)
    if not cluster.exists():
        create(folder)
        return
    theirs = (cluster / "PG_VERSION").read_text().strip()
    version = run(account_for(cluster), "postgres", "--version")
    ours = version.split()[-1].split(".")[0]
    if theirs != ours:
        raise EmbeddedError(
            f"The data folder {folder} was made by PostgreSQL {theirs}, and this is "
            f"PostgreSQL {ours}: set BACKOFFICE_HOME to another folder."
        )


def switches(folder: Path, *, durable: bool = True) -> list[str]:
    chosen = [
        f"-p{port_of(folder)}",
        "-clisten_addresses=127.0.0.1",
        "-cunix_socket_directories=",
    ]
    if not durable:
        chosen += ["-cfsync=off", "-csynchronous_commit=off", "-cfull_page_writes=off"]
    return chosen


def start(folder: Path, *, durable: bool = True) -> None:
    """Start the server of this folder in the background and make its database."""
    prepare(folder)
    cluster = cluster_of(folder)
    options = " ".join(switches(folder, durable=durable))
    log = str(cluster / "server.log")
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            run(
                account_for(cluster),
                "pg_ctl",
                "start",
                "-w",
                f"-D{cluster}",
                f"-o{options}",
                f"-l{log}",
            )
            break
        except EmbeddedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
    make_database(folder)


def make_database(folder: Path) -> None:
    there = ["-h", "127.0.0.1", "-p", str(port_of(folder)), "-U", ROLE]
    try:
        run(account_for(cluster_of(folder)), "createdb", *there, ROLE)
    except EmbeddedError as error:
        if "already exists" not in str(error):
            raise


def stop(folder: Path) -> None:
    cluster = cluster_of(folder)
    run(account_for(cluster), "pg_ctl", "stop", "-w", "-mfast", f"-D{cluster}")


@contextmanager
def locked(path: Path, how: int = LOCK_EX) -> Iterator[IO[str]]:
    with path.open("a+") as held:
        flock(held, how)
        yield held


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Have the server while we are here; who leaves last stops what one of us started.

    A server that was running before the first of us came is left running.
    """
    turn, marker = folder / "turn.lock", folder / STOP_WHEN_UNUSED
    with (folder / "users.lock").open("a+") as users:
        with locked(turn):
            if not is_running(folder):
                start(folder)
                marker.touch()
            flock(users, LOCK_SH)
        try:
            yield
        finally:
            with locked(turn):
                flock(users, LOCK_UN)
                if marker.exists() and is_unused(users):
                    stop(folder)
                    marker.unlink()


def is_unused(users: IO[str]) -> bool:
    """Whether nobody else holds the server; ours is let go before asking."""
    try:
        flock(users, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def servers_for(arguments: list[str]) -> Iterator[None]:
    """Have a database while a command runs, and leave it as it was found."""
    command = arguments[0] if arguments else ""
    if "DATABASE_URL" in os.environ or command in NO_DATABASE:
        yield
        return
    leave_taken_ports(make_home())
    if command in BRINGS_ITS_OWN:
        yield
        return
    with in_use(home()):
        yield
