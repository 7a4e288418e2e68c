"""What a stock lasts for: chance of running out and units short. Pure.

Demand over an interval is a negative binomial and the pooled residuals, half and half,
mixed over the lengths that the lead time may have.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forecasting.quantiles import LEAST_MEAN, LEAST_RATIO, nb_cdf, nb_loss

GRID_FROM, GRID_TO, GRID_STEP = -8.0, 16.0, 0.02
SCAN_MEAN = 300.0
SCAN_STEPS = 2000
COMPRESS_EVERY = 8

type Floats = NDArray[np.float64]
type Enough = Callable[[Floats, NDArray[np.int64]], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Spread:
    """Pooled standardised residuals Z of some classes, on an even grid.

    ``cdf`` : (n_classes, n_grid), P(Z <= x). ``loss`` : (n_classes, n_grid),
    E[max(Z - x, 0)]. ``share`` : (n_classes,), 1/2, or 0 where there is no pool.
    """

    cdf: Floats
    loss: Floats
    share: Floats


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand of n series over one of K interval lengths, drawn at random.

    ``mean`` : (n, K) [units]. ``ratio`` : (n, K), variance / mean. ``weight`` : (n, K),
    chance of each length, rows add up to 1. ``kind`` : int, (n,), row of ``spread``.
    """

    mean: Floats
    ratio: Floats
    weight: Floats
    kind: NDArray[np.int64]
    spread: Spread

    def rows(self, chosen: NDArray[np.int64]) -> "Demand":
        return Demand(
            self.mean[chosen],
            self.ratio[chosen],
            self.weight[chosen],
            self.kind[chosen],
            self.spread,
        )

    @property
    def sd(self) -> Floats:
        """Standard deviation of the residual half, (n, K) [units]."""
        sd: Floats = np.sqrt(np.maximum(self.mean, LEAST_MEAN) * self.ratio)
        return sd


def spread_of(residuals: Floats, levels: Floats) -> Spread:
    """Tables of the residuals, from their quantiles.

    Parameters
    ----------
    residuals : (n_classes, n_levels), rising quantiles, NaN where there is no pool
    levels : (n_levels,), rising probabilities

    Returns
    -------
    Spread

    Notes
    -----
    Each quantile stands for the levels nearest to it; the distribution is moved to
    mean 0, as a forecast of the mean is made elsewhere.
    """
    grid = np.arange(GRID_FROM, GRID_TO + GRID_STEP / 2, GRID_STEP)
    shape = (len(residuals), grid.size)
    cdf, loss, share = np.zeros(shape), np.zeros(shape), np.zeros(len(residuals))
    borders = np.concatenate([[0.0], (levels[1:] + levels[:-1]) / 2, [1.0]])
    mass = np.diff(borders)
    for row, z in enumerate(residuals):
        if np.isnan(z).any():
            continue
        z = z - z @ mass
        share[row] = 0.5
        cdf[row] = np.interp(grid, z, levels, left=0.0, right=1.0)
        loss[row] = mass @ np.maximum(z[:, None] - grid, 0)
    cdf[:, -1], loss[:, -1] = 1.0, 0.0
    return Spread(cdf, loss, share)


def chance_enough(stock: Floats, demand: Demand) -> Floats:
    """P(D <= S).

    Parameters
    ----------
    stock : (n,), whole units, at least 0
    demand : Demand of n series

    Returns
    -------
    float64, (n,).
    """
    share = demand.spread.share[demand.kind][:, None]
    counted = nb_cdf(stock[:, None], np.maximum(demand.mean, 1e-12), demand.ratio)
    gap = (stock[:, None] - demand.mean) / demand.sd
    seen = demand.spread.cdf[demand.kind[:, None], _column(gap)]
    inside: Floats = ((1 - share) * counted + share * seen) * demand.weight
    return inside.sum(axis=1)


def units_short(stock: Floats, demand: Demand) -> Floats:
    """E[max(D - S, 0)] [units].

    Parameters
    ----------
    stock : (n,), whole units, at least 0
    demand : Demand of n series

    Returns
    -------
    float64, (n,).
    """
    share = demand.spread.share[demand.kind][:, None]
    counted = nb_loss(stock[:, None], np.maximum(demand.mean, 1e-12), demand.ratio)
    seen = _residual_loss(stock[:, None], demand)
    short: Floats = ((1 - share) * counted + share * seen) * demand.weight
    return short.sum(axis=1)


