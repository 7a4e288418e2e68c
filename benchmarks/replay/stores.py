"""The M5 stores as a panel, its groups, and the days of the replay."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forecasting.panel import Panel, SeriesGroups, build

REPLAY_DAYS = 364
REVIEW_DAYS = 7
LEAST_HISTORY_DAYS = 60


@dataclass(frozen=True, slots=True)
class Stores:
    panel: Panel
    groups: SeriesGroups

    @property
    def start(self) -> int:
        return self.panel.n_days - REPLAY_DAYS

    @property
    def reviews(self) -> range:
        return range(self.start, self.panel.n_days, REVIEW_DAYS)

    @property
    def wanted(self) -> NDArray[np.float64]:
        return self.panel.demand[:, self.start :].astype(np.float64)


def read_stores(path: Path) -> Stores:
    """Series that began to sell at least 60 days before the replay."""
    with np.load(path) as arrays:
        units = np.nan_to_num(arrays["y"])
        first_sale = (units > 0).argmax(axis=1)
        n_days = units.shape[1]
        kept = n_days - REPLAY_DAYS - first_sale >= LEAST_HISTORY_DAYS
        store, dept = arrays["store"][kept], arrays["dept"][kept]
        price = np.nan_to_num(arrays["price"][kept])
        first = date.fromisoformat(str(arrays["first"]))
    observed = np.arange(n_days) >= first_sale[kept, None]
    groups = SeriesGroups(_pools(np.char.add(store, dept)), _pools(dept), price)
    return Stores(build(units[kept], first, observed), groups)


def _pools(names: NDArray[np.str_]) -> NDArray[np.int32]:
    return np.unique(names, return_inverse=True)[1].astype(np.int32)
