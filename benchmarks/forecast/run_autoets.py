"""Forecasts of statsforecast's AutoETS(7) at the eight origins, kept under var/.

It sees what ours sees: the last 730 days, from the first sale on. Some fifteen minutes
of one core; an origin whose file is there, by the same version, is not run again.
"""

import datetime as dt
import time

import numpy as np
import statsforecast
from numpy.typing import NDArray
from statsforecast.models import AutoETS
from terms import (
    DAILY_LEVELS,
    HISTORY_DAYS,
    HORIZON,
    LEAST_DAYS,
    ORIGINS,
    PANEL,
    autoets_file,
)

SEASON = 7
WIDTHS = [round(200 * level - 100) for level in DAILY_LEVELS if level > 0.5]


def main() -> None:
    with np.load(PANEL) as panel:
        demand = panel["demand"].astype(np.float64)
        first_day = dt.date.fromisoformat(str(panel["first_day"]))
    for origin in ORIGINS:
        if is_kept(origin):
            continue
        started = time.perf_counter()
        today = (origin - first_day).days
        mean, quantiles = forecast(demand[:, : today + 1])
        seconds = time.perf_counter() - started
        np.savez(
            autoets_file(origin),
            mean=mean,
            quantiles=quantiles,
            version=np.array(statsforecast.__version__),
            seconds=np.array(seconds),
        )
        print(f"AutoETS at {origin}: {len(mean)} series, {seconds:.0f} s", flush=True)


def is_kept(origin: dt.date) -> bool:
    if not autoets_file(origin).exists():
        return False
    with np.load(autoets_file(origin)) as kept:
        return str(kept["version"]) == statsforecast.__version__


def forecast(
    past: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means (n, 28) and quantiles (n, 28, 9) of the series that count."""
    sold = np.nan_to_num(past) > 0
    first = np.where(sold.any(axis=1), sold.argmax(axis=1), past.shape[1])
    rows = np.flatnonzero(past.shape[1] - 1 - first >= LEAST_DAYS)
    mean = np.zeros((rows.size, HORIZON))
    quantiles = np.zeros((rows.size, HORIZON, len(DAILY_LEVELS)))
    for at, row in enumerate(rows):
        begin = max(int(first[row]), past.shape[1] - HISTORY_DAYS)
        history = np.nan_to_num(past[row, begin:])
        if not history.any():
            continue
        found = AutoETS(season_length=SEASON).forecast(
            y=history, h=HORIZON, level=WIDTHS
        )
        below = [found[f"lo-{width}"] for width in reversed(WIDTHS)]
        above = [found[f"hi-{width}"] for width in WIDTHS]
        mean[at] = found["mean"]
        quantiles[at] = np.column_stack([*below, found["mean"], *above])
    # Demand is never below nothing: kinder to AutoETS than as it comes.
    return np.maximum(mean, 0), np.maximum(quantiles, 0)


if __name__ == "__main__":
    main()
