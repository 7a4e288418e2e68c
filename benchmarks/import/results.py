"""The figures as one table, printed and kept in RESULTS.md."""

import datetime as dt
import os
import platform
from pathlib import Path

import databases
import django
import psycopg
from measures import DAY_LINES, XLSX_LINES, Figures

RESULTS = Path(__file__).with_name("RESULTS.md")


def write_results(figures: Figures, *, note: str, arguments: list[str]) -> None:
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows(figures))
    runs = "\n".join(f"- {name}: {values}" for name, values in figures.all_runs.items())
    text = f"""# Results of the import benchmark

{dt.date.today()}, {machine()}; {versions()}.
Command: `make bench-import`{told(arguments)}. {note or "Nothing else ran."}

The file: {figures.lines:,} lines of a till, {figures.file_mb:.0f} MB, 13 columns of
which 10 are mapped, 50 products in 10 stores, 600 days, some 2.3 lines on a receipt.
An import is timed as `manage.py import_sales --create-products --create-locations`
tells it: from the file on the disk to the last row of sales, stock and daily sales.
Medians of the runs below.

{table}

All runs, in seconds:

{runs}
"""
    RESULTS.write_text(text)
    print(text)


def rows(figures: Figures) -> list[list[str]]:
    copy, new, again = figures.raw_copy, figures.new, figures.again
    found = [
        ["measure", "figure", "must"],
        ["---", "---", "---"],
        ["raw `COPY` of the same bytes, unlogged, unread", f"{copy:.2f} s", ""],
        ["all new", f"{new:.1f} s", "≤ 20 s"],
        [
            "… as a multiple of the raw `COPY`",
            f"{new / copy:.1f}",
            "≤ 20, aim 13",
        ],
        ["the same file again", f"{again:.1f} s", "≤ half of all new"],
        ["… as a part of all new", f"{again / new:.2f}", "≤ 0.5"],
        ["taken back (undo)", f"{figures.undo:.1f} s", ""],
        ["memory of the worker, most", f"{figures.memory_mb:.0f} MB", "≤ 300 MB"],
        ["first progress after", f"{figures.first_progress:.2f} s", "≤ 1 s"],
        [f"{XLSX_LINES:,} rows of XLSX", f"{figures.workbook:.1f} s", "≤ 10 s"],
        ["preview of the first rows", f"{figures.preview:.2f} s", "≤ 3 s"],
        [
            f"{DAY_LINES:,} lines beside {figures.existing:,}",
            f"{figures.one_day:.1f} s",
            "≤ 3 s",
        ],
        ["… the same day again", f"{figures.one_day_again:.1f} s", ""],
    ]
    for path, quiet in figures.page_quiet_ms.items():
        busy = figures.page_busy_ms[path]
        part = f"{quiet:.0f} → {busy:.0f} ms ({100 * (busy / quiet - 1):+.0f} %)"
        found.append([f"p95 of `{path}`, alone → beside an import", part, "≤ +30 %"])
    return found


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{os.cpu_count()} cores, {memory:.0f} GB of memory"


def versions() -> str:
    with psycopg.connect(databases.address("clean")) as server:
        found = server.execute("SHOW server_version").fetchone()
    postgres = str(found[0]) if found else "?"
    return (
        f"Python {platform.python_version()}, Django {django.get_version()}, "
        f"psycopg {psycopg.__version__}, PostgreSQL {postgres} as `make up` starts it"
    )


def told(arguments: list[str]) -> str:
    """The options of the command, without the note that stands beside it."""
    at = arguments.index("--note") if "--note" in arguments else len(arguments)
    shown = arguments[:at] + arguments[at + 2 :]
    return f" with `{' '.join(shown)}`" if shown else ""