def stock_for_fill(allowed: Floats, over: Demand, before: Demand) -> Floats:
    """Least whole S that is short of no more than ``allowed`` units a cycle.

    Parameters
    ----------
    allowed : (n,), above 0 [units]
    over : Demand over lead time + review period
    before : Demand over the lead time alone: what was short at the last delivery
        already must not count twice

    Returns
    -------
    float64, (n,), whole units; 0 where nothing is expected.

    Notes
    -----
    Small means are scanned upward from S = 0: n(S + 1) = n(S) - P(D > S), with the
    probabilities by the recursion p(k + 1) = p(k) (k + r) q / (k + 1). Large ones,
    and those so restless that ``SCAN_STEPS`` steps do not reach, are found by
    bisection.
    """
    level = np.zeros(allowed.shape)
    expected = over.mean.max(axis=1)
    small = np.flatnonzero((expected > 0) & (expected <= SCAN_MEAN))
    if small.size:
        level[small] = _scan(allowed[small], over.rows(small), before.rows(small))
    large = np.flatnonzero((expected > SCAN_MEAN) | (level < 0))
    if large.size:
        a, o, b = allowed[large], over.rows(large), before.rows(large)

        def enough(stock: Floats, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
            short = units_short(stock, o.rows(rows)) - units_short(stock, b.rows(rows))
            result: NDArray[np.bool_] = short <= a[rows]
            return result

        mean, variance = _moments(o)
        top = np.ceil(mean + variance / (4 * a)) + 2  # n(S) <= var / (4 (S - mean))
        level[large] = least(enough, _raised(enough, top))
    return level


def stock_for_cycle(target: Floats, over: Demand) -> Floats:
    """Least whole S that lasts through the share ``target`` of the intervals.

    Parameters
    ----------
    target : (n,), inside (0, 1)
    over : Demand over lead time + review period

    Returns
    -------
    float64, (n,), whole units; 0 where nothing is expected.
    """
    level = np.zeros(target.shape)
    sells = np.flatnonzero(over.mean.max(axis=1) > 0)
    if not sells.size:
        return level
    wanted, demand = target[sells], over.rows(sells)

    def enough(stock: Floats, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        result: NDArray[np.bool_] = (
            chance_enough(stock, demand.rows(rows)) >= wanted[rows] - 1e-12
        )
        return result

    mean, variance = _moments(demand)
    reach = np.sqrt(wanted / (1 - wanted))
    top = np.ceil(mean + reach * np.sqrt(variance)) + 2  # Cantelli's bound
    level[sells] = least(enough, _raised(enough, top))
    return level


def least(enough: Enough, high: Floats) -> Floats:
    """Least whole stock that is enough, by bisection over all rows at once.

    Parameters
    ----------
    enough : (stock of some rows, these rows) -> bool; once true, true above
    high : (n,), whole, known to be enough

    Returns
    -------
    float64, (n,).
    """
    high = high.copy()
    low = np.full(high.shape, -1.0)
    rows = np.flatnonzero(high - low > 1)
    while rows.size:
        middle = np.floor((low[rows] + high[rows]) / 2)
        good = enough(middle, rows)
        high[rows[good]] = middle[good]
        low[rows[~good]] = middle[~good]
        rows = rows[(high - low)[rows] > 1]
    return high


def _raised(enough: Enough, top: Floats) -> Floats:
    """Double a first guess until it is enough."""
    top = top.copy()
    rows = np.arange(top.size)
    for _ in range(40):
        rows = rows[~enough(top[rows], rows)]
        if not rows.size:
            break
        top[rows] *= 2
    return top


def _scan(allowed: Floats, over: Demand, before: Demand) -> Floats:
    """Walk up from S = 0; rows that are found leave every few steps.

    -1 where the walk is too long.
    """
    both = Demand(
        np.maximum(np.hstack([over.mean, before.mean]), 1e-12),
        np.maximum(np.hstack([over.ratio, before.ratio]), LEAST_RATIO),
        np.hstack([over.weight, -before.weight]),
        over.kind,
        over.spread,
    )
    size = both.mean / (both.ratio - 1)
    growth = 1 - 1 / both.ratio
    chance = np.exp(-size * np.log(both.ratio))
    short, more = both.mean.copy(), 1 - chance
    level = np.full(allowed.shape, -1.0)
    rows = np.arange(allowed.size)
    share = both.spread.share[both.kind][:, None]
    for stock in range(SCAN_STEPS):
        seen = _residual_loss(np.array([[float(stock)]]), both)
        net = (((1 - share) * short + share * seen) * both.weight).sum(axis=1)
        level[rows[(net <= allowed) & (level[rows] < 0)]] = stock
        if stock % COMPRESS_EVERY == 0:
            keep = np.flatnonzero(level[rows] < 0)
            if not keep.size:
                break
            both = both.rows(keep)
            rows, allowed, share = rows[keep], allowed[keep], share[keep]
            size, growth, chance = size[keep], growth[keep], chance[keep]
            short, more = short[keep], more[keep]
        short = short - more
        chance = chance * (stock + size) * growth / (stock + 1)
        more = np.maximum(more - chance, 0)
    return level


def _residual_loss(stock: Floats, demand: Demand) -> Floats:
    sd = demand.sd
    gap = (stock - demand.mean) / sd
    table = demand.spread.loss[demand.kind[:, None], _column(gap)]
    loss: Floats = sd * (table + np.maximum(GRID_FROM - gap, 0))
    return loss


def _column(gap: Floats) -> NDArray[np.int64]:
    """Nearest column of the grid; what lies outside has the outermost."""
    inside = np.clip(gap, GRID_FROM, GRID_TO)
    return np.asarray((inside - GRID_FROM) / GRID_STEP + 0.5, np.int64)


def _moments(demand: Demand) -> tuple[Floats, Floats]:
    mean = (demand.mean * demand.weight).sum(axis=1)
    square = (demand.mean * demand.ratio + demand.mean**2) * demand.weight
    return mean, square.sum(axis=1) - mean**2
