"""What people want to buy in the demo shop, day by day, in stock or not."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jit_backoffice.demo.assortment import Item

STORES = 2
WEEKS: dict[str, tuple[float, ...]] = {
    "food": (0.86, 0.86, 0.92, 1.0, 1.22, 1.42, 0.72),
    "home": (0.62, 0.66, 0.78, 0.92, 1.18, 1.82, 1.02),
}
FOOD = ("Grocery", "Dairy & chilled", "Coffee & tea", "Spices")
PEAK_DAY = {"winter": 20, "summer": 200, "spring": 118}
SWING = {"winter": 0.35, "summer": 0.5, "spring": 0.4}
FEAST = 355
AHEAD_DAYS = 56
CLOSED = ((12, 25), (12, 26), (1, 1))
BASKETS = (1, 2, 4, 6)
BASKET_SHARE = (0.35, 0.35, 0.2, 0.1)
SECOND_STORE = 0.72
NOT_IN_SECOND_STORE = 0.07
NEW, DYING, GONE = 0.05, 0.05, 0.04


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand of every item in both stores.

    ``units`` : int, (stores, items, days); ``mean`` : the same, expected [units], for
    ``AHEAD_DAYS`` more; ``on_offer`` : bool, (items, days), days of a promotion;
    ``carried`` : bool, (stores, items), whether the store has the item in its range.
    """

    first_day: dt.date
    mean: NDArray[np.float64]
    units: NDArray[np.int64]
    on_offer: NDArray[np.bool_]
    carried: NDArray[np.bool_]

    @property
    def n_days(self) -> int:
        return int(self.units.shape[2])

    def date(self, day: int) -> dt.date:
        return self.first_day + dt.timedelta(days=day)


def draw_demand(
    items: list[Item], last_day: dt.date, n_days: int, rng: np.random.Generator
) -> Demand:
    """Draw the demand of ``n_days`` days that end with ``last_day``.

    Notes
    -----
    mean = store × usual × week × year × trend × life × promotion × weather. Units are
    negative binomial (Poisson of a gamma); lumpy items are bought in sets.
    """
    first_day = last_day - dt.timedelta(days=n_days - 1)
    dates = [first_day + dt.timedelta(days=day) for day in range(n_days + AHEAD_DAYS)]
    carried = store_range(len(items), rng)
    lift, on_offer = promotions(items, n_days, rng)
    shape = year_and_week(items, dates, n_days, rng) * life(len(items), n_days, rng)
    shape[:, :n_days] *= lift
    mean = stores(items, carried, rng)[:, :, None] * shape[None]
    mean[:, :, [(date.month, date.day) in CLOSED for date in dates]] = 0
    weather = rng.lognormal(0, 0.07, (STORES, 1, n_days))
    units = draw_units(items, mean[:, :, :n_days] * weather, rng)
    return Demand(first_day, mean, units, on_offer, carried)


def store_range(n_items: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    carried = np.ones((STORES, n_items), dtype=np.bool_)
    carried[1] = rng.random(n_items) >= NOT_IN_SECOND_STORE
    return carried


def stores(
    items: list[Item], carried: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.float64]:
    usual = np.array([item.daily for item in items])
    taste = rng.lognormal(0, 0.2, (STORES, len(items)))
    size = np.array([1.0, SECOND_STORE])[:, None]
    return np.asarray(usual * taste * size * carried)


def year_and_week(
    items: list[Item], dates: list[dt.date], n_days: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Weekday × season × trend of each item and day, (items, days)."""
    weekday = np.array([date.weekday() for date in dates])
    day_of_year = np.array([date.timetuple().tm_yday for date in dates])
    years = (np.arange(len(dates)) - n_days) / 365
    seasons = {item.season for item in items}
    year = {season: season_factor(season, day_of_year) for season in seasons}
    rows = []
    for item in items:
        week = WEEKS["food" if item.category in FOOD else "home"]
        keen = rng.uniform(0.75, 1.25)
        trend = 1 + rng.normal(0.02, 0.06) * years
        rows.append(np.array(week)[weekday] * year[item.season] ** keen * trend)
    return np.asarray(np.clip(np.array(rows), 0, None))


def season_factor(season: str, day: NDArray[np.int64]) -> NDArray[np.float64]:
    """Factor of the year by day of the year; about 1 on average.

    ``advent`` rises from October to three times in the week before Christmas;
    ``festive`` sells from late September to Twelfth Night and not at all outside.
    """
    before = np.where(day < 60, day + 365, day).astype(np.float64)
    rise = np.exp(-0.5 * ((before - FEAST + 12) / 20.0) ** 2) * (before <= FEAST + 4)
    if season == "advent":
        return np.asarray(0.78 + 2.1 * rise)
    if season == "festive":
        inside = (day >= 265) | (day <= 6)
        return np.asarray((0.35 + 3.0 * rise) * inside)
    if season == "even":
        return np.asarray(0.98 + 0.25 * rise)
    turn = np.cos(2 * np.pi * (day - PEAK_DAY[season]) / 365)
    return np.asarray(1 + SWING[season] * turn + 0.1 * rise)


def life(n_items: int, n_days: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """New items come late, dying ones fade, some have gone for months."""
    factor = np.ones((n_items, n_days + AHEAD_DAYS))
    day = np.arange(n_days + AHEAD_DAYS)
    fate = rng.random(n_items)
    for row in range(n_items):
        if fate[row] < NEW:
            start = n_days - int(rng.integers(25, min(130, n_days // 2)))
            ramp = 1 - np.exp(-(day - start + 1) / 18)
            factor[row] = np.where(day >= start, ramp, 0)
        elif fate[row] < NEW + DYING:
            start = int(n_days * rng.uniform(0.55, 0.75))
            factor[row] = np.exp(-np.clip(day - start, 0, None) / (n_days * 0.09))
        elif fate[row] < NEW + DYING + GONE:
            start = n_days - min(int(rng.integers(95, 160)), n_days // 3)
            factor[row] = np.where(day < start, 0.7, 0)
    return factor


def promotions(
    items: list[Item], n_days: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Weeks on offer: demand rises then, and dips a little in the week after."""
    lift = np.ones((len(items), n_days))
    on_offer = np.zeros((len(items), n_days), dtype=np.bool_)
    for row, item in enumerate(items):
        per_year = 2.5 if item.category in FOOD else 1.2
        for start in rng.integers(0, n_days, rng.poisson(per_year * n_days / 365)):
            lift[row, start : start + 7] *= rng.uniform(1.6, 2.6)
            lift[row, start + 7 : start + 14] *= 0.88
            on_offer[row, start : start + 7] = True
    return lift, on_offer


def draw_units(
    items: list[Item], mean: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.int64]:
    wobble = rng.gamma(6.0, 1 / 6.0, mean.shape)
    units = rng.poisson(mean * wobble)
    lumpy = np.array([item.shape == "lumpy" for item in items])
    usual = float(np.dot(BASKETS, BASKET_SHARE))
    sets = np.zeros((STORES, int(lumpy.sum()), mean.shape[2]), dtype=np.int64)
    for basket, share in zip(BASKETS, BASKET_SHARE, strict=True):
        sets += basket * rng.poisson(mean[:, lumpy] * share / usual)
    units[:, lumpy] = sets
    return units
