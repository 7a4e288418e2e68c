"""Prove that a dump can be restored: dump, restore beside, and compare everything.

The comparison is made inside the snapshot that was dumped, so the site may go on.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from jit_backoffice.postgres_programs import EmbeddedError, programs

TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
    ORDER BY relname
"""
CONTENT = """
    SELECT count(*), coalesce(sum(hashtextextended(row::text, 0)::numeric), 0)
    FROM {table} AS row
"""
GUARDS = """
    SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
           (SELECT count(*) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace)
"""


class DrillError(Exception):
    """The drill could not be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Content:
    """Rows of a table and a checksum over all of them, in any order."""

    rows: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Drill:
    """What was compared, and what is not the same after the restore."""

    tables: int
    rows: int
    differences: list[str]


def restore_drill() -> Drill:
    """Dump, restore into an empty database, compare, and drop that again."""
    with TemporaryDirectory() as folder, psycopg.connect(conninfo()) as source:
        dump = Path(folder) / "dump"
        source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = source.execute("SELECT pg_export_snapshot()").fetchone()
        run("pg_dump", "-Fc", f"--snapshot={one(snapshot)}", f"--file={dump}")
        before = contents(source)
        guards = source.execute(GUARDS).fetchone()
        with empty_database() as name:
            run("pg_restore", "--no-owner", "--exit-on-error", f"-d{name}", str(dump))
            with psycopg.connect(conninfo(name)) as restored:
                differences = compare(before, contents(restored))
                if restored.execute(GUARDS).fetchone() != guards:
                    differences.append("triggers or constraints are missing")
            differences += review(name)
    rows = sum(content.rows for content in before.values())
    return Drill(len(before), rows, differences)


def one(row: tuple[str, ...] | None) -> str:
    if row is None:
        raise DrillError("The database does not answer.")
    return row[0]


def server() -> dict[str, str]:
    """How to reach the database that Django uses."""
    known = connection.settings_dict
    found = {
        "host": str(known["HOST"]),
        "port": str(known["PORT"]),
        "user": str(known["USER"]),
        "password": str(known["PASSWORD"]),
        "dbname": str(known["NAME"]),
    }
    return {name: text for name, text in found.items() if text}


def conninfo(name: str | None = None) -> str:
    """The same as one text; of the database beside, where a name is given."""
    return make_conninfo("", **server() | ({"dbname": name} if name else {}))


def run(program: str, *arguments: str) -> None:
    """Run a client program of PostgreSQL; the password stays out of its arguments."""
    names = {"dbname": "PGDATABASE"}
    told = {names.get(key, f"PG{key.upper()}"): text for key, text in server().items()}
    done = subprocess.run(
        [path_of(program), *arguments],
        env=os.environ | told,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DrillError(f"{program} failed: {done.stderr.strip()[-400:]}")


def path_of(program: str) -> str:
    """The program of the wheel, else that on the PATH."""
    try:
        ours = programs() / program
    except EmbeddedError:
        ours = None
    if ours and ours.exists():
        return str(ours)
    found = shutil.which(program)
    if not found:
        raise DrillError(f"There is no {program}: install the client programs.")
    return found


@contextmanager
def empty_database() -> Iterator[str]:
    name = f"{server()['dbname']}_drill_{secrets.token_hex(4)}"
    quoted = sql.Identifier(name)
    with psycopg.connect(conninfo(), autocommit=True) as admin:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(quoted)
        admin.execute(create)
        try:
            yield name
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def contents(database: psycopg.Connection) -> dict[str, Content]:
    names = [name for (name,) in database.execute(TABLES).fetchall()]
    return {name: content(database, name) for name in names}


def content(database: psycopg.Connection, table: str) -> Content:
    query = sql.SQL(CONTENT).format(table=sql.Identifier(table))
    row = database.execute(query).fetchone()
    return Content(*row) if row else Content(0, 0)


def compare(before: dict[str, Content], after: dict[str, Content]) -> list[str]:
    return [
        f"{table}: {before.get(table)} before, {after.get(table)} after"
        for table in sorted(before.keys() | after.keys())
        if before.get(table) != after.get(table)
    ]


def review(name: str) -> list[str]:
    """What the app itself says of the restored database (P11)."""
    found = []
    if manage(name, "migrate", "--check").returncode:
        found.append("migrations are missing")
    reconciled = manage(name, "reconcile", "--json")
    if reconciled.returncode:
        return [*found, f"reconcile failed: {reconciled.stderr.strip()[-400:]}"]
    told = json.loads(reconciled.stdout.splitlines()[-1])
    return [*found, *(f"stock differs: {row}" for row in told["differences"])]


def manage(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    known = server()
    address = "postgresql://{user}:{password}@{host}:{port}/{name}".format(
        **{"user": "", "password": "", "host": "", "port": ""} | known, name=name
    )
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
