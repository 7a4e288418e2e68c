"""What beat's tick calls each minute; safe to call any number of times."""

import logging
from collections.abc import Callable

from jobs.pulse import beat
from jobs.sweeping import sweep

logger = logging.getLogger(__name__)

_ticks: list[Callable[[], object]] = []


def register(tick: Callable[[], object]) -> None:
    if tick not in _ticks:
        _ticks.append(tick)


def run_all() -> None:
    """Sweep, then let every app decide what is due; one failure stops no other."""
    for tick in [sweep, *_ticks]:
        try:
            tick()
        except Exception:
            logger.exception("Tick %s failed", tick.__qualname__)
    beat("tick")
