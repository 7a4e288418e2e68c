"""A year of ordering once more, by any rule, day by day. Pure.

A day begins with its deliveries; then, on a review day, comes the order; then the
customers, who go elsewhere when the shelf is empty. What a rule knows on a day ends
with the day before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasting import calendar
from forecasting.fit import fit_shard
from forecasting.lead_times import LeadTimes
from forecasting.outlook import outlook
from forecasting.panel import Panel, SeriesGroups
from forecasting.pool import reduce
from forecasting.service import PolicyTerms, service_levels

WARM_UP_DAYS = 28
HISTORY_DAYS = 730
NOISE = 1e-6

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OrderRule:
    """When to order and how much, for each setting (knob) of a rule [units].

    ``point`` : order when the stock counted is at or below it. ``up_to`` : fill it up
    to this. ``least`` : but order no less than this. Shapes (n_knobs, n) for one
    review, (n_knobs, n_reviews, n) for all.
    ``counts_incoming`` : the stock counted is on hand and incoming; else on hand only.
    """

    point: Floats
    up_to: Floats
    least: Floats
    counts_incoming: bool = True

    def at(self, review: int) -> "OrderRule":
        return OrderRule(
            self.point[:, review],
            self.up_to[:, review],
            self.least[:, review],
            self.counts_incoming,
        )


@dataclass(frozen=True, slots=True)
class Supply:
    """How goods come in, the same for every rule.

    ``lead_days`` : int, (n_reviews, n), days that an order of each review takes.
    ``start`` : (n,) or (n_knobs, n), on hand before the first day [units].
    ``review_days`` : days between two reviews; the first day is one.
    ``case_pack``, ``moq`` : (n,) or one number [units], above 0; at least 0.
    """

    lead_days: NDArray[np.int64]
    start: ArrayLike
    review_days: int = 7
    case_pack: ArrayLike = 1.0
    moq: ArrayLike = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule did on the days counted, (n_knobs, n) each.

    ``opening``, ``received``, ``sold``, ``closing`` : opening + received - sold =
    closing [units]. ``short`` : wanted and not there [units]. ``average_stock`` : on
    hand at the end of a day [units]. ``days_short`` : days with someone sent away.
    ``orders`` : orders placed.
    """

    opening: Floats
    received: Floats
    sold: Floats
    closing: Floats
    short: Floats
    average_stock: Floats
    days_short: Floats
    orders: Floats


@dataclass(frozen=True, slots=True)
class Frontier:
    """What a rule reaches with which stock, by rising fill rate, (n_knobs,) each.

    ``fill`` : share of all units. ``stock`` : average of all items [units or money].
    ``worst_decile`` : fill rate that nine items in ten reach.
    """

    fill: Floats
    stock: Floats
    worst_decile: Floats


def until(panel: Panel, day: int, history_days: int = HISTORY_DAYS) -> Panel:
    """What was known before day number ``day``: no more than ``history_days`` of it."""
    first = max(0, day - history_days)
    return Panel(
        panel.demand[:, first:day],
        panel.observed[:, first:day],
        panel.first_day + timedelta(days=first),
    )


def stacked(rules: Sequence[OrderRule]) -> OrderRule:
    """Rules of single reviews as one over all of them."""
    return OrderRule(
        np.stack([rule.point for rule in rules], axis=1),
        np.stack([rule.up_to for rule in rules], axis=1),
        np.stack([rule.least for rule in rules], axis=1),
        rules[0].counts_incoming,
    )


def over_reviews(
    rule: Callable[[Panel], OrderRule],
    panel: Panel,
    reviews: Sequence[int],
    *,
    every: int = 1,
) -> OrderRule:
    """A rule set anew at every ``every``-th review from what was known by then.

    Parameters
    ----------
    rule : from the panel of the days before a review to its OrderRule
    panel : Panel of the history and the days of the replay
    reviews : numbers of the days of review, rising
    every : reviews that a setting stays in force

    Returns
    -------
    OrderRule over all reviews.
    """
    found: list[OrderRule] = []
    for number, day in enumerate(reviews):
        fresh = number % every == 0
        found.append(rule(until(panel, day)) if fresh else found[-1])
    return stacked(found)


