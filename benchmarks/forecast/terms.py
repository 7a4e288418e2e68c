"""What both environments of the benchmark agree on. Pure, no packages."""

import datetime as dt
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench-forecast"
PANEL = FOLDER / "panel.npz"

# The last day known; nothing is tuned on the last three.
ORIGINS = (
    dt.date(2014, 6, 29),
    dt.date(2014, 12, 7),
    dt.date(2015, 3, 29),
    dt.date(2015, 6, 28),
    dt.date(2015, 9, 27),
    dt.date(2015, 12, 6),
    dt.date(2016, 3, 27),
    dt.date(2016, 5, 22),
)
UNTUNED = 3
HORIZON = 28
LEAST_DAYS = 28
HISTORY_DAYS = 730
DAILY_LEVELS = (0.005, 0.025, 0.165, 0.25, 0.5, 0.75, 0.835, 0.975, 0.995)


def autoets_file(origin: dt.date) -> Path:
    return FOLDER / f"autoets-{origin}.npz"
