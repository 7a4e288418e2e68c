"""The reorder rules of other programs and of textbooks, from a panel to orders. Pure.

Each takes the Panel of the days before a review and its settings; ``knob`` settings are
of shape (n_knobs,) and swept. Where a program's papers leave a point open, the choice
made is named. Facts are from the programs' public documents and sources, read 2026.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting.panel import Panel
from forecasting.replay import OrderRule, base_stock_rule

TEXTBOOK_DAYS = 56
LAST_INTERVALS = 26
RECENT_DAYS = 30
SETTING_DAYS = 60
OCA_HISTORY_DAYS = 365
ERPNEXT_DAYS = 90

type Floats = NDArray[np.float64]
type Days = float | Floats  # one for all items, or (n,)
type Units = float | Floats


def textbook_normal(seen: Panel, interval_days: int, z: ArrayLike) -> OrderRule:
    """Up to mean + z · sd · √days of the last 56 days.

    Parameters
    ----------
    seen : Panel
    interval_days : lead time + review period [days]
    z : knob, standard normal quantile [-]

    Returns
    -------
    OrderRule, never below 0, in whole units.

    References
    ----------
    Silver, Pyke and Thomas, 4th ed., (R, S) policy with normal demand.
    """
    sales = _last(seen, TEXTBOOK_DAYS)
    mean = interval_days * sales.mean(axis=1)
    sd = np.sqrt(interval_days) * sales.std(axis=1, ddof=1)
    return base_stock_rule(_whole(mean + _knob(z) * sd))


def last_interval(seen: Panel, interval_days: int, z: ArrayLike) -> OrderRule:
    """Up to the last interval's sales + z · sd of the differences of the last 26.

    Parameters and result as ``textbook_normal``; days before the panel sold nothing.
    """
    sums = _interval_sums(seen, interval_days)
    sd = np.diff(sums, axis=1).std(axis=1, ddof=1)
    return base_stock_rule(_whole(sums[:, -1] + _knob(z) * sd))


def average_cover(seen: Panel, cover_days: ArrayLike) -> OrderRule:
    """Up to so many days (knob) of the last 30 days' average."""
    return base_stock_rule(_whole(_per_day(seen, RECENT_DAYS) * _knob(cover_days)))


def stocky_gross(
    seen: Panel, lead_days: Days, cover_days: ArrayLike, days: int = RECENT_DAYS
) -> OrderRule:
    """Stocky, "last X days", as it stands: sold in X / X × T, stock not taken off.

    Parameters
    ----------
    seen : Panel
    lead_days : L [days]
    cover_days : knob, T, "suggest for" [days]
    days : X [days]

    Returns
    -------
    OrderRule

    Notes
    -----
    Choice: ordered when on hand is at or below the report's low stock, v · L. Netting
    is not in its papers.
    """
    rate = _per_day(seen, days)
    quantity = _whole(rate * _knob(cover_days))
    point = _like(rate * lead_days, quantity)
    # Where nothing sells the suggestion is 0, and there is no order.
    return OrderRule(point, np.zeros(quantity.shape), quantity, counts_incoming=False)


def stocky_net(
    seen: Panel, lead_days: Days, cover_days: ArrayLike, days: int = RECENT_DAYS
) -> OrderRule:
    """``stocky_gross`` less on hand and incoming, as a sensible user did it."""
    rate = _per_day(seen, days)
    up_to = _whole(rate * _knob(cover_days))
    return OrderRule(_like(rate * lead_days, up_to), up_to, np.zeros(up_to.shape))


def stocky_min_max(seen: Panel, lead_days: Days, cover_days: ArrayLike) -> OrderRule:
    """Stocky, "min-max", set from 60 days: below v · L, up to v · (L + C).

    Choice: how the two are set, and that incoming counts; the caller sets them anew
    each quarter. ``cover_days`` : knob, C [days].
    """
    rate = _per_day(seen, SETTING_DAYS)
    up_to = _whole(rate * (np.asarray(lead_days) + _knob(cover_days)))
    return fixed_min_max(_like(_whole(rate * lead_days), up_to), up_to)


def fixed_min_max(minimum: Floats, maximum: Floats) -> OrderRule:
    """A typed rule: below the minimum, order up to the maximum.

    Parameters
    ----------
    minimum, maximum : (n_knobs, n) [units]

    Returns
    -------
    OrderRule, strictly below as in Stocky, Netstock and Odoo.
    """
    return OrderRule(
        _just_below(minimum), np.maximum(minimum, maximum), np.zeros(minimum.shape)
    )