def base_stock_rule(levels: Floats, quantum: ArrayLike = 1.0) -> OrderRule:
    """Order up to a level as soon as one quantum of it is gone."""
    return OrderRule(levels - np.asarray(quantum), levels, np.zeros(levels.shape))


def our_levels(
    panel: Panel,
    groups: SeriesGroups,
    reviews: Sequence[int],
    protection_days: ArrayLike,
    knobs: Sequence[PolicyTerms],
) -> Floats:
    """Order-up-to levels of the live policy, from each review's past alone.

    Parameters
    ----------
    panel : Panel of the history and the days of the replay
    groups : SeriesGroups of its series
    reviews : numbers of the days of review
    protection_days : (n,) or one number, lead time + review period [days]
    knobs : PolicyTerms to compare, such as one for each target

    Returns
    -------
    float64, (n_knobs, n_reviews, n) [units].
    """
    pools = int(groups.week.max(initial=0)) + 1, int(groups.year.max(initial=0)) + 1
    levels = np.zeros((len(knobs), len(reviews), panel.n_series))
    for number, day in enumerate(reviews):
        known = until(panel, day)
        factors = calendar.factors(calendar.group_totals(known, groups, *pools))
        fit = fit_shard(known, groups, factors, protection_days)
        view = outlook(fit, reduce([fit]), factors)
        for knob, terms in enumerate(knobs):
            levels[knob, number] = service_levels(view, terms).level
    return levels


