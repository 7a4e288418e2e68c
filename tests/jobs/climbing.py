"""A kind of work for real workers: it climbs a stair and writes down each step."""

import fcntl
import os
import time
from pathlib import Path

from jobs.kinds import JobKind, register
from jobs.running import Run

CLIMB = "climb"


def climb(run: Run) -> None:
    """Resume where the last report was; say so if somebody else climbs, too."""
    diary = Path(run.job.arguments["diary"])
    steps = run.job.arguments["steps"]
    with diary.with_suffix(".lock").open("w") as stair, diary.open("a") as book:
        try:
            fcntl.flock(stair, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            book.write("two at once\n")
        for step in range(run.job.progress_done + 1, steps + 1):
            book.write(f"{step}\n")
            book.flush()
            time.sleep(0.1)
            run.report(step, steps, f"by {os.getpid()}")


def register_climbing() -> None:
    register(JobKind(CLIMB, run=climb, queue="default", most_tries=50))
