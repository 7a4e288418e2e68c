"""Databases of the benchmark: one that is migrated, and copies of it."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ["DATABASE_URL"].rsplit("/", 1)[0]


def address(name: str) -> str:
    return f"{SERVER}/{name}"


def environment(name: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": address(name)}


def copy(source: str, name: str) -> None:
    """A fresh database with what is in another."""
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        server.execute("CHECKPOINT")


def migrate(name: str) -> None:
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    subprocess.run(manage("migrate", "-v0"), env=environment(name), check=True)


def manage(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]