def drawn_lead_days(
    lead: LeadTimes, n_reviews: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """A lead time for each order that may be placed, int, (n_reviews, n) [days].

    Examples
    --------
    >>> one = LeadTimes(np.array([[3, 9]]), np.array([[1.0, 0.0]]))
    >>> drawn_lead_days(one, 2, np.random.default_rng(0)).tolist()
    [[3], [3]]
    """
    n = len(lead.days)
    chance = rng.random((n_reviews, n))
    steps = np.cumsum(lead.weight, axis=1)[:, :-1]
    place = (chance[:, :, None] >= steps[None]).sum(axis=2)
    return lead.days[np.arange(n), place]


def order_quantity(
    rule: OrderRule, on_hand: Floats, incoming: Floats, pack: ArrayLike, moq: ArrayLike
) -> Floats:
    """What to order at one review [units].

    Parameters
    ----------
    rule : OrderRule of one review
    on_hand, incoming : float64, (n_knobs, n) [units]
    pack, moq : (n,) or one number [units]

    Returns
    -------
    float64, (n_knobs, n): the need, at least the MOQ, in whole packs.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> rule = OrderRule(20 * one, 50 * one, 0 * one)
    >>> order_quantity(rule, 12 * one, 5 * one, pack=12, moq=0).tolist()
    [[36.0]]
    """
    counted = on_hand + incoming if rule.counts_incoming else on_hand
    need = np.maximum(rule.up_to - counted, rule.least)
    wanted = (counted <= rule.point) & (need > NOISE)
    size = np.asarray(pack, np.float64)
    packs = np.ceil(np.maximum(need, moq) / size - NOISE)
    return np.where(wanted, packs * size, 0.0)


def simulate(
    rule: OrderRule,
    demand: Floats,
    supply: Supply,
    warm_up_days: int = WARM_UP_DAYS,
) -> Outcome:
    """Live through the days with every knob of a rule at once; lost sales.

    Parameters
    ----------
    rule : OrderRule over all reviews
    demand : (n, n_days), what customers wanted [units per day]
    supply : Supply
    warm_up_days : days at the beginning that are not counted

    Returns
    -------
    Outcome

    Raises
    ------
    ValueError
        If no day is left to count, or a review has no rule or lead time.

    Notes
    -----
    An order of lead time 0 is there before the day's customers. Orders may overtake
    one another.
    """
    n_days = demand.shape[1]
    reviews = -(-n_days // supply.review_days)
    if n_days <= warm_up_days:
        raise ValueError("The replay is no longer than its warm-up.")
    if min(rule.point.shape[1], len(supply.lead_days)) < reviews:
        raise ValueError("Every review needs a rule and a lead time.")
    shelf = _Shelf(rule, supply)
    for day in range(n_days):
        if day == warm_up_days:
            shelf.start_to_count()
        shelf.receive(day)
        if day % supply.review_days == 0:
            shelf.order(day, day // supply.review_days)
        shelf.sell(np.asarray(demand[:, day], np.float64))
    return shelf.outcome(n_days - warm_up_days)


class _Shelf:
    """State of all knobs and items while the days pass, (n_knobs, n) each."""

    def __init__(self, rule: OrderRule, supply: Supply) -> None:
        n_knobs, _, n = rule.point.shape
        self.rule, self.supply = rule, supply
        self.on_hand = np.array(np.broadcast_to(supply.start, (n_knobs, n)), np.float64)
        self.incoming = np.zeros((n_knobs, n))
        self.due = np.zeros((int(supply.lead_days.max(initial=0)) + 1, n_knobs, n))
        self.items = np.arange(n)
        self.start_to_count()

    def start_to_count(self) -> None:
        shape = self.on_hand.shape
        self.opening = self.on_hand.copy()
        self.received, self.sold, self.short = (np.zeros(shape) for _ in range(3))
        self.stock, self.days_short, self.orders = (np.zeros(shape) for _ in range(3))

    def receive(self, day: int) -> None:
        self._put_away(self.due[day % len(self.due)])

    def _put_away(self, arriving: Floats) -> None:
        self.on_hand += arriving
        self.incoming -= arriving
        self.received += arriving
        arriving[:] = 0

    def order(self, day: int, review: int) -> None:
        quantity = order_quantity(
            self.rule.at(review),
            self.on_hand,
            self.incoming,
            self.supply.case_pack,
            self.supply.moq,
        )
        slot = (day + self.supply.lead_days[review]) % len(self.due)
        self.due[slot, :, self.items] += quantity.T
        self.incoming += quantity
        self.orders += quantity > 0
        self._put_away(self.due[day % len(self.due)])

    def sell(self, wanted: Floats) -> None:
        sold = np.minimum(self.on_hand, wanted)
        self.on_hand -= sold
        self.sold += sold
        self.short += wanted - sold
        self.days_short += wanted - sold > NOISE
        self.stock += self.on_hand

    def outcome(self, days: int) -> Outcome:
        return Outcome(
            self.opening,
            self.received,
            self.sold,
            self.on_hand,
            self.short,
            self.stock / days,
            self.days_short,
            self.orders,
        )


def frontier(outcome: Outcome, unit_value: ArrayLike = 1.0) -> Frontier:
    """Fill rate against average stock of a rule's knobs.

    Parameters
    ----------
    outcome : Outcome
    unit_value : (n,) or one number, worth of a unit; 1 counts units

    Returns
    -------
    Frontier. Items that nobody wanted are left out of the worst decile.
    """
    wanted = outcome.sold + outcome.short
    fill = outcome.sold.sum(axis=1) / np.maximum(wanted.sum(axis=1), NOISE)
    asked = wanted[0] > 0
    each = outcome.sold[:, asked] / wanted[:, asked]
    worst = np.quantile(each, 0.1, axis=1) if asked.any() else np.ones(len(fill))
    stock = (outcome.average_stock * np.asarray(unit_value)).sum(axis=1)
    order = np.argsort(fill, kind="stable")
    return Frontier(fill[order], stock[order], worst[order])


def stock_at_fill(curve: Frontier, fill: float) -> float:
    """Stock at an achieved fill rate, between two knobs; NaN beyond the curve.

    Examples
    --------
    >>> curve = Frontier(np.array([0.9, 1.0]), np.array([10.0, 30.0]), np.ones(2))
    >>> round(stock_at_fill(curve, 0.95), 6), stock_at_fill(curve, 0.8)
    (20.0, nan)
    """
    return float(np.interp(fill, curve.fill, curve.stock, left=np.nan, right=np.nan))


def worst_decile_at_fill(curve: Frontier, fill: float) -> float:
    """Fill rate of the worst decile where the whole reaches ``fill``; NaN beyond."""
    worst = curve.worst_decile
    return float(np.interp(fill, curve.fill, worst, left=np.nan, right=np.nan))