def inventory_planner_recent(
    seen: Panel, lead_days: Days, stock_days: ArrayLike, least: Units = 0.0
) -> OrderRule:
    """Inventory Planner, "recent sales", kind: filled at every review.

    Parameters
    ----------
    seen : Panel; days out of stock are those not observed
    lead_days : L [days]
    stock_days : knob, days of stock [days]
    least : minimum stock [units]

    Returns
    -------
    OrderRule up to v · (L + days of stock) + minimum, v = sales / days in stock.

    Notes
    -----
    Choice: a window of 30 days; incoming counts whenever it comes.
    """
    rate = _per_day_in_stock(seen, RECENT_DAYS)
    up_to = _whole(rate * (np.asarray(lead_days) + _knob(stock_days)) + least)
    return base_stock_rule(up_to)


def inventory_planner_by_date(
    seen: Panel, lead_days: Days, stock_days: ArrayLike, least: Units = 0.0
) -> OrderRule:
    """Inventory Planner as it stands: on the last date before stock would reach 0."""
    kind = inventory_planner_recent(seen, lead_days, stock_days, least)
    rate = _per_day_in_stock(seen, RECENT_DAYS)
    return OrderRule(_like(rate * lead_days, kind.up_to), kind.up_to, kind.least)


def oca_safety_stock(
    seen: Panel, lead_days: Days, cycle_days: Days, z: ArrayLike
) -> OrderRule:
    """Odoo with the OCA add-on stock_orderpoint_safety_stock 19.0.

    Parameters
    ----------
    seen : Panel; its last 365 days, less where it is shorter
    lead_days : L [days]; L + review period is the kind form
    cycle_days : added to the maximum [days]
    z : knob, standard normal quantile [-]

    Returns
    -------
    OrderRule, below the minimum up to the maximum.
    """
    sales = _last(seen, OCA_HISTORY_DAYS)
    mean, sd = sales.mean(axis=1), sales.std(axis=1, ddof=1)
    return oca_min_max(mean, sd, lead_days, cycle_days, z)


def oca_min_max(
    mean: Floats, sd: Floats, lead_days: Days, cycle_days: Days, z: ArrayLike
) -> OrderRule:
    """The add-on's minimum and maximum from daily mean and sd, (n,) each.

    Notes
    -----
    min = z · sd · √L + d · L; max = min + d · cycle, of the minimum before rounding;
    both rounded up to the unit.
    """
    lead = np.asarray(lead_days, np.float64)
    minimum = _knob(z) * sd * np.sqrt(lead) + mean * lead
    maximum = minimum + mean * np.asarray(cycle_days)
    return fixed_min_max(_whole(minimum), _whole(maximum))


def erpnext(
    seen: Panel, lead_days: Days, cover_days: Days, safety_days: ArrayLike
) -> OrderRule:
    """ERPNext with its report's recommended level, v · L + safety stock.

    Parameters
    ----------
    seen : Panel
    lead_days : L [days]
    cover_days : reorder quantity in days of sales [days]
    safety_days : knob, safety stock in days of sales [days]

    Returns
    -------
    OrderRule: at or below the level, the greater of the reorder quantity and what is
    missing to the level.

    Notes
    -----
    Choice: the report over 90 days; reorder quantity v · C.
    """
    rate = _per_day(seen, ERPNEXT_DAYS)
    level = rate * (np.asarray(lead_days) + _knob(safety_days))
    return OrderRule(level, level, _like(_whole(rate * cover_days), level))


def _knob(values: ArrayLike) -> Floats:
    return np.atleast_1d(np.asarray(values, np.float64))[:, None]


def _like(values: ArrayLike, shape_of: Floats) -> Floats:
    return np.array(np.broadcast_to(values, shape_of.shape), np.float64)


def _whole(units: Floats) -> Floats:
    return np.asarray(np.ceil(np.maximum(units, 0) - 1e-9), np.float64)


def _just_below(units: Floats) -> Floats:
    return np.asarray(np.nextafter(units, -np.inf), np.float64)


def _last(seen: Panel, days: int) -> Floats:
    return seen.demand[:, -days:].astype(np.float64)


def _per_day(seen: Panel, days: int) -> Floats:
    return np.asarray(_last(seen, days).sum(axis=1) / days, np.float64)


def _per_day_in_stock(seen: Panel, days: int) -> Floats:
    in_stock = seen.observed[:, -days:].sum(axis=1, dtype=np.float64)
    return np.asarray(_last(seen, days).sum(axis=1) / np.maximum(in_stock, 1))


def _interval_sums(seen: Panel, days: int) -> Floats:
    need = days * (LAST_INTERVALS + 1)
    sales = _last(seen, need)
    padded = np.pad(sales, ((0, 0), (need - sales.shape[1], 0)))
    return np.asarray(padded.reshape(len(sales), -1, days).sum(axis=2))
