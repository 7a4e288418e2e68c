"""What is measured, each in a database and a process of its own."""

import datetime as dt
import json
import os
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import databases
import pages
import psycopg
import till_file
from past_lines import fill_past

CREATE = ("--create-products", "--create-locations")
XLSX_LINES = 100_000
DAY_LINES = 20_000


@dataclass
class Figures:
    """Seconds, unless the name says otherwise; medians of the runs."""

    lines: int
    existing: int
    runs: int
    file_mb: float = 0
    raw_copy: float = 0
    new: float = 0
    again: float = 0
    first_progress: float = 0
    memory_mb: float = 0
    undo: float = 0
    workbook: float = 0
    preview: float = 0
    one_day: float = 0
    one_day_again: float = 0
    page_quiet_ms: dict[str, float] = field(default_factory=dict)
    page_busy_ms: dict[str, float] = field(default_factory=dict)
    all_runs: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Ran:
    seconds: float
    memory_mb: float
    first_progress: float
    rows: dict[str, Any]


def measure_all(home: Path, lines: int, existing: int, runs: int) -> Figures:
    figures = Figures(lines, existing, runs)
    path = till_file.write_csv(home / "till.csv", lines)
    figures.file_mb = path.stat().st_size / 1e6
    databases.migrate("clean")
    measure_copy(figures, path)
    measure_import(figures, path)
    measure_pages(figures, path, home)
    measure_workbook(figures, home)
    measure_preview(figures, path)
    measure_one_day(figures, home)
    return figures


def keep(figures: Figures, name: str, seconds: list[float]) -> None:
    figures.all_runs[name] = [round(value, 2) for value in seconds]
    setattr(figures, name, statistics.median(seconds))
    print(f"{name}: {figures.all_runs[name]}", flush=True)


def measure_copy(figures: Figures, path: Path) -> None:
    """The same bytes by COPY into an unlogged table of text, nothing looked at."""
    columns = ", ".join(f'"{name}" text' for name in till_file.HEADER)
    seconds = []
    with psycopg.connect(databases.address("clean"), autocommit=True) as server:
        for _ in range(figures.runs + 1):
            server.execute("DROP TABLE IF EXISTS raw_lines")
            server.execute(f"CREATE UNLOGGED TABLE raw_lines ({columns})")
            begun = time.monotonic()
            with (
                path.open("rb") as file,
                server.cursor().copy(
                    "COPY raw_lines FROM STDIN (FORMAT csv, HEADER true)"
                ) as copy,
            ):
                while block := file.read(1 << 20):
                    copy.write(block)
            seconds.append(time.monotonic() - begun)
        server.execute("DROP TABLE raw_lines")
    keep(figures, "raw_copy", seconds[1:])  # the first reads the file from the disk


def measure_import(figures: Figures, path: Path) -> None:
    """All new, the same file again, and taken back, each time in a fresh database."""
    new, again, undo = [], [], []
    for _ in range(figures.runs):
        databases.copy("clean", "bench")
        new.append(import_sales("bench", path))
        again.append(import_sales("bench", path))
        assert new[-1].rows["new"] == again[-1].rows["duplicate"] == figures.lines
        begun = time.monotonic()
        run("bench", "undo_import", "1")
        undo.append(time.monotonic() - begun)
    keep(figures, "new", [ran.seconds for ran in new])
    keep(figures, "again", [ran.seconds for ran in again])
    keep(figures, "undo", undo)
    keep(figures, "first_progress", [ran.first_progress for ran in new])
    figures.memory_mb = max(ran.memory_mb for ran in (*new, *again))


def measure_pages(figures: Figures, path: Path, home: Path) -> None:
    """Answers of a real server, alone and beside a running import."""
    databases.copy("clean", "bench")
    import_sales("bench", path)
    other = till_file.write_csv(
        home / "other.csv", figures.lines, seed=7, first_receipt=5_000_000
    )
    with pages.served("bench") as site:
        figures.page_quiet_ms = site.p95()
        print("pages alone:", figures.page_quiet_ms, flush=True)
        command = databases.manage("import_sales", *CREATE, "--profile=Other")
        worker = subprocess.Popen(
            ["/usr/bin/env", "nice", "-n", "10", *command, str(other)],
            env=databases.environment("bench"),
            stdout=subprocess.DEVNULL,
        )
        time.sleep(1)
        figures.page_busy_ms = site.p95(while_true=lambda: worker.poll() is None)
        worker.wait()
        print("pages beside an import:", figures.page_busy_ms, flush=True)


def measure_workbook(figures: Figures, home: Path) -> None:
    lines = min(XLSX_LINES, figures.lines)
    path = till_file.write_workbook(home / "till.xlsx", lines)
    databases.copy("clean", "bench")
    ran = import_sales("bench", path)
    assert ran.rows["new"] == lines
    keep(figures, "workbook", [ran.seconds])


def measure_preview(figures: Figures, path: Path) -> None:
    """From the file as it is stored to the first 1,000 rows for the page."""
    databases.copy("clean", "bench")
    script = Path(__file__).with_name("preview.py")
    told = subprocess.run(
        [*databases.manage("shell", "-v0", "-c"), script.read_text()],
        env=databases.environment("bench") | {"BENCH_FILE": str(path)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    keep(figures, "preview", [float(told.stdout.split()[-1])])


def measure_one_day(figures: Figures, home: Path) -> None:
    """One more day of a shop with years of lines, then the same day again."""
    databases.copy("clean", "past")
    last_day = fill_past(databases.address("past"), figures.existing)
    days, again = [], []
    for number in range(figures.runs):
        path = till_file.write_csv(
            home / f"day{number}.csv",
            DAY_LINES,
            seed=number,
            first_day=last_day + dt.timedelta(days=1 + number),
            days=1,
            first_receipt=900_000_000 + number * DAY_LINES,
        )
        ran = import_sales("past", path, "--profile=Past")
        assert ran.rows["new"] == DAY_LINES, ran.rows
        days.append(ran.seconds)
        again.append(import_sales("past", path, "--profile=Past").seconds)
    keep(figures, "one_day", days)
    keep(figures, "one_day_again", again)


def import_sales(database: str, path: Path, *more: str) -> Ran:
    """``manage.py import_sales``; the seconds are its own, without loading Django."""
    command = databases.manage("import_sales", *CREATE, "--json", *more, str(path))
    child = subprocess.Popen(
        command, env=databases.environment(database), stdout=subprocess.PIPE, text=True
    )
    progress = first_progress(database, child)
    told = child.stdout.read() if child.stdout else ""
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, told
    rows = json.loads(told.splitlines()[-1])
    return Ran(rows["seconds"], used.ru_maxrss / 1024, progress, rows)


def first_progress(database: str, child: "subprocess.Popen[str]") -> float:
    """Seconds from the start of the job to the first rows that it reports."""
    asked = """SELECT extract(epoch FROM clock_timestamp() - started_at)
        FROM jobs_job WHERE kind = 'import_file' AND progress_done > 0
        AND state = 'running'"""
    until = time.monotonic() + 60
    with psycopg.connect(databases.address(database), autocommit=True) as watching:
        while time.monotonic() < until:
            found = watching.execute(asked).fetchone()
            if found:
                return float(found[0])
            if has_ended(child):
                return 0.0
            time.sleep(0.02)
    return 60.0


def has_ended(child: "subprocess.Popen[str]") -> bool:
    """Without taking its resource usage away."""
    return (
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    )


def run(database: str, *arguments: str) -> None:
    subprocess.run(
        databases.manage(*arguments),
        env=databases.environment(database),
        stdout=subprocess.DEVNULL,
        check=True,
    )
