"""The eight origins: what was known, what came, and how it is measured. Pure."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from terms import DAILY_LEVELS, HORIZON, LEAST_DAYS

from forecasting.accuracy import pinball

INTERVAL_LEVELS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99)
WEIGHT_DAYS = 28
LEAST_SCALE = 1e-9

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stores:
    """The panel: ``demand`` (n, n_days), NaN before the first sale; ``price`` (n,)."""

    demand: Floats
    first_day: dt.date
    store: NDArray[np.str_]
    department: NDArray[np.str_]
    price: Floats


@dataclass(frozen=True, slots=True)
class Case:
    """The series that count at one origin, the last day known.

    ``past`` : (n, n_days), 0 before the first sale. ``future`` : (n, 28).
    ``first`` : (n,), column of the first sale. ``store``, ``department``, ``price`` :
    (n,). ``square_scale``, ``scale`` : (n,), mean squared and absolute one-day
    difference since the first sale. ``weight`` : (n,), revenue of the last 28 days,
    adding up to 1.
    """

    origin: dt.date
    first_day: dt.date
    past: Floats
    future: Floats
    first: NDArray[np.int64]
    store: NDArray[np.str_]
    department: NDArray[np.str_]
    price: Floats
    square_scale: Floats
    scale: Floats
    weight: Floats

    def scaled_error(self, mean: Floats) -> float:
        """RMSSE of daily means, (n, 28)."""
        square = np.square(self.future - mean).mean(axis=1)
        return float(self.weight @ np.sqrt(square / self.square_scale))

    def nine_quantile_loss(self, quantiles: Floats) -> float:
        """Scaled pinball loss of daily quantiles, (n, 28, 9)."""
        losses = [
            pinball(self.future, quantiles[:, :, at], level).mean(axis=1)
            for at, level in enumerate(DAILY_LEVELS)
        ]
        return float(self.weight @ (np.mean(losses, axis=0) / self.scale))

    def interval_loss(self, quantiles: Floats, days: int) -> float:
        """Scaled pinball loss of the quantiles of a sum over days, (n, 6)."""
        total = self.total(days)
        losses = [
            pinball(total, quantiles[:, at], level)
            for at, level in enumerate(INTERVAL_LEVELS)
        ]
        return float(self.weight @ (np.mean(losses, axis=0) / self.scale))

    def total(self, days: int) -> Floats:
        total: Floats = self.future[:, :days].sum(axis=1)
        return total


def read_stores(path: str) -> Stores:
    with np.load(path) as panel:
        return Stores(
            panel["demand"].astype(np.float64),
            dt.date.fromisoformat(str(panel["first_day"])),
            panel["store"],
            panel["department"],
            panel["price"],
        )


def case_at(stores: Stores, origin: dt.date) -> Case:
    """A series counts from 28 days after its first sale."""
    known = (origin - stores.first_day).days + 1
    past = np.nan_to_num(stores.demand[:, :known])
    sold = past > 0
    first = np.where(sold.any(axis=1), sold.argmax(axis=1), known)
    rows = np.flatnonzero(known - 1 - first >= LEAST_DAYS)
    past, first = past[rows], first[rows]
    since = np.arange(known - 1) >= first[:, None]
    steps = np.diff(past, axis=1) * since
    count = since.sum(axis=1)
    revenue = past[:, -WEIGHT_DAYS:].sum(axis=1) * stores.price[rows]
    return Case(
        origin=origin,
        first_day=stores.first_day,
        past=past,
        future=stores.demand[rows, known : known + HORIZON],
        first=first,
        store=stores.store[rows],
        department=stores.department[rows],
        price=stores.price[rows],
        square_scale=np.maximum(np.square(steps).sum(axis=1) / count, LEAST_SCALE),
        scale=np.maximum(np.abs(steps).sum(axis=1) / count, LEAST_SCALE),
        weight=revenue / revenue.sum(),
    )
