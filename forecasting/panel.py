"""Daily demand of many series as one dense array."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

LARGEST_DAY = 1e7


@dataclass(frozen=True, slots=True)
class Panel:
    """Demand of ``n_series`` over ``n_days``; the last column is ``as_of``.

    ``demand`` : float32, shape (n_series, n_days), oldest first [units per day].
    ``observed`` : uint8, same shape; 1 = on sale that day: in stock, open, and on or
    after the first known day of the series.
    """

    demand: NDArray[np.float32]
    observed: NDArray[np.uint8]
    first_day: date

    @property
    def n_series(self) -> int:
        return int(self.demand.shape[0])

    @property
    def n_days(self) -> int:
        return int(self.demand.shape[1])

    @property
    def as_of(self) -> date:
        return self.first_day + timedelta(days=self.n_days - 1)


@dataclass(frozen=True, slots=True)
class SeriesGroups:
    """Which pools a series belongs to; numbers are the same in every shard.

    ``week`` : int32, shape (n_series,), index of its location × category.
    ``year`` : int32, shape (n_series,), index of its category × location group.
    ``price`` : float32, shape (n_series,), selling price [money per unit], 0 = unknown.
    """

    week: NDArray[np.int32]
    year: NDArray[np.int32]
    price: NDArray[np.float32]


def scatter(
    series_index: NDArray[np.integer],
    day_index: NDArray[np.integer],
    quantity: ArrayLike,
    shape: tuple[int, int],
) -> NDArray[np.float32]:
    """Sum quantities into a dense (n_series, n_days) array.

    Parameters
    ----------
    series_index, day_index : int ndarray, shape (n_rows,)
    quantity : array, shape (n_rows,) [units]
    shape : (n_series, n_days)

    Returns
    -------
    float32 ndarray of ``shape``.

    Raises
    ------
    ValueError
        If an index lies outside ``shape``.

    Examples
    --------
    >>> scatter(np.array([0, 1, 1]), np.array([0, 1, 1]), [2, 3, 4], (2, 2)).tolist()
    [[2.0, 0.0], [0.0, 7.0]]
    """
    series, day = np.asarray(series_index), np.asarray(day_index)
    if series.size and (
        min(series.min(), day.min()) < 0
        or series.max() >= shape[0]
        or day.max() >= shape[1]
    ):
        raise ValueError("An index lies outside the panel.")
    flat = series.astype(np.int64) * shape[1] + day
    sums = np.bincount(
        flat, np.asarray(quantity, dtype=np.float64), minlength=shape[0] * shape[1]
    )
    return sums.reshape(shape).astype(np.float32)


def build(
    demand: ArrayLike, first_day: date, observed: ArrayLike | None = None
) -> Panel:
    """A panel whose numbers can be trusted.

    Parameters
    ----------
    demand : array, shape (n_series, n_days) [units per day]
    first_day : date of the first column
    observed : array, same shape; 0 = not on sale. All on sale if left out.

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        If the shapes differ or are not two-dimensional.

    Notes
    -----
    A NaN or infinite day is not observed. A negative day (more cancelled than sold)
    is zero. A day above ``LARGEST_DAY`` is cut there. Demand on days that are not
    observed is kept only in so far as something was sold: a day with a sale was on
    sale, if perhaps not all day, and stays masked.
    """
    cube = np.array(demand, dtype=np.float64, ndmin=2)
    shape = cube.shape
    mask = np.ones(shape, np.uint8) if observed is None else np.asarray(observed)
    if cube.ndim != 2 or mask.shape != shape:
        raise ValueError("Demand and observed must be tables of the same shape.")
    known = np.isfinite(cube)
    clean = np.where(known, np.clip(cube, 0, LARGEST_DAY), 0).astype(np.float32)
    return Panel(clean, ((mask != 0) & known).astype(np.uint8), first_day)
