"""How far a long piece of work on an import is, how fast it goes, how long it takes."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from imports.models import Import
from jobs.models import Job


@dataclass(frozen=True, slots=True)
class Pace:
    done: int
    total: int
    percent: int
    per_second: int
    seconds_left: int

    @property
    def left(self) -> str:
        """
        >>> Pace(1, 2, 50, 1, 7).left, Pace(1, 2, 50, 1, 170).left
        ('a few seconds left', 'about 3 minutes left')
        """
        if not self.per_second:
            return ""
        if self.seconds_left < 10:
            return "a few seconds left"
        if self.seconds_left < 100:
            return f"about {self.seconds_left // 10 * 10} seconds left"
        return f"about {round(self.seconds_left / 60)} minutes left"


def pace_of(imported: Import, job: Job) -> Pace:
    """By the rows written so far, or taken back, since the work began."""
    undoing = imported.state == Import.State.UNDOING
    total = imported.rows_new + imported.rows_changed if undoing else imported.last_row
    done = imported.rows_undone if undoing else imported.merged_to
    done = min(done, total)
    seconds = (timezone.now() - job.started_at).total_seconds() if job.started_at else 0
    per_second = int(done / seconds) if seconds > 1 else 0
    return Pace(
        done=done,
        total=total,
        percent=min(99, 100 * done // total) if total else 0,
        per_second=per_second,
        seconds_left=(total - done) // per_second if per_second else 0,
    )


def seconds_taken(imported: Import, job: Job | None) -> int | None:
    """From the start of the writing to its end, waiting for a worker left out."""
    if not job or not job.started_at or not imported.finished_at:
        return None
    taken: dt.timedelta = imported.finished_at - job.started_at
    return max(1, round(taken.total_seconds()))
