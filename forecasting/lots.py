"""How much to order at a time: ordering cost against holding cost. Pure.

Times are years, or any other unit that demand and holding cost share.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lot:
    """An order quantity and what it costs a year.

    ``quantity`` : (n,) [units]. ``cost`` : (n,), ordering, holding and, with price
    breaks, buying [money per year].
    """

    quantity: Floats
    cost: Floats


@dataclass(frozen=True, slots=True)
class Breaks:
    """Price breaks of one offer: from ``least`` units on a unit costs ``price``.

    ``least`` : (k,), rising, the first is 0 [units]. ``price`` : (k,) [money per unit].
    """

    least: Floats
    price: Floats

    def __post_init__(self) -> None:
        if self.least.size != self.price.size or not self.least.size:
            raise ValueError("Each price break has a quantity and a price.")
        if self.least[0] != 0 or (np.diff(self.least) <= 0).any():
            raise ValueError("Price breaks begin at 0 and rise.")


def economic_order_quantity(
    demand: ArrayLike, order_cost: ArrayLike, holding_cost: ArrayLike
) -> Lot:
    """The lot at which a year's ordering and holding cost least.

    Parameters
    ----------
    demand : D [units per year]; order_cost : K [money per order]; holding_cost : h
        [money per unit and year], above 0; broadcast together

    Returns
    -------
    Lot: Q = √(2 K D / h), cost √(2 K D h), without the price of the goods.

    References
    ----------
    Harris 1913; Snyder and Shen, 2nd ed., example 3.1.

    Examples
    --------
    >>> lot = economic_order_quantity(1300, 8, 0.225)
    >>> round(float(lot.quantity), 4), round(float(lot.cost), 4)
    (304.0468, 68.4105)
    """
    d, k, h = _arrays(demand, order_cost, holding_cost)
    return Lot(np.sqrt(2 * k * d / h), np.sqrt(2 * k * d * h))


def lot_cost(
    quantity: ArrayLike,
    demand: ArrayLike,
    order_cost: ArrayLike,
    holding_cost: ArrayLike,
) -> Floats:
    """What a lot of any size costs a year in ordering and holding.

    Examples
    --------
    >>> round(float(lot_cost(250, 1300, 8, 0.225)), 3)
    69.725
    """
    q, d, k, h = _arrays(quantity, demand, order_cost, holding_cost)
    return np.asarray(k * d / q + h * q / 2, np.float64)


def lot_with_backorders(
    demand: ArrayLike,
    order_cost: ArrayLike,
    holding_cost: ArrayLike,
    backorder_cost: ArrayLike,
) -> tuple[Lot, Floats]:
    """The lot where customers may wait, and the share of demand that waits.

    Parameters
    ----------
    demand, order_cost, holding_cost : as in ``economic_order_quantity``
    backorder_cost : p [money per unit and year], above 0

    Returns
    -------
    Lot and share: Q = √(2 K D / h · (h + p) / p), share h / (h + p).

    References
    ----------
    Snyder and Shen, 2nd ed., example 3.8.
    """
    d, k, h, p = _arrays(demand, order_cost, holding_cost, backorder_cost)
    quantity = np.sqrt(2 * k * d * (h + p) / (h * p))
    return Lot(quantity, np.sqrt(2 * k * d * h * p / (h + p))), h / (h + p)


def lot_made_over_time(
    demand: ArrayLike,
    order_cost: ArrayLike,
    holding_cost: ArrayLike,
    production_rate: ArrayLike,
) -> Lot:
    """The lot that arrives bit by bit while it sells.

    Parameters
    ----------
    demand, order_cost, holding_cost : as in ``economic_order_quantity``
    production_rate : above the demand [units per year]

    References
    ----------
    Taft 1918; Snyder and Shen, 2nd ed., economic production quantity.
    """
    d, k, h, rate = _arrays(demand, order_cost, holding_cost, production_rate)
    return economic_order_quantity(d, k, h * (1 - d / rate))


def lot_with_breaks(
    demand: float,
    order_cost: float,
    holding_rate: float,
    breaks: Breaks,
    *,
    incremental: bool = False,
) -> Lot:
    """The lot that costs least a year when larger orders are cheaper.

    Parameters
    ----------
    demand : D [units per year], above 0; order_cost : K [money per order]
    holding_rate : share of a unit's cost that a year of holding it costs
    breaks : price breaks
    incremental : whether a price holds only for the units from its break on; else it
        holds for all units of the order

    Returns
    -------
    Lot, scalars; its cost includes the goods.

    Notes
    -----
    All units: per price, the economic lot moved into its bracket; least of
    K D / Q + i c Q / 2 + c D. Incremental: the units below a break cost a fixed sum
    more, which is paid per order like K.

    References
    ----------
    Snyder and Shen, 2nd ed., section 3.4, examples 3.6 and 3.7.
    """
    least, price = breaks.least, breaks.price
    until = np.append(least[1:], np.inf)
    if incremental:
        steps = np.diff(least) * price[:-1]
        extra = np.concatenate([[0.0], np.cumsum(steps)]) - price * least
    else:
        extra = np.zeros(price.size)
    ideal = np.sqrt(2 * (order_cost + extra) * demand / (holding_rate * price))
    quantity = np.clip(ideal, least, until)
    usable = np.isfinite(quantity) & (quantity > 0)
    if not incremental:
        usable &= (ideal < until) | (quantity < until)
    unit = price + extra / np.where(usable, quantity, 1.0)
    cost = np.where(
        usable,
        order_cost * demand / np.where(usable, quantity, 1.0)
        + unit * demand
        + holding_rate * unit * quantity / 2,
        np.inf,
    )
    best = int(np.argmin(cost))
    return Lot(np.asarray(quantity[best]), np.asarray(cost[best]))


def _arrays(*values: ArrayLike) -> list[Floats]:
    return list(np.broadcast_arrays(*(np.asarray(v, np.float64) for v in values)))
